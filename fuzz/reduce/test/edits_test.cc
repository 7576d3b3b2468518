// Each kind of edit, by a predicate that only that kind can bring to its least program; see fuzz/reduce/edits.h.
#include "fuzz/reduce/edits.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "core/ast/verify.h"
#include "core/interp/interpreter.h"
#include "fuzz/reduce/test/support.h"
#include "fuzz/reduce/tree.h"

namespace assay::fuzz {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Op;
using ast::Program;
using support::any_node;
using support::each;
using support::finding_of;
using support::has_kind;
using support::has_op;
using support::text_of;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

// The least finding for which the condition holds.
Finding least(std::string_view text, std::function<bool(const Finding&)> holds) {
  Reduction reduction = reduce(finding_of(text), each(std::move(holds)));
  EXPECT_EQ(reduction.end, ReductionEnd::Complete);
  EXPECT_TRUE(ast::verify(reduction.finding.program));
  return std::move(reduction.finding);
}

std::function<bool(const Finding&)> with_op(Op op) {
  return [op](const Finding& finding) { return has_op(finding.program, op); };
}

TEST(StatementEdits, DeleteWhatIsNotNeeded) {
  const Finding result =
      least("program p(i32 a, i32 b) { a = 1; b = 2; a = a + b; if (a) { b = 3; a = a / b; a = 5; } b = 4; a = 0; }",
            with_op(Op::DivS));
  EXPECT_EQ(text_of(result.program), "program p(i32 a) {\n    a = 0 / 0;\n}\n");
}

TEST(StatementEdits, ALocalThatIsGoneReadsAsZero) {
  const Finding result = least("program p(i32 a) { let i32 t = a * 7; t = t + 1; a = clz(t); }", with_op(Op::Clz));
  EXPECT_EQ(text_of(result.program), "program p(i32 a) {\n    a = clz(0);\n}\n");
}

TEST(BlockEdits, ReplaceWhatHoldsABlockByTheBlock) {
  const Finding result = least(
      "program p(i32 a) { while (a) { if (a > 3) { a = 1; } else { loop (a) { a = rotl(a, 3); break; } } continue; } }",
      with_op(Op::Rotl));
  EXPECT_EQ(text_of(result.program), "program p(i32 a) {\n    a = rotl(0, 0);\n}\n");
}

TEST(BlockEdits, KeepALoopWithinALoop) {
  const auto nested = [](const Finding& finding) {
    const Program& program = finding.program;
    return any_node(program, [&program](const Node& node) {
      if (node.kind != NodeKind::Loop && node.kind != NodeKind::While) return false;
      for (NodeId id = node.child_b(); id.valid(); id = program.node(id).next) {
        if (program.node(id).kind == NodeKind::Loop || program.node(id).kind == NodeKind::While) return true;
      }
      return false;
    });
  };
  const Finding result = least(
      "program p(i32 a, i32 n) { a = 0; while (a < n) { a = a + 1; loop (n & 7) { a = a + 2; } } n = a; }", nested);
  EXPECT_EQ(result.program.node_count(), 4U);
  EXPECT_EQ(result.program.variable_count(), 0U);
}

TEST(BlockEdits, ShortenTripCounts) {
  const Finding result = least("program p(i32 n) { loop (n + 100) { n = 1; } }", [](const Finding& finding) {
    const Program& program = finding.program;
    return any_node(program, [&program](const Node& node) {
      if (node.kind != NodeKind::Loop) return false;
      const Node& count = program.node(node.child_a());
      return count.kind != NodeKind::Int || (count.bits() >= 3 && count.bits() < 1000);
    });
  });
  EXPECT_EQ(text_of(result.program), "program p() {\n    loop (3) {}\n}\n");
}

TEST(BlockEdits, TurnAWhileIntoALoopWithACount) {
  const Finding result =
      least("program p(i32 a, i32 b) { while (a * b < 9) { a = a + 1; b = ctz(b); } }", [](const Finding& finding) {
        return has_kind(finding.program, NodeKind::Loop) || has_op(finding.program, Op::Mul);
      });
  EXPECT_EQ(text_of(result.program), "program p() {\n    loop (0) {}\n}\n");
}

TEST(BlockEdits, JoinBothBranchesOfAnIf) {
  const Finding result = least(
      "program p(i32 a) { if (a) { a = clz(a); } else { a = ctz(a); } }",
      [](const Finding& finding) { return has_op(finding.program, Op::Clz) && has_op(finding.program, Op::Ctz); });
  EXPECT_FALSE(has_kind(result.program, NodeKind::If));
}

TEST(BlockEdits, SpareAReturnItsValue) {
  const Finding result = least("program p(i32 a) { return a + 1; }",
                               [](const Finding& finding) { return has_kind(finding.program, NodeKind::Return); });
  EXPECT_EQ(text_of(result.program), "program p() {\n    return;\n}\n");
}

TEST(ExpressionEdits, ReplaceAnExpressionByAnOperandOfItsType) {
  const Finding result = least("program p(i64 a, i32 b) { a = extend_s(b / 3) * (a + 1) - a; }", with_op(Op::DivS));
  EXPECT_EQ(result.program.node_count(), 4U);
}

TEST(ExpressionEdits, ReplaceAnExpressionByALoad) {
  const auto stores_a_load = [](const Finding& finding) {
    const Program& program = finding.program;
    return any_node(program, [&program](const Node& node) {
      if (node.kind != NodeKind::Store) return false;
      const NodeKind kind = program.node(node.child_b()).kind;
      return kind == NodeKind::Load || kind == NodeKind::Binary;
    });
  };
  const Finding result = least("program p(i32 a) { a = 1 + 2; }", stores_a_load);
  EXPECT_EQ(text_of(result.program), "program p(i32 a) {\n    a = a;\n}\n");
}

TEST(ExpressionEdits, ReplaceALoadByWhatTheSlotHolds) {
  const Finding result = least("// input: 0x2a\nprogram p(i32 a) { return a; }", [](const Finding& finding) {
    return any_node(finding.program, [&finding](const Node& node) {
      return (node.kind == NodeKind::Load && finding.inputs[0][0] == 42) ||
             (node.kind == NodeKind::Int && node.bits() == 42);
    });
  });
  EXPECT_EQ(text_of(result.program), "program p() {\n    return 42;\n}\n");
}

TEST(VariableEdits, RemoveSlotsWithTheirCells) {
  const Finding result = least(
      "// input: 0x1 0x2 0x3\nprogram p(i32 a, i32 b, i32 c) { a = 1; b = b + c; c = a; }", [](const Finding& finding) {
        const oracles::Frame& cells = finding.inputs[0];
        return cells.size() == finding.program.slot_count() && std::find(cells.begin(), cells.end(), 2U) != cells.end();
      });
  EXPECT_EQ(text_of(result.program), "program p(i32 b) {\n}\n");
}

TEST(VariableEdits, MergeVariablesOfOneType) {
  // Two stores of constants: the slots are needed until they are one.
  const Finding result = least("program p(i32 a, i32 b) { a = 5; b = 6; }", [](const Finding& finding) {
    int stores = 0;
    for (std::uint32_t i = 0; i < finding.program.node_count(); ++i) {
      if (finding.program.node(NodeId{i}).kind == NodeKind::Store) ++stores;
    }
    return stores == 2;
  });
  EXPECT_EQ(text_of(result.program), "program p(i32 a) {\n    a = 0;\n    a = 0;\n}\n");
}

TEST(VariableEdits, TurnALocalIntoASlot) {
  const Finding result = least("program p(i32 a) { let i32 t = 1; t = t + 2; }", [](const Finding& finding) {
    return has_op(finding.program, Op::Add) && finding.program.slot_count() > 0;
  });
  EXPECT_EQ(result.program.variable_count(), 1U);
}

TEST(VariableEdits, ForwardAValueToItsUse) {
  // A sum of a product: in one expression once the product is where it is used.
  const Finding result = least("program p(i32 a, i32 b) { let i32 t = a * b; a = t + 1; }", [](const Finding& finding) {
    return has_op(finding.program, Op::Add) && has_op(finding.program, Op::Mul);
  });
  EXPECT_EQ(result.program.node_count(), 6U);
}

TEST(VariableEdits, TurnAStoreIntoTheLetOfItsVariable) {
  const Finding result = least("program p() { let i32 t = 1; t = clz(t); }", with_op(Op::Clz));
  EXPECT_EQ(text_of(result.program), "program p() {\n    let i32 t = clz(0);\n}\n");
}

// Whether a run from the first input leaves so much in slot 0.
std::function<bool(const Finding&)> leaves(std::uint64_t value, std::function<bool(const Finding&)> and_also) {
  return [value, and_also = std::move(and_also)](const Finding& finding) {
    interp::Outcome outcome;
    interp::interpret(finding.program, finding.inputs.front(), 1000, outcome);
    return !outcome.frame.empty() && (outcome.frame[0] & 0xFFFFFFFFU) == value && and_also(finding);
  };
}

TEST(ValueEdits, PutTheValueInThePlaceOfItsOperator) {
  const Finding result =
      least("// input: 0xB505\nprogram p(i32 a) { a = -(a * a); }", leaves(0x7FFFEDE7, with_op(Op::Neg)));
  EXPECT_EQ(text_of(result.program), "program p(i32 a) {\n    a = neg(-2147479015);\n}\n");
}

TEST(ValueEdits, PutItIntoASlotWhereAConstantWillNotDo) {
  const Finding result = least("// input: 0xB505\nprogram p(i32 a) { a = -(a * a); }", [](const Finding& finding) {
    const bool constant = has_kind(finding.program, NodeKind::Int);
    return !constant && leaves(0x7FFFEDE7, with_op(Op::Neg))(finding);
  });
  EXPECT_FALSE(has_op(result.program, Op::Mul)) << text_of(result.program);
  EXPECT_THAT(result.inputs.front(), Contains(0x80001219U));
}

TEST(ValueEdits, LeaveWhatALoopComputesAlone) {
  Edits edits;
  list_value_edits(
      support::finding_of("// input: 0x2\nprogram p(i32 a) { while (a < 3) { a = a + 1; } loop (3) { a = ~a; } }"),
      edits);
  EXPECT_TRUE(edits.empty());
}

TEST(TypeEdits, NarrowTheWholeProgram) {
  const Finding result = least("program p(i64 a) { a = extend32_s(a) + 0x123456789L; }", with_op(Op::Add));
  EXPECT_EQ(text_of(result.program), "program p(i32 a) {\n    a = 0 + 0;\n}\n");
}

TEST(TypeEdits, NarrowOneClassAndLeaveTheOthers) {
  const Finding finding =
      finding_of("// input: 0x100000001 0x2\nprogram p(i64 a, i64 b) { a = a * 7L; b = b + b; push b; }");
  Edits edits;
  list_type_edits(finding, edits);
  ASSERT_EQ(edits.size(), 3U);  // all, and the classes of a and of b
  Finding edited = finding;
  edits[1](edited);
  EXPECT_EQ(text_of(edited.program), "program p(i32 a, i64 b) {\n    a = a * 7;\n    b = b + b;\n    push b;\n}\n");
  EXPECT_EQ(edited.inputs[0], (oracles::Frame{1, 2}));
}

TEST(TypeEdits, ANarrowedProgramIsValidWhateverItsConversions) {
  Finding finding = finding_of(
      "program p(i64 a, i32 b, i64 c) { let i64 t = extend32_s(extend8_s(a)); c = select(eqz(t), extend_u(b), t); "
      "b = wrap(c << 3) + (a < c); while (a) { a = a - extend_s(b); } return extend16_s(c); }");
  Edits edits;
  list_type_edits(finding, edits);
  EXPECT_GE(edits.size(), 2U);
  for (const Edit& edit : edits) {
    Finding edited = finding;
    edit(edited);
    const auto verified = ast::verify(edited.program);
    EXPECT_TRUE(verified) << verified.error().describe();
  }
}

TEST(ConstantEdits, FindTheLeastConstant) {
  for (const std::uint64_t bound : {3ULL, 1000ULL, 65537ULL, 0x7FFFFFFFULL}) {
    const Finding result = least("program p(i32 a) { a = 0x7fffffff; }", [bound](const Finding& finding) {
      return any_node(finding.program, [bound](const Node& node) {
        return node.kind == NodeKind::Int && node.bits() >= bound && node.bits() <= 0x7FFFFFFFU;
      });
    });
    EXPECT_THAT(text_of(result.program), HasSubstr(" " + std::to_string(bound) + ";"));
  }
}

TEST(ConstantEdits, SmallerValuesAreSmallerAndReachTheNext) {
  EXPECT_THAT(smaller_values(0, ast::Type::I32), testing::IsEmpty());
  EXPECT_THAT(smaller_values(1, ast::Type::I32), testing::ElementsAre(0));
  EXPECT_THAT(smaller_values(0xFFFFFFFF, ast::Type::I32), testing::ElementsAre(0, 1));
  EXPECT_THAT(smaller_values(100, ast::Type::I64), Contains(99));
  EXPECT_THAT(smaller_values(~std::uint64_t{0} - 99, ast::Type::I64), testing::AllOf(Contains(100), Contains(~98ULL)));
  EXPECT_THAT(smaller_values(0x80000000, ast::Type::I32),
              testing::AllOf(Contains(0x80000001), Not(Contains(0x80000000))));
}

TEST(PassEdits, ShortenThePipelineAndDropFeatures) {
  const Finding result = least(
      "// passes: fold,prop,scev,dce\n// features: popcnt,bmi1,bmi2\nprogram p() { }", [](const Finding& finding) {
        const auto& passes = *finding.pipeline;
        return std::find(passes.begin(), passes.end(), opt::PassId::Prop) != passes.end() &&
               std::find(passes.begin(), passes.end(), opt::PassId::Dce) != passes.end() && finding.features.bmi1;
      });
  EXPECT_EQ(opt::print_pipeline(*result.pipeline), "prop,dce");
  EXPECT_EQ(x64::describe(result.features), "bmi1");
}

TEST(PassEdits, SpellOutAPipelineThatWasLeftToTheDefault) {
  const Finding result = least("program p(i32 a) { a = 1; }", [](const Finding& finding) {
    const auto& passes = *finding.pipeline;
    return std::find(passes.begin(), passes.end(), opt::PassId::Scev) != passes.end();
  });
  EXPECT_EQ(opt::print_pipeline(*result.pipeline), "scev");
}

TEST(InputEdits, KeepTheInputsThatAreNeededAndShrinkTheirCells) {
  const Finding result = least(
      "// input: 0x1\n// input: 0xa55ac33c00001000\n// input: 0x7\n// input: 0xffffff00\nprogram p(i32 a) { a = 1; }",
      [](const Finding& finding) {
        bool large = false;
        bool negative = false;
        for (const oracles::Frame& input : finding.inputs) {
          if (input.empty()) continue;
          const auto value = static_cast<std::int32_t>(static_cast<std::uint32_t>(input[0]));
          large |= value > 9;
          negative |= value < -9;
        }
        return large && negative;
      });
  EXPECT_EQ(result.inputs, (std::vector<oracles::Frame>{{10}, {0xFFFFFFF6}}));
}

TEST(Repair, DropsWhatIsStrayAndReadsWhatIsGoneAsZero) {
  Finding finding = finding_of("program p(i32 a) { let i32 t = 1; loop (2) { if (a) { break; } a = t; t = a; } }");
  // The loop goes, its body stays; the `let` goes too.
  const NodeId let = finding.program.body();
  splice(finding.program, {let, Link::Field::Next}, finding.program.node(finding.program.node(let).next).child_b());
  unlink(finding.program, Link{}, 1);
  repair(finding.program);
  const Reduction same = reduce(finding, each([](const Finding&) { return false; }));
  EXPECT_EQ(same.end, ReductionEnd::NotReproduced);
  EXPECT_EQ(same.nodes_before, 4U);  // if, its condition, and a = 0
}

}  // namespace
}  // namespace assay::fuzz
