// The reducer as a whole: it ends, keeps the best, says what happened, and gives the same every time; see
// fuzz/reduce/reduce.h.
#include "fuzz/reduce/reduce.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "core/ast/verify.h"
#include "fuzz/gen/generator.h"
#include "fuzz/reduce/size.h"
#include "fuzz/reduce/test/support.h"

namespace assay::fuzz {
namespace {

using ast::NodeKind;
using ast::Op;
using support::each;
using support::finding_of;
using support::has_kind;
using support::has_op;

constexpr const char* kLarge =
    "// oracle: native-sysv\n// signature: s\n// input: 0x5 0x6\n//| an explanation\n"
    "program p(i32 a, i64 b) { let i32 t = a * 3; loop (t & 7) { a = a + 1; if (a == 4) { break; } b = b / 3; } "
    "while (b > 0) { b = b - 1; let i32 u = 4; a = rotr(a, u); } if (a) { push b; } else { a = -a; } }";

// Added to all seeds of generated programs.
std::uint64_t test_seed() {
  const char* const text = std::getenv("ASSAY_TEST_SEED");
  return text == nullptr ? 0 : std::strtoull(text, nullptr, 0);
}

// A generated program as a finding.
Finding generated(std::uint64_t seed) {
  Generator generator;
  GeneratedCase one;
  generator.generate(test_seed() + seed, one);
  Finding finding;
  finding.program = one.program;
  finding.inputs = one.inputs;
  return finding;
}

TEST(ReduceTest, AFindingThatDoesNotReproduceComesBackAsItCame) {
  const Finding finding = finding_of(kLarge);
  const Reduction reduction = reduce(finding, each([](const Finding&) { return false; }));
  EXPECT_EQ(reduction.end, ReductionEnd::NotReproduced);
  EXPECT_EQ(reduction.tried, 0U);
  EXPECT_EQ(print_finding(reduction.finding), print_finding(finding));
}

TEST(ReduceTest, EverythingGoesWhenNothingMatters) {
  const Reduction reduction = reduce(finding_of(kLarge), each([](const Finding&) { return true; }));
  EXPECT_EQ(reduction.end, ReductionEnd::Complete);
  EXPECT_EQ(reduction.nodes_after, 0U);
  EXPECT_EQ(reduction.finding.program.variable_count(), 0U);
  EXPECT_GT(reduction.kept, 0U);
}

TEST(ReduceTest, HeadersStayAndTheOldExplanationGoes) {
  const Reduction reduction =
      reduce(finding_of(kLarge), each([](const Finding& finding) { return has_op(finding.program, Op::Rotr); }));
  EXPECT_EQ(reduction.finding.oracle, "native-sysv");
  EXPECT_EQ(reduction.finding.signature, "s");
  EXPECT_TRUE(reduction.finding.explanation.empty());
}

TEST(ReduceTest, EveryAttemptIsValidAndSmallerThanTheLastOneKept) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Finding finding = generated(seed);
    if (!has_op(finding.program, Op::Add)) continue;
    std::optional<Size> best;
    const Predicate watching = [&](std::span<const Finding> attempts) -> base::Result<std::vector<bool>> {
      std::vector<bool> kept;
      std::optional<Size> first_kept;
      for (const Finding& attempt : attempts) {
        const auto verified = ast::verify(attempt.program);
        EXPECT_TRUE(verified) << verified.error().describe();
        for (const oracles::Frame& input : attempt.inputs) EXPECT_EQ(input.size(), attempt.program.slot_count());
        const Size size = size_of(attempt);
        if (best) {
          EXPECT_TRUE(size < *best);
        }
        kept.push_back(has_op(attempt.program, Op::Add));
        if (kept.back() && !first_kept) first_kept = size;
      }
      if (first_kept) best = first_kept;
      return kept;
    };
    const Reduction reduction = reduce(finding, watching);
    EXPECT_EQ(reduction.end, ReductionEnd::Complete) << "seed " << seed;
    EXPECT_LE(reduction.nodes_after, 4U) << "seed " << seed;
  }
}

TEST(ReduceTest, RunAgainOnItsResultItFindsNothing) {
  for (std::uint64_t seed = 100; seed < 120; ++seed) {
    const Predicate still = each([](const Finding& finding) {
      return has_kind(finding.program, NodeKind::Loop) || has_kind(finding.program, NodeKind::While);
    });
    const Reduction once = reduce(generated(seed), still);
    if (once.end == ReductionEnd::NotReproduced) continue;
    // Through a file, as users do.
    const Finding read = finding_of(print_finding(once.finding));
    const Reduction twice = reduce(read, still);
    EXPECT_EQ(twice.end, ReductionEnd::Complete);
    EXPECT_EQ(twice.kept, 0U) << "seed " << seed;
    EXPECT_EQ(print_finding(twice.finding), print_finding(once.finding));
  }
}

