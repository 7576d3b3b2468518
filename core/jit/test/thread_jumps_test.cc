// Specification of jump threading.
#include "core/jit/thread_jumps.h"

#include <gtest/gtest.h>

#include <vector>

namespace assay::jit {
namespace {

Lir with_label(LirOp op, std::uint32_t label) {
  Lir lir;
  lir.op = op;
  lir.label = label;
  return lir;
}

// The labels that jumps and branches go to, in the order of the code.
std::vector<std::uint32_t> threaded(std::vector<Lir> code) {
  LirProgram lir;
  lir.code = std::move(code);
  lir.label_count = 4;
  thread_jumps(lir);
  std::vector<std::uint32_t> labels;
  for (const Lir& one : lir.code) {
    if (one.op == LirOp::Jump || one.op == LirOp::Branch) labels.push_back(one.label);
  }
  return labels;
}

TEST(ThreadJumps, AJumpToAJumpGoesWhereThatGoes) {
  EXPECT_EQ(threaded({with_label(LirOp::Label, 0), with_label(LirOp::Branch, 1), Lir{}, with_label(LirOp::Label, 1),
                      with_label(LirOp::LoopEnd, 0), with_label(LirOp::Jump, 0)}),
            (std::vector<std::uint32_t>{0, 0}));
}

TEST(ThreadJumps, ChainsAreFollowedToTheirEnd) {
  EXPECT_EQ(threaded({with_label(LirOp::Jump, 0), Lir{}, with_label(LirOp::Label, 0), with_label(LirOp::Jump, 1), Lir{},
                      with_label(LirOp::Label, 1), with_label(LirOp::Jump, 2), with_label(LirOp::Label, 2), Lir{}}),
            (std::vector<std::uint32_t>{2, 2, 2}));
}

TEST(ThreadJumps, WhatDoesSomethingFirstIsATarget) {
  Lir constant;
  constant.op = LirOp::Constant;
  EXPECT_EQ(threaded({with_label(LirOp::Jump, 0), with_label(LirOp::Label, 0), constant, with_label(LirOp::Jump, 1),
                      with_label(LirOp::Label, 1), Lir{}}),
            (std::vector<std::uint32_t>{0, 1}));
}

TEST(ThreadJumps, LoopsOfNothingButJumpsStayEndless) {
  const std::vector<std::uint32_t> labels =
      threaded({with_label(LirOp::Label, 0), with_label(LirOp::Jump, 1), with_label(LirOp::Label, 1),
                with_label(LirOp::Jump, 0), with_label(LirOp::Label, 2), with_label(LirOp::Jump, 2)});
  EXPECT_LT(labels[0], 2U);
  EXPECT_LT(labels[1], 2U);
  EXPECT_EQ(labels[2], 2U);
}

}  // namespace
}  // namespace assay::jit
