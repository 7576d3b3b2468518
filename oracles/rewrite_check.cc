// Comparing a program with its rewrite; see rewrite_check.h. Tested by oracles/test/rewrite_check_test.cc.
#include "oracles/rewrite_check.h"

#include <array>
#include <utility>

#include "oracles/compare.h"
#include "oracles/loop_assertions.h"

namespace assay::oracles {

const Run& RewriteChecker::run(const ast::Program& program, std::span<const Frame> input, std::uint64_t fuel) {
  const std::array cases = {Case{&program, nullptr, input, 0, fuel}};
  static_cast<void>(interpreter_.run(cases, runs_));  // cannot fail
  return runs_[0];
}

RewriteResult RewriteChecker::check(const ast::Program& program, const opt::Pipeline& pipeline,
                                    const ast::Program& optimised, std::span<const Frame> inputs, std::uint64_t fuel,
                                    PassSource& passes) {
  RewriteResult result;
  std::optional<ast::Program> rewritten = with_loop_assertions(program);
  if (!rewritten) return result;
  result.rewritten = true;
  ast::Program behind = *rewritten;
  for (const opt::PassId pass : pipeline) {
    opt::PassResult after = passes.run(pass, behind);
    if (after.changes != 0) behind = std::move(after.program);
  }
  for (std::uint32_t i = 0; i < inputs.size(); ++i) {
    const auto input = inputs.subspan(i, 1);
    Run got = run(behind, input, fuel);
    if (got.end == RunEnd::OutOfFuel) continue;
    const Run& expected = run(optimised, input, fuel);
    if (expected.end == RunEnd::OutOfFuel) continue;
    ++result.compared;
    const Verdict verdict = compare(optimised, expected, got, differences_);
    if (!is_finding(verdict)) continue;
    result.verdict = verdict;
    result.input = i;
    result.differences = differences_;
    result.expected = expected;
    result.got = std::move(got);
    find_pass(*rewritten, pipeline, inputs, fuel, passes, result);
    break;
  }
  return result;
}

void RewriteChecker::find_pass(const ast::Program& rewritten, const opt::Pipeline& pipeline,
                               std::span<const Frame> inputs, std::uint64_t fuel, PassSource& passes,
                               RewriteResult& result) {
  result.after = rewritten;
  for (const opt::PassId pass : pipeline) {
    opt::PassResult after = passes.run(pass, result.after);
    if (after.changes == 0) continue;
    result.after = std::move(after.program);
    if (compare(result.after, result.got, run(result.after, inputs.subspan(result.input, 1), fuel), differences_) !=
        Verdict::Agree)
      continue;
    result.pass = pass;
    return;
  }
}

}  // namespace assay::oracles
