// Checking passes; see pass_check.h. Tested by oracles/test/pass_oracle_test.cc.
#include "oracles/pass_check.h"

#include <utility>

#include "core/ast/verify.h"
#include "oracles/compare.h"

namespace assay::oracles {
namespace {

// A closed form or an unrolled loop may take more steps than a loop that hardly ran. Beyond this the pass made the
// program worse than any of them can.
constexpr std::uint64_t kFuelFactor = 16;

template <std::size_t N>
void add_all(std::array<std::uint64_t, N>& to, const std::array<std::uint64_t, N>& from) {
  for (std::size_t i = 0; i < N; ++i) to[i] += from[i];
}

}  // namespace

void PassCounts::add(const PassCounts& other) {
  add_all(ran, other.ran);
  add_all(fired, other.fired);
  add_all(solved, other.solved);
  add_all(declined, other.declined);
  add_all(reasons, other.reasons);
}

void PassCounts::count(opt::PassId pass, const opt::PassResult& result) {
  ++ran[static_cast<std::size_t>(pass)];
  if (result.changes != 0) ++fired[static_cast<std::size_t>(pass)];
  for (const scev::LoopReport& loop : result.loops) {
    for (std::size_t i = 0; i < scev::kLoopClassCount; ++i) {
      if (!loop.is(static_cast<scev::LoopClass>(i))) continue;
      ++(loop.solved ? solved : declined)[i];
    }
    if (!loop.solved) ++reasons[static_cast<std::size_t>(loop.reason)];
  }
}

std::optional<PassFault> PassChecker::run(const ast::Program& program, const opt::Pipeline& pipeline,
                                          std::span<const Frame> inputs, std::span<const Run> reference,
                                          std::uint64_t fuel, bool believed, PassCounts& counts, ast::Program& result) {
  result = program;
  for (const opt::PassId pass : pipeline) {
    opt::PassResult after = source_->run(pass, result);
    counts.count(pass, after);
    if (after.changes == 0) continue;
    std::optional<PassFault> fault;
    if (!believed) fault = check(after.program, inputs, reference, fuel);
    if (fault) {
      fault->pass = pass;
      fault->after = std::move(after.program);
      return fault;
    }
    result = std::move(after.program);
  }
  return std::nullopt;
}

std::optional<PassFault> PassChecker::check(const ast::Program& after, std::span<const Frame> inputs,
                                            std::span<const Run> reference, std::uint64_t fuel) {
  PassFault fault;
  if (const auto valid = ast::verify(after); !valid) {
    fault.invalid = valid.error().describe();
    fault.differences.push_back({DifferenceKind::Invalid, 0, 0, 0});
    return fault;
  }
  for (std::uint32_t i = 0; i < reference.size(); ++i) {
    const std::array cases = {Case{&after, nullptr, inputs.subspan(i, 1), 0, fuel * kFuelFactor}};
    static_cast<void>(interpreter_.run(cases, runs_));  // cannot fail
    const Verdict verdict = compare(after, reference[i], runs_[0], differences_);
    if (!is_finding(verdict)) continue;
    fault.verdict = verdict;
    fault.input = i;
    fault.differences = differences_;
    fault.got = runs_[0];
    return fault;
  }
  return std::nullopt;
}

}  // namespace assay::oracles
