/* Blocks that misbehave, once for each convention. What is expected of each is in hostile_blocks.def.
 *
 * The frame has two slots and the operand stack two cells. `guilty` marks the instruction to blame.
 */
#define FRAME_BYTES 16
#define STACK_BYTES 16

        .section .rodata

#define BEGIN(name) .globl NAME(name); .hidden NAME(name); NAME(name):
#define END(name) .globl NAME(name##_end); .hidden NAME(name##_end); NAME(name##_end):
#define GUILTY(name) .globl NAME(name##_guilty); .hidden NAME(name##_guilty); NAME(name##_guilty):

#define NAME(name) sysv_##name
#define FRAME %rdi
#define STACK %rsi
#include "oracles/native/test/hostile_blocks.inc"
#undef NAME
#undef FRAME
#undef STACK

#define NAME(name) win64_##name
#define FRAME %rcx
#define STACK %rdx
#include "oracles/native/test/hostile_blocks.inc"

        .section .note.GNU-stack, "", @progbits
