// Attribution of faults; see fault.h. Tested by oracles/native/test/fault_test.cc.
#include "oracles/native/fault.h"

#include <csignal>

namespace assay::oracles::native {
namespace {

// Exceptions, Intel SDM 3A, table 6-1, and the bits of a page fault's error code, figure 4-12.
constexpr std::uint8_t kBreakpointException = 3;
constexpr std::uint32_t kGeneralProtection = 13;
constexpr std::uint32_t kPageFault = 14;
constexpr std::uint32_t kErrorWrite = 1U << 1U;
constexpr std::uint32_t kErrorFetch = 1U << 4U;

constexpr std::uint8_t kInt = 0xCD;
constexpr std::uint8_t kCallRelative = 0xE8;
constexpr std::uint8_t kGroup5 = 0xFF;

bool is_at(std::span<const std::uint8_t> code, std::uint64_t offset, std::uint8_t byte) {
  return offset < code.size() && code[offset] == byte;
}

// call r/m64 with a register: FF /2, mod 3.
bool is_call_register(std::span<const std::uint8_t> code, std::uint64_t offset) {
  return is_at(code, offset, kGroup5) && offset + 1 < code.size() && (code[offset + 1] & 0xF8U) == 0xD0;
}

// The call that `return_address` belongs to, so far as the bytes before it can tell.
std::uint32_t find_call(std::span<const std::uint8_t> code, std::uint64_t return_address) {
  constexpr std::uint64_t kRelativeBytes = 5;
  constexpr std::uint64_t kRegisterBytes = 2;
  if (return_address > code.size()) return kUnknownOffset;
  if (return_address >= kRelativeBytes && is_at(code, return_address - kRelativeBytes, kCallRelative)) {
    return static_cast<std::uint32_t>(return_address - kRelativeBytes);
  }
  if (return_address < kRegisterBytes || !is_call_register(code, return_address - kRegisterBytes))
    return kUnknownOffset;
  const std::uint64_t opcode = return_address - kRegisterBytes;
  const bool has_rex = opcode > 0 && (code[opcode - 1] & 0xF0U) == 0x40;
  return static_cast<std::uint32_t>(opcode - (has_rex ? 1 : 0));
}

FaultKind kind_of(const RunReply& reply, std::span<const std::uint8_t> code, std::uint64_t offset) {
  switch (reply.signal) {
    case SIGFPE:
      return FaultKind::Arithmetic;
    case SIGILL:
      return FaultKind::IllegalInstruction;
    case SIGTRAP:
      return reply.trap_number == kBreakpointException ? FaultKind::Breakpoint : FaultKind::Other;
    case SIGSEGV:
      if (reply.trap_number == kPageFault) {
        if ((reply.error_code & kErrorFetch) != 0) return FaultKind::ExecuteMemory;
        return (reply.error_code & kErrorWrite) != 0 ? FaultKind::WriteMemory : FaultKind::ReadMemory;
      }
      // A kernel without 32-bit system calls leaves their gate closed.
      return reply.trap_number == kGeneralProtection && is_at(code, offset, kInt) ? FaultKind::SystemCall
                                                                                  : FaultKind::Other;
    default:
      return FaultKind::Other;
  }
}

// Breakpoints (int3 has one byte, int 3 has two) and system calls are reported behind the instruction, all else at it.
std::uint64_t bytes_behind(const RunReply& reply, std::span<const std::uint8_t> code, std::uint64_t offset) {
  constexpr std::uint64_t kTwo = 2;  // syscall, sysenter, int n
  if (reply.signal == SIGSYS) return kTwo;
  if (reply.signal != SIGTRAP || reply.trap_number != kBreakpointException) return 0;
  return is_at(code, offset - kTwo, kInt) && is_at(code, offset - 1, kBreakpointException) ? kTwo : 1;
}

}  // namespace

Fault attribute_fault(const RunReply& reply, std::uint32_t code_offset, std::span<const std::uint8_t> code) {
  Fault fault;
  // Wrapping: an address below the block becomes a huge offset.
  const std::uint64_t rip = reply.rip - code_offset;
  if (reply.end == ReplyEnd::Runaway) {
    if (rip < code.size()) fault.code_offset = static_cast<std::uint32_t>(rip);
    return fault;
  }
  const std::uint64_t offset = rip - bytes_behind(reply, code, rip);
  fault.address = reply.address;
  if (offset < code.size()) {
    fault.code_offset = static_cast<std::uint32_t>(offset);
    fault.kind = reply.signal == SIGSYS ? FaultKind::SystemCall : kind_of(reply, code, offset);
    return fault;
  }
  // A system call from elsewhere: the block jumped to one.
  fault.kind = reply.signal == SIGSYS ? FaultKind::SystemCall : FaultKind::ExecuteMemory;
  fault.code_offset = find_call(code, reply.return_address - code_offset);
  return fault;
}

}  // namespace assay::oracles::native
