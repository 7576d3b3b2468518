// Names of verdicts; see verdict.h. Tested by oracles/test/compare_test.cc.
#include "oracles/verdict.h"

namespace assay::oracles {

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::Agree:
      return "agree";
    case Verdict::Diverge:
      return "diverge";
    case Verdict::Skipped:
      return "skipped";
    case Verdict::Timeout:
      return "timeout";
    case Verdict::Crash:
      return "crash";
    case Verdict::Untrusted:
      return "untrusted";
    case Verdict::Unknown:
      return "unknown";
  }
  return "?";
}

std::string_view name(OracleId oracle) {
  switch (oracle) {
    case OracleId::Passes:
      return "passes";
    case OracleId::Encoding:
      return "encoding";
    case OracleId::EmulatedSystemV:
      return "emulated-sysv";
    case OracleId::EmulatedMicrosoft:
      return "emulated-win64";
    case OracleId::NativeSystemV:
      return "native-sysv";
    case OracleId::NativeMicrosoft:
      return "native-win64";
    case OracleId::Tiered:
      return "tiered";
    case OracleId::LongRuns:
      return "long-runs";
    case OracleId::Metamorphic:
      return "metamorphic";
  }
  return "?";
}

std::string_view name(DifferenceKind kind) {
  switch (kind) {
    case DifferenceKind::None:
      return "none";
    case DifferenceKind::Invalid:
      return "invalid";
    case DifferenceKind::Encoding:
      return "encoding";
    case DifferenceKind::End:
      return "end";
    case DifferenceKind::Trap:
      return "trap";
    case DifferenceKind::Slot:
      return "slot";
    case DifferenceKind::HighHalf:
      return "high-half";
    case DifferenceKind::StackDepth:
      return "stack-depth";
    case DifferenceKind::StackCell:
      return "stack-cell";
    case DifferenceKind::Printed:
      return "printed";
    case DifferenceKind::Violation:
      return "violation";
    case DifferenceKind::Fault:
      return "fault";
    case DifferenceKind::Runaway:
      return "runaway";
    case DifferenceKind::ProcessDied:
      return "process-died";
  }
  return "?";
}

}  // namespace assay::oracles
