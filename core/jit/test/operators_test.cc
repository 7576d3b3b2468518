// Every operator at both types: known answers, constant operands, fused conditions, and operands and results in every
// kind of place.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/trap.h"
#include "core/jit/allocate.h"
#include "core/jit/convention_registers.h"
#include "core/jit/select.h"
#include "core/jit/test/agreement.h"

namespace assay::jit::test {
namespace {

using ast::Builder;
using ast::NodeId;
using ast::Op;
using ast::OpClass;
using ast::TrapKind;
using ast::Type;
using ast::VarId;

struct Case {
  Op op;
  Type type;
  std::uint64_t a;
  std::uint64_t b;  // 0 for one operand
  std::uint64_t expected;
  TrapKind trap;
};

// Only the table of known answers is shared with the interpreter's tests.
constexpr Case kCases[] = {
#define OPERATOR_CASE1(op, type, a, expected) {Op::op, Type::type, a, 0, expected, TrapKind::None},
#define OPERATOR_CASE2(op, type, a, b, expected) {Op::op, Type::type, a, b, expected, TrapKind::None},
#define OPERATOR_TRAP2(op, type, a, b, trap) {Op::op, Type::type, a, b, 0, TrapKind::trap},
#include "core/interp/test/operator_cases.inc"
};

bool has_two_operands(Op op) {
  const OpClass op_class = ast::op_info(op).op_class;
  return op_class == OpClass::Binary || op_class == OpClass::Compare;
}

NodeId apply_node(Builder& builder, Op op, NodeId a, NodeId b) {
  switch (ast::op_info(op).op_class) {
    case OpClass::Unary:
      return builder.unary(op, a);
    case OpClass::Convert:
      return builder.convert(op, a);
    case OpClass::Binary:
      return builder.binary(op, a, b);
    case OpClass::Compare:
      return builder.compare(op, a, b);
  }
  return NodeId::none();
}

std::string describe(Op op, Type type) {
  return std::string(ast::type_name(type)) + "." + std::string(ast::op_info(op).name);
}

// The high half of an i32 cell is not the slot's; it must survive.
std::uint64_t cell(Type type, std::uint64_t bits) { return type == Type::I32 ? bits | 0xABCDABCD00000000ULL : bits; }

enum class Shape { SlotSlot, SlotConstant, ConstantSlot, ConstantConstant };

// d = op(a, b), then the same as a condition of `if`, of `while` and of `select`.
ast::Program program_of(const Case& one, Shape shape) {
  ast::Program program;
  Builder builder(program);
  const Type result = ast::result_type(one.op, one.type);
  const VarId a = builder.slot("a", one.type);
  const VarId b = builder.slot("b", one.type);
  const VarId d = builder.slot("d", result);
  const VarId e = builder.slot("e", Type::I32);
  const auto operation = [&] {
    const bool left_constant = shape == Shape::ConstantSlot || shape == Shape::ConstantConstant;
    const bool right_constant = shape == Shape::SlotConstant || shape == Shape::ConstantConstant;
    const NodeId left = left_constant ? builder.constant(one.type, one.a) : builder.load(a);
    if (!has_two_operands(one.op)) return apply_node(builder, one.op, left, NodeId::none());
    return apply_node(builder, one.op, left, right_constant ? builder.constant(one.type, one.b) : builder.load(b));
  };
  const NodeId store = builder.store(d, operation());
  const NodeId branch = builder.if_else(operation(), builder.block({builder.push(builder.i32(1))}),
                                        builder.block({builder.push(builder.i32(2))}));
  const NodeId choice = builder.push(builder.select(operation(), builder.i64(-3), builder.i64(4)));
  const NodeId inner = builder.store(e, builder.binary(Op::Add, builder.load(e), builder.i32(1)));
  const NodeId repeat = builder.while_loop(operation(), builder.block({inner, builder.break_loop()}));
  builder.body({store, branch, choice, repeat});
  return program;
}

TEST(CompiledOperators, HaveTheKnownAnswersInEveryOperandShape) {
  Agreement agreement;
  for (const Case& one : kCases) {
    for (const Shape shape : {Shape::SlotSlot, Shape::SlotConstant, Shape::ConstantSlot, Shape::ConstantConstant}) {
      const ast::Program program = program_of(one, shape);
      const Type result = ast::result_type(one.op, one.type);
      const std::array<std::uint64_t, 4> frame = {cell(one.type, one.a), cell(one.type, one.b),
                                                  cell(result, 0x77777777U), cell(Type::I32, 5)};
      const std::string where = describe(one.op, one.type) + "(" + std::to_string(one.a) + ", " +
                                std::to_string(one.b) + "), shape " + std::to_string(static_cast<int>(shape));
      ASSERT_EQ(agreement.check_program(program, frame), "") << where;
      // The native runs agree with this outcome, and this outcome is the known answer.
      const interp::Outcome& outcome = agreement.expected();
      ASSERT_EQ(outcome.trap, one.trap) << where;
      if (one.trap == TrapKind::None) {
        ASSERT_EQ(outcome.frame[2], cell(result, one.expected)) << where;
      } else {
        ASSERT_EQ(outcome.frame[2], frame[2]) << where;
      }
    }
  }
}

constexpr std::array<std::uint64_t, 7> kEdges = {0,     1,           0x7FFFFFFF,           0x80000000U,
                                                 ~0ULL, 1ULL << 63U, 0x0123456789ABCDEFULL};

// Which variables the program makes important enough for a register.
struct Heavy {
  bool a;
  bool b;
  bool d;
};

constexpr int kFillers = 14;  // more than there are registers

// A statement on a, b and d among many variables, so that the light ones of the three live in memory.
ast::Program crowded_program(Type operand, Type result, Heavy heavy,
                             const std::function<NodeId(Builder&, VarId a, VarId b, VarId d)>& statement) {
  ast::Program program;
  Builder builder(program);
  const VarId a = builder.slot("a", operand);
  const VarId b = builder.slot("b", operand);
  const VarId d = builder.slot("d", result);
  std::vector<NodeId> statements;
  for (int i = 0; i < kFillers; ++i) builder.slot("f" + std::to_string(i), Type::I64);
  const auto use = [&](VarId variable, int times) {
    for (int i = 0; i < times; ++i) statements.push_back(builder.store(variable, builder.load(variable)));
  };
  use(a, heavy.a ? 20 : 0);
  use(b, heavy.b ? 20 : 0);
  use(d, heavy.d ? 20 : 0);
  for (std::uint32_t i = 0; i < kFillers; ++i) use(VarId{3 + i}, 10);
  statements.push_back(statement(builder, a, b, d));
  program.set_body(builder.block(statements));
  return program;
}

TEST(CompiledOperators, TakeOperandsAndResultsInRegistersAndInMemoryAlike) {
  Agreement agreement;
  enum class Form { DAB, AAB, BAB, AAA, DAA };
  for (std::size_t number = 0; number < ast::kOpCount; ++number) {
    const auto op = static_cast<Op>(number);
    for (const Type type : {Type::I32, Type::I64}) {
      if (!ast::accepts(op, type)) continue;
      const Type result = ast::result_type(op, type);
      for (const Form form : {Form::DAB, Form::AAB, Form::BAB, Form::AAA, Form::DAA}) {
        if (result != type && form != Form::DAB && form != Form::DAA) continue;
        if (!has_two_operands(op) && form != Form::DAB && form != Form::AAB) continue;
        for (int heavy = 0; heavy < 8; ++heavy) {
          const ast::Program program =
              crowded_program(type, result, {(heavy & 1) != 0, (heavy & 2) != 0, (heavy & 4) != 0},
                              [&](Builder& builder, VarId a, VarId b, VarId d) {
                                const VarId right = form == Form::AAA || form == Form::DAA ? a : b;
                                const VarId to = form == Form::AAB || form == Form::AAA ? a : form == Form::BAB ? b : d;
                                const NodeId left = builder.load(a);
                                const NodeId other = has_two_operands(op) ? builder.load(right) : NodeId::none();
                                return builder.store(to, apply_node(builder, op, left, other));
                              });
          agreement.prepare(program);
          std::vector<std::uint64_t> frame(program.slot_count(), 0x5555555555555555ULL);
          for (const std::uint64_t a : kEdges) {
            for (const std::uint64_t b : kEdges) {
              frame[0] = a;
              frame[1] = b;
              ASSERT_EQ(agreement.check(frame), "") << describe(op, type) << ", form " << static_cast<int>(form)
                                                    << ", heavy " << heavy << ", a " << a << ", b " << b;
            }
          }
        }
      }
    }
  }
}

// The test above is worth nothing if the variables it calls light are in registers after all.
TEST(CompiledOperators, AreTestedWithOperandsReallyInMemory) {
  for (int heavy = 0; heavy < 8; ++heavy) {
    const ast::Program program =
        crowded_program(Type::I32, Type::I32, {(heavy & 1) != 0, (heavy & 2) != 0, (heavy & 4) != 0},
                        [](Builder& builder, VarId a, VarId b, VarId d) {
                          return builder.store(d, builder.binary(Op::Add, builder.load(a), builder.load(b)));
                        });
    Selector selector;
    LirProgram lir;
    Allocator allocator;
    Allocation allocation;
    selector.select(program, lir);
    allocator.allocate(lir, convention_registers(Convention::SystemV).allocatable, allocation);
    for (std::size_t i = 0; i < lir.vregs.size(); ++i) {
      const std::int32_t slot = lir.vregs[i].slot;
      if (slot < 0 || slot > 2) continue;
      const bool is_heavy = (heavy >> slot & 1) != 0;
      EXPECT_EQ(allocation.locations[i].place, is_heavy ? Place::Register : Place::Frame) << "slot " << slot;
    }
  }
}

TEST(CompiledOperators, FuseScaledSumsAndMaskedComplements) {
  Agreement agreement;
  for (const Type type : {Type::I32, Type::I64}) {
    for (int heavy = 0; heavy < 8; ++heavy) {
      for (std::uint64_t amount = 0; amount <= 9; ++amount) {
        for (const Op scaling : {Op::Shl, Op::Mul, Op::Not}) {
          const ast::Program program = crowded_program(
              type, type, {(heavy & 1) != 0, (heavy & 2) != 0, (heavy & 4) != 0},
              [&](Builder& builder, VarId a, VarId b, VarId d) {
                const NodeId left = builder.load(a);
                if (scaling == Op::Not)
                  return builder.store(d, builder.binary(Op::And, left, builder.unary(Op::Not, builder.load(b))));
                const NodeId scaled = builder.binary(scaling, builder.load(b), builder.constant(type, amount));
                return builder.store(d, builder.binary(Op::Add, left, scaled));
              });
          agreement.prepare(program);
          std::vector<std::uint64_t> frame(program.slot_count(), 0x5555555555555555ULL);
          for (const std::uint64_t a : kEdges) {
            for (const std::uint64_t b : kEdges) {
              frame[0] = a;
              frame[1] = b;
              ASSERT_EQ(agreement.check(frame), "") << ast::type_name(type) << ", heavy " << heavy << ", by " << amount;
            }
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace assay::jit::test
