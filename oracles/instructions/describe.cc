// Trials in words; see describe.h. Tested by oracles/instructions/test/check_test.cc.
#include "oracles/instructions/describe.h"

#include <fmt/format.h>

#include <set>
#include <string_view>
#include <utility>

#include "oracles/encoding/intent_text.h"
#include "oracles/instructions/block.h"

namespace assay::oracles::instructions {
namespace {

std::string_view ending_text(Ending ending) {
  switch (ending) {
    case Ending::Done:
      return "finishes";
    case Ending::DivideError:
      return "raises #DE";
    case Ending::InvalidOpcode:
      return "raises #UD";
    case Ending::OutsideMemory:
      return "leaves its memory";
    case Ending::NotModelled:
      return "is not modelled";
  }
  return "?";
}

std::set<std::uint8_t> registers_of(const Instruction& instruction) {
  std::set<std::uint8_t> found = {kRax, kRcx, kRdx};
  for (const x64::Operand& operand : instruction.operands) {
    if (x64::is_register(operand.kind)) found.insert(operand.reg);
    if (!x64::is_memory(operand.kind)) continue;
    if (operand.address.has_base) found.insert(x64::number(operand.address.base));
    if (operand.address.has_index) found.insert(x64::number(operand.address.index));
  }
  found.erase(kRsp);
  return found;
}

std::string cell_name(std::size_t cell) {
  if (cell < 16) return std::string(x64::register_name(static_cast<x64::RegId>(cell), 64));
  if (cell == kWindowAddressCell) return "the frame's address";
  if (cell == kRspBeforeCell) return "rsp before";
  if (cell >= kStackWindowCell) return fmt::format("stack memory, cell {}", cell - kStackWindowCell);
  if (cell >= kFrameWindowCell) return fmt::format("frame memory, cell {}", cell - kFrameWindowCell);
  return "a cell that nobody uses";
}

}  // namespace

std::string flag_names(std::uint64_t flags) {
  std::string text;
  for (const auto& [flag, name] : {std::pair{kCarry, "CF"}, std::pair{kParity, "PF"}, std::pair{kAdjust, "AF"},
                                   std::pair{kZero, "ZF"}, std::pair{kSign, "SF"}, std::pair{kOverflow, "OF"}}) {
    if ((flags & flag) != 0) text += fmt::format("{}{}", text.empty() ? "" : " ", name);
  }
  return text.empty() ? "none" : text;
}

std::string describe_trial(const Trial& trial, std::size_t input) {
  x64::Intent intent;
  intent.form = trial.instruction.form;
  intent.length = static_cast<std::uint8_t>(trial.bytes.size());
  intent.operands = trial.instruction.operands;
  const Inputs& inputs = trial.inputs[input];
  std::string text =
      fmt::format("{}  ({}), flags {}", encoding::describe(intent),
                  encoding::describe(std::span<const std::uint8_t>(trial.bytes)), flag_names(inputs.flags));
  for (const std::uint8_t number : registers_of(trial.instruction)) {
    text += fmt::format(", {} 0x{:x}", cell_name(number), inputs.registers[number]);
    for (const Pointer& pointer : trial.pointers) {
      if (pointer.register_number == number) text += " + place";
    }
  }
  return text;
}

std::string describe_end(const Run& run, const Effect& effect, std::uint32_t offset) {
  const bool finished = run.end == RunEnd::Finished && run.violations == Violation::None;
  if (finished && effect.ending == Ending::Done) return "";
  std::string text = fmt::format("  it {}, and the run ended: {}", ending_text(effect.ending), name(run.end));
  if (run.end == RunEnd::NotRun) text += fmt::format(" ({})", name(run.skip));
  if (run.fault.kind != FaultKind::None) {
    text += fmt::format(", {}", name(run.fault.kind));
    text += run.fault.code_offset == offset ? " at the instruction" : " elsewhere";
  }
  for (unsigned bit = 1; bit <= static_cast<unsigned>(Violation::Result); bit <<= 1U) {
    const auto one = static_cast<Violation>(bit);
    if (has(run.violations, one)) text += fmt::format(", {}", name(one));
  }
  return text + "\n";
}

std::string describe_cell(std::size_t cell, std::uint64_t expected, std::uint64_t got, std::uint64_t undefined_flags) {
  if (cell == kFlagsCell) {
    return fmt::format("  flags: expected {}, got {}\n", flag_names(unpack_flags(expected) & ~undefined_flags),
                       flag_names(unpack_flags(got) & ~undefined_flags));
  }
  return fmt::format("  {}: expected 0x{:016x}, got 0x{:016x}\n", cell_name(cell), expected, got);
}

}  // namespace assay::oracles::instructions
