// The trampolines; see checked_call.h. Tested by core/jit/test/convention_test.cc.
#include "core/jit/test/checked_call.h"

#include <array>

// Both: rdi = entry, rsi = frame, rdx = stack, rcx = index, r8 = nine cells for what the registers hold afterwards:
// rbx, rbp, r12-r15, rsi, rdi, and how far rsp is off.
asm(R"(
  .pushsection .bss
  .p2align 3
assay_jit_test_rsp:
  .zero 8
  .popsection
  .pushsection .text
  .intel_syntax noprefix
  .globl assay_jit_test_call_sysv
assay_jit_test_call_sysv:
  push rbx
  push rbp
  push r12
  push r13
  push r14
  push r15
  push r8
  mov rax, rdi
  mov rdi, rsi
  mov rsi, rdx
  mov rdx, rcx
  mov rbx, 0x1111111111111111
  mov rbp, 0x2222222222222222
  mov r12, 0x3333333333333333
  mov r13, 0x4444444444444444
  mov r14, 0x5555555555555555
  mov r15, 0x6666666666666666
  mov [rip + assay_jit_test_rsp], rsp
  call rax
  mov rsi, 0x7777777777777777
  mov rdi, 0x8888888888888888
  jmp assay_jit_test_after
  .globl assay_jit_test_call_win64
assay_jit_test_call_win64:
  push rbx
  push rbp
  push r12
  push r13
  push r14
  push r15
  push r8
  mov rax, rdi
  mov r8, rcx
  mov rcx, rsi
  mov rbx, 0x1111111111111111
  mov rbp, 0x2222222222222222
  mov r12, 0x3333333333333333
  mov r13, 0x4444444444444444
  mov r14, 0x5555555555555555
  mov r15, 0x6666666666666666
  mov rsi, 0x7777777777777777
  mov rdi, 0x8888888888888888
  mov [rip + assay_jit_test_rsp], rsp
  sub rsp, 32
  call rax
  add rsp, 32
assay_jit_test_after:
  mov rcx, rsp
  mov rsp, [rip + assay_jit_test_rsp]
  sub rcx, rsp
  pop r8
  mov [r8], rbx
  mov [r8 + 8], rbp
  mov [r8 + 16], r12
  mov [r8 + 24], r13
  mov [r8 + 32], r14
  mov [r8 + 40], r15
  mov [r8 + 48], rsi
  mov [r8 + 56], rdi
  mov [r8 + 64], rcx
  pop r15
  pop r14
  pop r13
  pop r12
  pop rbp
  pop rbx
  ret
  .att_syntax prefix
  .popsection
)");

extern "C" {
std::int64_t assay_jit_test_call_sysv(const void* entry, std::uint64_t* frame, std::uint64_t* stack,
                                      std::uint64_t index, std::uint64_t* after);
std::int64_t assay_jit_test_call_win64(const void* entry, std::uint64_t* frame, std::uint64_t* stack,
                                       std::uint64_t index, std::uint64_t* after);
}

namespace assay::jit::test {

CheckedCall call_checked(Convention convention, const void* entry, std::uint64_t* frame, std::uint64_t* stack,
                         std::uint64_t stack_index) {
  std::array<std::uint64_t, 9> after{};
  const auto call = convention == Convention::SystemV ? assay_jit_test_call_sysv : assay_jit_test_call_win64;
  CheckedCall made;
  made.result = call(entry, frame, stack, stack_index, after.data());
  made.registers_kept = true;
  for (std::uint64_t i = 0; i < 8; ++i) made.registers_kept &= after[i] == (i + 1) * 0x1111111111111111ULL;
  made.stack_pointer_kept = after[8] == 0;
  return made;
}

}  // namespace assay::jit::test
