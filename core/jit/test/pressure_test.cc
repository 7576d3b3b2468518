// More values than registers: deep expressions, many variables, large programs.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/limits.h"
#include "core/base/rng.h"
#include "core/jit/test/agreement.h"

namespace assay::jit::test {
namespace {

using ast::Builder;
using ast::NodeId;
using ast::Op;
using ast::Type;
using ast::VarId;

std::vector<std::uint64_t> frame_of(const ast::Program& program) {
  std::vector<std::uint64_t> frame(program.slot_count());
  base::Rng rng(7);
  for (std::uint64_t& cell : frame) cell = rng.next();
  return frame;
}

// ((c - k0) op ((c - k1) op (...))): the left operands are all alive at the innermost.
NodeId right_leaning(Builder& builder, Op op, VarId c, int depth) {
  NodeId node = builder.load(c);
  for (int i = 0; i < depth; ++i) {
    const NodeId left =
        builder.binary(Op::Sub, builder.load(c), builder.constant(Type::I64, static_cast<std::uint64_t>(i) * 77));
    node = builder.binary(op, left, node);
  }
  return node;
}

TEST(CompiledUnderPressure, RightLeaningExpressionsOfAnyDepth) {
  Agreement agreement;
  for (const Op op : {Op::Sub, Op::Mul, Op::Shl, Op::Rotr, Op::ShrS, Op::DivU, Op::Add}) {
    for (int depth = 1; depth <= 100; ++depth) {
      ast::Program program;
      Builder builder(program);
      const VarId c = builder.slot("c", Type::I64);
      const VarId d = builder.slot("d", Type::I64);
      builder.body({builder.store(d, right_leaning(builder, op, c, depth)), builder.push(builder.load(d))});
      ASSERT_EQ(agreement.check_program(program, frame_of(program)), "")
          << ast::op_info(op).name << ", depth " << depth;
    }
  }
}

TEST(CompiledUnderPressure, AsDeepAsTheLanguageAllows) {
  Agreement agreement;
  ast::Program program;
  Builder builder(program);
  const VarId c = builder.slot("c", Type::I64);
  NodeId body = builder.block({builder.store(c, right_leaning(builder, Op::Sub, c, 100))});
  for (std::uint32_t i = 0; i + 104 < ast::kMaxDepth; ++i) {
    body = i % 2 == 0 ? builder.if_else(builder.load(c), body) : builder.loop(builder.i32(1), body);
  }
  program.set_body(body);
  EXPECT_EQ(agreement.check_program(program, frame_of(program)), "");
}

// Each is read once, by the next: comparisons are selected where they are read, but not one within the other.
TEST(CompiledUnderPressure, AChainOfComparisonsAsLongAsTheLanguageAllows) {
  Agreement agreement(std::size_t{64} << 20U);
  ast::Program program;
  Builder builder(program);
  const VarId a = builder.slot("a", Type::I32);
  const VarId b = builder.slot("b", Type::I32);
  std::vector<NodeId> statements;
  VarId last = a;
  for (std::uint32_t i = 0; i + 10 < ast::kMaxVariables; ++i) {
    const VarId next = program.add_local("c" + std::to_string(i), Type::I32);
    statements.push_back(builder.let(next, builder.compare(Op::Eq, builder.load(last), builder.load(b))));
    last = next;
  }
  statements.push_back(builder.store(a, builder.load(last)));
  program.set_body(builder.block(statements));
  EXPECT_EQ(agreement.check_program(program, frame_of(program)), "");
}

// Every local is set, then all are used in another order, in a loop.
TEST(CompiledUnderPressure, HundredsOfVariablesAliveAtOnce) {
  Agreement agreement;
  for (const int count : {1, 9, 10, 11, 12, 16, 17, 33, 150, 1500}) {
    ast::Program program;
    Builder builder(program);
    const VarId c = builder.slot("c", Type::I64);
    const VarId d = builder.slot("d", Type::I32);
    std::vector<NodeId> statements;
    std::vector<VarId> locals;
    for (int i = 0; i < count; ++i) {
      const Type type = i % 3 == 0 ? Type::I32 : Type::I64;
      NodeId value =
          builder.binary(Op::Mul, builder.load(c), builder.constant(Type::I64, static_cast<std::uint64_t>(i) * 2 + 1));
      if (type == Type::I32) value = builder.convert(Op::Wrap, value);
      locals.push_back(builder.local("l" + std::to_string(i), type));
      statements.push_back(builder.let(locals.back(), value));
    }
    std::vector<NodeId> inside;
    for (std::size_t i = 0; i < locals.size(); ++i) {
      const VarId one = locals[(i * 7 + 3) % locals.size()];
      const bool narrow = program.variable_type(one) == Type::I32;
      const NodeId wide =
          narrow ? builder.convert(i % 2 == 0 ? Op::ExtendU : Op::ExtendS, builder.load(one)) : builder.load(one);
      inside.push_back(
          builder.store(c, builder.binary(Op::Xor, builder.binary(Op::Rotl, builder.load(c), builder.i64(1)), wide)));
      const NodeId next = narrow ? builder.binary(Op::Add, builder.load(one), builder.load(d))
                                 : builder.binary(Op::Sub, builder.load(c), builder.load(one));
      inside.push_back(builder.store(one, next));
    }
    statements.push_back(builder.loop(builder.i32(3), builder.block(inside)));
    statements.push_back(builder.push(builder.load(c)));
    program.set_body(builder.block(statements));
    ASSERT_EQ(agreement.check_program(program, frame_of(program)), "") << count << " locals";
  }
}

TEST(CompiledUnderPressure, AFrameOfTheLargestSize) {
  Agreement agreement;
  ast::Program program;
  Builder builder(program);
  std::vector<NodeId> statements;
  for (std::uint32_t i = 0; i < ast::kMaxSlots; ++i)
    builder.slot("s" + std::to_string(i), i % 2 == 0 ? Type::I32 : Type::I64);
  for (std::uint32_t i = 2; i < ast::kMaxSlots; ++i) {
    const VarId to{i};
    const NodeId other = builder.load(VarId{i - 2});
    statements.push_back(builder.store(to, builder.binary(Op::Add, builder.load(to), other)));
  }
  program.set_body(builder.block(statements));
  EXPECT_EQ(agreement.check_program(program, frame_of(program)), "");
}

TEST(CompiledUnderPressure, SpilledTemporariesShareTheirSlots) {
  Agreement agreement;
  ast::Program program;
  Builder builder(program);
  const VarId c = builder.slot("c", Type::I64);
  std::vector<NodeId> statements;
  for (int i = 0; i < 200; ++i) statements.push_back(builder.store(c, right_leaning(builder, Op::Sub, c, 40)));
  program.set_body(builder.block(statements));
  ASSERT_EQ(agreement.check_program(program, frame_of(program)), "");
  EXPECT_LE(agreement.block().machine_stack_bytes, 8U * 42) << "one expression's worth, not two hundred";
}

// 100,000 nodes and 4,000 variables. What is not near linear would make this test take minutes.
TEST(CompiledUnderPressure, LargeProgramsCompile) {
  ast::Program program;
  Builder builder(program);
  const VarId c = builder.slot("c", Type::I64);
  std::vector<NodeId> statements;
  std::vector<VarId> locals;
  for (int i = 0; i < 4000; ++i) {
    const NodeId value = builder.binary(Op::Add, builder.load(c), builder.i64(i));
    locals.push_back(builder.local("l" + std::to_string(i), Type::I64));
    statements.push_back(builder.let(locals.back(), value));
  }
  while (program.node_count() < 100000) {
    const VarId one = locals[program.node_count() % locals.size()];
    statements.push_back(builder.store(one, builder.binary(Op::Mul, builder.load(one), builder.load(c))));
    statements.push_back(builder.store(c, builder.binary(Op::Xor, builder.load(c), builder.load(one))));
  }
  program.set_body(builder.block(statements));
  Agreement agreement(std::size_t{16} << 20U);
  EXPECT_EQ(agreement.check_program(program, frame_of(program)), "");
}

}  // namespace
}  // namespace assay::jit::test
