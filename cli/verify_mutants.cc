// Trying mutants of proofs; see verify_mutants.h. Tested by cli/test/cli_test.sh.
#include "cli/verify_mutants.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "core/ast/text.h"
#include "core/base/one_line.h"
#include "core/base/rng.h"
#include "fuzz/mutate/mutator.h"
#include "smt/emitted.h"
#include "smt/loop_proof.h"

namespace assay::cli {
namespace {

using fuzz::Mutation;

// Edits that keep the shape of what was emitted.
constexpr std::array<Mutation, 8> kEdits = {
    Mutation::ReplaceConstant, Mutation::ReplaceOperator, Mutation::SwapOperands,    Mutation::ReplaceByLeaf,
    Mutation::HoistOperand,    Mutation::ChangeVariable,  Mutation::DeleteStatement, Mutation::SwapStatements};

// An edit of the copy of the loop that stands behind or beside what was emitted is none of what was emitted.
bool has_same_copy(const SolvedLoop& loop, const ast::Program& mutant) {
  const smt::Emitted original = smt::read_emitted(loop.before, loop.after);
  const smt::Emitted edited = smt::read_emitted(loop.before, mutant);
  return original.loop_follows == edited.loop_follows && original.guard.valid() == edited.guard.valid() &&
         original.phases.valid() == edited.phases.valid() && original.remaining.valid() == edited.remaining.valid();
}

// False if no edit changes the text.
bool edit(const SolvedLoop& loop, base::Rng& rng, ast::Program& mutant, std::string& name) {
  constexpr int kTries = 40;
  const ast::Program& original = loop.after;
  const std::string text = ast::print_program(original);
  for (int i = 0; i < kTries; ++i) {
    mutant = original;
    const std::uint32_t kind = rng.below(static_cast<std::uint32_t>(kEdits.size()));
    if (!fuzz::apply_mutation(kEdits[kind], mutant, rng)) continue;
    if (mutant.slot_count() != original.slot_count() || ast::print_program(mutant) == text) continue;
    if (!has_same_copy(loop, mutant)) continue;
    name = fuzz::name(kEdits[kind]);
    return true;
  }
  return false;
}

}  // namespace

MutantFigures try_mutants(const std::vector<SolvedLoop>& loops, std::uint64_t count, std::uint64_t seed,
                          const smt::ProofLimits& limits) {
  MutantFigures figures;
  smt::Solver solver;
  smt::Theorems theorems(solver, limits);
  for (std::uint64_t i = 0; i < count && !loops.empty(); ++i) {
    base::Rng rng(base::derive_seed(seed, i));
    // Neighbours in the catalogue are alike: a stride that meets every loop.
    const SolvedLoop& loop = loops[(i * 37) % loops.size()];
    ast::Program mutant = loop.after;
    std::string name;
    if (!edit(loop, rng, mutant, name)) continue;
    ++figures.edits[name];
    const smt::Proof proof = smt::prove_solved_loop(loop.before, mutant, solver, theorems, limits);
    if (proof.answer == smt::Answer::Refuted) {
      ++figures.refuted;
    } else if (proof.answer == smt::Answer::Proved) {
      ++figures.equivalent;
    } else {
      figures.open.push_back(
          fmt::format("{} ({}): {}\n{}", base::one_line(loop.name), name, proof.reason, ast::print_program(mutant)));
    }
  }
  return figures;
}

std::string print_mutants_json(const MutantFigures& figures, std::uint64_t seed) {
  const nlohmann::ordered_json json{{"schema_version", 1},        {"seed", seed},
                                    {"refuted", figures.refuted}, {"equivalent", figures.equivalent},
                                    {"open", figures.open},       {"edits", figures.edits}};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string print_mutants(const MutantFigures& figures, std::uint64_t seed) {
  std::string text;
  for (const std::string& one : figures.open) text += fmt::format("open     {}\n", one);
  const std::uint64_t all = figures.refuted + figures.equivalent + figures.open.size();
  text += fmt::format("{} mutants of proved loops (seed {}): {} refuted, {} shown equivalent, {} open\n", all, seed,
                      figures.refuted, figures.equivalent, figures.open.size());
  for (const auto& [edit, count] : figures.edits) text += fmt::format("  {:24} {:6}\n", edit, count);
  return text;
}

}  // namespace assay::cli
