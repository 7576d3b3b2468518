// A report on an operator says what was compared and proved, and is only as good as its worst part.
#include "smt/operators/operator_proof.h"

#include <gtest/gtest.h>

#include "smt/operators/operator_programs.h"

namespace assay::smt {
namespace {

using ast::Op;
using ast::Type;

constexpr OperatorLimits kLimits{{3000, false}, 1, 100};

TEST(OperatorProof, CountsEveryShapeInEveryConfiguration) {
  Solver solver;
  const OperatorReport report = prove_operator(Op::Sub, Type::I32, solver, kLimits);
  EXPECT_EQ(report.verdict(), Answer::Proved) << report.shape << ": " << report.reason;
  EXPECT_EQ(report.compiled, 3 * operator_programs(Op::Sub, Type::I32).size());
  EXPECT_EQ(report.proved, report.compiled);
  EXPECT_EQ(report.narrow.pairs, 65'536U);
  EXPECT_EQ(report.samples.pairs, 24U * 24U + 100U);
  EXPECT_TRUE(report.counterexample.empty());
}

TEST(OperatorProof, OfNothingIsUnknown) { EXPECT_EQ(OperatorReport{}.verdict(), Answer::Unknown); }

TEST(OperatorProof, IsRefutedByADifferenceFromTheDefinitionOrTheInterpreter) {
  OperatorReport report;
  report.code = Answer::Proved;
  EXPECT_EQ(report.verdict(), Answer::Proved);
  report.narrow.difference = "0x80, 0xff";
  EXPECT_EQ(report.verdict(), Answer::Refuted);
  report.narrow.difference.clear();
  report.samples.difference = "0x0, 0x1";
  EXPECT_EQ(report.verdict(), Answer::Refuted);
}

TEST(OperatorProof, IsUnknownWhereTheSolverIsGivenNoTime) {
  Solver solver;
  OperatorLimits hurried = kLimits;
  hurried.proof.milliseconds = 1;
  // Counting ones by halving needs a solver; one millisecond is not enough for all of its lemmas.
  const OperatorReport report = prove_operator(Op::Popcnt, Type::I64, solver, hurried);
  EXPECT_NE(report.verdict(), Answer::Refuted);
  EXPECT_EQ(report.verdict() == Answer::Proved, report.proved == report.compiled);
}

}  // namespace
}  // namespace assay::smt
