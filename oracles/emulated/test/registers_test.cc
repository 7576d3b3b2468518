// The register rules of both conventions, one register at a time.
#include "oracles/emulated/registers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace assay::oracles::emulated {
namespace {

using jit::Convention;

constexpr std::uint64_t kRsp = 0x7000'0000'0008ULL;

class RegistersTest : public testing::TestWithParam<Convention> {
 protected:
  RegisterFile entry_ = entry_registers(GetParam(), kRsp, {1, 2, 3});
  // As an honest block leaves them.
  RegisterFile after() const {
    RegisterFile file = entry_;
    file.general[kRspNumber] += 8;
    return file;
  }
  RegisterVerdict check(const RegisterFile& now) const { return check_registers(GetParam(), entry_, now); }
};

INSTANTIATE_TEST_SUITE_P(Conventions, RegistersTest, testing::Values(Convention::SystemV, Convention::Microsoft),
                         [](const testing::TestParamInfo<Convention>& parameter) {
                           return std::string(parameter.param == Convention::SystemV ? "SystemV" : "Microsoft");
                         });

TEST_P(RegistersTest, ArgumentsAreWhereTheConventionSays) {
  const bool system_v = GetParam() == Convention::SystemV;
  EXPECT_EQ(entry_.general[system_v ? 7 : 1], 1U);  // RDI, RCX
  EXPECT_EQ(entry_.general[system_v ? 6 : 2], 2U);  // RSI, RDX
  EXPECT_EQ(entry_.general[system_v ? 2 : 8], 3U);  // RDX, R8
  EXPECT_EQ(entry_.general[kRspNumber], kRsp);
}

TEST_P(RegistersTest, EntryValuesAreAllDifferent) {
  std::set<std::uint64_t> values(entry_.general.begin(), entry_.general.end());
  EXPECT_EQ(values.size(), entry_.general.size());
}

TEST_P(RegistersTest, HonestReturnIsClean) { EXPECT_EQ(check(after()).violations, Violation::None); }

TEST_P(RegistersTest, ExactlyTheSavedGeneralRegistersAreChecked) {
  std::set<std::size_t> saved = {3, 5, 12, 13, 14, 15};
  if (GetParam() == Convention::Microsoft) saved.insert({6, 7});
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == kRspNumber) continue;
    RegisterFile now = after();
    now.general[i] ^= std::uint64_t{1} << 63;
    const RegisterVerdict verdict = check(now);
    EXPECT_EQ(verdict.violations, saved.contains(i) ? Violation::CalleeSavedRegister : Violation::None) << i;
    EXPECT_EQ(verdict.register_number, saved.contains(i) ? i : 0U);
  }
}

TEST_P(RegistersTest, BothHalvesOfTheSavedVectorRegistersAreChecked) {
  for (std::size_t i = 0; i < 16; ++i) {
    for (const std::size_t half : {0U, 1U}) {
      RegisterFile now = after();
      now.vector[i].half[half] ^= 1;
      const bool guilty = GetParam() == Convention::Microsoft && i >= 6;
      const RegisterVerdict verdict = check(now);
      EXPECT_EQ(verdict.violations, guilty ? Violation::VectorRegister : Violation::None) << i;
      EXPECT_EQ(verdict.register_number, guilty ? i : 0U);
    }
  }
}

TEST_P(RegistersTest, FirstWrongGeneralRegisterIsNamedBeforeVectorRegisters) {
  RegisterFile now = after();
  now.general[13] = 0;
  now.general[15] = 0;
  now.vector[7].half[0] = 0;
  EXPECT_EQ(check(now).register_number, 13);
}

TEST_P(RegistersTest, StackPointerMustBeJustAboveTheReturnAddress) {
  for (const std::uint64_t wrong : {kRsp, kRsp + 16, kRsp - 8}) {
    RegisterFile now = after();
    now.general[kRspNumber] = wrong;
    EXPECT_EQ(check(now).violations, Violation::StackPointer) << wrong;
  }
}

TEST_P(RegistersTest, ArithmeticFlagsAreFreeAndOthersAreNot) {
  RegisterFile now = after();
  now.flags &= ~std::uint64_t{0x8D5};
  EXPECT_EQ(check(now).violations, Violation::None);
  now.flags |= 1U << 10;
  EXPECT_EQ(check(now).violations, Violation::DirectionFlag);
  now = after();
  now.flags |= 1U << 18;
  EXPECT_EQ(check(now).violations, Violation::ControlState);
}

TEST_P(RegistersTest, FloatingPointControlIsCheckedAndStatusIsNot) {
  RegisterFile now = after();
  now.mxcsr |= 0x3F;
  EXPECT_EQ(check(now).violations, Violation::None);
  now.mxcsr ^= 0x8000;
  EXPECT_EQ(check(now).violations, Violation::ControlState);
  now = after();
  now.x87_control ^= 0x0C00;
  EXPECT_EQ(check(now).violations, Violation::ControlState);
}

}  // namespace
}  // namespace assay::oracles::emulated
