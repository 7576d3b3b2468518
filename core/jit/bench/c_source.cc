// Printing programs as C; see c_source.h. Tested by core/jit/test/c_source_test.cc.
#include "core/jit/bench/c_source.h"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ast/verify.h"

namespace assay::jit::bench {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Op;
using ast::OpClass;
using ast::Type;

std::string_view c_type(Type type) { return type == Type::I32 ? "uint32_t" : "uint64_t"; }
std::string_view c_signed(Type type) { return type == Type::I32 ? "int32_t" : "int64_t"; }

// Comparisons whose spelling in C is the language's own, because they do not ask for a sign or are unsigned.
std::string_view unsigned_infix(Op op) {
  switch (op) {
    case Op::Eq:
      return "==";
    case Op::Ne:
      return "!=";
    case Op::LtU:
      return "<";
    case Op::GtU:
      return ">";
    case Op::LeU:
      return "<=";
    case Op::GeU:
      return ">=";
    default:
      return {};
  }
}

// Expressions without a trap become one C expression. A division that may trap is computed into a constant of its own
// first, behind its check, at its place in the order of evaluation; what stands to its left has no effect and may come
// later.
class CPrinter {
 public:
  explicit CPrinter(const ast::Program& program) : program_(program), stored_(program.variable_count(), false) {
    for (std::uint32_t i = 0; i < program.node_count(); ++i) {
      const Node& node = program.node(NodeId{i});
      if (node.kind == NodeKind::Store) stored_[node.variable().value] = true;
    }
  }

  std::string print_all() {
    block(program_.body(), 1);
    const std::string body = std::move(out_);
    out_ = "#include \"core/jit/bench/c_operators.h\"\n\nint64_t KERNEL(" + program_.name() +
           ")(uint64_t* frame, uint64_t* stack, uint64_t stack_index);\n\nint64_t KERNEL(" + program_.name() +
           ")(uint64_t* frame, uint64_t* stack, uint64_t stack_index) {\n";
    line(1, "(void)stack;");
    if (leaves_) line(1, "int trap = 0;");
    for (std::uint32_t i = 0; i < program_.slot_count(); ++i) {
      const ast::VarId slot{i};
      const Type type = program_.variable_type(slot);
      line(1, std::string(c_type(type)) + " " + variable(slot) + " = load_" + std::string(ast::type_name(type)) +
                  "(frame + " + std::to_string(i) + ");");
      line(1, "(void)" + variable(slot) + ";");
    }
    out_ += body;
    if (leaves_) out_ += "leave:\n";
    for (std::uint32_t i = 0; i < program_.slot_count(); ++i) {
      if (!stored_[i]) continue;
      const ast::VarId slot{i};
      line(1, "store_" + std::string(ast::type_name(program_.variable_type(slot))) + "(frame + " + std::to_string(i) +
                  ", " + variable(slot) + ");");
    }
    line(1, leaves_ ? "return trap != 0 ? -(int64_t)trap : (int64_t)stack_index;" : "return (int64_t)stack_index;");
    out_ += "}\n";
    return std::move(out_);
  }

 private:
  void line(std::uint32_t depth, std::string_view text) {
    out_.append(std::size_t{2} * depth, ' ');
    out_ += text;
    out_ += '\n';
  }

  // No word of C and no name of this file ends in an underscore and a number.
  std::string variable(ast::VarId id) const {
    return std::string(program_.variable_name(id)) + "_" + std::to_string(id.value);
  }

  void block(NodeId first, std::uint32_t depth) {
    for (NodeId id = first; id.valid(); id = program_.node(id).next) statement(id, depth);
  }

  void braced(std::string_view head, NodeId first, std::uint32_t depth) {
    line(depth, std::string(head) + " {");
    block(first, depth + 1);
    line(depth, "}");
  }

  void statement(NodeId id, std::uint32_t depth) {
    const Node& node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Let: {
        const std::string value = expression(node.child_b(), depth);
        line(depth, std::string(c_type(program_.variable_type(node.variable()))) + " " + variable(node.variable()) +
                        " = " + value + ";");
        line(depth, "(void)" + variable(node.variable()) + ";");
        break;
      }
      case NodeKind::Store: {
        const std::string value = expression(node.child_b(), depth);
        line(depth, variable(node.variable()) + " = " + value + ";");
        break;
      }
      case NodeKind::If:
        braced("if (" + condition(node.child_a(), depth) + ")", node.child_b(), depth);
        if (node.child_c().valid()) braced("else", node.child_c(), depth);
        break;
      case NodeKind::Loop:
        counted_loop(node, depth);
        break;
      case NodeKind::While:
        while_loop(node, depth);
        break;
      case NodeKind::Break:
        line(depth, "break;");
        break;
      case NodeKind::Continue:
        line(depth, "continue;");
        break;
      case NodeKind::Return:
        if (node.child_a().valid()) push(node.child_a(), depth);
        leave(depth);
        break;
      case NodeKind::Push:
        push(node.child_a(), depth);
        break;
      default:
        break;  // no print: c_source() refused it; no expression: the verifier did
    }
  }

  void push(NodeId value, std::uint32_t depth) {
    const std::string text = expression(value, depth);
    line(depth, "stack[stack_index++] = " + text + ";");
  }

  void leave(std::uint32_t depth) {
    leaves_ = true;
    line(depth, "goto leave;");
  }

  void counted_loop(const Node& node, std::uint32_t depth) {
    const std::string count = expression(node.child_a(), depth);
    const std::string type(c_type(program_.node(node.child_a()).type));
    const std::string number = std::to_string(names_++);
    line(depth, "const " + type + " trips_" + number + "_ = " + count + ";");
    braced("for (" + type + " trip_" + number + "_ = 0; trip_" + number + "_ < trips_" + number + "_; ++trip_" +
               number + "_)",
           node.child_b(), depth);
  }

