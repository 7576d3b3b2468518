// Links: the places of a program where a node is referred to, which is where a tree is edited.
//
// Tested by fuzz/mutate/test/links_test.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "core/ast/program.h"

namespace assay::fuzz {

// One reference to a node: a field of its owner, or the program's body.
struct Link {
  enum class Field : std::uint8_t { Body, Next, A, B, C };

  ast::NodeId owner;  // none for Body
  Field field = Field::Body;
};

[[nodiscard]] ast::NodeId target(const ast::Program& program, Link link);
void set_target(ast::Program& program, Link link, ast::NodeId id);

// All links of a program, in order of execution. End-of-list links (to no node) are places to insert a statement.
struct Links {
  std::vector<Link> statements;      // to a statement
  std::vector<Link> statement_ends;  // to no statement: the end of a block, or an empty one
  std::vector<Link> expressions;     // to an expression

  // Precondition: verified.
  void find(const ast::Program& program);
};

// A copy of the tree below `from`'s node, in `to` (the same program or another). Variables are mapped by `variables`,
// one entry per variable of `from`; locals that the copy declares get variables of their own in `to`.
[[nodiscard]] ast::NodeId clone(const ast::Program& from, ast::NodeId id, ast::Program& to,
                                std::vector<ast::VarId>& variables);

}  // namespace assay::fuzz
