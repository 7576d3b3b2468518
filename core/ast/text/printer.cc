// Printing programs; see text.h.
//
// Brackets stand only where the parser needs them, and a literal has its suffix where it is an i64, so that what is
// printed reads back as the same tree.
//
// Tested by core/ast/test/text_test.cc.
#include <algorithm>
#include <charconv>

#include "core/ast/text.h"

namespace assay::ast {
namespace {

// Binding strengths around those of the table: a bracket or a comma accepts anything, a prefix only operands.
constexpr std::uint8_t kAnything = 0;
constexpr std::uint8_t kOperand = 255;

// Blocks deeper than this are not indented further, which keeps the size of the text linear in that of the program.
constexpr std::uint32_t kMostIndented = 32;

enum class Layout : std::uint8_t { Lines, OneLine };

class Printer {
 public:
  Printer(const Program& program, Layout layout, std::string& out) : program_(program), layout_(layout), out_(out) {}

  void print_all() {
    out_ += "// format " + std::to_string(kTextVersion) + "\nprogram " + program_.name() + "(";
    for (std::uint32_t i = 0; i < program_.slot_count(); ++i) {
      if (i > 0) out_ += ", ";
      variable(VarId{i}, true);
    }
    out_ += ") ";
    block(program_.body(), 0);
    out_ += '\n';
  }

  void statement(NodeId id, std::uint32_t depth) {
    const Node& node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Let:
        out_ += "let ";
        assignment(node, true);
        break;
      case NodeKind::Store:
        assignment(node, false);
        break;
      case NodeKind::If:
        headed("if", node, depth);
        if (node.child_c().valid()) {
          out_ += " else ";
          block(node.child_c(), depth);
        }
        break;
      case NodeKind::Loop:
        headed("loop", node, depth);
        break;
      case NodeKind::While:
        headed("while", node, depth);
        break;
      case NodeKind::Break:
        out_ += "break;";
        break;
      case NodeKind::Continue:
        out_ += "continue;";
        break;
      case NodeKind::Return:
        word("return", node);
        break;
      case NodeKind::Push:
        word("push", node);
        break;
      case NodeKind::Print:
        word("print", node);
        break;
      default:
        break;  // the verifier lets no expression stand here
    }
  }

  // `binding` is the weakest operator that needs no brackets here.
  void expression(NodeId id, std::uint8_t binding) {
    const Node& node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Int:
        literal(node);
        break;
      case NodeKind::Load:
        out_ += program_.variable_name(node.variable());
        break;
      case NodeKind::Unary:
        unary(node);
        break;
      case NodeKind::Binary:
      case NodeKind::Compare:
        infix(node, binding);
        break;
      case NodeKind::Convert:
        call(op_info(node.op).name, {node.child_a()});
        break;
      case NodeKind::Select:
        call("select", {node.child_a(), node.child_b(), node.child_c()});
        break;
      default:
        break;  // the verifier lets no statement stand here
    }
  }

 private:
  void variable(VarId id, bool typed) {
    if (typed) {
      out_ += type_name(program_.variable_type(id));
      out_ += ' ';
    }
    out_ += program_.variable_name(id);
  }

  void assignment(const Node& node, bool typed) {
    variable(node.variable(), typed);
    out_ += " = ";
    expression(node.child_b(), kAnything);
    out_ += ';';
  }

  void word(std::string_view text, const Node& node) {
    out_ += text;
    if (node.child_a().valid()) {
      out_ += ' ';
      expression(node.child_a(), kAnything);
    }
    out_ += ';';
  }

  void headed(std::string_view text, const Node& node, std::uint32_t depth) {
    out_ += text;
    out_ += " (";
    expression(node.child_a(), kAnything);
    out_ += ") ";
    block(node.child_b(), depth);
  }

  void block(NodeId first, std::uint32_t depth) {
    out_ += '{';
    for (NodeId id = first; id.valid(); id = program_.node(id).next) {
      new_line(depth + 1);
      statement(id, depth + 1);
    }
    // An empty block closes where it opens, but a program always has its last line to itself.
    if (first.valid() || depth == 0) new_line(depth);
    out_ += '}';
  }

  void new_line(std::uint32_t depth) {
    if (layout_ == Layout::OneLine) {
      out_ += ' ';
    } else {
      out_ += '\n';
      out_.append(std::size_t{4} * std::min(depth, kMostIndented), ' ');
    }
  }

  void literal(const Node& node) {
    const auto value = node.type == Type::I32 ? std::int64_t{static_cast<std::int32_t>(node.a)}
                                              : static_cast<std::int64_t>(node.bits());
    char digits[24];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), value);
    out_.append(digits, end.ptr);
    if (node.type == Type::I64) out_ += 'L';
  }

  void unary(const Node& node) {
    const OpInfo& info = op_info(node.op);
    // A minus in front of a number would be part of the number.
    const bool ambiguous = node.op == Op::Neg && program_.node(node.child_a()).kind == NodeKind::Int;
    if (info.infix.empty() || ambiguous) {
      call(info.name, {node.child_a()});
    } else {
      out_ += info.infix;
      expression(node.child_a(), kOperand);
    }
  }

  void infix(const Node& node, std::uint8_t binding) {
    const OpInfo& info = op_info(node.op);
    if (info.level == 0) {
      call(info.name, {node.child_a(), node.child_b()});
      return;
    }
    const bool brackets = info.level < binding;
    if (brackets) out_ += '(';
    expression(node.child_a(), info.level);
    out_ += ' ';
    out_ += info.infix;
    out_ += ' ';
    expression(node.child_b(), static_cast<std::uint8_t>(info.level + 1));
    if (brackets) out_ += ')';
  }

  void call(std::string_view name, std::initializer_list<NodeId> operands) {
    out_ += name;
    char before = '(';
    for (const NodeId operand : operands) {
      out_ += before;
      if (before == ',') out_ += ' ';
      before = ',';
      expression(operand, kAnything);
    }
    out_ += ')';
  }

  const Program& program_;
  Layout layout_;
  std::string& out_;
};

}  // namespace

std::string print_program(const Program& program) {
  std::string text;
  Printer(program, Layout::Lines, text).print_all();
  return text;
}

std::string print_node(const Program& program, NodeId id) {
  std::string text;
  Printer printer(program, Layout::OneLine, text);
  if (is_expression(program.node(id).kind)) {
    printer.expression(id, kAnything);
  } else {
    printer.statement(id, 1);
  }
  return text;
}

}  // namespace assay::ast
