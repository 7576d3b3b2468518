// What every statement does, what a step costs, and what is left behind when a run ends early; see interpreter.h.
#include "core/interp/interpreter.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/text.h"

namespace assay::interp {
namespace {

using ast::NodeKind;
using ast::TrapKind;
using ast::Type;

using Cells = std::vector<std::uint64_t>;

constexpr std::uint64_t kPlenty = 100'000;

ast::Program parse(std::string_view text) {
  auto parsed = ast::parse_program(text);
  EXPECT_TRUE(parsed.ok()) << text << ": " << (parsed.ok() ? "" : parsed.error().describe());
  return parsed.ok() ? std::move(parsed).value() : ast::Program();
}

Outcome run(std::string_view text, const Cells& frame = {}, std::uint64_t fuel = kPlenty) {
  Outcome outcome;
  interpret(parse(text), frame, fuel, outcome);
  return outcome;
}

// What `body` leaves in the slots a, b and c, all i64 and at first 1, 2 and 3.
Cells after(std::string_view body) {
  return run("program p(i64 a, i64 b, i64 c) {" + std::string(body) + "}", {1, 2, 3}).frame;
}

TEST(Interpreter, AnEmptyProgramCompletesWithoutAStep) {
  const Outcome outcome = run("program p(i64 a) {}", {7});
  EXPECT_EQ(outcome.end, End::Completed);
  EXPECT_EQ(outcome.trap, TrapKind::None);
  EXPECT_EQ(outcome.frame, Cells{7});
  EXPECT_TRUE(outcome.stack.empty());
  EXPECT_TRUE(outcome.printed.empty());
  EXPECT_EQ(outcome.steps, 0U);
}

TEST(Interpreter, OverwritesAnOutcomeThatWasUsedBefore) {
  Outcome outcome;
  interpret(parse("program p(i64 a, i64 b) { push 1L; print 2L; a = a / b; }"), Cells{1, 0}, kPlenty, outcome);
  ASSERT_EQ(outcome.end, End::Trapped);
  interpret(parse("program p(i64 a) {}"), Cells{5}, kPlenty, outcome);
  EXPECT_EQ(outcome.end, End::Completed);
  EXPECT_EQ(outcome.trap, TrapKind::None);
  EXPECT_FALSE(outcome.trap_node.valid());
  EXPECT_EQ(outcome.frame, Cells{5});
  EXPECT_TRUE(outcome.stack.empty());
  EXPECT_TRUE(outcome.printed.empty());
  EXPECT_EQ(outcome.steps, 0U);
}

// Variables.

TEST(Interpreter, StoreChangesItsVariableOnly) { EXPECT_EQ(after("b = a + c;"), (Cells{1, 4, 3})); }

TEST(Interpreter, AnI32SlotKeepsTheHighHalfOfItsCell) {
  const Outcome outcome = run("program p(i32 a) { a = a + 1; }", {0xDEADBEEFFFFFFFFFULL});
  EXPECT_EQ(outcome.frame, Cells{0xDEADBEEF00000000ULL});
}

TEST(Interpreter, LoadsOfAnI32SlotDoNotSeeTheHighHalf) {
  const Outcome outcome = run("program p(i32 a, i64 b) { b = extend_u(a); push a; }", {0xDEADBEEF80000000ULL, 0});
  EXPECT_EQ(outcome.frame[1], 0x80000000ULL);
  EXPECT_EQ(outcome.stack, Cells{0x80000000ULL});
}

TEST(Interpreter, AnI64SlotIsTheWholeCell) {
  EXPECT_EQ(run("program p(i64 a) { a = ~a; }", {0x00FF00FF00FF00FFULL}).frame, Cells{0xFF00FF00FF00FF00ULL});
}

TEST(Interpreter, LocalsOfBothTypesHoldWhatWasLet) {
  EXPECT_EQ(after("let i64 x = a + b; let i32 y = wrap(x) * 2; x = x + 10L; c = x + extend_s(y);"), (Cells{1, 2, 19}));
}

TEST(Interpreter, ALetInALoopStartsAfreshEveryTime) {
  EXPECT_EQ(after("loop (4L) { let i64 x = 5L; x = x + 1L; a = a + x; }"), (Cells{25, 2, 3}));
}

TEST(Interpreter, AnInnerLocalHidesTheOuterOneUntilItsBlockEnds) {
  EXPECT_EQ(after("let i64 x = 5L; if (a) { let i64 y = x; x = y + 1L; } c = x;"), (Cells{1, 2, 6}));
}

// Control.

TEST(Interpreter, IfTakesTheFirstBlockWhenTheConditionIsNotZero) {
  EXPECT_EQ(after("if (a) { b = 10L; } else { b = 20L; }"), (Cells{1, 10, 3}));
}

TEST(Interpreter, IfTakesTheSecondBlockWhenTheConditionIsZero) {
  EXPECT_EQ(after("if (a - a) { b = 10L; } else { b = 20L; }"), (Cells{1, 20, 3}));
}

TEST(Interpreter, IfWithoutElseMayDoNothing) { EXPECT_EQ(after("if (a == b) { b = 10L; }"), (Cells{1, 2, 3})); }

TEST(Interpreter, AnI64ConditionIsTrueByItsHighHalfAlone) {
  EXPECT_EQ(after("a = 4294967296L; if (a) { b = 10L; }"), (Cells{4294967296ULL, 10, 3}));
}

TEST(Interpreter, WhileTestsBeforeEveryIteration) {
  EXPECT_EQ(after("while (a < 10L) { a = a + 4L; b = b * 2L; }"), (Cells{13, 16, 3}));
  EXPECT_EQ(after("while (a > 1L) { b = 9L; }"), (Cells{1, 2, 3}));
}

TEST(Interpreter, LoopRunsItsBodyThatManyTimes) { EXPECT_EQ(after("loop (c) { b = b * 2L; }"), (Cells{1, 16, 3})); }

TEST(Interpreter, LoopOfZeroRunsNoIteration) {
  EXPECT_EQ(after("loop (a - a) { b = 9L; }"), (Cells{1, 2, 3}));
  EXPECT_EQ(run("program p(i32 n, i32 a) { loop (n) { a = 1; } }", {0xFFFFFFFF00000000ULL, 0}).frame[1], 0U);
}

TEST(Interpreter, LoopEvaluatesItsCountOnce) { EXPECT_EQ(after("loop (c) { c = c + 1L; }"), (Cells{1, 2, 6})); }

TEST(Interpreter, LoopCountsOfI32AreUnsigned) {
  const Outcome outcome =
      run("program p(i32 n, i32 a) { loop (n) { a = a + 1; if (a == 5) { break; } } }", {0x80000000ULL, 0});
  EXPECT_EQ(outcome.end, End::Completed);
  EXPECT_EQ(outcome.frame[1], 5U);
}

TEST(Interpreter, LoopCountsOfI64AreUnsignedAndWhole) {
  for (const std::uint64_t count : {std::uint64_t{1} << 63, std::uint64_t{1} << 32}) {
    const Outcome outcome =
        run("program p(i64 n, i64 a) { loop (n) { a = a + 1L; if (a == 5L) { break; } } }", {count, 0});
    EXPECT_EQ(outcome.end, End::Completed);
    EXPECT_EQ(outcome.frame[1], 5U);
  }
}

TEST(Interpreter, BreakLeavesTheInnermostLoop) {
  EXPECT_EQ(after("loop (3L) { loop (100L) { a = a + 1L; break; } b = b + 1L; }"), (Cells{4, 5, 3}));
  EXPECT_EQ(after("while (1) { a = a + 1L; if (a == 6L) { break; } } b = 0L;"), (Cells{6, 0, 3}));
}

TEST(Interpreter, ContinueGoesToTheNextIteration) {
  EXPECT_EQ(after("loop (5L) { a = a + 1L; if (a % 2L == 0L) { continue; } b = b + 10L; }"), (Cells{6, 22, 3}));
  EXPECT_EQ(after("while (a < 6L) { a = a + 1L; if (a % 2L == 0L) { continue; } b = b + 10L; }"), (Cells{6, 22, 3}));
}

// Ends and outputs.

TEST(Interpreter, ReturnEndsTheProgramFromInsideALoop) {
  const Outcome outcome = run("program p(i64 a) { while (1) { a = a + 1L; if (a == 3L) { return; } } a = 99L; }", {0});
  EXPECT_EQ(outcome.end, End::Returned);
  EXPECT_EQ(outcome.frame, Cells{3});
  EXPECT_TRUE(outcome.stack.empty());
}

TEST(Interpreter, ReturnOfAValuePushesIt) {
  const Outcome outcome = run("program p(i32 a) { push 7L; return a; }", {0xFFFFFFFF00000005ULL});
  EXPECT_EQ(outcome.end, End::Returned);
  EXPECT_EQ(outcome.stack, (Cells{7, 5}));
}

TEST(Interpreter, PushesStandInTheOrderTheyWereMade) {
  const Outcome outcome = run("program p() { push 1L; push -1; push -1L; }");
  EXPECT_EQ(outcome.end, End::Completed);
  EXPECT_EQ(outcome.stack, (Cells{1, 0xFFFFFFFFULL, ~std::uint64_t{0}}));
}

TEST(Interpreter, TooMuchOutputIsGivenUpAsFuelIs) {
  const Outcome outcome = run("program p() { while (1) { print 1; } }", {}, 10 * kMaxPrinted);
  EXPECT_EQ(outcome.end, End::OutOfFuel);
  EXPECT_EQ(outcome.printed.size(), kMaxPrinted);
}

TEST(Interpreter, PrintRecordsTypeAndValue) {
  const Outcome outcome = run("program p() { loop (2) { print -1; print 5L; } }");
  const std::vector<Printed> expected = {
      {Type::I32, 0xFFFFFFFFULL}, {Type::I64, 5}, {Type::I32, 0xFFFFFFFFULL}, {Type::I64, 5}};
  EXPECT_EQ(outcome.printed, expected);
}

TEST(Interpreter, SelectChoosesByItsCondition) {
  EXPECT_EQ(after("a = select(1, b, c);"), (Cells{2, 2, 3}));
  EXPECT_EQ(after("a = select(0, b, c);"), (Cells{3, 2, 3}));
  EXPECT_EQ(after("a = select(4294967296L, b, c);"), (Cells{2, 2, 3}));
}

// Traps.

TEST(Interpreter, SelectEvaluatesWhatItDoesNotChoose) {
  EXPECT_EQ(run("program p(i64 a) { a = select(1, a, 1L / a); }", {0}).trap, TrapKind::DivideByZero);
  EXPECT_EQ(run("program p(i64 a) { a = select(0, 1L / a, a); }", {0}).trap, TrapKind::DivideByZero);
}

TEST(Interpreter, ATrapLeavesTheStateOfThatMoment) {
  const ast::Program program =
      parse("program p(i64 a, i64 b, i64 c) { push 4L; print 8L; a = 10L; b = a / c; c = 99L; push 5L; }");
  Outcome outcome;
  interpret(program, Cells{1, 2, 0}, kPlenty, outcome);
  EXPECT_EQ(outcome.end, End::Trapped);
  EXPECT_EQ(outcome.trap, TrapKind::DivideByZero);
  ASSERT_TRUE(outcome.trap_node.valid());
  EXPECT_EQ(program.node(outcome.trap_node).kind, NodeKind::Binary);
  EXPECT_EQ(program.node(outcome.trap_node).op, ast::Op::DivS);
  EXPECT_EQ(outcome.frame, (Cells{10, 2, 0}));
  EXPECT_EQ(outcome.stack, Cells{4});
  EXPECT_EQ(outcome.printed, (std::vector<Printed>{{Type::I64, 8}}));
}

TEST(Interpreter, ATrapInALaterIterationKeepsTheEarlierOnes) {
  const Outcome outcome = run("program p(i64 a, i64 b) { while (1) { a = a + 1L; b = b + 12L / (3L - a); } }", {0, 0});
  EXPECT_EQ(outcome.trap, TrapKind::DivideByZero);
  EXPECT_EQ(outcome.frame, (Cells{3, 18}));
}

TEST(Interpreter, TheLeftOperandTrapsFirst) {
  constexpr std::uint64_t kMin = std::uint64_t{1} << 63;
  constexpr std::uint64_t kMinusOne = ~std::uint64_t{0};
  EXPECT_EQ(run("program p(i64 m, i64 n, i64 z) { z = m / n + m / z; }", {kMin, kMinusOne, 0}).trap,
            TrapKind::IntegerOverflow);
  EXPECT_EQ(run("program p(i64 m, i64 n, i64 z) { z = m / z + m / n; }", {kMin, kMinusOne, 0}).trap,
            TrapKind::DivideByZero);
  EXPECT_EQ(run("program p(i64 m, i64 n, i64 z) { z = select(m / n, m / z, m); }", {kMin, kMinusOne, 0}).trap,
            TrapKind::IntegerOverflow);
  EXPECT_EQ(run("program p(i64 m, i64 n, i64 z) { z = select(1, m / z, m / n); }", {kMin, kMinusOne, 0}).trap,
            TrapKind::DivideByZero);
}

TEST(Interpreter, ATrapInALoopCountRunsNoIteration) {
  const Outcome outcome = run("program p(i64 a, i64 z) { loop (a / z) { a = 9L; } }", {1, 0});
  EXPECT_EQ(outcome.end, End::Trapped);
  EXPECT_EQ(outcome.frame, (Cells{1, 0}));
}

// Fuel.

TEST(Interpreter, EveryNodeExecutedIsOneStep) {
  EXPECT_EQ(run("program p(i64 a) { a = 1L; }", {0}).steps, 2U);             // Store, Int
  EXPECT_EQ(run("program p(i64 a) { a = a + 1L; }", {0}).steps, 4U);         // Store, Add, Load, Int
  EXPECT_EQ(run("program p(i64 a) { if (a) { a = 1L; } }", {0}).steps, 2U);  // If, Load
}

TEST(Interpreter, EveryKindOfExpressionIsOneStep) {
  EXPECT_EQ(run("program p(i64 a) { a = select(a, a, 1L); }", {0}).steps, 5U);       // Store, Select, three leaves
  EXPECT_EQ(run("program p(i64 a) { a = ~extend_s(a == 1L); }", {0}).steps, 6U);     // Store, Not, ExtendS, Eq, two
  EXPECT_EQ(run("program p(i64 a) { push a; print a; return a; }", {0}).steps, 6U);  // three statements, three Loads
  EXPECT_EQ(run("program p(i64 a) { let i64 x = a; return; }", {0}).steps, 3U);      // Let, Load, Return
  EXPECT_EQ(run("program p() { loop (1) { continue; } loop (1) { break; } }").steps, 8U);  // Loop, Int, iteration, jump
}

TEST(Interpreter, StepsOfARunThatTrappedAreThoseUpToTheTrap) {
  // Store, Int; Store, Add, Div, Load, Load and then no more.
  EXPECT_EQ(run("program p(i64 a, i64 z) { a = 1L; a = a / z + a; }", {0, 0}).steps, 7U);
}

TEST(Interpreter, StepsOfARunOutOfFuelAreAllTheFuel) {
  for (std::uint64_t fuel = 0; fuel < 6; ++fuel) {
    const Outcome outcome = run("program p(i64 a) { a = ~(a + a) * a; }", {1}, fuel);
    EXPECT_EQ(outcome.end, End::OutOfFuel);
    EXPECT_EQ(outcome.steps, fuel);
    EXPECT_EQ(outcome.frame, Cells{1});
  }
}

TEST(Interpreter, FuelMayBeAnyNumber) {
  for (const std::uint64_t fuel : {~std::uint64_t{0}, std::uint64_t{1} << 63, (std::uint64_t{1} << 63) - 1}) {
    EXPECT_EQ(run("program p(i64 a) { a = 2L; }", {0}, fuel).frame, Cells{2});
  }
}

TEST(Interpreter, EveryIterationIsOneStepMore) {
  EXPECT_EQ(run("program p() { loop (10) {} }").steps, 2U + 10U);  // Loop, Int
  // While; per test of the condition one step, then Load; per iteration Store, Sub, Load, Int.
  EXPECT_EQ(run("program p(i64 a) { while (a) { a = a - 1L; } }", {3}).steps, 1U + 4 * 2U + 3 * 4U);
}

TEST(Interpreter, AnEndlessWhileWithAnEmptyBodyRunsOutOfFuel) {
  const Outcome outcome = run("program p() { while (1) {} }", {}, 1000);
  EXPECT_EQ(outcome.end, End::OutOfFuel);
  EXPECT_EQ(outcome.steps, 1000U);
}

TEST(Interpreter, TheLongestLoopWithAnEmptyBodyRunsOutOfFuel) {
  const Outcome outcome = run("program p() { loop (-1L) {} }", {}, 1000);
  EXPECT_EQ(outcome.end, End::OutOfFuel);
  EXPECT_EQ(outcome.steps, 1000U);
}

TEST(Interpreter, ExactlyEnoughFuelIsEnough) {
  constexpr std::string_view kText = "program p(i64 a, i64 b) { a = 1L; b = 2L; }";
  EXPECT_EQ(run(kText, {0, 0}, 4).end, End::Completed);
  const Outcome short_of_one = run(kText, {0, 0}, 3);
  EXPECT_EQ(short_of_one.end, End::OutOfFuel);
  EXPECT_EQ(short_of_one.frame, (Cells{1, 0}));
  EXPECT_EQ(run(kText, {0, 0}, 0).end, End::OutOfFuel);
}

// In pieces.

TEST(Interpreter, ExecutesAListInPieces) {
  ast::Program program;
  ast::Builder b(program);
  const ast::VarId slot = b.slot("a", Type::I64);
  const ast::VarId local = b.local("x", Type::I64);
  const ast::NodeId first = b.let(local, b.i64(5));
  const ast::NodeId second = b.store(slot, b.binary(ast::Op::Add, b.load(slot), b.load(local)));
  const ast::NodeId third = b.push(b.load(slot));
  b.body({first, second, third});
  Outcome outcome;
  Interpreter interpreter(program, Cells{1}, kPlenty, outcome);

  EXPECT_TRUE(interpreter.execute(program.body(), second));
  EXPECT_EQ(interpreter.cell(local), 5U);
  EXPECT_EQ(interpreter.cell(slot), 1U);
  // What ran elsewhere in between is handed over cell by cell.
  interpreter.set_cell(slot, 100);
  interpreter.set_cell(local, 7);
  EXPECT_TRUE(interpreter.execute(second, third));
  EXPECT_EQ(interpreter.cell(slot), 107U);
  EXPECT_TRUE(interpreter.outcome().stack.empty());
  EXPECT_TRUE(interpreter.execute(third, ast::NodeId::none()));
  EXPECT_EQ(outcome.stack, Cells{107});
  EXPECT_EQ(outcome.end, End::Completed);
}

TEST(Interpreter, LocalsAreZeroAtFirstWhateverMemoryTheyAreIn) {
  const ast::Program program = parse("program p(i64 a) { let i64 x = 1L; let i32 y = 2; }");
  Outcome outcome;
  Interpreter interpreter(program, Cells{0}, kPlenty, outcome, {5, 6, 7});
  EXPECT_EQ(interpreter.cell(ast::VarId{1}), 0U);
  EXPECT_EQ(interpreter.cell(ast::VarId{2}), 0U);
  EXPECT_GE(interpreter.take_memory().capacity(), 3U) << "the memory is kept";
}

TEST(Interpreter, SaysWhenAPieceEndedTheRun) {
  const ast::Program program = parse("program p(i64 a) { return a; a = 2L; }");
  Outcome outcome;
  Interpreter interpreter(program, Cells{1}, kPlenty, outcome);
  EXPECT_FALSE(interpreter.execute(program.body(), ast::NodeId::none()));
  EXPECT_EQ(outcome.end, End::Returned);
  EXPECT_EQ(outcome.frame, Cells{1});
}

TEST(Interpreter, PiecesShareTheFuel) {
  const ast::Program program = parse("program p(i64 a) { a = 1L; a = 2L; }");
  const ast::NodeId second = program.node(program.body()).next;
  Outcome outcome;
  Interpreter interpreter(program, Cells{0}, 3, outcome);
  EXPECT_TRUE(interpreter.execute(program.body(), second));
  EXPECT_FALSE(interpreter.execute(second, ast::NodeId::none()));
  EXPECT_EQ(outcome.end, End::OutOfFuel);
  EXPECT_EQ(outcome.frame, Cells{1});
}

TEST(Interpreter, AnEmptyPieceDoesNothing) {
  const ast::Program program = parse("program p(i64 a) { a = 1L; }");
  Outcome outcome;
  Interpreter interpreter(program, Cells{0}, 0, outcome);
  EXPECT_TRUE(interpreter.execute(program.body(), program.body()));
  EXPECT_EQ(outcome.steps, 0U);
}

}  // namespace
}  // namespace assay::interp
