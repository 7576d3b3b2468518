// Reading of a block's result; see block_result.h. Tested by oracles/native/test/block_result_test.cc.
#include "oracles/block_result.h"

#include <algorithm>
#include <cstddef>

#include "core/ast/trap.h"

namespace assay::oracles {

void read_block_result(const BlockLeftovers& leftovers, Run& run) {
  run.reset();
  run.result = leftovers.result;
  run.violations = leftovers.violations;
  run.register_number = leftovers.register_number;
  run.frame.assign(leftovers.frame.begin(), leftovers.frame.end());
  run.end = RunEnd::Finished;

  const std::int64_t result = leftovers.result;
  const auto capacity = static_cast<std::int64_t>(leftovers.stack.size());
  if (result >= 0 && result <= capacity) {
    const auto depth = static_cast<std::size_t>(result);
    const auto unused = leftovers.stack.subspan(depth);
    run.stack.assign(leftovers.stack.begin(), leftovers.stack.begin() + result);
    const bool clean =
        std::all_of(unused.begin(), unused.end(), [](std::uint64_t cell) { return cell == kUnusedStackCell; });
    if (!clean) run.violations = run.violations | Violation::BeyondStack;
    return;
  }
  run.knows_depth = false;
  run.stack.assign(leftovers.stack.begin(), leftovers.stack.end());
  if (result < 0 && result >= -static_cast<std::int64_t>(ast::kLastTrapKind)) {
    run.end = RunEnd::Trapped;
    run.trap = static_cast<ast::TrapKind>(-result);
  } else {
    run.violations = run.violations | Violation::Result;
  }
}

}  // namespace assay::oracles
