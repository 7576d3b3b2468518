// Names and reset of runs; see run.h. Tested by oracles/test/compare_test.cc.
#include "oracles/run.h"

namespace assay::oracles {

void Run::reset() {
  end = RunEnd::NotRun;
  skip = SkipReason::None;
  trap = ast::TrapKind::None;
  knows_returned = false;
  returned = false;
  knows_depth = true;
  result = 0;
  frame.clear();
  stack.clear();
  printed.clear();
  violations = Violation::None;
  register_number = 0;
  fault = {};
}

std::string_view name(RunEnd end) {
  switch (end) {
    case RunEnd::NotRun:
      return "not run";
    case RunEnd::Finished:
      return "finished";
    case RunEnd::Trapped:
      return "trapped";
    case RunEnd::OutOfFuel:
      return "out of fuel";
    case RunEnd::Fault:
      return "fault";
    case RunEnd::Runaway:
      return "runaway";
    case RunEnd::ProcessDied:
      return "process died";
  }
  return "?";
}

std::string_view name(SkipReason reason) {
  switch (reason) {
    case SkipReason::None:
      return "none";
    case SkipReason::OutOfFuel:
      return "out-of-fuel";
    case SkipReason::NotScalar:
      return "not-scalar";
    case SkipReason::UnsupportedFeature:
      return "unsupported-feature";
    case SkipReason::TooLarge:
      return "too-large";
    case SkipReason::InTime:
      return "in-time";
    case SkipReason::AlreadyConvicted:
      return "already-convicted";
    case SkipReason::NotSampled:
      return "not-sampled";
    case SkipReason::NothingToRewrite:
      return "nothing-to-rewrite";
    case SkipReason::NoPasses:
      return "no-passes";
  }
  return "?";
}

std::string_view name(FaultKind kind) {
  switch (kind) {
    case FaultKind::None:
      return "none";
    case FaultKind::ReadMemory:
      return "read of memory that is not the block's";
    case FaultKind::WriteMemory:
      return "write to memory that is not the block's";
    case FaultKind::ExecuteMemory:
      return "jump out of the code";
    case FaultKind::Arithmetic:
      return "divide error";
    case FaultKind::IllegalInstruction:
      return "illegal instruction";
    case FaultKind::Breakpoint:
      return "breakpoint";
    case FaultKind::SystemCall:
      return "system call";
    case FaultKind::Other:
      return "other fault";
  }
  return "?";
}

std::string_view name(Violation one) {
  switch (one) {
    case Violation::None:
      return "none";
    case Violation::CalleeSavedRegister:
      return "callee-saved register not restored";
    case Violation::StackPointer:
      return "stack pointer not restored";
    case Violation::StackRange:
      return "stack pointer above its value at entry";
    case Violation::CallerStack:
      return "caller's stack overwritten";
    case Violation::DirectionFlag:
      return "direction flag left set";
    case Violation::ControlState:
      return "control state changed";
    case Violation::VectorRegister:
      return "callee-saved vector register not restored";
    case Violation::BeyondFrame:
      return "memory beside the frame overwritten";
    case Violation::BeyondStack:
      return "memory beside the operand stack overwritten";
    case Violation::Result:
      return "result is neither a stack index nor a trap";
  }
  return "several violations";
}

}  // namespace assay::oracles
