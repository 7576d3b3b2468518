// Branch cases stand on both sides of the border, and what is expected of them is what the manual's arithmetic gives.
#include "oracles/encoding/sweep/branch_space.h"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

namespace assay::oracles::encoding::sweep {
namespace {

using x64::Form;

std::int64_t displacement(const x64::Intent& intent) {
  const std::size_t place = intent.operands[0].kind == x64::OperandKind::Condition ? 1 : 0;
  return intent.operands[place].immediate - intent.offset - intent.length;
}

BranchCase alone(BranchKind kind, Target target, std::uint32_t distance) {
  BranchCase one;
  if (target == Target::Start) {
    one.branches[0] = {kind, target, 0};
    one.lead = distance;
  } else {
    one.branches[0] = {kind, target, distance};
  }
  return one;
}

TEST(BranchSpace, AForwardBranchIsShortUpTo127) {
  EXPECT_EQ(expected_branches(alone(kJmp, Target::End, 127))[0].form, Form::JmpRel8);
  EXPECT_EQ(expected_branches(alone(kJmp, Target::End, 128))[0].form, Form::JmpRel32);
  EXPECT_EQ(expected_branches(alone(3, Target::End, 127))[0].form, Form::JccRel8);
  EXPECT_EQ(expected_branches(alone(3, Target::End, 128))[0].form, Form::JccRel32);
}

TEST(BranchSpace, ABackwardBranchIsShortDownToMinus128FromItsEnd) {
  const auto shortest = expected_branches(alone(kJmp, Target::Start, 126))[0];
  EXPECT_EQ(shortest.form, Form::JmpRel8);
  EXPECT_EQ(displacement(shortest), -128);
  const auto near = expected_branches(alone(kJmp, Target::Start, 127))[0];
  EXPECT_EQ(near.form, Form::JmpRel32);
  EXPECT_EQ(displacement(near), -132);
}

TEST(BranchSpace, ACallIsNeverShort) {
  EXPECT_EQ(expected_branches(alone(kCall, Target::End, 0))[0].form, Form::CallRel32);
}

TEST(BranchSpace, ABranchThatGrowsPushesTheOther) {
  BranchCase one;
  one.count = 2;
  // The second reaches back over the first only if that is short, and the first over the second likewise.
  one.branches = {{{kJmp, Target::End, 124}, {kJmp, Target::Start, 0}}};
  auto both = expected_branches(one);
  EXPECT_EQ(both[0].form, Form::JmpRel8);
  EXPECT_EQ(both[1].form, Form::JmpRel8);
  one.branches[0].gap = 125;
  both = expected_branches(one);
  EXPECT_EQ(both[1].form, Form::JmpRel32);
  EXPECT_EQ(both[0].form, Form::JmpRel32);
}

TEST(BranchSpace, CasesMeetBothSidesOfEveryBorderForEveryKind) {
  std::set<std::tuple<Form, int, std::int64_t>> seen;
  for (const BranchCase& one : branch_cases()) {
    for (const x64::Intent& intent : expected_branches(one)) {
      seen.emplace(intent.form, intent.operands[0].reg, displacement(intent));
    }
  }
  for (int condition = 0; condition < 16; ++condition) {
    for (const std::int64_t edge : {0, 1, 126, 127, -2, -127, -128}) {
      EXPECT_TRUE(seen.contains({Form::JccRel8, condition, edge})) << condition << " " << edge;
    }
    for (const std::int64_t edge : {128, 129, -133, -134}) {
      EXPECT_TRUE(seen.contains({Form::JccRel32, condition, edge})) << condition << " " << edge;
    }
  }
  for (const std::int64_t edge : {0, 127, -2, -128}) EXPECT_TRUE(seen.contains({Form::JmpRel8, 0, edge})) << edge;
  for (const std::int64_t edge : {128, -132, (1 << 24) + 5}) {
    EXPECT_TRUE(seen.contains({Form::JmpRel32, 0, edge})) << edge;
  }
  for (const std::int64_t edge : {0, 127, 128, -5, -128, -129}) {
    EXPECT_TRUE(seen.contains({Form::CallRel32, 0, edge})) << edge;
  }
}

TEST(BranchSpace, TheAssemblerRecordsTheBranchesOfACaseAndNothingElse) {
  const auto assembled = assemble_branches(alone(5, Target::Start, 40));
  ASSERT_EQ(assembled.size(), 1U);
  EXPECT_EQ(assembled[0].recorded.offset, 40U);
  EXPECT_EQ(assembled[0].bytes, (std::vector<std::uint8_t>{0x75, 0xD6}));
}

}  // namespace
}  // namespace assay::oracles::encoding::sweep
