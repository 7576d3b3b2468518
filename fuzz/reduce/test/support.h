// What the reducer's tests share: findings from text, and predicates that look at nothing but the tree.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "core/ast/text.h"
#include "fuzz/reduce/reduce.h"

namespace assay::fuzz::support {

inline Finding finding_of(std::string_view text) {
  auto finding = parse_finding(text);
  EXPECT_TRUE(finding) << finding.error().describe();
  return std::move(finding).value();
}

// The program without its format line.
inline std::string text_of(const ast::Program& program) {
  const std::string text = ast::print_program(program);
  return text.substr(text.find('\n') + 1);
}

inline Predicate each(std::function<bool(const Finding&)> holds) {
  return [holds = std::move(holds)](std::span<const Finding> findings) -> base::Result<std::vector<bool>> {
    std::vector<bool> kept;
    for (const Finding& finding : findings) kept.push_back(holds(finding));
    return kept;
  };
}

// Whether some node of the tree satisfies a condition. The reducer's programs are compact: every node is in the tree.
inline bool any_node(const ast::Program& program, const std::function<bool(const ast::Node&)>& holds) {
  for (std::uint32_t i = 0; i < program.node_count(); ++i) {
    if (holds(program.node(ast::NodeId{i}))) return true;
  }
  return false;
}

inline bool has_op(const ast::Program& program, ast::Op op) {
  return any_node(program, [op](const ast::Node& node) {
    const bool has_operator = node.kind == ast::NodeKind::Unary || node.kind == ast::NodeKind::Binary ||
                              node.kind == ast::NodeKind::Compare || node.kind == ast::NodeKind::Convert;
    return has_operator && node.op == op;
  });
}

inline bool has_kind(const ast::Program& program, ast::NodeKind kind) {
  return any_node(program, [kind](const ast::Node& node) { return node.kind == kind; });
}

}  // namespace assay::fuzz::support
