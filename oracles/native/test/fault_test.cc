// Attribution from what the kernel tells, including what this machine's CPU and kernel would never tell.
#include "oracles/native/fault.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>
#include <vector>

namespace assay::oracles::native {
namespace {

constexpr std::uint32_t kBlock = 0x1000;  // where the block is in the code memory

struct Report {
  int signal;
  std::uint64_t offset;  // of RIP in the block, wrapping
  std::uint32_t trap = 0;
  std::uint32_t error = 0;
  std::uint64_t return_offset = ~std::uint64_t{0} - kBlock;  // likewise
  ReplyEnd end = ReplyEnd::Faulted;
};

Fault attribute(const Report& report, const std::vector<std::uint8_t>& code) {
  RunReply reply;
  reply.end = report.end;
  reply.signal = static_cast<std::uint32_t>(report.signal);
  reply.trap_number = report.trap;
  reply.error_code = report.error;
  reply.rip = kBlock + report.offset;
  reply.return_address = kBlock + report.return_offset;
  reply.address = 0x77;
  return attribute_fault(reply, kBlock, code);
}

const std::vector<std::uint8_t> kNops(16, 0x90);

void expect(const Fault& fault, FaultKind kind, std::uint32_t offset) {
  EXPECT_EQ(fault.kind, kind) << name(fault.kind);
  EXPECT_EQ(fault.code_offset, offset);
}

TEST(FaultAttribution, PageFaultsTellReadWriteAndFetch) {
  expect(attribute({SIGSEGV, 3, 14, 4}, kNops), FaultKind::ReadMemory, 3);
  expect(attribute({SIGSEGV, 3, 14, 6}, kNops), FaultKind::WriteMemory, 3);
  expect(attribute({SIGSEGV, 3, 14, 0x14}, kNops), FaultKind::ExecuteMemory, 3);
}

TEST(FaultAttribution, ExceptionsAreBlamedOnTheirInstruction) {
  expect(attribute({SIGFPE, 5}, kNops), FaultKind::Arithmetic, 5);
  expect(attribute({SIGILL, 5, 6}, kNops), FaultKind::IllegalInstruction, 5);
  expect(attribute({SIGSEGV, 5, 13}, kNops), FaultKind::Other, 5);
  expect(attribute({SIGBUS, 5, 17}, kNops), FaultKind::Other, 5);
  expect(attribute({SIGTRAP, 5, 1}, kNops), FaultKind::Other, 5);
}

TEST(FaultAttribution, BreakpointsAndSystemCallsAreReportedBehindTheirInstruction) {
  std::vector<std::uint8_t> code = kNops;
  code[4] = 0xCC;
  expect(attribute({SIGTRAP, 5, 3}, code), FaultKind::Breakpoint, 4);
  code[4] = 0x03;
  code[3] = 0xCD;
  expect(attribute({SIGTRAP, 5, 3}, code), FaultKind::Breakpoint, 3);
  expect(attribute({SIGSYS, 9}, kNops), FaultKind::SystemCall, 7);
}

TEST(FaultAttribution, AnInt80ThatTheKernelDoesNotServeIsStillASystemCall) {
  std::vector<std::uint8_t> code = kNops;
  code[2] = 0xCD;
  code[3] = 0x80;
  expect(attribute({SIGSEGV, 2, 13, 0x402}, code), FaultKind::SystemCall, 2);
}

TEST(FaultAttribution, AnyFaultOutsideTheBlockIsAJumpOutOfIt) {
  for (const std::uint64_t offset : {std::uint64_t{16}, std::uint64_t{0x5000}, ~std::uint64_t{0}}) {
    expect(attribute({SIGSEGV, offset, 14, 0x14}, kNops), FaultKind::ExecuteMemory, kUnknownOffset);
    expect(attribute({SIGILL, offset, 6}, kNops), FaultKind::ExecuteMemory, kUnknownOffset);
    expect(attribute({SIGFPE, offset}, kNops), FaultKind::ExecuteMemory, kUnknownOffset);
  }
  // int3 behind the last instruction: the block ran off its end.
  expect(attribute({SIGTRAP, 17, 3}, kNops), FaultKind::ExecuteMemory, kUnknownOffset);
}

TEST(FaultAttribution, ASystemCallElsewhereHasNoInstructionOfTheBlock) {
  expect(attribute({SIGSYS, 0x999}, kNops), FaultKind::SystemCall, kUnknownOffset);
}

TEST(FaultAttribution, AReturnAddressLeadsBackToTheCall) {
  std::vector<std::uint8_t> code = kNops;
  code[3] = 0xE8;
  expect(attribute({SIGSEGV, 0x5000, 14, 0x14, 8}, code), FaultKind::ExecuteMemory, 3);
  code = kNops;
  code[6] = 0xFF;
  code[7] = 0xD2;
  expect(attribute({SIGSEGV, 0x5000, 14, 0x14, 8}, code), FaultKind::ExecuteMemory, 6);
  code[5] = 0x41;
  expect(attribute({SIGSEGV, 0x5000, 14, 0x14, 8}, code), FaultKind::ExecuteMemory, 5);
  // Not a call.
  expect(attribute({SIGSEGV, 0x5000, 14, 0x14, 3}, kNops), FaultKind::ExecuteMemory, kUnknownOffset);
}

TEST(FaultAttribution, ACallThatEndsTheBlockIsFound) {
  std::vector<std::uint8_t> code = {0x90, 0xE8, 0, 0, 0, 0x40};
  expect(attribute({SIGSEGV, 0x40000006, 14, 0x14, 6}, code), FaultKind::ExecuteMemory, 1);
}

TEST(FaultAttribution, ARunawayIsWhereItWasStopped) {
  expect(attribute({SIGALRM, 6, 0, 0, 0, ReplyEnd::Runaway}, kNops), FaultKind::None, 6);
  expect(attribute({SIGALRM, 600, 0, 0, 0, ReplyEnd::Runaway}, kNops), FaultKind::None, kUnknownOffset);
}

TEST(FaultAttribution, AnEmptyBlockHasNoInstruction) {
  expect(attribute({SIGTRAP, 1, 3}, {}), FaultKind::ExecuteMemory, kUnknownOffset);
}

}  // namespace
}  // namespace assay::oracles::native
