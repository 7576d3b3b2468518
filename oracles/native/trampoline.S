/* The border between the worker and generated code: GNU as, for g++ and clang alike.
 *
 * A call through a C++ function pointer would let the compiler assume that the block keeps the rules under test, and for the
 * Microsoft convention it would hide or repair clobbers. So every register is planted before the call and stored
 * after it by hand. All memory is reached relative to RIP: after the call no register can be trusted, RSP least.
 *
 * Contents: the state page; assay_native_call; the signal handler's entry; the one system call instruction that the
 * seccomp filter allows; and three small things that C++ cannot say.
 *
 * Tested by oracles/native/test/hostile_blocks_test.cc.
 */
#include "oracles/native/state_offsets.h"

/* A page of its own, so that everything else in the image can be made read-only. */
        .section .bss.assay_native_state, "aw", @nobits
        .balign 4096
        .globl  assay_native_state
        .hidden assay_native_state
        .type   assay_native_state, @object
        .size   assay_native_state, ASSAY_STATE_BYTES
assay_native_state:
        .skip   ASSAY_STATE_BYTES

        .text

#define IN(n) assay_native_state + ASSAY_STATE_REGISTERS_IN + 8 * n(%rip)
#define OUT(n) assay_native_state + ASSAY_STATE_REGISTERS_OUT + 8 * n(%rip)
#define FIELD(name) assay_native_state + ASSAY_STATE_##name(%rip)
#define VECTOR_IN(n) assay_native_state + ASSAY_STATE_VECTORS_IN + 16 * n(%rip)
#define VECTOR_OUT(n) assay_native_state + ASSAY_STATE_VECTORS_OUT + 16 * (n - 6)(%rip)

/* void assay_native_call(): runs the block described by the state. Returns after the block did, or after the signal
 * handler went to assay_native_recovered. Both conventions: the state says what is in which register. */
        .globl  assay_native_call
        .hidden assay_native_call
        .type   assay_native_call, @function
assay_native_call:
        pushq   %rbx
        pushq   %rbp
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        movq    %rsp, FIELD(WORKER_RSP)
        movaps  VECTOR_IN(0), %xmm0
        movaps  VECTOR_IN(1), %xmm1
        movaps  VECTOR_IN(2), %xmm2
        movaps  VECTOR_IN(3), %xmm3
        movaps  VECTOR_IN(4), %xmm4
        movaps  VECTOR_IN(5), %xmm5
        movaps  VECTOR_IN(6), %xmm6
        movaps  VECTOR_IN(7), %xmm7
        movaps  VECTOR_IN(8), %xmm8
        movaps  VECTOR_IN(9), %xmm9
        movaps  VECTOR_IN(10), %xmm10
        movaps  VECTOR_IN(11), %xmm11
        movaps  VECTOR_IN(12), %xmm12
        movaps  VECTOR_IN(13), %xmm13
        movaps  VECTOR_IN(14), %xmm14
        movaps  VECTOR_IN(15), %xmm15
        xorl    %eax, %eax              /* the same flags for every run */
        movq    IN(0), %rax
        movq    IN(1), %rcx
        movq    IN(2), %rdx
        movq    IN(3), %rbx
        movq    IN(5), %rbp
        movq    IN(6), %rsi
        movq    IN(7), %rdi
        movq    IN(8), %r8
        movq    IN(9), %r9
        movq    IN(10), %r10
        movq    IN(11), %r11
        movq    IN(12), %r12
        movq    IN(13), %r13
        movq    IN(14), %r14
        movq    IN(15), %r15
        movq    IN(4), %rsp
        call    *FIELD(ENTRY)
        /* Nothing here may need a stack before RSP is ours, nor a clear direction flag, nor an unaligned access. */
        movq    %rax, OUT(0)
        movq    %rbx, OUT(3)
        movq    %rsp, OUT(4)
        movq    %rbp, OUT(5)
        movq    %rsi, OUT(6)
        movq    %rdi, OUT(7)
        movq    %r12, OUT(12)
        movq    %r13, OUT(13)
        movq    %r14, OUT(14)
        movq    %r15, OUT(15)
        movq    FIELD(WORKER_RSP), %rsp
        pushfq
        popq    %rax
        movq    %rax, FIELD(FLAGS_OUT)
        testl   $ASSAY_FLAGS_TO_CLEAR, %eax
        jz      1f
        pushq   $0x202
        popfq
