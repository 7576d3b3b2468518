// The text of findings: what is written is read back, and bad headers are errors with a place; see
// fuzz/findings/finding.h.
#include "fuzz/findings/finding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/ast/text.h"
#include "fuzz/findings/environment.h"

namespace assay::fuzz {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Finding sample() {
  Finding finding;
  finding.program = ast::parse_program("program p(i32 a, i64 b) { b = extend_s(a); }").value();
  finding.inputs = {{0xFFFFFFFF00000001ULL, 0}, {5, ~std::uint64_t{0}}};
  finding.features.popcnt = true;
  finding.features.bmi2 = true;
  finding.oracle = "native-sysv";
  finding.verdict = "diverge";
  finding.signature = "native-sysv/codegen/add/AddR32R32/slot";
  finding.campaign_seed = 0xDEADBEEF;
  finding.program_index = 12345;
  finding.configuration = "seed 0xdeadbeef, all";
  finding.build = build_description();
  finding.cpu = cpu_description();
  finding.replays = "9 of 10";
  finding.explanation = {"slot 1 (b): expected 0x1, got 0x2", "input: a=0x5", "oracle: someone else"};
  return finding;
}

TEST(FindingTest, WhatIsPrintedIsReadBack) {
  const Finding finding = sample();
  const auto read = parse_finding(print_finding(finding));
  ASSERT_TRUE(read) << read.error().describe();
  EXPECT_TRUE(ast::same_program(read->program, finding.program));
  EXPECT_EQ(read->inputs, finding.inputs);
  EXPECT_EQ(read->features, finding.features);
  EXPECT_EQ(read->oracle, finding.oracle);
  EXPECT_EQ(read->verdict, finding.verdict);
  EXPECT_EQ(read->signature, finding.signature);
  EXPECT_EQ(read->campaign_seed, finding.campaign_seed);
  EXPECT_EQ(read->program_index, finding.program_index);
  EXPECT_EQ(read->configuration, finding.configuration);
  EXPECT_EQ(read->build, finding.build);
  EXPECT_EQ(read->cpu, finding.cpu);
  EXPECT_EQ(read->replays, finding.replays);
}

TEST(FindingTest, AFindingIsAProgramToEveryOtherReader) {
  const auto program = ast::parse_program(print_finding(sample()));
  ASSERT_TRUE(program) << program.error().describe();
  EXPECT_EQ(program->name(), "p");
}

TEST(FindingTest, TheFormatLineStaysFirst) {
  EXPECT_THAT(print_finding(sample()), StartsWith("// format 1\n// assay-finding: 1\n"));
}

TEST(FindingTest, APlainProgramIsAFindingWithoutInputs) {
  const auto read = parse_finding("// just a comment: with a colon\nprogram p(i32 a) { a = 1; }");
  ASSERT_TRUE(read) << read.error().describe();
  EXPECT_TRUE(read->inputs.empty());
  EXPECT_TRUE(read->signature.empty());
}

TEST(FindingTest, ALineBreakInAHeaderValueCannotStartAHeaderLineOfItsOwn) {
  Finding finding = sample();
  finding.configuration = "x\n// oracle: forged";
  const auto read = parse_finding(print_finding(finding));
  ASSERT_TRUE(read) << read.error().describe();
  EXPECT_EQ(read->oracle, "native-sysv");
}

TEST(SignatureTest, DoesNotSayWhereARunawayWasStopped) {
  oracles::Conviction conviction;
  conviction.oracle = oracles::OracleId::NativeSystemV;
  conviction.differences = {{oracles::DifferenceKind::Fault, 0, 0, 0}};
  conviction.block.intents.push_back({});
  conviction.block.intents.back().length = 2;
  conviction.code_offset = 1;
  EXPECT_THAT(signature_of(conviction, sample().program), StartsWith("native-sysv/codegen/-/Ud2/fault"));
  conviction.differences = {{oracles::DifferenceKind::Runaway, 0, 0, 0}};
  EXPECT_EQ(signature_of(conviction, sample().program), "native-sysv/codegen/-/-/runaway");
}

struct BadHeader {
  const char* line;
  const char* message;
};

class BadHeaderTest : public testing::TestWithParam<BadHeader> {};

TEST_P(BadHeaderTest, IsAnErrorWithAPlace) {
  const std::string text = std::string("// format 1\n") + GetParam().line + "\nprogram p(i32 a, i64 b) { }\n";
  const auto read = parse_finding(text, "f.nda");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, base::ErrorKind::Input);
  EXPECT_THAT(read.error().describe(), StartsWith("f.nda:2:1: "));
  EXPECT_THAT(read.error().describe(), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(All, BadHeaderTest,
                         testing::Values(BadHeader{"// assay-finding: 2", "format version 2"},
                                         BadHeader{"// input: 0x1", "1 cells, and the program has 2 slots"},
                                         BadHeader{"// input: 0x1 zebra", "unreadable value for 'input'"},
                                         BadHeader{"// input: 0x1 0x10000000000000000", "unreadable value for 'input'"},
                                         BadHeader{"// features: popcnt,sse9", "unreadable value for 'features'"},
                                         BadHeader{"// seed: -1", "unreadable value for 'seed'"}));

TEST(FindingTest, AnUnreadableProgramKeepsItsPlace) {
  const auto read = parse_finding("// assay-finding: 1\nprogram p(i32 a) {\n  a = ;\n}", "f.nda");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().describe(), StartsWith("f.nda:3:"));
}

TEST(FeaturesTest, DescriptionsAreReadBack) {
  for (unsigned bits = 0; bits < 16; ++bits) {
    const x64::CpuFeatures features{(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0};
    x64::CpuFeatures read;
    ASSERT_TRUE(parse_features(x64::describe(features), read)) << x64::describe(features);
    EXPECT_EQ(read, features);
  }
}

TEST(EnvironmentTest, BuildAndCpuAreNamed) {
  EXPECT_THAT(build_description(), testing::MatchesRegex("assay .*, build [0-9a-f]+"));
  EXPECT_FALSE(cpu_description().empty());
  EXPECT_FALSE(cpu_description().starts_with(' ') || cpu_description().ends_with(' '));
}

}  // namespace
}  // namespace assay::fuzz
