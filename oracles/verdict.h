// Verdict: what one oracle says of one program, and the differences that made it say so.
//
// Only Agree is agreement. A run that was skipped, stopped or lost is counted under its own name and shown, because a
// harness that calls silence a pass reports nothing but passes.
//
// Tested by oracles/test/compare_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace assay::oracles {

enum class Verdict : std::uint8_t {
  Agree,
  Diverge,    // a difference in what was observed
  Skipped,    // not judged, for a known reason
  Timeout,    // did not finish where the reference did
  Crash,      // a fault, or the death of the process around the code
  Untrusted,  // a difference that a known defect of the oracle itself explains
  Unknown,    // the oracle ran and could not decide
};
inline constexpr std::size_t kVerdictCount = 7;

enum class OracleId : std::uint8_t {
  Passes,
  Encoding,
  EmulatedSystemV,
  EmulatedMicrosoft,
  NativeSystemV,
  NativeMicrosoft,
  Tiered,
  LongRuns,  // what the interpreter could not finish: the optimised program against the program as it stands, both on
             // the CPU
  Metamorphic,  // the same programs: a rewrite that must change nothing, and does behind the passes
};
inline constexpr std::size_t kOracleCount = 9;

inline constexpr std::array<OracleId, kOracleCount> kAllOracles = {
    OracleId::Passes,        OracleId::Encoding,        OracleId::EmulatedSystemV, OracleId::EmulatedMicrosoft,
    OracleId::NativeSystemV, OracleId::NativeMicrosoft, OracleId::Tiered,          OracleId::LongRuns,
    OracleId::Metamorphic,
};

// Oracles that judge what the interpreter cannot finish. Such programs are rare: a small campaign may have none.
[[nodiscard]] constexpr bool is_rare(OracleId oracle) {
  return oracle == OracleId::LongRuns || oracle == OracleId::Metamorphic;
}

// Whether a verdict is something to report.
[[nodiscard]] constexpr bool is_finding(Verdict verdict) {
  return verdict == Verdict::Diverge || verdict == Verdict::Timeout || verdict == Verdict::Crash;
}

enum class DifferenceKind : std::uint8_t {
  None,
  Invalid,   // what a pass gave is no valid program
  Encoding,  // bytes are not what was intended
  End,       // completed, trapped or kept running where the other did not
  Trap,      // trapped for another reason
  Slot,      // index = slot
  HighHalf,  // the high 4 bytes of an i32 slot; index = slot
  StackDepth,
  StackCell,  // index = cell
  Printed,    // index = position
  Violation,  // of the calling convention or of memory; expected/got are sets of oracles::Violation
  Fault,      // got is an oracles::FaultKind
  Runaway,
  ProcessDied,
};

struct Difference {
  DifferenceKind kind = DifferenceKind::None;
  std::uint32_t index = 0;
  std::uint64_t expected = 0;
  std::uint64_t got = 0;
};

[[nodiscard]] std::string_view name(Verdict verdict);
[[nodiscard]] std::string_view name(OracleId oracle);
[[nodiscard]] std::string_view name(DifferenceKind kind);

}  // namespace assay::oracles
