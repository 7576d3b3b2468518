// A solved loop is proved; the same loop with one thing wrong is refuted by an input that running confirms.
#include "smt/loop_proof.h"

#include <gtest/gtest.h>

#include <string>

#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "core/opt/passes.h"
#include "smt/counterexample.h"
#include "smt/test/parsed.h"

namespace assay::smt {
namespace {

class LoopProofTest : public testing::Test {
 protected:
  Proof prove(const std::string& before, const std::string& after) {
    return prove_solved_loop(parsed(before), parsed(after), solver_, theorems_, limits_);
  }

  Proof prove_solver(const std::string& before) {
    const ast::Program program = parsed(before);
    return prove_solved_loop(program, opt::solve_loops(program).program, solver_, theorems_, limits_);
  }

  void expect_refuted(const std::string& before, const std::string& after) {
    const Proof proof = prove(before, after);
    ASSERT_EQ(proof.answer, Answer::Refuted) << proof.reason;
    EXPECT_FALSE(agree_on(parsed(before), parsed(after), proof.counterexample));
  }

  // What the solver makes of the loop, with another text in the first place where `right` stands.
  void expect_not_proved_with(const std::string& before, const std::string& right, const std::string& wrong) {
    std::string text = ast::print_program(opt::solve_loops(parsed(before)).program);
    const std::size_t place = text.find(right);
    ASSERT_NE(place, std::string::npos) << text;
    text.replace(place, right.size(), wrong);
    EXPECT_NE(prove(before, text).answer, Answer::Proved) << text;
  }

