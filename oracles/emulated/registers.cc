// Registers at the entry and the return of a block; see registers.h. Tested by
// oracles/emulated/test/registers_test.cc.
#include "oracles/emulated/registers.h"

namespace assay::oracles::emulated {
namespace {

constexpr std::uint64_t kCanary = 0xCA11'5A7E'D000'0000ULL;  // | register number
constexpr std::uint64_t kPoison = 0xDEAD'0BAD'5C00'0000ULL;  // | register number
constexpr std::uint64_t kVectorTag = 0x100;
constexpr std::uint64_t kDirectionFlag = 1U << 10;
constexpr std::uint64_t kAlignmentCheck = 1U << 18;
constexpr std::uint64_t kEntryFlags = 0x8D5 | 0x2;  // CF, PF, AF, ZF, SF, OF and the bit that is always 1
constexpr std::uint32_t kEntryMxcsr = 0x1F80;       // as the psABI has it at process start
constexpr std::uint32_t kMxcsrControl = 0xFFC0;     // the low six bits are sticky status, which a function may set
constexpr std::uint16_t kEntryX87Control = 0x037F;

// System V psABI 3.2.1; Microsoft, "x64 calling convention", callee-saved registers.
constexpr std::array<std::uint8_t, 6> kSavedSystemV = {3, 5, 12, 13, 14, 15};
constexpr std::array<std::uint8_t, 8> kSavedMicrosoft = {3, 5, 6, 7, 12, 13, 14, 15};

}  // namespace

std::span<const std::uint8_t> saved_registers(jit::Convention convention) {
  if (convention == jit::Convention::SystemV) return kSavedSystemV;
  return kSavedMicrosoft;
}

std::size_t first_saved_vector(jit::Convention convention) { return convention == jit::Convention::SystemV ? 16 : 6; }

std::array<std::uint8_t, 3> argument_registers(jit::Convention convention) {
  if (convention == jit::Convention::SystemV) return {7, 6, 2};  // RDI, RSI, RDX
  return {1, 2, 8};                                              // RCX, RDX, R8
}

RegisterFile entry_registers(jit::Convention convention, std::uint64_t rsp, const Arguments& arguments) {
  RegisterFile file;
  for (std::size_t i = 0; i < file.general.size(); ++i) file.general[i] = kPoison | i;
  for (const std::uint8_t number : saved_registers(convention)) file.general[number] = kCanary | number;
  for (std::size_t i = 0; i < file.vector.size(); ++i) {
    const std::uint64_t value = (i >= first_saved_vector(convention) ? kCanary : kPoison) | kVectorTag | i;
    file.vector[i] = {{value, ~value}};
  }
  const std::array<std::uint8_t, 3> registers = argument_registers(convention);
  file.general[registers[0]] = arguments.frame;
  file.general[registers[1]] = arguments.stack;
  file.general[registers[2]] = arguments.stack_index;
  file.general[kRspNumber] = rsp;
  file.flags = kEntryFlags;
  file.mxcsr = kEntryMxcsr;
  file.x87_control = kEntryX87Control;
  return file;
}

RegisterVerdict check_registers(jit::Convention convention, const RegisterFile& entry, const RegisterFile& now) {
  RegisterVerdict verdict;
  const auto found = [&verdict](Violation violation, std::size_t number) {
    const bool first = !has(verdict.violations, Violation::CalleeSavedRegister | Violation::VectorRegister);
    if (first) verdict.register_number = static_cast<std::uint8_t>(number);
    verdict.violations = verdict.violations | violation;
  };
  for (const std::uint8_t number : saved_registers(convention)) {
    if (now.general[number] != entry.general[number]) found(Violation::CalleeSavedRegister, number);
  }
  for (std::size_t i = first_saved_vector(convention); i < now.vector.size(); ++i) {
    if (now.vector[i] != entry.vector[i]) found(Violation::VectorRegister, i);
  }
  const auto add = [&verdict](bool wrong, Violation violation) {
    if (wrong) verdict.violations = verdict.violations | violation;
  };
  // The return takes the return address off the stack.
  add(now.general[kRspNumber] != entry.general[kRspNumber] + 8, Violation::StackPointer);
  add((now.flags & kDirectionFlag) != 0, Violation::DirectionFlag);
  add(((now.mxcsr ^ entry.mxcsr) & kMxcsrControl) != 0 || now.x87_control != entry.x87_control ||
          (now.flags & kAlignmentCheck) != 0,
      Violation::ControlState);
  return verdict;
}

}  // namespace assay::oracles::emulated