  void while_loop(const Node& node, std::uint32_t depth) {
    // The condition's divisions, if any, belong into the loop: print it once to see.
    const std::size_t mark = out_.size();
    const std::string tested = condition(node.child_a(), depth + 1);
    if (out_.size() == mark) {
      braced("while (" + tested + ")", node.child_b(), depth);
      return;
    }
    const std::string before = out_.substr(mark);
    out_.resize(mark);
    line(depth, "for (;;) {");
    out_ += before;
    line(depth + 1, "if (!(" + tested + ")) break;");
    block(node.child_b(), depth + 1);
    line(depth, "}");
  }

  // As C's own truth value.
  std::string condition(NodeId id, std::uint32_t depth) {
    const Node& node = program_.node(id);
    if (node.kind == NodeKind::Compare) return comparison(node, depth);
    if (node.kind == NodeKind::Unary && node.op == Op::Eqz) return expression(node.child_a(), depth) + " == 0";
    return expression(id, depth) + " != 0";
  }

  std::string comparison(const Node& node, std::uint32_t depth) {
    const std::string a = expression(node.child_a(), depth);
    const std::string b = expression(node.child_b(), depth);
    const std::string_view infix = unsigned_infix(node.op);
    if (!infix.empty()) return a + " " + std::string(infix) + " " + b;
    const std::string cast = "(" + std::string(c_signed(program_.node(node.child_a()).type)) + ")";
    return cast + a + " " + std::string(ast::op_info(node.op).infix) + " " + cast + b;
  }

  // Something that binds at least as tightly as a cast.
  std::string expression(NodeId id, std::uint32_t depth) {
    const Node& node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Int:
        return (node.type == Type::I32 ? "UINT32_C(" : "UINT64_C(") + std::to_string(node.bits()) + ")";
      case NodeKind::Load:
        return variable(node.variable());
      case NodeKind::Unary:
        return unary(node, depth);
      case NodeKind::Binary:
        return binary(node, depth);
      case NodeKind::Compare:
        return "(uint32_t)(" + comparison(node, depth) + ")";
      case NodeKind::Convert:
        return conversion(node, depth);
      case NodeKind::Select: {
        const std::string tested = condition(node.child_a(), depth);
        const std::string if_true = expression(node.child_b(), depth);
        const std::string if_false = expression(node.child_c(), depth);
        return "(" + tested + " ? " + if_true + " : " + if_false + ")";
      }
      default:
        return {};  // the verifier lets no statement stand here
    }
  }

  std::string call(const Node& node, Type type, const std::string& arguments) const {
    return std::string(ast::op_info(node.op).name) + "_" + std::string(ast::type_name(type)) + "(" + arguments + ")";
  }

  std::string unary(const Node& node, std::uint32_t depth) {
    const std::string a = expression(node.child_a(), depth);
    if (node.op == Op::Neg) return "(0 - " + a + ")";
    if (node.op == Op::Not) return "(~" + a + ")";
    if (node.op == Op::Eqz) return "(uint32_t)(" + a + " == 0)";
    return call(node, node.type, a);
  }

  std::string binary(const Node& node, std::uint32_t depth) {
    const std::string a = expression(node.child_a(), depth);
    const std::string b = expression(node.child_b(), depth);
    const ast::OpInfo& info = ast::op_info(node.op);
    if (info.traps && !divides_safely(node)) return division(node, a, b, depth);
    const bool shift = node.op == Op::Shl || node.op == Op::ShrS || node.op == Op::ShrU;
    if (shift || info.traps || info.level == 0) return call(node, node.type, a + ", " + b);
    return "(" + a + " " + std::string(info.infix) + " " + b + ")";
  }

  // Whether the divisor is a constant with which nothing traps.
  bool divides_safely(const Node& node) const {
    const Node& divisor = program_.node(node.child_b());
    if (divisor.kind != NodeKind::Int || divisor.bits() == 0) return false;
    const bool minus_one = divisor.a == 0xFFFFFFFFU && (node.type == Type::I32 || divisor.b == 0xFFFFFFFFU);
    return node.op != Op::DivS || !minus_one;
  }

  std::string division(const Node& node, const std::string& a, const std::string& b, std::uint32_t depth) {
    const std::string name = "quotient_" + std::to_string(names_++) + "_";
    const std::string type(ast::type_name(node.type));
    line(depth, "trap = " + std::string(ast::op_info(node.op).name) + "_trap_" + type + "(" + a + ", " + b + ");");
    line(depth, "if (trap != 0)");
    leave(depth + 1);
    line(depth,
         "const " + std::string(c_type(node.type)) + " " + name + " = " + call(node, node.type, a + ", " + b) + ";");
    return name;
  }

  std::string conversion(const Node& node, std::uint32_t depth) {
    const std::string a = expression(node.child_a(), depth);
    if (node.op == Op::Wrap) return "(uint32_t)" + a;
    if (node.op == Op::ExtendU) return "(uint64_t)" + a;
    return call(node, program_.node(node.child_a()).type, a);
  }

  const ast::Program& program_;
  std::vector<bool> stored_;
  std::string out_;
  std::uint32_t names_ = 0;
  bool leaves_ = false;
};

}  // namespace

base::Result<std::string> c_source(const ast::Program& program) {
  if (!ast::is_pure_scalar(program, program.body())) {
    return base::input_error("the program prints, which has no place in the calling convention of compiled blocks");
  }
  return CPrinter(program).print_all();
}

}  // namespace assay::jit::bench
