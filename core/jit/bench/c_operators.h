// C: the operators of the language that C does not have as they are, for the files that c_source.h prints.
//
// A C11 header, though C++ would read it too. Conversions to signed types are implementation-defined in C and modular
// in GCC and Clang, which are the compilers measured.
//
// Tested by core/jit/test/c_source_test.cc.
#ifndef ASSAY_CORE_JIT_BENCH_C_OPERATORS_H
#define ASSAY_CORE_JIT_BENCH_C_OPERATORS_H

#include <stdint.h>
#include <string.h>

// A slot of 4 bytes is the low half of its cell.
static inline uint32_t load_i32(const uint64_t* cell) {
  uint32_t value;
  memcpy(&value, cell, sizeof value);
  return value;
}
static inline uint64_t load_i64(const uint64_t* cell) { return *cell; }
static inline void store_i32(uint64_t* cell, uint32_t value) { memcpy(cell, &value, sizeof value); }
static inline void store_i64(uint64_t* cell, uint64_t value) { *cell = value; }

static inline uint32_t shl_i32(uint32_t a, uint32_t b) { return a << (b & 31); }
static inline uint64_t shl_i64(uint64_t a, uint64_t b) { return a << (b & 63); }
static inline uint32_t shr_u_i32(uint32_t a, uint32_t b) { return a >> (b & 31); }
static inline uint64_t shr_u_i64(uint64_t a, uint64_t b) { return a >> (b & 63); }
static inline uint32_t shr_s_i32(uint32_t a, uint32_t b) { return (uint32_t)((int32_t)a >> (b & 31)); }
static inline uint64_t shr_s_i64(uint64_t a, uint64_t b) { return (uint64_t)((int64_t)a >> (b & 63)); }
static inline uint32_t rotl_i32(uint32_t a, uint32_t b) { return (a << (b & 31)) | (a >> (-b & 31)); }
static inline uint64_t rotl_i64(uint64_t a, uint64_t b) { return (a << (b & 63)) | (a >> (-b & 63)); }
static inline uint32_t rotr_i32(uint32_t a, uint32_t b) { return (a >> (b & 31)) | (a << (-b & 31)); }
static inline uint64_t rotr_i64(uint64_t a, uint64_t b) { return (a >> (b & 63)) | (a << (-b & 63)); }

static inline uint32_t clz_i32(uint32_t a) { return a == 0 ? 32 : (uint32_t)__builtin_clz(a); }
static inline uint64_t clz_i64(uint64_t a) { return a == 0 ? 64 : (uint64_t)__builtin_clzll(a); }
static inline uint32_t ctz_i32(uint32_t a) { return a == 0 ? 32 : (uint32_t)__builtin_ctz(a); }
static inline uint64_t ctz_i64(uint64_t a) { return a == 0 ? 64 : (uint64_t)__builtin_ctzll(a); }
static inline uint32_t popcnt_i32(uint32_t a) { return (uint32_t)__builtin_popcount(a); }
static inline uint64_t popcnt_i64(uint64_t a) { return (uint64_t)__builtin_popcountll(a); }
static inline uint32_t abs_i32(uint32_t a) { return (int32_t)a < 0 ? 0 - a : a; }
static inline uint64_t abs_i64(uint64_t a) { return (int64_t)a < 0 ? 0 - a : a; }

static inline uint64_t extend_s_i32(uint32_t a) { return (uint64_t)(int32_t)a; }
static inline uint32_t extend8_s_i32(uint32_t a) { return (uint32_t)(int8_t)a; }
static inline uint64_t extend8_s_i64(uint64_t a) { return (uint64_t)(int8_t)a; }
static inline uint32_t extend16_s_i32(uint32_t a) { return (uint32_t)(int16_t)a; }
static inline uint64_t extend16_s_i64(uint64_t a) { return (uint64_t)(int16_t)a; }
static inline uint64_t extend32_s_i64(uint64_t a) { return (uint64_t)(int32_t)a; }

// The kind of trap, 0 for none; the quotient or remainder is computed only then.
static inline int div_u_trap_i32(uint32_t a, uint32_t b) { return (void)a, b == 0; }
static inline int div_u_trap_i64(uint64_t a, uint64_t b) { return (void)a, b == 0; }
static inline int rem_u_trap_i32(uint32_t a, uint32_t b) { return (void)a, b == 0; }
static inline int rem_u_trap_i64(uint64_t a, uint64_t b) { return (void)a, b == 0; }
static inline int rem_s_trap_i32(uint32_t a, uint32_t b) { return (void)a, b == 0; }
static inline int rem_s_trap_i64(uint64_t a, uint64_t b) { return (void)a, b == 0; }
static inline int div_s_trap_i32(uint32_t a, uint32_t b) {
  return b == 0 ? 1 : a == UINT32_C(1) << 31 && b == UINT32_MAX ? 2 : 0;
}
static inline int div_s_trap_i64(uint64_t a, uint64_t b) {
  return b == 0 ? 1 : a == UINT64_C(1) << 63 && b == UINT64_MAX ? 2 : 0;
}
static inline uint32_t div_u_i32(uint32_t a, uint32_t b) { return a / b; }
static inline uint64_t div_u_i64(uint64_t a, uint64_t b) { return a / b; }
static inline uint32_t rem_u_i32(uint32_t a, uint32_t b) { return a % b; }
static inline uint64_t rem_u_i64(uint64_t a, uint64_t b) { return a % b; }
static inline uint32_t div_s_i32(uint32_t a, uint32_t b) { return (uint32_t)((int32_t)a / (int32_t)b); }
static inline uint64_t div_s_i64(uint64_t a, uint64_t b) { return (uint64_t)((int64_t)a / (int64_t)b); }
static inline uint32_t rem_s_i32(uint32_t a, uint32_t b) {
  return b == UINT32_MAX ? 0 : (uint32_t)((int32_t)a % (int32_t)b);
}
static inline uint64_t rem_s_i64(uint64_t a, uint64_t b) {
  return b == UINT64_MAX ? 0 : (uint64_t)((int64_t)a % (int64_t)b);
}

#endif  // ASSAY_CORE_JIT_BENCH_C_OPERATORS_H
