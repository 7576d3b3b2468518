// The emulator on honest blocks: values in and out, both conventions, translations that never go stale, bounded memory.
#include "oracles/emulated/emulator.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "core/base/rng.h"
#include "oracles/emulated/test/blocks.h"

namespace assay::oracles::emulated {
namespace {

using jit::Convention;

class EmulatorTest : public testing::TestWithParam<Convention> {
 protected:
  int frame(int reg) const { return modrm_frame(GetParam(), reg); }
  int stack(int reg) const { return modrm_stack(GetParam(), reg); }
  Bench bench_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Conventions, EmulatorTest, testing::Values(Convention::SystemV, Convention::Microsoft),
                         convention_test_name);

std::uint64_t test_seed() {
  const char* text = std::getenv("ASSAY_TEST_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 0) : 20'240'607;
}

std::size_t resident_kib() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.rfind("VmRSS:", 0) == 0) return std::strtoul(line.c_str() + 6, nullptr, 10);
  }
  return 0;
}

TEST_P(EmulatorTest, ReturnsRax) {
  const Observation seen = bench_.run(Bytes{0x48, 0xB8}.imm64(0xFEDC'BA98'7654'3210ULL).add({0xC3}));
  EXPECT_EQ(seen.end, RunEnd::Finished);
  EXPECT_EQ(seen.result, static_cast<std::int64_t>(0xFEDC'BA98'7654'3210ULL));
  EXPECT_EQ(seen.violations, Violation::None);
}

TEST_P(EmulatorTest, ReadsAndWritesTheFrameInPlace) {
  // mov eax, [frame]; add [frame + 8], eax
  const Bytes block = Bytes{0x8B, frame(0), 0, 0x01, frame(0), 8}.give(0);
  const Observation seen = bench_.run(block, {5, 0xAAAA'BBBB'0000'0007ULL});
  EXPECT_EQ(seen.violations, Violation::None);
  EXPECT_EQ(bench_.frame(), (std::vector<std::uint64_t>{5, 0xAAAA'BBBB'0000'000CULL}));
}

TEST_P(EmulatorTest, RunsTheSameTranslationOnManyInputs) {
  const Bytes block = Bytes{0x48, 0x8B, frame(0), 0, 0x48, 0x0F, 0xAF, 0xC0, 0x48, 0x89, frame(0), 8}.give(0);
  static_cast<void>(bench_.run(block, {0, 0}));
  for (std::uint64_t i = 0; i < 100; ++i) {
    static_cast<void>(bench_.again({i, 0}));
    EXPECT_EQ(bench_.frame(), (std::vector<std::uint64_t>{i, i * i}));
  }
}

TEST_P(EmulatorTest, PushesToTheOperandStack) {
  const Bytes block = Bytes{0x48, 0xC7, stack(0), 0}.imm32(11).add({0x48, 0xC7, stack(0), 8}).imm32(22).give(2);
  const Observation seen = bench_.run(block, {}, 2);
  EXPECT_EQ(seen.result, 2);
  EXPECT_EQ(seen.violations, Violation::None);
  EXPECT_EQ(bench_.stack(), (std::vector<std::uint64_t>{11, 22}));
}

TEST_P(EmulatorTest, StackIndexIsTheThirdArgument) {
  // mov rax, rdx or r8; ret
  const Bytes block = GetParam() == Convention::SystemV ? Bytes{0x48, 0x89, 0xD0, 0xC3} : Bytes{0x4C, 0x89, 0xC0, 0xC3};
  EXPECT_EQ(bench_.run(block).result, kFirstStackIndex);
}

TEST_P(EmulatorTest, EntryStackIsAlignedAsAfterACall) {
  // lea rax, [rsp + 8]; and eax, 15; ret
  EXPECT_EQ(bench_.run(Bytes{0x48, 0x8D, 0x44, 0x24, 0x08, 0x83, 0xE0, 0x0F, 0xC3}).result, 0);
}

TEST_P(EmulatorTest, NothingMayBeAssumedOfTheArithmeticFlags) {
  // setc al; seto ah; sets cl... : all are set at the entry. movzx eax, al; ret
  for (const int condition : {0x2, 0x0, 0x8, 0x4, 0xA}) {
    EXPECT_EQ(bench_.run(Bytes{0x0F, 0x90 | condition, 0xC0, 0x0F, 0xB6, 0xC0, 0xC3}).result, 1) << condition;
  }
}

TEST_P(EmulatorTest, UnwrittenMachineStackIsTheSameInEveryRun) {
  // mov rax, [rsp - 64]; mov qword [rsp - 64], 0; ret
  const Bytes block = Bytes{0x48, 0x8B, 0x44, 0x24, 0xC0, 0x48, 0xC7, 0x44, 0x24, 0xC0}.imm32(0).add({0xC3});
  const std::int64_t first = bench_.run(block).result;
  EXPECT_EQ(bench_.again({}).result, first);
}

TEST_P(EmulatorTest, LargeFramesAndStacksFitAndAreWatchedToTheirEnds) {
  std::vector<std::uint64_t> cells(ast::kMaxSlots, 3);
  // mov dword [frame], 9
  const Bytes first = Bytes{0xC7, frame(0), 0}.imm32(9).give(0);
  EXPECT_EQ(bench_.run(first, cells, ast::kMaxPushes).violations, Violation::None);
  cells[0] = 9;
  EXPECT_EQ(bench_.frame(), cells);
  const Bytes before = Bytes{0xC6, frame(0), 0xFF, 1}.give(0);
  EXPECT_EQ(bench_.run(before, cells, ast::kMaxPushes).violations, Violation::BeyondFrame);
  EXPECT_EQ(bench_.run(before, {1}, 1).violations, Violation::BeyondFrame);
  EXPECT_EQ(bench_.run(first, {1}, 1).violations, Violation::None);
}

TEST_P(EmulatorTest, CodeOfAnyLengthRunsToItsEnd) {
  for (const std::size_t length : {0U, 1U, 4090U, 4096U, 5000U, 100'000U, 3U}) {
    SCOPED_TRACE(length);
    EXPECT_EQ(bench_.run(Bytes{}.nops(length).give(static_cast<std::uint32_t>(length))).result,
              static_cast<std::int64_t>(length));
  }
}

// A random block of a few basic blocks with a loop, and what it returns.
std::pair<Bytes, std::uint32_t> random_block(base::Rng& rng) {
  Bytes block;
  std::uint32_t value = static_cast<std::uint32_t>(rng.next());
  block.nops(rng.below(8)).add({0xB8}).imm32(value);  // mov eax, value
  const std::uint32_t parts = rng.between(1, 4);
  for (std::uint32_t i = 0; i < parts; ++i) {
    const auto addend = static_cast<std::uint32_t>(rng.next());
    if (rng.chance(1, 2)) {
      block.add({0x05}).imm32(addend).add({0xEB, 0x01, 0xCC});  // add eax, addend; jmp over an int3
      value += addend;
    } else {
      const std::uint32_t trips = rng.between(1, 5);
      // mov ecx, trips; l: xor eax, addend; add eax, ecx; dec ecx; jnz l
      block.add({0xB9}).imm32(trips).add({0x35}).imm32(addend).add({0x01, 0xC8, 0xFF, 0xC9, 0x75, 0xF5});
      for (std::uint32_t k = trips; k > 0; --k) value = (value ^ addend) + k;
    }
  }
  block.add({0xC3});
  return {block, value};
}

TEST_P(EmulatorTest, TenThousandBlocksAtOneAddressAreNeverStale) {
  const std::uint64_t seed = test_seed();
  SCOPED_TRACE("ASSAY_TEST_SEED=" + std::to_string(seed));
  base::Rng rng(seed);
  for (int i = 0; i < 10'000; ++i) {
    const auto [block, value] = random_block(rng);
    const Observation seen = bench_.run(block);
    ASSERT_EQ(seen.end, RunEnd::Finished) << i;
    ASSERT_EQ(static_cast<std::uint32_t>(seen.result), value) << i;
  }
}

TEST_P(EmulatorTest, CodeRunBehindABlocksEndIsForgottenWithIt) {
  // A block that jumps behind its end has the padding translated there; a longer block then puts real code in its
  // place.
  EXPECT_EQ(bench_.run(Bytes{0xE9}.imm32(0x100)).end, RunEnd::Fault);
  const Bytes longer = Bytes{0xE9}.imm32(0x100).nops(0x100).give(42);
  EXPECT_EQ(bench_.run(longer).result, 42);
}

#if defined(__SANITIZE_ADDRESS__)
#define ASSAY_TEST_QUARANTINES_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASSAY_TEST_QUARANTINES_MEMORY 1
#endif
#endif
#ifdef ASSAY_TEST_QUARANTINES_MEMORY
constexpr std::size_t kAllowedGrowthKib = 400 * 1024;  // freed memory is kept for a while
#else
constexpr std::size_t kAllowedGrowthKib = 5 * 1024;  // one engine that is never renewed grows by 10 MiB here
#endif

TEST_P(EmulatorTest, RenewalBoundsMemory) {
  Bench bench(GetParam(), EmulatorOptions{.programs_per_machine = 200});
  base::Rng rng(1);
  const auto run_many = [&](int programs) {
    for (int i = 0; i < programs; ++i) {
      const auto [block, value] = random_block(rng);
      ASSERT_EQ(static_cast<std::uint32_t>(bench.run(block).result), value);
    }
  };
  run_many(2000);
  const std::size_t warm = resident_kib();
  run_many(8000);
  EXPECT_LT(resident_kib(), warm + kAllowedGrowthKib);
}

TEST_P(EmulatorTest, SmallAndLargeFramesMayAlternate) {
  const std::vector<std::uint64_t> small(1, 3);
  const std::vector<std::uint64_t> large(ast::kMaxSlots, 3);
  for (std::uint32_t i = 0; i < 200; ++i) {
    const std::vector<std::uint64_t>& cells = i % 2 == 0 ? small : large;
    // inc dword [frame]
    const Observation seen = bench_.run(Bytes{0xFF, frame(0), 0}.give(0), cells, i % 3 == 0 ? ast::kMaxPushes : 1);
    ASSERT_EQ(seen.violations, Violation::None) << i;
    ASSERT_EQ(bench_.frame()[0], 4U) << i;
  }
}

}  // namespace
}  // namespace assay::oracles::emulated
