// Where the fields of State (state.h) are, for the assembler, which knows no structs. Checked there by static_assert.
//
// Only the preprocessor reads this file on both sides. Tested by oracles/native/test/hostile_blocks_test.cc.
#ifndef ASSAY_ORACLES_NATIVE_STATE_OFFSETS_H
#define ASSAY_ORACLES_NATIVE_STATE_OFFSETS_H

#define ASSAY_STATE_BYTES 4096
#define ASSAY_STATE_REGISTERS_IN 0    /* 16 x 8, by register number; RSP is the block's before the call */
#define ASSAY_STATE_REGISTERS_OUT 128 /* 16 x 8; only saved registers, RSP and RAX are written */
#define ASSAY_STATE_ENTRY 256         /* 8 */
#define ASSAY_STATE_WORKER_RSP 264    /* 8 */
#define ASSAY_STATE_FLAGS_OUT 272     /* 8 */
#define ASSAY_STATE_MXCSR_OUT 280     /* 4 */
#define ASSAY_STATE_CONTROL_OUT 284   /* 2 */
#define ASSAY_STATE_VECTORS_IN 288    /* 16 x 16 */
#define ASSAY_STATE_VECTORS_OUT 544   /* 10 x 16: XMM6 to XMM15 */

/* RFLAGS that must be clear when the worker's own code runs: TF, DF, NT, AC. */
#define ASSAY_FLAGS_TO_CLEAR 0x44500

#endif
