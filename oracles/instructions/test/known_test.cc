// Which differences are excused, and that no others are.
#include "oracles/instructions/known.h"

#include <gtest/gtest.h>

namespace assay::oracles::instructions {
namespace {

using emulated::Defect;
using x64::Form;

TEST(Known, ARefusalIsPopcnts) {
  EXPECT_EQ(explain(Form::PopcntR32M32, Symptom::Refused, {}), Defect::Popcnt);
  EXPECT_EQ(explain(Form::PopcntR64R64, Symptom::Refused, {}), Defect::Popcnt);
  EXPECT_EQ(explain(Form::TzcntR32R32, Symptom::Refused, {}), std::nullopt);
  EXPECT_EQ(explain(Form::AddR32R32, Symptom::Refused, {}), std::nullopt);
}

TEST(Known, ADeathIsThatOfThe32BitIdivOfTheLeastDividend) {
  State before;
  before.registers[kRdx] = 0xFFFF'FFFF'8000'0000;
  before.registers[kRax] = 0xFFFF'FFFF'0000'0000;
  EXPECT_EQ(explain(Form::IdivR32, Symptom::Died, before), Defect::IdivOverflow);
  EXPECT_EQ(explain(Form::IdivM32, Symptom::Died, before), Defect::IdivOverflow);
  EXPECT_EQ(explain(Form::IdivR64, Symptom::Died, before), std::nullopt);
  EXPECT_EQ(explain(Form::DivR32, Symptom::Died, before), std::nullopt);
  before.registers[kRax] = 1;
  EXPECT_EQ(explain(Form::IdivR32, Symptom::Died, before), std::nullopt);
}

TEST(Known, AnUndefinedRegisterIsThatOfA32BitScan) {
  EXPECT_EQ(explain(Form::BsfR32R32, Symptom::UndefinedRegister, {}), Defect::BitScanOfZero);
  EXPECT_EQ(explain(Form::BsrR32M32, Symptom::UndefinedRegister, {}), Defect::BitScanOfZero);
  EXPECT_EQ(explain(Form::BsfR64R64, Symptom::UndefinedRegister, {}), std::nullopt);
}

}  // namespace
}  // namespace assay::oracles::instructions
