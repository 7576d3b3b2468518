// Walking and re-linking the tree: what the edits of the reducer are made of.
//
// Tested by fuzz/reduce/test/edits_test.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "core/ast/program.h"
#include "fuzz/mutate/links.h"

namespace assay::fuzz {

// The links of one node to its operands and to its blocks; at most three of the first and two of the second.
struct Children {
  Link expressions[3];
  Link blocks[2];
  std::uint8_t expression_count = 0;
  std::uint8_t block_count = 0;
};
[[nodiscard]] Children children_of(const ast::Program& program, ast::NodeId id);

// By node: how many nodes it and what is below it are. In a compact program these are the ones numbered from it on.
[[nodiscard]] std::vector<std::uint32_t> subtree_sizes(const ast::Program& program);

// Takes `count` statements out of a block, from the link on.
void unlink(ast::Program& program, Link link, std::uint32_t count);

// Puts a block in the place of the statement that the link refers to; an empty one removes it.
void splice(ast::Program& program, Link link, ast::NodeId block);

[[nodiscard]] ast::Node constant_node(ast::Type type, std::uint64_t bits);

// Turns a node into a constant of its type, or of the type given.
void make_constant(ast::Program& program, ast::NodeId id, std::uint64_t bits);

// Makes an edited program valid again where dropping things is enough: a load of what is not declared (any more)
// becomes 0, a store to it goes, `break` and `continue` outside a loop go.
void repair(ast::Program& program);

}  // namespace assay::fuzz
