// Node kinds and operators as enums, and what the table says of each.
//
// Everything here is generated from ops.def; nothing here computes a value, so that the interpreter, the JIT and the
// proofs share names and types but no arithmetic.
//
// Tested by core/ast/test/op_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/ast/type.h"

namespace assay::ast {

enum class NodeKind : std::uint8_t {
#define ASSAY_NODE(Id, name, category) Id,
#include "core/ast/ops.def"
};

// NOLINTBEGIN(bugprone-macro-parentheses): a sum with one term a row
inline constexpr std::size_t kNodeKindCount = 0
#define ASSAY_NODE(Id, name, category) +1
#include "core/ast/ops.def"
    ;
// NOLINTEND(bugprone-macro-parentheses)

// The operators, in the order of the table: unary, binary, comparisons, conversions.
enum class Op : std::uint8_t {
#define ASSAY_UNARY(Id, name, prefix, result) Id,
#define ASSAY_BINARY(Id, name, infix, level, traps) Id,
#define ASSAY_COMPARE(Id, name, infix, level) Id,
#define ASSAY_CONVERT(Id, name, from, to) Id,
#include "core/ast/ops.def"
};

// NOLINTBEGIN(bugprone-macro-parentheses)
inline constexpr std::size_t kOpCount = 0
#define ASSAY_UNARY(Id, name, prefix, result) +1
#define ASSAY_BINARY(Id, name, infix, level, traps) +1
#define ASSAY_COMPARE(Id, name, infix, level) +1
#define ASSAY_CONVERT(Id, name, from, to) +1
#include "core/ast/ops.def"
    ;
// NOLINTEND(bugprone-macro-parentheses)

enum class OpClass : std::uint8_t { Unary, Binary, Compare, Convert };

// A type in a signature: one of the two, or "the type of the first operand, whichever it is".
enum class TypeRule : std::uint8_t { I32, I64, Same };

struct OpInfo {
  OpClass op_class;
  std::string_view name;   // "div_u"
  std::string_view infix;  // "/" or empty; the prefix spelling for unary operators
  std::uint8_t level;      // binding strength of `infix`, 0 without one
  TypeRule operand;        // of every operand
  TypeRule result;
  bool traps;  // some operands trap
};

[[nodiscard]] const OpInfo& op_info(Op op);
[[nodiscard]] std::string_view node_kind_name(NodeKind kind);
[[nodiscard]] bool is_expression(NodeKind kind);

// The operator of that name, as spelled in the function-call form.
[[nodiscard]] std::optional<Op> find_op(std::string_view name);

// Whether `op` takes operands of `type`, and what it gives then.
[[nodiscard]] bool accepts(Op op, Type type);
[[nodiscard]] Type result_type(Op op, Type operand);

}  // namespace assay::ast
