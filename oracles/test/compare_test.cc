// What counts as a difference between two runs; see oracles/compare.h.
#include "oracles/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/ast/builder.h"

namespace assay::oracles {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

class CompareTest : public testing::Test {
 protected:
  CompareTest() {
    program_.add_slot("narrow", ast::Type::I32);
    program_.add_slot("wide", ast::Type::I64);
    expected_.end = RunEnd::Finished;
    expected_.knows_returned = true;
    expected_.frame = {0xAAAAAAAA00000001ULL, 2};
    expected_.stack = {7};
    got_.end = RunEnd::Finished;
    got_.frame = expected_.frame;
    got_.stack = expected_.stack;
  }

  Verdict verdict() { return compare(program_, expected_, got_, differences_); }
  DifferenceKind only_difference() {
    EXPECT_EQ(differences_.size(), 1U);
    return differences_.empty() ? DifferenceKind::None : differences_.front().kind;
  }

  ast::Program program_;
  oracles::Run expected_;
  oracles::Run got_;
  std::vector<Difference> differences_;
};

TEST_F(CompareTest, EqualRunsAgree) {
  EXPECT_EQ(verdict(), Verdict::Agree);
  EXPECT_TRUE(differences_.empty());
}

TEST_F(CompareTest, ASlotThatDiffersInOneBitDiverges) {
  got_.frame[1] ^= 1ULL << 63;
  EXPECT_EQ(verdict(), Verdict::Diverge);
  EXPECT_EQ(only_difference(), DifferenceKind::Slot);
  EXPECT_EQ(differences_.front().index, 1U);
}

TEST_F(CompareTest, EverySlotIsCompared) {
  got_.frame[0] ^= 1;
  got_.frame[1] ^= 1;
  EXPECT_EQ(verdict(), Verdict::Diverge);
  EXPECT_THAT(differences_, ElementsAre(Field(&Difference::index, 0U), Field(&Difference::index, 1U)));
}

TEST_F(CompareTest, TheHighHalfOfANarrowSlotIsADifferenceOfItsOwn) {
  got_.frame[0] ^= 1ULL << 40;
  EXPECT_EQ(verdict(), Verdict::Diverge);
  EXPECT_EQ(only_difference(), DifferenceKind::HighHalf);
}

TEST_F(CompareTest, AMissingSlotDiverges) {
  got_.frame.pop_back();
  EXPECT_EQ(verdict(), Verdict::Diverge);
}

TEST_F(CompareTest, AnotherStackDepthDiverges) {
  got_.stack.push_back(0);
  EXPECT_EQ(verdict(), Verdict::Diverge);
  EXPECT_EQ(only_difference(), DifferenceKind::StackDepth);
}

TEST_F(CompareTest, AnotherStackCellDiverges) {
  got_.stack[0] = 8;
  EXPECT_EQ(verdict(), Verdict::Diverge);
  EXPECT_EQ(only_difference(), DifferenceKind::StackCell);
}

TEST_F(CompareTest, EveryBitOfAStackCellIsCompared) {
  got_.stack[0] ^= std::uint64_t{1} << 63;
  EXPECT_EQ(verdict(), Verdict::Diverge);
  EXPECT_EQ(only_difference(), DifferenceKind::StackCell);
}

TEST_F(CompareTest, AfterATrapCellsBelowTheReferencesDepthAreCompared) {
  expected_.end = got_.end = RunEnd::Trapped;
  expected_.trap = got_.trap = ast::TrapKind::DivideByZero;
  got_.knows_depth = false;
  got_.stack = {7, 0x5555, 0x5555};
  EXPECT_EQ(verdict(), Verdict::Agree);
  got_.stack[0] = 8;
  EXPECT_EQ(verdict(), Verdict::Diverge);
}

TEST_F(CompareTest, ATrapWhereTheReferenceFinishedDiverges) {
  got_.end = RunEnd::Trapped;
  got_.trap = ast::TrapKind::DivideByZero;
  EXPECT_EQ(verdict(), Verdict::Diverge);
  EXPECT_EQ(only_difference(), DifferenceKind::End);
}

TEST_F(CompareTest, AnotherTrapKindDiverges) {
  expected_.end = got_.end = RunEnd::Trapped;
  expected_.trap = ast::TrapKind::DivideByZero;
  got_.trap = ast::TrapKind::IntegerOverflow;
  EXPECT_EQ(verdict(), Verdict::Diverge);
  EXPECT_EQ(only_difference(), DifferenceKind::Trap);
}

TEST_F(CompareTest, ReturnedAndCompletedDifferOnlyWhereBothEnginesKnow) {
  expected_.returned = true;
  EXPECT_EQ(verdict(), Verdict::Agree);
  got_.knows_returned = true;
  EXPECT_EQ(verdict(), Verdict::Diverge);
}

TEST_F(CompareTest, PrintedValuesAreComparedInOrder) {
  got_.knows_returned = true;
  expected_.printed = {{ast::Type::I32, 1}, {ast::Type::I32, 2}};
  got_.printed = {{ast::Type::I32, 2}, {ast::Type::I32, 1}};
  EXPECT_EQ(verdict(), Verdict::Diverge);
  EXPECT_EQ(differences_.size(), 2U);
}

TEST_F(CompareTest, AMissingPrintDiverges) {
  got_.knows_returned = true;
  expected_.printed = {{ast::Type::I32, 1}};
  EXPECT_EQ(verdict(), Verdict::Diverge);
  EXPECT_EQ(only_difference(), DifferenceKind::Printed);
}

TEST_F(CompareTest, AViolationDivergesThoughAllValuesAgree) {
  got_.violations = Violation::CalleeSavedRegister;
  got_.register_number = 12;
  EXPECT_EQ(verdict(), Verdict::Diverge);
  EXPECT_EQ(only_difference(), DifferenceKind::Violation);
  EXPECT_THAT(describe(program_, differences_.front(), got_), HasSubstr("r12"));
}

TEST_F(CompareTest, AnAblationMayLeaveViolationsOut) {
  got_.violations = Violation::CalleeSavedRegister;
  EXPECT_EQ(compare(program_, expected_, got_, differences_, Rules::Ignored), Verdict::Agree);
}

TEST_F(CompareTest, AFaultIsACrash) {
  got_.end = RunEnd::Fault;
  got_.fault.kind = FaultKind::WriteMemory;
  EXPECT_EQ(verdict(), Verdict::Crash);
  EXPECT_EQ(only_difference(), DifferenceKind::Fault);
}

TEST_F(CompareTest, ADeadProcessIsACrash) {
  got_.end = RunEnd::ProcessDied;
  EXPECT_EQ(verdict(), Verdict::Crash);
}

TEST_F(CompareTest, ARunawayIsATimeoutAndNotASkip) {
  got_.end = RunEnd::Runaway;
  EXPECT_EQ(verdict(), Verdict::Timeout);
  EXPECT_EQ(only_difference(), DifferenceKind::Runaway);
}

TEST_F(CompareTest, AReferenceOutOfFuelIsSkippedWhateverTheOtherDid) {
  expected_.end = RunEnd::OutOfFuel;
  EXPECT_EQ(verdict(), Verdict::Skipped);
}

TEST_F(CompareTest, ARunThatDidNotHappenIsSkippedAndNotAgreement) {
  got_ = oracles::Run{};
  EXPECT_EQ(verdict(), Verdict::Skipped);
}

TEST_F(CompareTest, EveryKindOfDifferenceHasWords) {
  for (int kind = 0; kind <= static_cast<int>(DifferenceKind::ProcessDied); ++kind) {
    const Difference difference{static_cast<DifferenceKind>(kind), 0, 1, 2};
    EXPECT_NE(describe(program_, difference, got_), "?") << kind;
    EXPECT_NE(name(difference.kind), "?") << kind;
  }
}

TEST(FindingTest, OnlyDivergenceTimeoutAndCrashAreFindings) {
  EXPECT_TRUE(is_finding(Verdict::Diverge));
  EXPECT_TRUE(is_finding(Verdict::Timeout));
  EXPECT_TRUE(is_finding(Verdict::Crash));
  for (const Verdict verdict : {Verdict::Agree, Verdict::Skipped, Verdict::Untrusted, Verdict::Unknown}) {
    EXPECT_FALSE(is_finding(verdict)) << name(verdict);
  }
}

}  // namespace
}  // namespace assay::oracles
