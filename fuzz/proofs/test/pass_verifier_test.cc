// Proofs of passes, and wrong passes refuted; see fuzz/proofs/pass_verifier.h.
#include "fuzz/proofs/pass_verifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "fuzz/proofs/test/support.h"

namespace assay::fuzz {
namespace {

using opt::PassId;
using testing::StartsWith;

VerifiedPass verified(PassId pass, const char* text, std::unique_ptr<oracles::PassSource> passes = nullptr) {
  if (!passes) passes = std::make_unique<oracles::PassSource>();
  PassVerifier verifier(std::move(passes), {1000, false});
  std::optional<VerifiedPass> found;
  verifier.verify(parsed(text), [&](const VerifiedPass& one) {
    if (one.pass == pass) found = one;
  });
  EXPECT_TRUE(found);
  return found.value_or(VerifiedPass{});
}

constexpr const char* kDivision = "program p(i32 n, i32 a) { a = n / 4; }";
constexpr const char* kDivisionInALoop = "program p(i32 n, i32 a) { loop (n) { a = a / 4 + n; } }";

TEST(PassVerifierTest, ARightPassIsProved) {
  const VerifiedPass one = verified(PassId::Simplify, kDivision);
  EXPECT_EQ(one.proof.answer, smt::Answer::Proved) << one.proof.reason;
}

TEST(PassVerifierTest, AWrongPassIsRefuted) {
  const VerifiedPass one = verified(PassId::Simplify, kDivision, divisions_as_shifts());
  EXPECT_EQ(one.proof.answer, smt::Answer::Refuted);
  EXPECT_EQ(one.proof.counterexample.size(), 2U);
}

TEST(PassVerifierTest, ARightPassOverALoopIsComparedUpToABoundAndNotProved) {
  const VerifiedPass one = verified(PassId::Simplify, kDivisionInALoop);
  EXPECT_EQ(one.proof.answer, smt::Answer::Unknown);
  EXPECT_GE(one.proof.bound, 1U) << one.proof.reason;
}

TEST(PassVerifierTest, AWrongPassOverALoopIsRefuted) {
  const VerifiedPass one = verified(PassId::Simplify, kDivisionInALoop, divisions_as_shifts());
  EXPECT_EQ(one.proof.answer, smt::Answer::Refuted) << one.proof.reason;
}

TEST(PassVerifierTest, AResultThatIsNoProgramIsRefuted) {
  // An i64 constant where an i32 stood.
  auto wrong = std::make_unique<planted::WrongPass>(PassId::Fold,
                                                    planted::at_each_node([](ast::Program& program, ast::NodeId id) {
                                                      if (program.node(id).kind != ast::NodeKind::Int) return false;
                                                      program.node(id).type = ast::Type::I64;
                                                      return true;
                                                    }));
  const VerifiedPass one = verified(PassId::Fold, kDivision, std::move(wrong));
  EXPECT_EQ(one.proof.answer, smt::Answer::Refuted);
  EXPECT_THAT(one.proof.reason, StartsWith("gives no valid program: "));
}

TEST(PassVerifierTest, WhatIsNotTriedSaysWhy) {
  EXPECT_EQ(verified(PassId::Fold, kDivision).skipped, "unchanged by the pass");
  EXPECT_EQ(verified(PassId::Simplify, "program p(i32 n, i32 a) { a = n / 4; print a; }").skipped, "prints");
}

}  // namespace
}  // namespace assay::fuzz
