// Blame: from a conviction to the instruction and the AST node it is about.
//
// Faults know their instruction, and the recorded intents lead from an instruction to the node it was made for.
//
// Tested by oracles/test/faults_test.cc.
#pragma once

#include <string>

#include "core/ast/program.h"
#include "oracles/judge.h"

namespace assay::oracles {

struct Blame {
  std::string node;    // operator or node kind ("div_s", "Store"); empty when unknown or frame set-up
  std::string form;    // instruction form ("AddR32M32"); empty when unknown
  std::string detail;  // within the kind of difference: the wrong field, the fault, the violations
  const x64::Intent* instruction = nullptr;  // into the conviction's block; null when unknown
};

[[nodiscard]] Blame blame(const Conviction& conviction, const ast::Program& program);

// The name of a node as signatures and coverage use it: its operator where it has one, its kind elsewhere.
[[nodiscard]] std::string_view node_label(const ast::Node& node);

}  // namespace assay::oracles