1:      stmxcsr FIELD(MXCSR_OUT)
        fnstcw  FIELD(CONTROL_OUT)
        movaps  %xmm6, VECTOR_OUT(6)
        movaps  %xmm7, VECTOR_OUT(7)
        movaps  %xmm8, VECTOR_OUT(8)
        movaps  %xmm9, VECTOR_OUT(9)
        movaps  %xmm10, VECTOR_OUT(10)
        movaps  %xmm11, VECTOR_OUT(11)
        movaps  %xmm12, VECTOR_OUT(12)
        movaps  %xmm13, VECTOR_OUT(13)
        movaps  %xmm14, VECTOR_OUT(14)
        movaps  %xmm15, VECTOR_OUT(15)
/* The signal handler resumes here, with RSP = WORKER_RSP and clean flags. */
        .globl  assay_native_recovered
        .hidden assay_native_recovered
assay_native_recovered:
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbp
        popq    %rbx
        ret
        .size   assay_native_call, . - assay_native_call

/* The kernel clears DF and TF for a handler but leaves AC, under which compiled code faults at its first unaligned access. */
        .globl  assay_native_signal_entry
        .hidden assay_native_signal_entry
        .type   assay_native_signal_entry, @function
assay_native_signal_entry:
        pushfq
        andq    $~ASSAY_FLAGS_TO_CLEAR, (%rsp)
        popfq
        subq    $8, %rsp
        call    assay_native_on_signal
        addq    $8, %rsp
        ret
        .size   assay_native_signal_entry, . - assay_native_signal_entry

/* long assay_native_syscall(long number, long a, long b, long c, long d, long e, long f): the kernel's result as it is. */
        .globl  assay_native_syscall
        .hidden assay_native_syscall
        .type   assay_native_syscall, @function
assay_native_syscall:
        movq    %rdi, %rax
        movq    %rsi, %rdi
        movq    %rdx, %rsi
        movq    %rcx, %rdx
        movq    %r8, %r10
        movq    %r9, %r8
        movq    8(%rsp), %r9
.Lsyscall:
        syscall
/* What RIP is when the kernel looks: the filter is pinned to it. */
        .globl  assay_native_after_syscall
        .hidden assay_native_after_syscall
assay_native_after_syscall:
        ret
        .size   assay_native_syscall, . - assay_native_syscall

/* Where signal handlers return to. RSP points to the kernel's frame, so this must not push. */
        .globl  assay_native_restorer
        .hidden assay_native_restorer
        .type   assay_native_restorer, @function
assay_native_restorer:
        movl    $15, %eax               /* rt_sigreturn */
        jmp     .Lsyscall
        .size   assay_native_restorer, . - assay_native_restorer

/* void assay_native_serialize(): code written by another CPU may be executed only after a serializing instruction (Intel SDM
 * 3A, section 9.1.3). IRET is one that hypervisors do not intercept. */
        .globl  assay_native_serialize
        .hidden assay_native_serialize
        .type   assay_native_serialize, @function
assay_native_serialize:
        movq    %rsp, %rdx
        movl    %ss, %eax
        pushq   %rax
        pushq   %rdx
        pushfq
        movl    %cs, %eax
        pushq   %rax
        leaq    2f(%rip), %rax
        pushq   %rax
        iretq
2:      ret
        .size   assay_native_serialize, . - assay_native_serialize

/* [[noreturn]] void assay_native_continue_on(void* stack_top, void (*function)()). */
        .globl  assay_native_continue_on
        .hidden assay_native_continue_on
        .type   assay_native_continue_on, @function
assay_native_continue_on:
        movq    %rdi, %rsp
        xorl    %ebp, %ebp
        call    *%rsi
        ud2
        .size   assay_native_continue_on, . - assay_native_continue_on

        .section .note.GNU-stack, "", @progbits