  Solver solver_;
  ProofLimits limits_{3000, false};
  Theorems theorems_{solver_, limits_};
};

const char* const kSum = "program p(i32 n, i32 i, i32 sum) { while (i < n) { sum = sum + i; i = i + 1; } }";

TEST_F(LoopProofTest, ASumIsProved) {
  const Proof proof = prove_solver(kSum);
  EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;
  EXPECT_GE(proof.obligations.size(), 4U);
}

TEST_F(LoopProofTest, ASumOf64BitsIsProved) {
  const Proof proof = prove_solver("program p(i64 n, i64 i, i64 sum) { while (i < n) { sum = sum + i; i = i + 1; } }");
  EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;
}

TEST_F(LoopProofTest, ACountedSumWithASymbolicStepIsProved) {
  const Proof proof =
      prove_solver("program p(i32 n, i32 s, i32 i, i32 sum) { loop (n) { sum = sum + i; i = i + s; } }");
  EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;
}

TEST_F(LoopProofTest, ASumOfCubesIsProved) {
  const Proof proof =
      prove_solver("program p(i32 n, i32 i, i32 sum) { while (i < n) { sum = sum + i * i * i; i = i + 1; } }");
  EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;
}

TEST_F(LoopProofTest, ALoopThatFollowsItsClosedFormIsProved) {
  const Proof proof = prove_solver("program p(i32 n, i32 i, i32 sum) { while (i <= n) { sum = sum + i; i = i + 1; } }");
  EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;
}

TEST_F(LoopProofTest, ABreakAtTheEndIsProved) {
  const Proof proof = prove_solver(
      "program p(i32 n, i32 i, i32 sum) { while (1) { sum = sum + i; i = i + 1; if (i >= n) { break; } } }");
  EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;
}

TEST_F(LoopProofTest, AConstantCountIsProved) {
  const Proof proof = prove_solver("program p(i32 i, i32 sum) { loop (1000000) { sum = sum + i; i = i + 1; } }");
  EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;
}

const char* const kFixed = "program p(i32 i, i32 sum) { loop (7 + 8) { if (i < 30) { sum = sum + i; } i = i + 8; } }";

TEST_F(LoopProofTest, AConstantCountThatIsNotWrittenAsANumberIsProved) {
  const Proof proof = prove_solver(kFixed);
  EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;
}

TEST_F(LoopProofTest, AnotherConstantCountIsNotProved) {
  expect_not_proved_with(kFixed, "let i32 s0 = 15;", "let i32 s0 = 14;");
}

const char* const kContinued =
    "program p(i32 a, i32 b, i32 k, i32 m, i32 i, i32 n) { "
    "while (i <= n) { i = i + 14; a = k; if (m == i) { continue; } b = m; } }";

TEST_F(LoopProofTest, AnIterationThatEndsInTheMiddleIsProved) {
  const Proof proof = prove_solver(kContinued);
  EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;
}

// In the round that does a single iteration; the text of the loop itself comes behind it.
TEST_F(LoopProofTest, AnIterationThatIgnoresItsEndIsNotProved) { expect_not_proved_with(kContinued, "continue;", ""); }

TEST_F(LoopProofTest, AValueWithBitsInItThatNoIterationChangesIsProved) {
  const Proof proof = prove_solver("program p(i32 v, i32 a) { loop (130) { a = abs(clz(v)); } }");
  EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;
}

TEST_F(LoopProofTest, ALoopThatWasNotSolvedIsUnknown) {
  const std::string collatz =
      "program p(i64 n, i64 c) { while (n != 1) { if (n & 1) { n = n * 3 + 1; } else { n = n >>> 1; } c = c + 1; } }";
  const Proof proof = prove(collatz, collatz);
  EXPECT_EQ(proof.answer, Answer::Unknown);
  EXPECT_FALSE(proof.reason.empty());
}

// What the solver emits for kSum, with a place for a mistake in each line.
std::string emitted(const std::string& count, const std::string& binomial, const std::string& sum,
                    const std::string& i) {
  return "program p(i32 n, i32 i, i32 sum) { let i32 c = " + count + "; let i32 h = c >>> 1; let i32 b = " + binomial +
         "; sum = " + sum + "; i = " + i + "; }";
}

const char* const kCount = "select(i < n, n - i, 0)";
const char* const kBinomial = "h * (c - 1 | 1)";
const char* const kSumValue = "sum + i * c + b";
const char* const kIValue = "i + c";

TEST_F(LoopProofTest, TheFormWrittenByHandIsProved) {
  const Proof proof = prove(kSum, emitted(kCount, kBinomial, kSumValue, kIValue));
  EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;
}

TEST_F(LoopProofTest, ACountThatIsOffByOneIsRefuted) {
  expect_refuted(kSum, emitted("select(i < n, n - i + 1, 0)", kBinomial, kSumValue, kIValue));
}

TEST_F(LoopProofTest, LessOrEqualForLessIsRefuted) {
  expect_refuted(kSum, emitted("select(i <= n, n - i + 1, 0)", kBinomial, kSumValue, kIValue));
}

TEST_F(LoopProofTest, AMissingGuardIsRefuted) { expect_refuted(kSum, emitted("n - i", kBinomial, kSumValue, kIValue)); }

TEST_F(LoopProofTest, AnUnsignedGuardForASignedOneIsRefuted) {
  expect_refuted(kSum, emitted("select(lt_u(i, n), n - i, 0)", kBinomial, kSumValue, kIValue));
}

TEST_F(LoopProofTest, HalvingAfterTruncationIsRefuted) {
  expect_refuted(kSum, emitted(kCount, "c * (c - 1) >>> 1", kSumValue, kIValue));
}

TEST_F(LoopProofTest, AMissingOddFactorIsRefuted) {
  expect_refuted(kSum, emitted(kCount, "h * (c - 1)", kSumValue, kIValue));
}

TEST_F(LoopProofTest, TheOtherStatementOrderIsRefuted) {
  expect_refuted(kSum, emitted(kCount, kBinomial, "sum + i * c + b + c", kIValue));
}

TEST_F(LoopProofTest, AWrongSignIsRefuted) {
  expect_refuted(kSum, emitted(kCount, kBinomial, "sum + i * c - b", kIValue));
}

TEST_F(LoopProofTest, AStoreThatSeesAnotherIsRefuted) {
  expect_refuted(kSum,
                 "program p(i32 n, i32 i, i32 sum) { let i32 c = select(i < n, n - i, 0); let i32 h = c >>> 1; "
                 "i = i + c; sum = sum + i * c + h * (c - 1 | 1); }");
}

TEST_F(LoopProofTest, ALostStoreIsRefuted) { expect_refuted(kSum, emitted(kCount, kBinomial, kSumValue, "i")); }

TEST_F(LoopProofTest, AnIgnoredBreakIsRefuted) {
  expect_refuted(
      "program p(i32 n, i32 i, i32 sum) { while (i < n) { if (sum > 9) { break; } sum = sum + i; i = i + 1; } }",
      emitted(kCount, kBinomial, kSumValue, kIValue));
}

TEST_F(LoopProofTest, AWrongInverseIsRefuted) {
  const std::string before = "program p(i32 n, i32 i, i32 sum) { loop (n) { sum = sum + i * i; i = i + 1; } }";
  const std::string after =
      "program p(i32 n, i32 i, i32 sum) { let i32 c = n; let i32 h = c >>> 1; let i32 b = h * (c - 1 | 1); "
      "sum = sum + i * i * c + (i * 2 + 1) * b + 2 * (b * (c - 2) * INVERSE); i = i + c; }";
  const auto with = [&](const std::string& inverse) {
    std::string text = after;
    return text.replace(text.find("INVERSE"), 7, inverse);
  };
  const Proof right = prove(before, with("-1431655765"));
  EXPECT_EQ(right.answer, Answer::Proved) << right.reason;
  expect_refuted(before, with("-1431655767"));
}

TEST_F(LoopProofTest, AFollowerOfASquareThatIsAnIterationAheadIsRefuted) {
  const std::string before = "program p(i32 a, i32 b, i32 i) { loop (10) { b = a; a = a + i; i = i + 1; } }";
  const auto after = [](const std::string& last) {
    return "program p(i32 a, i32 b, i32 i) { b = a + i * 9 + " + last + "; a = a + i * 10 + 45; i = i + 10; }";
  };
  EXPECT_EQ(prove(before, after("36")).answer, Answer::Proved);
  expect_refuted(before, after("45"));
}

TEST_F(LoopProofTest, FewerIterationsBehindTheFirstThanAFixedCountAreRefuted) {
  const std::string before = "program p(i32 a, i32 b) { loop (5) { a = a + b; b = 7; } }";
  const auto after = [](const std::string& further) {
    return "program p(i32 a, i32 b) { let i32 k = " + further + "; a = a + b; b = 7; a = a + k * 7; }";
  };
  EXPECT_EQ(prove(before, after("4")).answer, Answer::Proved);
  expect_refuted(before, after("2"));
}

TEST_F(LoopProofTest, AWrongStepIsRefuted) {
  expect_refuted("program p(i32 n, i32 i, i32 s) { loop (n) { i = i + s; } }",
                 "program p(i32 n, i32 i, i32 s) { let i32 c = n; i = i + s * c + s; }");
}

TEST_F(LoopProofTest, AWrongWidthIsRefuted) {
  expect_refuted("program p(i64 n, i64 i) { loop (n) { i = i + 1; } }",
                 "program p(i64 n, i64 i) { let i64 c = extend8_s(n); i = i + c; }");
}

TEST_F(LoopProofTest, WithBothSolversASumIsProved) {
  limits_.second_solver = true;
  const Proof proof = prove_solver(kSum);
  EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;
  for (const Obligation& one : proof.obligations) {
    ASSERT_TRUE(one.second.has_value());
    EXPECT_EQ(one.second->answer, Answer::Proved) << one.name << ": " << one.second->reason;
  }
}

// The hypotheses of a proof can hold: with the claim taken away the stay obligation has a model.
TEST_F(LoopProofTest, HypothesesAreSatisfiable) {
  const Proof proof = prove_solver(kSum);
  for (const Obligation& one : proof.obligations) {
    if (!one.name.starts_with("stays")) continue;
    std::string script = one.script;
    const std::size_t last = script.rfind("(assert");
    script.erase(last, script.find('\n', last) - last);
    EXPECT_EQ(solver_.check(script, Strategy::Bits, 3000).answer, Answer::Refuted);
  }
}

}  // namespace
}  // namespace assay::smt
