// The operation table as data; see op.h. Tested by core/ast/test/op_test.cc.
#include "core/ast/op.h"

#include <array>

namespace assay::ast {
namespace {

constexpr TypeRule I32 = TypeRule::I32;
constexpr TypeRule I64 = TypeRule::I64;
constexpr TypeRule Same = TypeRule::Same;

constexpr std::array<OpInfo, kOpCount> kOps = {{
#define ASSAY_UNARY(Id, name, prefix, result) {OpClass::Unary, name, prefix, 0, Same, result, false},
#define ASSAY_BINARY(Id, name, infix, level, traps) {OpClass::Binary, name, infix, level, Same, Same, (traps) != 0},
#define ASSAY_COMPARE(Id, name, infix, level) {OpClass::Compare, name, infix, level, Same, I32, false},
#define ASSAY_CONVERT(Id, name, from, to) {OpClass::Convert, name, "", 0, from, to, false},
#include "core/ast/ops.def"
}};

struct KindInfo {
  std::string_view name;
  bool expression;
};

enum class Category : std::uint8_t { Expression, Statement };

constexpr std::array<KindInfo, kNodeKindCount> kKinds = {{
#define ASSAY_NODE(Id, name, category) {name, Category::category == Category::Expression},
#include "core/ast/ops.def"
}};

}  // namespace

const OpInfo& op_info(Op op) { return kOps[static_cast<std::size_t>(op)]; }
std::string_view node_kind_name(NodeKind kind) { return kKinds[static_cast<std::size_t>(kind)].name; }
bool is_expression(NodeKind kind) { return kKinds[static_cast<std::size_t>(kind)].expression; }

std::optional<Op> find_op(std::string_view name) {
  for (std::size_t i = 0; i < kOps.size(); ++i) {
    if (kOps[i].name == name) return static_cast<Op>(i);
  }
  return std::nullopt;
}

bool accepts(Op op, Type type) {
  switch (op_info(op).operand) {
    case TypeRule::I32:
      return type == Type::I32;
    case TypeRule::I64:
      return type == Type::I64;
    case TypeRule::Same:
      return true;
  }
  return false;
}

Type result_type(Op op, Type operand) {
  switch (op_info(op).result) {
    case TypeRule::I32:
      return Type::I32;
    case TypeRule::I64:
      return Type::I64;
    case TypeRule::Same:
      return operand;
  }
  return operand;
}

}  // namespace assay::ast
