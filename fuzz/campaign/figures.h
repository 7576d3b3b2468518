// Figures: what a number of programs came to. Plain data, so that it crosses processes as it is, and adds up.
//
// Tested by fuzz/campaign/test/campaign_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/ast/op.h"
#include "core/x64/form.h"
#include "fuzz/campaign/register_use.h"
#include "fuzz/corpus/coverage.h"
#include "fuzz/proofs/proof_figures.h"
#include "oracles/judge.h"

namespace assay::fuzz {

struct BatchFigures {
  oracles::JudgeCounts judged;
  std::uint64_t nodes_generated = 0;
  std::array<std::uint64_t, x64::kFormCount> forms{};      // instructions emitted, by form
  RegisterUse registers{};                                 // with which registers
  std::array<std::uint64_t, ast::kNodeKindCount> kinds{};  // nodes generated, by kind
  std::array<std::uint64_t, ast::kOpCount> ops{};          // nodes generated, by operator
  ProofFigures proofs;
  Coverage coverage;  // of all programs together

  void add(const BatchFigures& other) {
    judged.add(other.judged);
    nodes_generated += other.nodes_generated;
    for (std::size_t i = 0; i < forms.size(); ++i) forms[i] += other.forms[i];
    for (std::size_t i = 0; i < registers.size(); ++i) {
      for (std::size_t k = 0; k < registers[i].size(); ++k) registers[i][k] += other.registers[i][k];
    }
    for (std::size_t i = 0; i < kinds.size(); ++i) kinds[i] += other.kinds[i];
    for (std::size_t i = 0; i < ops.size(); ++i) ops[i] += other.ops[i];
    proofs.add(other.proofs);
    coverage |= other.coverage;
  }
};

}  // namespace assay::fuzz
