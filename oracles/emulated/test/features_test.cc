// That the optional instructions which emulated_features() allows give the CPU's results and defined flags, for every
// form.
//
// The expected values are computed here from the instructions' definitions (Intel SDM 2), so that the test says the
// same on every machine.
#include <bit>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/rng.h"
#include "oracles/emulated/emulated_engine.h"
#include "oracles/emulated/test/blocks.h"

namespace assay::oracles::emulated {
namespace {

constexpr std::uint64_t kCarry = 1;
constexpr std::uint64_t kZero = 1U << 6;
constexpr std::uint64_t kSign = 1U << 7;
constexpr std::uint64_t kOverflow = 1U << 11;
constexpr std::uint64_t kAll = kCarry | kZero | kSign | kOverflow | 1U << 2 | 1U << 4;

struct Expected {
  std::uint64_t value = 0;
  std::uint64_t flags = 0;  // of those defined
};

struct Instruction {
  const char* name;
  std::vector<int> bytes;  // RCX and RDX are the sources, RDI points to RCX's value, RAX is the destination
  std::uint64_t defined;   // flags; the others are undefined or, when kAll and `flags` is the entry's, untouched
  std::function<Expected(std::uint64_t, std::uint64_t)> meaning;
};

constexpr std::uint64_t kEntryFlags = 0x8D5;

template <class T>
Expected counted(T value, int count) {
  return {static_cast<std::uint64_t>(count), (value == 0 ? kCarry : 0) | (count == 0 ? kZero : 0)};
}
template <class T>
Expected trailing(std::uint64_t a, std::uint64_t) {
  return counted(static_cast<T>(a), std::countr_zero(static_cast<T>(a)));
}
template <class T>
Expected leading(std::uint64_t a, std::uint64_t) {
  return counted(static_cast<T>(a), std::countl_zero(static_cast<T>(a)));
}
template <class T>
Expected and_not(std::uint64_t a, std::uint64_t b) {
  const T value = static_cast<T>(~a & b);
  const bool sign = (value >> (8 * sizeof(T) - 1)) != 0;
  return {value, (value == 0 ? kZero : 0) | (sign ? kSign : 0)};
}
template <class T>
Expected shift_left(std::uint64_t a, std::uint64_t b) {
  return {static_cast<T>(static_cast<T>(a) << (b & (8 * sizeof(T) - 1))), kEntryFlags};
}
template <class T>
Expected shift_right(std::uint64_t a, std::uint64_t b) {
  return {static_cast<T>(static_cast<T>(a) >> (b & (8 * sizeof(T) - 1))), kEntryFlags};
}
template <class T>
Expected shift_signed(std::uint64_t a, std::uint64_t b) {
  using Signed = std::make_signed_t<T>;
  return {static_cast<T>(static_cast<Signed>(static_cast<T>(a)) >> (b & (8 * sizeof(T) - 1))), kEntryFlags};
}
template <class T, int kCount>
Expected rotate(std::uint64_t a, std::uint64_t) {
  return {std::rotr(static_cast<T>(a), kCount), kEntryFlags};
}

using U32 = std::uint32_t;
using U64 = std::uint64_t;

const std::vector<Instruction>& instructions() {
  static const std::vector<Instruction> table = {
      {"tzcnt eax, ecx", {0xF3, 0x0F, 0xBC, 0xC1}, kCarry | kZero, trailing<U32>},
      {"tzcnt rax, rcx", {0xF3, 0x48, 0x0F, 0xBC, 0xC1}, kCarry | kZero, trailing<U64>},
      {"tzcnt eax, [rdi]", {0xF3, 0x0F, 0xBC, 0x07}, kCarry | kZero, trailing<U32>},
      {"tzcnt rax, [rdi]", {0xF3, 0x48, 0x0F, 0xBC, 0x07}, kCarry | kZero, trailing<U64>},
      {"lzcnt eax, ecx", {0xF3, 0x0F, 0xBD, 0xC1}, kCarry | kZero, leading<U32>},
      {"lzcnt rax, rcx", {0xF3, 0x48, 0x0F, 0xBD, 0xC1}, kCarry | kZero, leading<U64>},
      {"lzcnt eax, [rdi]", {0xF3, 0x0F, 0xBD, 0x07}, kCarry | kZero, leading<U32>},
      {"lzcnt rax, [rdi]", {0xF3, 0x48, 0x0F, 0xBD, 0x07}, kCarry | kZero, leading<U64>},
      {"andn eax, ecx, edx", {0xC4, 0xE2, 0x70, 0xF2, 0xC2}, kCarry | kZero | kSign | kOverflow, and_not<U32>},
      {"andn rax, rcx, rdx", {0xC4, 0xE2, 0xF0, 0xF2, 0xC2}, kCarry | kZero | kSign | kOverflow, and_not<U64>},
      {"shlx eax, ecx, edx", {0xC4, 0xE2, 0x69, 0xF7, 0xC1}, kAll, shift_left<U32>},
      {"shlx rax, rcx, rdx", {0xC4, 0xE2, 0xE9, 0xF7, 0xC1}, kAll, shift_left<U64>},
      {"shrx eax, ecx, edx", {0xC4, 0xE2, 0x6B, 0xF7, 0xC1}, kAll, shift_right<U32>},
      {"shrx rax, rcx, rdx", {0xC4, 0xE2, 0xEB, 0xF7, 0xC1}, kAll, shift_right<U64>},
      {"sarx eax, ecx, edx", {0xC4, 0xE2, 0x6A, 0xF7, 0xC1}, kAll, shift_signed<U32>},
      {"sarx rax, rcx, rdx", {0xC4, 0xE2, 0xEA, 0xF7, 0xC1}, kAll, shift_signed<U64>},
      {"rorx eax, ecx, 13", {0xC4, 0xE3, 0x7B, 0xF0, 0xC1, 13}, kAll, rotate<U32, 13>},
      {"rorx eax, ecx, 32", {0xC4, 0xE3, 0x7B, 0xF0, 0xC1, 32}, kAll, rotate<U32, 0>},
      {"rorx rax, rcx, 45", {0xC4, 0xE3, 0xFB, 0xF0, 0xC1, 45}, kAll, rotate<U64, 45>},
  };
  return table;
}

TEST(EmulatedFeatures, AllowsAllButPopcnt) {
  const x64::CpuFeatures features = emulated_features();
  EXPECT_FALSE(features.popcnt);
  EXPECT_TRUE(features.lzcnt);
  EXPECT_TRUE(features.bmi1);
  EXPECT_TRUE(features.bmi2);
}

TEST(EmulatedFeatures, AllowedInstructionsGiveTheDefinedResults) {
  Bench bench(jit::Convention::SystemV);
  base::Rng rng(20'240'607);
  for (const Instruction& instruction : instructions()) {
    SCOPED_TRACE(instruction.name);
    // Frame: the first source, the second, the result, the flags. mov rcx, [rdi]; mov rdx, [rdi + 8]; the instruction;
    // pushfq; mov [rdi + 16], rax; pop rax; mov [rdi + 24], rax; mov eax, 0; ret
    Bytes block{0x48, 0x8B, 0x0F, 0x48, 0x8B, 0x57, 0x08};
    for (const int byte : instruction.bytes) block.add({byte});
    block.add({0x9C, 0x48, 0x89, 0x47, 0x10, 0x58, 0x48, 0x89, 0x47, 0x18}).give(0);
    for (int i = 0; i < 200; ++i) {
      std::uint64_t a = rng.next() >> rng.below(64);
      std::uint64_t b = rng.next();
      if (i % 8 == 0) a = 0;
      if (i % 8 == 1) a <<= 32;
      if (i % 8 == 2) a = std::uint64_t{1} << rng.below(64);
      if (i % 8 == 3) b = 0;
      const std::vector<std::uint64_t> frame = {a, b, ~std::uint64_t{0}, 0};
      const Observation seen = i == 0 ? bench.run(block, frame) : bench.again(frame);
      ASSERT_EQ(seen.end, RunEnd::Finished);
      const Expected expected = instruction.meaning(a, b);
      ASSERT_EQ(bench.frame()[2], expected.value) << std::hex << a << ", " << b;
      ASSERT_EQ(bench.frame()[3] & instruction.defined, expected.flags & instruction.defined)
          << std::hex << a << ", " << b;
    }
  }
}

}  // namespace
}  // namespace assay::oracles::emulated
