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
