// The walk over all figures; see counters.h. Tested by reports/store/test/store_test.cc.
#include "reports/store/counters.h"

#include <map>

namespace assay::reports {
namespace {

template <std::size_t N, class Name>
void walk(std::string_view family, std::array<std::uint64_t, N>& values, Name name_of, const CounterVisitor& visit) {
  for (std::size_t i = 0; i < N; ++i) visit(family, std::string(name_of(i)), values[i]);
}

}  // namespace

void for_each_counter(fuzz::BatchFigures& figures, const CounterVisitor& visit) {
  oracles::JudgeCounts& judged = figures.judged;
  visit("total", "programs", judged.programs);
  visit("total", "compared", judged.compared);
  visit("total", "trapped", judged.trapped);
  visit("total", "runs", judged.runs);
  visit("total", "interpreter_steps", judged.interpreter_steps);
  visit("total", "instructions_checked", judged.instructions_checked);
  visit("total", "instructions_decoded", judged.instructions_decoded);
  visit("total", "code_bytes", judged.code_bytes);
  visit("total", "nodes_generated", figures.nodes_generated);

  fuzz::ProofFigures& proofs = figures.proofs;
  visit("loop_proof", "proved", proofs.proved);
  visit("loop_proof", "refuted", proofs.refuted);
  visit("loop_proof", "unknown", proofs.unknown);
  visit("loop_proof", "declined", proofs.declined);
  visit("loop_proof", "over_budget", proofs.over_budget);
  visit("loop_proof", "nanoseconds", proofs.nanoseconds);

  const auto skip = [](std::size_t i) { return oracles::name(static_cast<oracles::SkipReason>(i)); };
  walk("program_skip", judged.skipped, skip, visit);
  for (const oracles::OracleId oracle : oracles::kAllOracles) {
    const std::string prefix = std::string(oracles::name(oracle)) + "/";
    const auto row = static_cast<std::size_t>(oracle);
    const auto verdict = [&prefix](std::size_t i) {
      return prefix + std::string(oracles::name(static_cast<oracles::Verdict>(i)));
    };
    walk("verdict", judged.verdicts[row], verdict, visit);
    walk("oracle_skip", judged.skips[row], [&](std::size_t i) { return prefix + std::string(skip(i)); }, visit);
  }

  const auto pass = [](std::size_t i) { return opt::pass_info(static_cast<opt::PassId>(i)).name; };
  walk("pass_ran", judged.passes.ran, pass, visit);
  walk("pass_fired", judged.passes.fired, pass, visit);
  const auto loop = [](std::size_t i) { return scev::name(static_cast<scev::LoopClass>(i)); };
  walk("loop_solved", judged.passes.solved, loop, visit);
  walk("loop_declined", judged.passes.declined, loop, visit);
  walk(
      "decline_reason", judged.passes.reasons,
      [](std::size_t i) { return scev::sentence(static_cast<scev::Decline>(i)); }, visit);

  walk("form", figures.forms, [](std::size_t i) { return x64::form_info(static_cast<x64::Form>(i)).id; }, visit);
  walk(
      "node_kind", figures.kinds, [](std::size_t i) { return ast::node_kind_name(static_cast<ast::NodeKind>(i)); },
      visit);
  walk("operator", figures.ops, [](std::size_t i) { return ast::op_info(static_cast<ast::Op>(i)).name; }, visit);
}

base::Result<RecordedCoverage> read_coverage(Database& database) {
  static const std::map<std::string, std::size_t> facts = [] {
    std::map<std::string, std::size_t> numbers;
    for (std::size_t fact = 0; fact < fuzz::kCoverageCount; ++fact) numbers[fuzz::coverage_name(fact)] = fact;
    return numbers;
  }();
  RecordedCoverage result;
  auto done = for_each_row(database, "SELECT name, first_seen FROM coverage", [&result](const Statement& row) {
    const auto known = facts.find(row.text(0));
    if (known != facts.end()) result.covered.set(known->second);
    if (result.last_new && row.real(1) <= *result.last_new) return;
    result.last_new = row.real(1);
    result.last_name = row.text(0);
  });
  if (!done) return done.error();
  return result;
}

}  // namespace assay::reports
