// The trap kinds and their names; see core/ast/trap.h.
#include "core/ast/trap.h"

#include <gtest/gtest.h>

namespace assay::ast {
namespace {

TEST(Trap, NamesAreTheSentencesUsersRead) {
  EXPECT_EQ(trap_name(TrapKind::None), "none");
  EXPECT_EQ(trap_name(TrapKind::DivideByZero), "divide by zero");
  EXPECT_EQ(trap_name(TrapKind::IntegerOverflow), "integer overflow");
}

TEST(Trap, EveryKindUpToTheLastHasAName) {
  for (unsigned kind = 0; kind <= kLastTrapKind; ++kind) {
    EXPECT_NE(trap_name(static_cast<TrapKind>(kind)), "invalid trap");
  }
}

TEST(Trap, ANumberBehindTheLastHasNone) {
  EXPECT_EQ(trap_name(static_cast<TrapKind>(kLastTrapKind + 1)), "invalid trap");
}

// Compiled blocks return these numbers, negated.
TEST(Trap, NumbersArePartOfTheCallingConvention) {
  EXPECT_EQ(static_cast<int>(TrapKind::None), 0);
  EXPECT_EQ(static_cast<int>(TrapKind::DivideByZero), 1);
  EXPECT_EQ(static_cast<int>(TrapKind::IntegerOverflow), 2);
}

}  // namespace
}  // namespace assay::ast
