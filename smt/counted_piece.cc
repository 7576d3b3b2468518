// Pieces of k iterations of one kind; see counted_piece.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/counted_piece.h"

#include <algorithm>
#include <string>
#include <utility>

#include "smt/piece_attempt.h"

namespace assay::smt {
namespace {

using ast::NodeId;
using ast::NodeKind;
using ast::VarId;

}  // namespace

bool prove_counted_piece(Proving& proving, const PieceTask& task, PieceResult& result) {
  const std::size_t mark = proving.mark();
  const std::vector<TermId>& initial = task.initial.empty() ? task.iteration.start : task.initial;
  std::string reason;
  for (const bool supposing : {true, false}) {
    const ClosedForm form = find_closed_form(proving, task.iteration, initial, supposing);
    if (supposing && form.conditions.empty()) continue;
    std::vector<std::optional<VarId>> cuts;
    for (const NodeId id : task.statements) {
      const ast::Node& node = task.program.node(id);
      if (node.kind == NodeKind::Let) cuts.emplace_back(node.variable());
    }
    const auto tried = task.tried ? std::find(cuts.begin(), cuts.end(), task.tried) : cuts.end();
    if (tried != cuts.end()) cuts.erase(cuts.begin(), tried + 1);
    const bool whole = task.iteration.counted && task.with_last && (task.initial.empty() || task.counted.valid());
    if (whole) cuts.emplace_back(std::nullopt);
    for (const auto& cut : cuts) {
      PieceResult attempt;
      if (PieceAttempt(proving, task, form, attempt).attempt(cut)) {
        result = std::move(attempt);
        result.cut = cut;
        return true;
      }
      if (!proving.reason().empty()) reason = proving.reason();
      proving.take_back(mark);
    }
    const bool fixed =
        whole && task.initial.empty() && task.companions.empty() && proving.terms.is_constant(task.iteration.count);
    if (!fixed || !proving.terms.is_constant(task.iteration.breaks, 0)) continue;
    for (unsigned rounds = 2; rounds <= kMostRounds; ++rounds) {
      if (PieceAttempt(proving, task, form, result).attempt_fixed(rounds)) return true;
      proving.take_back(mark);
    }
  }
  if (reason.empty()) reason = "the statements are not seen to leave the state after k iterations";
  return proving.unknown(reason);
}

}  // namespace assay::smt
