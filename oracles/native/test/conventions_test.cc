// The rules of each calling convention, register by register: what a block must restore, and what it may change.
#include <gtest/gtest.h>

#include <string>

#include "oracles/native/test/native_fixture.h"

namespace assay::oracles {
namespace {

using jit::Convention;

constexpr unsigned kRsp = 4;
constexpr unsigned kRax = 0;

bool is_saved(Convention convention, unsigned reg) {
  const bool common = reg == 3 || reg == 5 || reg >= 12;
  return common || (convention == Convention::Microsoft && (reg == 6 || reg == 7));
}

class Conventions : public testing::TestWithParam<Convention> {
 protected:
  // Runs the code, followed by `xor eax, eax; ret`.
  oracles::Run run(Bytes code) {
    code.insert(code.end(), {0x31, 0xC0, 0xC3});
    Batch batch;
    batch.add(std::move(code), {{1, 2}});
    return batch.run(*engine_)[0];
  }
  std::unique_ptr<NativeEngine> engine_ = start_engine(GetParam());
};

TEST_P(Conventions, EverySavedRegisterIsCheckedAndNoOther) {
  for (unsigned reg = 0; reg < 16; ++reg) {
    if (reg == kRsp || reg == kRax) continue;
    SCOPED_TRACE(reg);
    // mov reg, 1
    Bytes code = {static_cast<std::uint8_t>(reg < 8 ? 0x48 : 0x49), 0xC7, static_cast<std::uint8_t>(0xC0 | (reg & 7U))};
    append(code, 1, 4);
    const oracles::Run result = run(code);
    EXPECT_EQ(result.end, RunEnd::Finished);
    if (is_saved(GetParam(), reg)) {
      EXPECT_EQ(result.violations, Violation::CalleeSavedRegister);
      EXPECT_EQ(result.register_number, reg);
    } else {
      EXPECT_EQ(result.violations, Violation::None);
    }
  }
}

TEST_P(Conventions, OneBitOfASavedRegisterIsEnough) {
  // btc rbx, 63: the highest bit, which a 32-bit check would miss
  EXPECT_EQ(run({0x48, 0x0F, 0xBA, 0xFB, 0x3F}).violations, Violation::CalleeSavedRegister);
}

TEST_P(Conventions, SavedRegistersMayBeUsedAndRestored) {
  // push rbx; xor ebx, ebx; pop rbx
  EXPECT_EQ(run({0x53, 0x31, 0xDB, 0x5B}).violations, Violation::None);
}

TEST_P(Conventions, VectorRegistersFromSixOnAreSavedUnderMicrosoftOnly) {
  for (unsigned reg = 0; reg < 16; ++reg) {
    SCOPED_TRACE(reg);
    // pxor reg, reg
    Bytes code = {0x66};
    if (reg >= 8) code.push_back(0x45);
    code.insert(code.end(), {0x0F, 0xEF, static_cast<std::uint8_t>(0xC0 | (reg & 7U) << 3U | (reg & 7U))});
    const oracles::Run result = run(code);
    if (GetParam() == Convention::Microsoft && reg >= 6) {
      EXPECT_EQ(result.violations, Violation::VectorRegister);
      EXPECT_EQ(result.register_number, reg);
    } else {
      EXPECT_EQ(result.violations, Violation::None);
    }
  }
}

TEST_P(Conventions, TheHigherHalfOfAVectorRegisterCounts) {
  // movlhps xmm7, xmm0
  const oracles::Run result = run({0x0F, 0x16, 0xF8});
  EXPECT_EQ(result.violations, GetParam() == Convention::Microsoft ? Violation::VectorRegister : Violation::None);
}

TEST_P(Conventions, TheStackIsAlignedAtTheCall) {
  // lea rax, [rsp + 8]; and eax, 15; ret, then the result is 0
  Batch batch;
  batch.add({0x48, 0x8D, 0x44, 0x24, 0x08, 0x83, 0xE0, 0x0F, 0xC3}, {{1, 2}});
  EXPECT_EQ(batch.run(*engine_)[0].result, 0);
}

TEST_P(Conventions, TheDirectionFlagIsClearAtTheCall) {
  // pushfq; pop rax; and eax, 0x400; ret
  Batch batch;
  batch.add({0x9C, 0x58, 0x25, 0x00, 0x04, 0x00, 0x00, 0xC3}, {{1, 2}});
  EXPECT_EQ(batch.run(*engine_)[0].result, 0);
}

TEST_P(Conventions, SeveralViolationsAreAllTold) {
  // std; xor ebx, ebx; mov [rsp + 64], rbx
  const oracles::Run result = run({0xFD, 0x31, 0xDB, 0x48, 0x89, 0x5C, 0x24, 0x40});
  EXPECT_EQ(result.violations, Violation::DirectionFlag | Violation::CalleeSavedRegister | Violation::CallerStack);
}

INSTANTIATE_TEST_SUITE_P(Both, Conventions, testing::Values(Convention::SystemV, Convention::Microsoft),
                         [](const auto& parameter) { return std::string(convention_name(parameter.param)); });

}  // namespace
}  // namespace assay::oracles
