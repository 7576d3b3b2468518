// Every row of the table is needed, covers only what its reason says, and is the only excuse there is.
#include "oracles/encoding/sweep/longer_on_purpose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oracles/encoding/sweep/encoder_sweep.h"

namespace assay::oracles::encoding::sweep {
namespace {

using testing::HasSubstr;
using x64::Form;

x64::Intent intent_of(Form form, std::uint8_t reg, std::int64_t immediate) {
  x64::Intent intent;
  intent.form = form;
  for (std::size_t i = 0; i < intent.operands.size(); ++i) {
    intent.operands[i].kind = x64::form_info(form).operands[i];
    intent.operands[i].reg = reg;
    intent.operands[i].immediate = immediate;
  }
  return intent;
}

std::optional<std::size_t> row(Form form, std::uint8_t reg, std::int64_t immediate, std::size_t saved) {
  return row_for(kLongerOnPurpose, intent_of(form, reg, immediate), saved);
}

TEST(LongerOnPurpose, EveryRowMeetsItsEncodingsInASweep) {
  const auto result =
      sweep_encoder({.jobs = 2, .forms = "Add*I32,ImulR32R32I32,PushI32,Sh*I8,Mov*,Xchg*", .every = 31});
  ASSERT_TRUE(result) << result.error().describe();
  EXPECT_EQ(result->mismatches, 0U);
  for (std::size_t i = 0; i < kLongerRows; ++i) EXPECT_GT(result->longer[i], 0U) << kLongerOnPurpose[i].name;
}

TEST(LongerOnPurpose, WithoutItsRowALongerEncodingIsAMismatch) {
  for (std::size_t i = 0; i < kLongerRows; ++i) {
    std::vector<LongerRow> others(kLongerOnPurpose.begin(), kLongerOnPurpose.end());
    others[i].covers = [](const x64::Intent&, std::size_t) { return false; };
    // The row behind it covers the same bytes for another reason.
    if (others[i].name == "nop-for-an-exchange") others[i + 1].covers = others[i].covers;
    const auto result =
        sweep_encoder({.forms = "Add*I32,PushI32,Sh*I8,Mov*,Xchg*", .every = 1009, .longer = std::span(others)});
    ASSERT_TRUE(result) << result.error().describe();
    EXPECT_GT(result->mismatches, 0U) << others[i].name;
    EXPECT_EQ(result->mismatches, result->by_field[static_cast<std::size_t>(EncodingField::Length)]);
    ASSERT_FALSE(result->first.empty());
    EXPECT_THAT(result->first.front().message, HasSubstr("is shorter, and no reason is stated why not"));
  }
}

TEST(LongerOnPurpose, CoversOnlyTheBytesThatItsReasonSaves) {
  EXPECT_EQ(row(Form::AddR64I32, 3, 127, 3), 0U);
  EXPECT_FALSE(row(Form::AddR64I32, 3, 127, 2));
  EXPECT_FALSE(row(Form::AddR64I32, 3, 128, 3));
  EXPECT_EQ(row(Form::AddR64I32, 0, 128, 1), 1U);
  EXPECT_FALSE(row(Form::AddR64I32, 3, 128, 1));
  EXPECT_EQ(row(Form::ShlR32I8, 3, 1, 1), 2U);
  EXPECT_FALSE(row(Form::ShlR32I8, 3, 2, 1));
  EXPECT_EQ(row(Form::MovR64I64, 3, -1, 3), 3U);
  EXPECT_FALSE(row(Form::MovR64I64, 3, 0x80000000, 3));
  EXPECT_EQ(row(Form::XchgR64R64, 0, 0, 1), 5U);
  EXPECT_FALSE(row(Form::XchgR64R64, 1, 0, 1));
  EXPECT_FALSE(row(Form::MovR32R32, 0, 0, 1));
}

TEST(LongerOnPurpose, EveryRowStatesAReason) {
  for (const LongerRow& one : kLongerOnPurpose) {
    EXPECT_FALSE(one.name.empty());
    EXPECT_TRUE(one.reason.ends_with(".")) << one.name;
  }
}

}  // namespace
}  // namespace assay::oracles::encoding::sweep
