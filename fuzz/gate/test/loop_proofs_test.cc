// Proofs of the loops of a program, and a wrong solver refuted; see fuzz/gate/loop_proofs.h.
#include "fuzz/gate/loop_proofs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/ast/text.h"
#include "fuzz/reduce/test/planted_faults.h"

namespace assay::fuzz {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

ast::Program parsed(const char* text) {
  auto program = ast::parse_program(text);
  EXPECT_TRUE(program) << program.error().describe();
  return std::move(program).value();
}

constexpr const char* kSum = "program p(i32 n, i32 s) { loop (n) { s = s + 3; } }";
constexpr unsigned kLimit = 10'000;

TEST(LoopProofsTest, ASolvedLoopIsProved) {
  GateProofs counts;
  EXPECT_THAT(LoopProver(opt::solve_loops, kLimit).prove(parsed(kSum), counts), IsEmpty());
  EXPECT_EQ(counts.proved, 1U);
}

TEST(LoopProofsTest, AWrongClosedFormIsRefuted) {
  // Solves the loop as if its step were 4.
  const auto wrong = [](const ast::Program& program) {
    ast::Program changed = program;
    static_cast<void>(planted::at_each_node([](ast::Program& all, ast::NodeId id) {
      ast::Node& node = all.node(id);
      if (node.kind != ast::NodeKind::Int || node.bits() != 3) return false;
      node.a = 4;
      return true;
    })(changed));
    return opt::solve_loops(changed);
  };
  GateProofs counts;
  const auto refuted = LoopProver(wrong, kLimit).prove(parsed(kSum), counts);
  ASSERT_EQ(refuted.size(), 1U);
  EXPECT_THAT(refuted.front(), HasSubstr("v1 = v1 + 3;"));
  EXPECT_EQ(counts.refuted, 1U);
  EXPECT_EQ(counts.proved, 0U);
}

TEST(LoopProofsTest, WhatIsNotSolvedIsCountedAndNotProved) {
  GateProofs counts;
  static_cast<void>(LoopProver(opt::solve_loops, kLimit)
                        .prove(parsed("program p(i32 n, i32 s) { loop (n) { s = 7 / s; } }"), counts));
  EXPECT_EQ(counts.not_solved, 1U);
  EXPECT_EQ(counts.proved, 0U);
}

TEST(LoopProofsTest, UnknownIsCountedWithItsReason) {
  // Says that it solved the loop and leaves it as it is, which is right and nothing that can be shown.
  const auto idle = [](const ast::Program& program) {
    opt::PassResult result{program, 1, {}};
    result.loops.emplace_back().solved = true;
    return result;
  };
  GateProofs counts;
  EXPECT_THAT(LoopProver(idle, kLimit).prove(parsed(kSum), counts), IsEmpty());
  EXPECT_EQ(counts.unknown, 1U);
  EXPECT_EQ(counts.proved, 0U);
  ASSERT_EQ(counts.reasons.size(), 1U);
  EXPECT_FALSE(counts.reasons.begin()->first.empty());
}

}  // namespace
}  // namespace assay::fuzz
