// Comparison of runs; see compare.h. Tested by oracles/test/compare_test.cc.
#include "oracles/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "core/x64/registers.h"

namespace assay::oracles {
namespace {

constexpr std::uint64_t kHighHalf = 0xFFFFFFFF00000000ULL;

Difference make(DifferenceKind kind, std::size_t index, std::uint64_t expected, std::uint64_t got) {
  return {kind, static_cast<std::uint32_t>(index), expected, got};
}

void compare_frames(const ast::Program& program, const Run& expected, const Run& got, std::vector<Difference>& out) {
  // An engine that reports another number of slots is as wrong as one that reports another value.
  if (expected.frame.size() != got.frame.size()) {
    out.push_back(make(DifferenceKind::Slot, std::min(expected.frame.size(), got.frame.size()), expected.frame.size(),
                       got.frame.size()));
    return;
  }
  for (std::size_t i = 0; i < expected.frame.size(); ++i) {
    const std::uint64_t difference = expected.frame[i] ^ got.frame[i];
    if (difference == 0) continue;
    const bool narrow = program.variable_type(ast::VarId{static_cast<std::uint32_t>(i)}) == ast::Type::I32;
    const bool only_high = narrow && (difference & ~kHighHalf) == 0;
    out.push_back(
        make(only_high ? DifferenceKind::HighHalf : DifferenceKind::Slot, i, expected.frame[i], got.frame[i]));
  }
}

void compare_stacks(const Run& expected, const Run& got, std::vector<Difference>& out) {
  if (got.knows_depth && expected.stack.size() != got.stack.size()) {
    out.push_back(make(DifferenceKind::StackDepth, 0, expected.stack.size(), got.stack.size()));
  } else if (got.stack.size() < expected.stack.size()) {
    out.push_back(make(DifferenceKind::StackDepth, 0, expected.stack.size(), got.stack.size()));
  }
  const std::size_t common = std::min(expected.stack.size(), got.stack.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (expected.stack[i] != got.stack[i]) {
      out.push_back(make(DifferenceKind::StackCell, i, expected.stack[i], got.stack[i]));
    }
  }
}

void compare_printed(const Run& expected, const Run& got, std::vector<Difference>& out) {
  const std::size_t common = std::min(expected.printed.size(), got.printed.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (expected.printed[i] != got.printed[i]) {
      out.push_back(make(DifferenceKind::Printed, i, expected.printed[i].bits, got.printed[i].bits));
    }
  }
  if (expected.printed.size() != got.printed.size()) {
    out.push_back(make(DifferenceKind::Printed, common, expected.printed.size(), got.printed.size()));
  }
}

void compare_ends(const Run& expected, const Run& got, std::vector<Difference>& out) {
  if (expected.end != got.end) {
    out.push_back(
        make(DifferenceKind::End, 0, static_cast<std::uint64_t>(expected.end), static_cast<std::uint64_t>(got.end)));
  } else if (expected.trap != got.trap) {
    out.push_back(
        make(DifferenceKind::Trap, 0, static_cast<std::uint64_t>(expected.trap), static_cast<std::uint64_t>(got.trap)));
  } else if (expected.knows_returned && got.knows_returned && expected.returned != got.returned) {
    out.push_back(make(DifferenceKind::End, 1, expected.returned ? 1 : 0, got.returned ? 1 : 0));
  }
}

}  // namespace

Verdict compare(const ast::Program& program, const Run& expected, const Run& got, std::vector<Difference>& differences,
                Rules rules) {
  differences.clear();
  if (expected.end == RunEnd::OutOfFuel || expected.end == RunEnd::NotRun || got.end == RunEnd::NotRun)
    return Verdict::Skipped;
  switch (got.end) {
    case RunEnd::Fault:
      differences.push_back(make(DifferenceKind::Fault, 0, 0, static_cast<std::uint64_t>(got.fault.kind)));
      return Verdict::Crash;
    case RunEnd::ProcessDied:
      differences.push_back(make(DifferenceKind::ProcessDied, 0, 0, 0));
      return Verdict::Crash;
    case RunEnd::Runaway:
    case RunEnd::OutOfFuel:
      differences.push_back(make(DifferenceKind::Runaway, 0, 0, 0));
      return Verdict::Timeout;
    case RunEnd::NotRun:
    case RunEnd::Finished:
    case RunEnd::Trapped:
      break;
  }
  compare_ends(expected, got, differences);
  compare_frames(program, expected, got, differences);
  compare_stacks(expected, got, differences);
  if (got.knows_returned) compare_printed(expected, got, differences);
  if (rules == Rules::Watched && got.violations != Violation::None) {
    differences.push_back(
        make(DifferenceKind::Violation, got.register_number, 0, static_cast<std::uint64_t>(got.violations)));
  }
  return differences.empty() ? Verdict::Agree : Verdict::Diverge;
}

namespace {

std::string describe_violations(Violation set) {
  std::string text;
  for (unsigned bit = 0; bit < 16; ++bit) {
    const auto one = static_cast<Violation>(1U << bit);
    if (!has(set, one)) continue;
    if (!text.empty()) text += "; ";
    text += name(one);
  }
  return text;
}

std::string describe_end(const Difference& difference) {
  if (difference.index == 1) {
    return fmt::format("expected the run to {}, it did {}", difference.expected != 0 ? "return" : "complete",
                       difference.got != 0 ? "return" : "complete");
  }
  return fmt::format("expected the run to be {}, it was {}", name(static_cast<RunEnd>(difference.expected)),
                     name(static_cast<RunEnd>(difference.got)));
}

}  // namespace

std::string describe(const ast::Program& program, const Difference& difference, const Run& got) {
  const auto values = [&] {
    return fmt::format("expected {:#018x}, got {:#018x}", difference.expected, difference.got);
  };
  const auto slot = [&]() -> std::string {
    if (difference.index >= program.slot_count()) return fmt::format("slot {}", difference.index);
    return fmt::format("slot {} ({})", difference.index, program.variable_name(ast::VarId{difference.index}));
  };
  switch (difference.kind) {
    case DifferenceKind::None:
      return "no difference";
    case DifferenceKind::Invalid:
      return "the result is no valid program";
    case DifferenceKind::Encoding:
      return "the bytes are not the intended instruction";
    case DifferenceKind::End:
      return describe_end(difference);
    case DifferenceKind::Trap:
      return fmt::format("expected trap {}, got trap {}",
                         ast::trap_name(static_cast<ast::TrapKind>(difference.expected)),
                         ast::trap_name(static_cast<ast::TrapKind>(difference.got)));
    case DifferenceKind::Slot:
      return slot() + ": " + values();
    case DifferenceKind::HighHalf:
      return slot() + ", high half of an i32: " + values();
    case DifferenceKind::StackDepth:
      return fmt::format("operand stack depth: expected {}, got {}", difference.expected, difference.got);
    case DifferenceKind::StackCell:
      return fmt::format("operand stack cell {}: {}", difference.index, values());
    case DifferenceKind::Printed:
      return fmt::format("printed value {}: {}", difference.index, values());
    case DifferenceKind::Violation: {
      const auto set = static_cast<Violation>(difference.got);
      std::string text = describe_violations(set);
      if (has(set, Violation::CalleeSavedRegister)) {
        text += fmt::format(" ({})", x64::register_name(static_cast<x64::RegId>(difference.index & 15U), 64));
      } else if (has(set, Violation::VectorRegister)) {
        text += fmt::format(" (xmm{})", difference.index);
      }
      return text;
    }
    case DifferenceKind::Fault:
      return std::string(name(static_cast<FaultKind>(difference.got))) +
             (got.fault.code_offset == kUnknownOffset ? std::string(", instruction unknown")
                                                      : fmt::format(" at code offset {:#x}", got.fault.code_offset));
    case DifferenceKind::Runaway:
      return "did not finish where the interpreter did";
    case DifferenceKind::ProcessDied:
      return "the process around the code died";
  }
  return "?";
}

}  // namespace assay::oracles
