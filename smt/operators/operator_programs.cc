// Building the shapes; see operator_programs.h. Tested by smt/operators/test/operator_programs_test.cc.
#include "smt/operators/operator_programs.h"

#include <array>
#include <cstdio>
#include <functional>

#include "core/ast/builder.h"

namespace assay::smt {
namespace {

using ast::Builder;
using ast::NodeId;
using ast::Op;
using ast::OpClass;
using ast::Type;
using ast::VarId;

// Around the limits of 8-bit and 32-bit immediates, scales of addresses, shift counts, and the ends of both types.
constexpr std::array<std::uint64_t, 24> kConstants = {0,
                                                      1,
                                                      2,
                                                      3,
                                                      4,
                                                      5,
                                                      8,
                                                      9,
                                                      31,
                                                      32,
                                                      63,
                                                      64,
                                                      127,
                                                      128,
                                                      ~0ULL,
                                                      ~0ULL - 1,
                                                      ~0ULL - 127,
                                                      ~0ULL - 128,
                                                      0x7FFF'FFFF,
                                                      0x8000'0000,
                                                      0xFFFF'FFFF,
                                                      0xFFFF'FFFF'8000'0000,
                                                      0x7FFF'FFFF'FFFF'FFFF,
                                                      0x8000'0000'0000'0000};

constexpr std::uint32_t kFillers = 14;  // more than there are registers
constexpr int kUses = 10;               // of each, which makes them worth more than the operands

NodeId apply(Builder& build, Op op, NodeId left, NodeId right) {
  switch (ast::op_info(op).op_class) {
    case OpClass::Unary:
      return build.unary(op, left);
    case OpClass::Convert:
      return build.convert(op, left);
    case OpClass::Binary:
      return build.binary(op, left, right);
    case OpClass::Compare:
      return build.compare(op, left, right);
  }
  return NodeId::none();
}

class Shapes {
 public:
  Shapes(Op op, Type type) : op_(op), type_(type), result_(ast::result_type(op, type)) {}

  std::vector<OperatorProgram> all() {
    const bool two = has_two_operands(op_);
    const bool onto_itself = type_ == result_;
    for (const bool in_memory : {false, true}) {
      const std::string where = in_memory ? ", in memory" : "";
      stored("d = a op b" + where, in_memory, [&](Names n) { return Use{n.d, n.a, n.b}; });
      if (two) stored("d = a op a" + where, in_memory, [&](Names n) { return Use{n.d, n.a, n.a}; });
      if (!onto_itself) continue;
      stored("a = a op b" + where, in_memory, [&](Names n) { return Use{n.a, n.a, n.b}; });
      if (two) stored("b = a op b" + where, in_memory, [&](Names n) { return Use{n.b, n.a, n.b}; });
    }
    condition();
    if (!two) return std::move(programs_);
    for (const std::uint64_t constant : kConstants) {
      // Constants of i32 that are one number after their high half is dropped.
      if (type_ == Type::I32 && constant > 0xFFFF'FFFFULL) continue;
      with_constant(constant, false, false);
      with_constant(constant, true, false);
    }
    for (const std::uint64_t constant : {std::uint64_t{1}, std::uint64_t{0x7FFF'FFFF}, ~std::uint64_t{0}}) {
      with_constant(constant, false, true);
    }
    return std::move(programs_);
  }

 private:
  struct Names {
    VarId a, b, d;
  };
  struct Use {
    VarId to, left, right;
  };

  // A new program with its slots, and enough other work to keep these in memory if that is asked.
  Names start(const std::string& shape, bool in_memory) {
    programs_.push_back({shape, {}});
    ast::Program& program = programs_.back().program;
    program.set_name(std::string(ast::op_info(op_).name));
    Builder build(program);
    const Names names = {build.slot("a", type_), build.slot("b", type_), build.slot("d", result_)};
    statements_.clear();
    if (!in_memory) return names;
    for (std::uint32_t i = 0; i < kFillers; ++i) {
      const VarId filler = build.slot("f" + std::to_string(i), Type::I64);
      for (int use = 0; use < kUses; ++use) statements_.push_back(build.store(filler, build.load(filler)));
    }
    return names;
  }
  void finish() {
    ast::Program& program = programs_.back().program;
    program.set_body(Builder(program).block(statements_));
  }

  void stored(const std::string& shape, bool in_memory, const std::function<Use(Names)>& choose) {
    const Use use = choose(start(shape, in_memory));
    Builder build(programs_.back().program);
    const NodeId left = build.load(use.left);
    const NodeId right = has_two_operands(op_) ? build.load(use.right) : NodeId::none();
    statements_.push_back(build.store(use.to, apply(build, op_, left, right)));
    finish();
  }

  void with_constant(std::uint64_t constant, bool on_the_left, bool in_memory) {
    char digits[24];
    std::snprintf(digits, sizeof digits, "0x%llx", static_cast<unsigned long long>(constant));
    const std::string where = in_memory ? ", in memory" : "";
    const Names names =
        start(std::string(on_the_left ? "d = c op b, c = " : "d = a op c, c = ") + digits + where, in_memory);
    Builder build(programs_.back().program);
    const NodeId number = build.constant(type_, constant);
    const NodeId variable = build.load(on_the_left ? names.b : names.a);
    const NodeId value = on_the_left ? apply(build, op_, number, variable) : apply(build, op_, variable, number);
    statements_.push_back(build.store(names.d, value));
    finish();
  }

  void condition() {
    const Names names = start("if (a op b)", false);
    Builder build(programs_.back().program);
    const NodeId left = build.load(names.a);
    const NodeId right = has_two_operands(op_) ? build.load(names.b) : NodeId::none();
    const NodeId asked = apply(build, op_, left, right);
    const NodeId yes = build.store(names.d, build.constant(result_, 1));
    const NodeId no = build.store(names.d, build.constant(result_, 2));
    statements_.push_back(build.if_else(asked, build.block({yes}), build.block({no})));
    finish();
  }

  Op op_;
  Type type_;
  Type result_;
  std::vector<OperatorProgram> programs_;
  std::vector<NodeId> statements_;
};

}  // namespace

bool has_two_operands(Op op) {
  const OpClass op_class = ast::op_info(op).op_class;
  return op_class == OpClass::Binary || op_class == OpClass::Compare;
}

std::vector<OperatorProgram> operator_programs(Op op, Type type) { return Shapes(op, type).all(); }

}  // namespace assay::smt
