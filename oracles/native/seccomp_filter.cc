// The worker's seccomp filter; see seccomp_filter.h. Tested by oracles/native/test/hostile_blocks_test.cc.
#include "oracles/native/seccomp_filter.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include <array>
#include <cassert>
#include <cstddef>

namespace assay::oracles::native {
namespace {

// A turn's end and the wait for the next, the way out of a signal handler, and suicide. The clock, files and memory are
// none of a block's business; the tick is armed once, before the filter.
constexpr std::array<std::uint32_t, 3> kAllowed = {SYS_futex, SYS_rt_sigreturn, SYS_exit_group};

constexpr std::uint16_t kLoad = BPF_LD | BPF_W | BPF_ABS;
constexpr std::uint16_t kIfEqual = BPF_JMP | BPF_JEQ | BPF_K;
constexpr std::uint16_t kReturn = BPF_RET | BPF_K;

constexpr sock_filter load(std::size_t offset) { return {kLoad, 0, 0, static_cast<std::uint32_t>(offset)}; }

}  // namespace

std::uint16_t build_filter(std::uint64_t after_syscall, std::span<sock_filter> out) {
  constexpr std::size_t kInstructionPointer = offsetof(seccomp_data, instruction_pointer);
  struct Test {
    std::size_t field;
    std::uint32_t value;
  };
  const std::array<Test, 3> tests = {{
      {offsetof(seccomp_data, arch), AUDIT_ARCH_X86_64},
      {kInstructionPointer, static_cast<std::uint32_t>(after_syscall)},
      {kInstructionPointer + 4, static_cast<std::uint32_t>(after_syscall >> 32U)},
  }};
  const std::size_t length = 2 * tests.size() + 1 + kAllowed.size() + 2;
  assert(length <= out.size());
  const std::size_t trap = length - 2;
  const std::size_t allow = length - 1;
  std::size_t at = 0;
  // Jump distances count from the next instruction.
  const auto distance = [&](std::size_t target) { return static_cast<std::uint8_t>(target - at - 1); };
  for (const Test& test : tests) {
    out[at++] = load(test.field);
    out[at] = {kIfEqual, 0, distance(trap), test.value};
    ++at;
  }
  out[at++] = load(offsetof(seccomp_data, nr));
  for (const std::uint32_t number : kAllowed) {
    out[at] = {kIfEqual, distance(allow), 0, number};
    ++at;
  }
  out[at++] = {kReturn, 0, 0, SECCOMP_RET_TRAP};
  out[at++] = {kReturn, 0, 0, SECCOMP_RET_ALLOW};
  assert(at == length);
  return static_cast<std::uint16_t>(length);
}

}  // namespace assay::oracles::native