TEST(ReduceTest, TheSameEveryTimeAndForEverySizeOfBatchUntilItIsDone) {
  const Predicate still = each([](const Finding& finding) { return has_op(finding.program, Op::DivS); });
  const Finding finding = finding_of(kLarge);
  const Reduction first = reduce(finding, still);
  const Reduction second = reduce(finding, still);
  EXPECT_EQ(print_finding(first.finding), print_finding(second.finding));
  EXPECT_EQ(first.tried, second.tried);
  // Of a batch the first attempt that holds is kept, so the steps do not depend on how many are judged at once.
  for (const std::size_t batch : {1U, 7U, 1000U}) {
    ReduceConfig config;
    config.largest_batch = batch;
    const Reduction other = reduce(finding, still, config);
    EXPECT_EQ(print_finding(first.finding), print_finding(other.finding)) << batch;
    EXPECT_EQ(first.kept, other.kept) << batch;
  }
}

TEST(ReduceTest, OutOfAttemptsItKeepsTheBestSoFar) {
  const Predicate still = each([](const Finding& finding) { return has_op(finding.program, Op::DivS); });
  std::uint32_t last = 1000;
  for (const std::uint64_t attempts : {0U, 4U, 12U, 20U}) {
    ReduceConfig config;
    config.attempts = attempts;
    const Reduction reduction = reduce(finding_of(kLarge), still, config);
    EXPECT_EQ(reduction.end, ReductionEnd::Stopped);
    EXPECT_LE(reduction.tried, attempts);
    EXPECT_LE(reduction.nodes_after, last);
    EXPECT_TRUE(has_op(reduction.finding.program, Op::DivS));
    last = reduction.nodes_after;
  }
  EXPECT_LT(last, finding_of(kLarge).program.node_count());
}

TEST(ReduceTest, OutOfTimeItKeepsTheBestSoFar) {
  ReduceConfig config;
  config.seconds = 0;
  const Reduction reduction = reduce(finding_of(kLarge), each([](const Finding&) { return true; }), config);
  EXPECT_EQ(reduction.end, ReductionEnd::Stopped);
  EXPECT_EQ(reduction.nodes_after, reduction.nodes_before);
}

TEST(ReduceTest, InterruptedItKeepsTheBestSoFar) {
  std::atomic<bool> interrupted{false};
  int calls = 0;
  ReduceConfig config;
  config.interrupted = &interrupted;
  const Reduction reduction = reduce(finding_of(kLarge), each([&](const Finding& finding) {
                                       if (++calls == 12) interrupted = true;
                                       return has_op(finding.program, Op::DivS);
                                     }),
                                     config);
  EXPECT_EQ(reduction.end, ReductionEnd::Stopped);
  EXPECT_LT(reduction.nodes_after, reduction.nodes_before);
  EXPECT_TRUE(has_op(reduction.finding.program, Op::DivS));
}

TEST(ReduceTest, AHarnessThatFailsKeepsTheBestSoFarAndIsNamed) {
  int calls = 0;
  const Predicate failing = [&](std::span<const Finding> findings) -> base::Result<std::vector<bool>> {
    if (++calls == 8) return base::system_error("no more workers");
    std::vector<bool> kept;
    for (const Finding& finding : findings) kept.push_back(has_op(finding.program, Op::DivS));
    return kept;
  };
  const Reduction reduction = reduce(finding_of(kLarge), failing);
  EXPECT_EQ(reduction.end, ReductionEnd::HarnessFailed);
  ASSERT_TRUE(reduction.failure);
  EXPECT_EQ(reduction.failure->message, "no more workers");
  EXPECT_TRUE(has_op(reduction.finding.program, Op::DivS));
}

TEST(ReduceTest, ALargeProgramIsStoppedInTheMiddleOfItsEdits) {
  // No attempt is ever judged: the list of edits alone would take minutes if nobody looked at the clock.
  std::string text = "program p(i64 a) {\n";
  for (int i = 0; i < 20'000; ++i) text += "a = a + 1L;\n";
  std::atomic<bool> interrupted{false};
  int calls = 0;
  ReduceConfig config;
  config.interrupted = &interrupted;
  const Predicate once = [&](std::span<const Finding> findings) -> base::Result<std::vector<bool>> {
    interrupted = ++calls == 2;
    return std::vector<bool>(findings.size(), calls == 1);
  };
  const Reduction reduction = reduce(finding_of(text + "}"), once, config);
  EXPECT_EQ(reduction.end, ReductionEnd::Stopped);
  EXPECT_EQ(reduction.nodes_after, 80'000U);
}

TEST(ReduceTest, TwoLocalsOfOneNameMayEndUpInOneBlock) {
  const Finding finding =
      finding_of("program p(i32 a) { if (a) { let i32 t = clz(a); push t; } let i32 t = ctz(a); push t; }");
  const Reduction reduction = reduce(finding, each([](const Finding& attempt) {
                                       return has_op(attempt.program, Op::Clz) && has_op(attempt.program, Op::Ctz);
                                     }));
  EXPECT_FALSE(has_kind(reduction.finding.program, NodeKind::If));
}

}  // namespace
}  // namespace assay::fuzz
