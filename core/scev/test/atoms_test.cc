// Specification of atoms: what is folded, what is the same, what conditions become.
#include "core/scev/atoms.h"

#include <gtest/gtest.h>

namespace assay::scev {
namespace {

using ast::Op;
using ast::Type;
using ast::VarId;

class AtomsTest : public testing::Test {
 protected:
  Polynomial number(std::uint64_t bits) { return constant(Type::I32, bits); }

  Atoms atoms_;
  Polynomial x_ = atoms_.variable(VarId{0}, Type::I32);
  Polynomial n_ = atoms_.initial(VarId{1}, Type::I32);
};

TEST_F(AtomsTest, EqualOperationsAreOneAtom) {
  EXPECT_EQ(atoms_.operation(Op::And, x_, n_), atoms_.operation(Op::And, x_, n_));
  EXPECT_NE(atoms_.operation(Op::And, x_, n_), atoms_.operation(Op::Or, x_, n_));
}

TEST_F(AtomsTest, RingOperationsLeaveNoAtom) {
  EXPECT_EQ(atoms_.operation(Op::Sub, atoms_.operation(Op::Add, x_, n_), x_), n_);
  EXPECT_EQ(atoms_.operation(Op::Shl, x_, number(3)), scale(x_, 8));
  EXPECT_EQ(atoms_.operation(Op::Not, x_), subtract(number(~0ULL), x_));
}

TEST_F(AtomsTest, ConstantsAreFolded) {
  EXPECT_TRUE(atoms_.operation(Op::DivU, number(7), number(2)).is(3));
  EXPECT_TRUE(atoms_.operation(Op::DivU, number(7), number(0)).poisoned);
}

TEST_F(AtomsTest, SelectionIsAProductWithTheCondition) {
  const Polynomial condition = atoms_.operation(Op::LtS, x_, n_);
  const Polynomial chosen = atoms_.select(condition, add(x_, number(5)), x_);
  EXPECT_EQ(chosen, add(x_, scale(condition, 5)));
  EXPECT_EQ(atoms_.select(condition, n_, n_), n_);
}

TEST_F(AtomsTest, ConditionsAreAskedOnce) {
  const Polynomial less = atoms_.operation(Op::LtS, x_, n_);
  EXPECT_EQ(atoms_.operation(Op::Ne, less, number(0)), less);
  EXPECT_EQ(atoms_.operation(Op::Eqz, less), atoms_.operation(Op::GeS, x_, n_));
  EXPECT_EQ(multiply(less, less), less);
}

TEST_F(AtomsTest, BooleanOperatorsStayInTheRing) {
  const Polynomial a = atoms_.operation(Op::LtS, x_, n_);
  const Polynomial b = atoms_.operation(Op::Eq, x_, n_);
  EXPECT_EQ(atoms_.operation(Op::And, a, b), multiply(a, b));
  EXPECT_EQ(atoms_.operation(Op::Or, a, b), subtract(add(a, b), multiply(a, b)));
}

TEST_F(AtomsTest, WrappingIsDistributed) {
  const Polynomial wide = atoms_.variable(VarId{2}, Type::I64);
  const Polynomial sum = add(wide, constant(Type::I64, 0x1'0000'0005));
  const Polynomial wrapped = atoms_.operation(Op::Wrap, sum);
  EXPECT_EQ(wrapped, add(atoms_.operation(Op::Wrap, wide), number(5)));
  EXPECT_EQ(atoms_.operation(Op::Wrap, atoms_.operation(Op::ExtendS, x_)), x_);
}

TEST_F(AtomsTest, ComparisonsOfExtendedValuesAreNarrow) {
  const Polynomial x = atoms_.operation(Op::ExtendS, x_);
  const Polynomial n = atoms_.operation(Op::ExtendS, n_);
  const Polynomial natural = atoms_.operation(Op::ExtendU, x_);
  const auto wide = [](std::uint64_t bits) { return constant(Type::I64, bits); };
  EXPECT_EQ(atoms_.operation(Op::LtS, x, n), atoms_.operation(Op::LtS, x_, n_));
  EXPECT_EQ(atoms_.operation(Op::LtU, x, n), atoms_.operation(Op::LtU, x_, n_));
  EXPECT_EQ(atoms_.operation(Op::GtS, natural, wide(7)), atoms_.operation(Op::GtU, x_, number(7)));
  EXPECT_EQ(atoms_.operation(Op::Ne, x, wide(~std::uint64_t{4})), atoms_.operation(Op::Ne, x_, number(~4U)));
  // Bounds that no value of the narrow type reaches.
  EXPECT_TRUE(atoms_.operation(Op::LtS, x, wide(std::uint64_t{1} << 31)).is(1));
  EXPECT_TRUE(atoms_.operation(Op::Eq, natural, wide(std::uint64_t{1} << 32)).is(0));
  EXPECT_TRUE(atoms_.operation(Op::GtS, natural, wide(~std::uint64_t{0})).is(1));
  EXPECT_TRUE(atoms_.operation(Op::GtU, natural, wide(~std::uint64_t{0})).is(0));
  // Among naturals such a bound has narrow values on both sides.
  EXPECT_FALSE(atoms_.operation(Op::LtU, x, wide(std::uint64_t{1} << 32)).is_constant());
}

TEST_F(AtomsTest, OnlyVariablesVary) {
  EXPECT_TRUE(atoms_.varying(atoms_.operation(Op::ShrU, x_, n_)));
  EXPECT_FALSE(atoms_.varying(atoms_.operation(Op::ShrU, n_, n_)));
}

TEST_F(AtomsTest, SubstitutionReachesInsideOfAtoms) {
  const Polynomial shifted = atoms_.operation(Op::ShrU, add(x_, n_), number(1));
  Substitution substitution(atoms_);
  substitution.set(x_.single_atom(), subtract(number(8), n_));
  EXPECT_TRUE(substitution.apply(shifted).is(4));
}

TEST_F(AtomsTest, SharedPartsAreLookedIntoOnce) {
  // Each step doubles the number of paths to x; a walk along all of them would not end.
  Polynomial value = x_;
  for (int i = 0; i < 200; ++i) {
    value = atoms_.operation(Op::Xor, atoms_.operation(Op::ShrU, value, number(1)),
                             atoms_.operation(Op::ShrU, value, number(2)));
  }
  EXPECT_TRUE(atoms_.mentions(value, x_.single_atom()));
  EXPECT_FALSE(atoms_.mentions(value, n_.single_atom()));
}

TEST_F(AtomsTest, FreezingMakesVariablesInitial) {
  const Polynomial frozen = freeze(atoms_, atoms_.operation(Op::LtS, x_, n_), {VarId{0}});
  EXPECT_FALSE(atoms_.varying(frozen));
  EXPECT_EQ(frozen, atoms_.operation(Op::LtS, atoms_.initial(VarId{0}, Type::I32), n_));
}

}  // namespace
}  // namespace assay::scev
