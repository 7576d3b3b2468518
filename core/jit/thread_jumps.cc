// Retargeting jumps; see thread_jumps.h. Tested by core/jit/test/thread_jumps_test.cc.
#include "core/jit/thread_jumps.h"

#include <numeric>
#include <optional>
#include <vector>

namespace assay::jit {
namespace {

// As deep as anybody nests branches at the ends of branches; and a loop of nothing but jumps has no end to find.
constexpr int kMostJumps = 16;

// For each label the one that a jump right behind it goes to, else itself.
std::vector<std::uint32_t> next_targets(const LirProgram& lir) {
  std::vector<std::uint32_t> targets(lir.label_count);
  std::iota(targets.begin(), targets.end(), 0U);
  std::optional<std::uint32_t> jump;  // that comes next, with nothing but labels and marks before it
  for (auto one = lir.code.rbegin(); one != lir.code.rend(); ++one) {
    switch (one->op) {
      case LirOp::Jump:
        jump = one->label;
        break;
      case LirOp::Label:
        if (jump) targets[one->label] = *jump;
        break;
      case LirOp::LoopBegin:
      case LirOp::LoopEnd:
      case LirOp::FirstBranch:
      case LirOp::SecondBranch:
      case LirOp::BranchesEnd:
        break;
      default:
        jump.reset();
        break;
    }
  }
  return targets;
}

}  // namespace

void thread_jumps(LirProgram& lir) {
  const std::vector<std::uint32_t> targets = next_targets(lir);
  for (Lir& one : lir.code) {
    if (one.op != LirOp::Jump && one.op != LirOp::Branch) continue;
    for (int i = 0; i < kMostJumps && targets[one.label] != one.label; ++i) one.label = targets[one.label];
  }
}

}  // namespace assay::jit
