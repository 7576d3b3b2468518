// Which signatures are one fault; see fuzz/triage/alike.h.
#include "fuzz/triage/alike.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::fuzz {
namespace {

using testing::ElementsAre;

std::vector<std::string> names_of(const std::vector<CountedSignature>& signatures) {
  std::vector<std::string> names;
  for (const AlikeGroup& group : group_alike(signatures).groups) names.push_back(group.name);
  return names;
}

TEST(AlikeTest, OneSignatureIsItself) {
  EXPECT_THAT(names_of({{"passes/fold/shr_s/-/slot", 3}}), ElementsAre("passes/fold/shr_s/-/slot"));
  EXPECT_THAT(names_of({{"harness/hang", 3}}), ElementsAre("harness/hang"));
}

TEST(AlikeTest, TheMostFrequentComesFirst) {
  EXPECT_THAT(names_of({{"passes/fold/shr_s/-/slot", 3}, {"passes/dce/Loop/-/slot", 30}, {"passes/cse/sub/-/slot", 3}}),
              ElementsAre("passes/dce/Loop/-/slot", "passes/cse/sub/-/slot", "passes/fold/shr_s/-/slot"));
}

TEST(AlikeTest, AFormIsARowOfATableWhateverItWasMadeFor) {
  EXPECT_THAT(
      names_of({{"encoding/codegen/clz/BsrR32R32/encoding:opcode", 1},
                {"encoding/codegen/ctz/BsrR32R32/encoding:opcode", 2},
                {"encoding/codegen/shr_s/SarR64I8/encoding:opcode", 2}}),
      ElementsAre("encoding/codegen/*/BsrR32R32/encoding:opcode", "encoding/codegen/shr_s/SarR64I8/encoding:opcode"));
}

TEST(AlikeTest, AFieldThatIsMadeFromTheOperandsIsTheEncoders) {
  EXPECT_THAT(names_of({{"encoding/codegen/Load/MovM64R64/encoding:rex.x", 4},
                        {"encoding/codegen/add/LeaR64M/encoding:rex.x", 3},
                        {"encoding/codegen/Int/MovR64I64/encoding:rex.b", 2},
                        {"encoding/codegen/add/AddR32R32/encoding:rex.b", 1}}),
              ElementsAre("encoding/codegen/*/*/encoding:rex.x", "encoding/codegen/Int/MovR64I64/encoding:rex.b",
                          "encoding/codegen/add/AddR32R32/encoding:rex.b"));
}

TEST(AlikeTest, AFieldOfTheTableThatIsWrongInManyFormsIsTheEncodersToo) {
  const std::vector<CountedSignature> some = {{"encoding/codegen/add/AddR32R32/encoding:rex.w", 4},
                                              {"encoding/codegen/sub/SubR32R32/encoding:rex.w", 3},
                                              {"encoding/codegen/and/AndR32R32/encoding:rex.w", 2}};
  EXPECT_EQ(names_of(some).size(), 3U);
  std::vector<CountedSignature> many = some;
  many.push_back({"encoding/codegen/Load/MovR32R32/encoding:rex.w", 1});
  EXPECT_THAT(names_of(many), ElementsAre("encoding/codegen/*/*/encoding:rex.w"));
}

TEST(AlikeTest, ManyFormsOfOneMnemonicAreNotTheEncoder) {
  EXPECT_THAT(
      names_of({{"encoding/codegen/shr_s/SarR64I8/encoding:opcode", 1},
                {"encoding/codegen/shr_s/SarR32I8/encoding:opcode", 1},
                {"encoding/codegen/shr_s/SarR32Cl/encoding:opcode", 1},
                {"encoding/codegen/shr_s/SarR64Cl/encoding:opcode", 1},
                {"encoding/codegen/clz/BsrR32R32/encoding:opcode", 1}}),
      ElementsAre("encoding/codegen/shr_s/*/encoding:opcode", "encoding/codegen/clz/BsrR32R32/encoding:opcode"));
}

TEST(AlikeTest, WhoSawAWrongValueAndWhereItWentDoesNotCount) {
  EXPECT_THAT(names_of({{"emulated-sysv/codegen/rem_u/-/slot", 4},
                        {"native-win64/codegen/rem_u/-/stack-cell", 1},
                        {"tiered/codegen/rem_u/-/printed", 1},
                        {"emulated-sysv/codegen/clz/-/slot", 1}}),
              ElementsAre("*/codegen/rem_u/-/*", "emulated-sysv/codegen/clz/-/slot"));
}

TEST(AlikeTest, ThreeOperatorsOfAFamilyAreTheFamily) {
  EXPECT_EQ(names_of({{"passes/fold/shl/-/slot", 1}, {"passes/fold/shr_s/-/slot", 1}}).size(), 2U);
  EXPECT_THAT(
      names_of({{"passes/fold/shl/-/slot", 1}, {"passes/fold/shr_s/-/slot", 1}, {"passes/fold/shr_u/-/slot", 1}}),
      ElementsAre("passes/fold/*/-/slot"));
  EXPECT_EQ(
      names_of({{"passes/fold/shl/-/slot", 1}, {"passes/fold/sub/-/slot", 1}, {"passes/fold/lt_s/-/slot", 1}}).size(),
      3U);
}

TEST(AlikeTest, QuotientAndRemainderOfADivisionAreOne) {
  EXPECT_THAT(names_of({{"passes/simplify/div_s/-/slot", 3}, {"passes/simplify/rem_s/-/stack-cell", 1}}),
              ElementsAre("passes/simplify/*/-/*"));
  EXPECT_EQ(names_of({{"passes/simplify/div_s/-/slot", 3}, {"passes/simplify/rem_u/-/slot", 1}}).size(), 2U);
  EXPECT_EQ(names_of({{"passes/simplify/div_u/-/slot", 3}, {"passes/fold/rem_u/-/slot", 1}}).size(), 2U);
}

TEST(AlikeTest, APassThatDoesNotKnowWhatAVariableHoldsIsOne) {
  EXPECT_THAT(names_of({{"passes/prop/Int/-/slot", 3}, {"passes/prop/Load/-/slot", 1}}),
              ElementsAre("passes/prop/*/-/slot"));
  EXPECT_EQ(names_of({{"passes/prop/Int/-/slot", 3}, {"passes/prop/Loop/-/slot", 1}}).size(), 2U);
  EXPECT_EQ(names_of({{"native-sysv/codegen/Int/-/slot", 3}, {"native-sysv/codegen/Load/-/slot", 1}}).size(), 2U);
}

TEST(AlikeTest, AnOperatorThatSeveralPassesGetWrongIsOne) {
  EXPECT_THAT(names_of({{"passes/fold/shr_s/-/slot", 3}, {"passes/prop/shr_s/-/slot", 1}}),
              ElementsAre("passes/*/shr_s/-/slot"));
  EXPECT_EQ(names_of({{"passes/prop/Loop/-/slot", 3}, {"passes/hoist/Loop/-/slot", 1}}).size(), 2U);
}

TEST(AlikeTest, ATieredProcessDiesOfABrokenAbi) {
  EXPECT_EQ(names_of({{"emulated-sysv/codegen/-/-/violation:stack pointer not restored", 4},
                      {"tiered/codegen/-/-/process-died", 1}})
                .size(),
            1U);
  EXPECT_EQ(names_of({{"emulated-sysv/codegen/-/-/high-half", 4}, {"tiered/codegen/-/-/process-died", 1}}).size(), 2U);
}

TEST(AlikeTest, WhatRuleWasBrokenIsWhatCounts) {
  EXPECT_THAT(names_of({{"emulated-sysv/codegen/-/-/violation:callee-saved register not restored", 4},
                        {"native-win64/codegen/-/-/violation:callee-saved register not restored", 4},
                        {"emulated-sysv/codegen/div_s/IdivR32/fault:divide error", 1},
                        {"emulated-sysv/codegen/rem_s/IdivM64/fault:divide error", 1}}),
              ElementsAre("*/codegen/-/-/violation:callee-saved register not restored",
                          "emulated-sysv/codegen/*/*/fault:divide error"));
}

TEST(AlikeTest, FailuresThatNobodyLookedIntoAreCountedApart) {
  const auto result = group_alike(std::vector<CountedSignature>{{"passes/fold/-/-/slot", 900},
                                                                {"passes/fold/shr_s/-/slot", 3},
                                                                {"passes/dce/-/-/slot", 7},
                                                                {"emulated-sysv/codegen/-/-/trap", 5},
                                                                {"native-sysv/codegen/rem_u/-/slot", 1}});
  EXPECT_THAT(result.not_looked_into, ElementsAre(0, 3));
  // Where nothing could be made small, what was seen is all that is known.
  EXPECT_THAT(result.groups, testing::SizeIs(3));
  EXPECT_EQ(result.groups[0].name, "passes/dce/-/-/slot");
}

TEST(AlikeTest, OfAPassSeveralOperatorsSayLessThanOne) {
  const auto result =
      group_alike(std::vector<CountedSignature>{{"passes/prop/several/-/slot", 2}, {"passes/prop/Loop/-/slot", 9}});
  EXPECT_THAT(result.groups, testing::SizeIs(1));
  EXPECT_THAT(result.not_looked_into, ElementsAre(0));
  // Of code generation they are what registers that get lost look like.
  EXPECT_EQ(names_of({{"emulated-sysv/codegen/several/-/slot", 2}, {"emulated-sysv/codegen/Loop/-/slot", 9}}).size(),
            2U);
}

TEST(AlikeTest, LongRunsGoWithTheLoopsOfTheSolver) {
  EXPECT_THAT(names_of({{"passes/scev/Loop/-/slot", 4}, {"long-runs/codegen/Loop/-/slot", 1}}),
              ElementsAre("*/*/Loop/-/slot"));
  EXPECT_THAT(names_of({{"long-runs/codegen/Loop/-/slot", 1}}), ElementsAre("long-runs/codegen/Loop/-/slot"));
}

}  // namespace
}  // namespace assay::fuzz
