// The tiered executor: whatever is native and whatever is interpreted, a program does what the interpreter says; see
// core/jit/tiered.h.
#include "core/jit/tiered.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/limits.h"
#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "core/base/rng.h"
#include "core/interp/interpreter.h"
#include "core/jit/test/random_program.h"
#include "core/jit/test/sprinkle_prints.h"
#include "core/jit/test/test_seed.h"
#include "core/x64/cpu_features.h"

namespace assay::jit {
namespace {

using ast::NodeId;
using ast::TrapKind;
using ast::Type;
using interp::End;

using Cells = std::vector<std::uint64_t>;

constexpr std::uint64_t kPlenty = 100'000;
constexpr std::size_t kPage = 4096;

ast::Program parse(std::string_view text) {
  auto parsed = ast::parse_program(text);
  EXPECT_TRUE(parsed.ok()) << text << ": " << (parsed.ok() ? "" : parsed.error().describe());
  return parsed.ok() ? std::move(parsed).value() : ast::Program();
}

TieredExecutor make_executor(std::size_t code_bytes, x64::CpuFeatures features = {}) {
  auto memory = CodeMemory::create(code_bytes);
  EXPECT_TRUE(memory.ok()) << (memory.ok() ? "" : memory.error().describe());
  return TieredExecutor(std::move(memory).value(), features);
}

void expect_same(const interp::Outcome& expected, const interp::Outcome& got) {
  EXPECT_EQ(got.end, expected.end);
  EXPECT_EQ(got.trap, expected.trap);
  EXPECT_EQ(got.frame, expected.frame);
  EXPECT_EQ(got.stack, expected.stack);
  EXPECT_EQ(got.printed, expected.printed);
}

class Tiered : public testing::Test {
 protected:
  // Runs the program in both and expects the same of both.
  TieredCounts run(const ast::Program& program, const Cells& frame) {
    interp::Outcome expected;
    interp::interpret(program, frame, kPlenty, expected);
    EXPECT_NE(expected.end, End::OutOfFuel);
    auto counts = executor_.run(program, frame, kPlenty, outcome_);
    EXPECT_TRUE(counts.ok()) << (counts.ok() ? "" : counts.error().describe());
    expect_same(expected, outcome_);
    return counts.ok() ? *counts : TieredCounts{};
  }
  TieredCounts run(std::string_view text, const Cells& frame = {}) { return run(parse(text), frame); }

  // The values printed in the last run.
  [[nodiscard]] Cells printed() const {
    Cells values;
    for (const interp::Printed& one : outcome_.printed) values.push_back(one.bits);
    return values;
  }

  TieredExecutor executor_ = make_executor(std::size_t{1} << 20);
  interp::Outcome outcome_;
};

// What runs where.

TEST_F(Tiered, AScalarProgramIsOneNativeRun) {
  const TieredCounts counts =
      run("program p(i64 a) { a = a + 1L; loop (3) { a = a * 2L; } if (a) { a = a - 1L; } }", {4});
  EXPECT_EQ(outcome_.frame, Cells{39});
  EXPECT_EQ(counts.native_runs, 1U);
  EXPECT_EQ(counts.interpreted_nodes, 0U);
}

TEST_F(Tiered, AnEmptyProgramRunsNothing) {
  const TieredCounts counts = run("program p(i64 a) {}", {4});
  EXPECT_EQ(outcome_.end, End::Completed);
  EXPECT_EQ(counts.native_runs, 0U);
  EXPECT_EQ(counts.interpreted_nodes, 0U);
}

TEST_F(Tiered, PrintsRunBetweenNativeRuns) {
  const TieredCounts counts =
      run("program p(i64 a) { a = 1L; print a; a = 2L; a = a + 1L; print a; print 9L; a = 4L; }", {0});
  EXPECT_EQ(printed(), (Cells{1, 3, 9}));
  EXPECT_EQ(counts.native_runs, 3U);
  EXPECT_EQ(counts.interpreted_nodes, 3U);
}

TEST_F(Tiered, PrintTellsTypesApart) {
  run("program p(i32 a, i64 b) { a = -1; b = -1L; print a; print b; }", {0, 0});
  ASSERT_EQ(outcome_.printed.size(), 2U);
  EXPECT_EQ(outcome_.printed[0], (interp::Printed{Type::I32, 0xFFFFFFFFULL}));
  EXPECT_EQ(outcome_.printed[1], (interp::Printed{Type::I64, ~std::uint64_t{0}}));
}

TEST_F(Tiered, ALoopWithAPrintRunsItsScalarPartsNatively) {
  const TieredCounts counts = run("program p(i64 a, i64 b) { loop (5) { a = a + 1L; print a; b = b + a; } }", {0, 0});
  EXPECT_EQ(printed(), (Cells{1, 2, 3, 4, 5}));
  EXPECT_EQ(outcome_.frame, (Cells{5, 15}));
  EXPECT_EQ(counts.native_runs, 10U);
  EXPECT_EQ(counts.interpreted_nodes, 6U);  // the loop, and the print five times
}

TEST_F(Tiered, ARunInALoopIsCompiledOnce) {
  TieredExecutor small = make_executor(kPage);
  const ast::Program program = parse("program p(i64 a) { loop (2000) { a = a + 1L; print a; } }");
  const auto counts = small.run(program, Cells{0}, kPlenty, outcome_);
  ASSERT_TRUE(counts.ok()) << "two thousand copies of the code do not fit a page";
  EXPECT_EQ(counts->native_runs, 2000U);
  EXPECT_EQ(outcome_.frame, Cells{2000});
}

TEST_F(Tiered, AWhileWithAPrintTestsBeforeEveryIteration) {
  run("program p(i64 a) { while (a < 3L) { a = a + 1L; print a; } }", {0});
  EXPECT_EQ(printed(), (Cells{1, 2, 3}));
  run("program p(i64 a) { while (a < 3L) { a = a + 1L; print a; } }", {3});
  EXPECT_TRUE(outcome_.printed.empty());
}

TEST_F(Tiered, AnIfWithAPrintRunsTheOtherBranchNatively) {
  constexpr std::string_view kText = "program p(i64 a, i64 b) { if (a) { print b; } else { b = 5L; } a = b; }";
  EXPECT_EQ(run(kText, {1, 7}).native_runs, 1U);
  EXPECT_EQ(printed(), Cells{7});
  EXPECT_EQ(run(kText, {0, 7}).native_runs, 2U);
  EXPECT_EQ(outcome_.frame, (Cells{5, 5}));
}

TEST_F(Tiered, InterpretedLoopsTakeTheirCountOnceAndUnsigned) {
  run("program p(i64 a) { loop (a) { a = a + 1L; print a; } }", {3});
  EXPECT_EQ(printed(), (Cells{4, 5, 6}));
  run("program p(i32 n, i32 a) { loop (n) { a = a + 1; print a; if (a == 3) { break; } } }", {0x80000000ULL, 0});
  EXPECT_EQ(printed(), (Cells{1, 2, 3}));
  run("program p(i32 n) { loop (n) { print n; } }", {0xFFFFFFFF00000000ULL});
  EXPECT_TRUE(outcome_.printed.empty());
}

TEST_F(Tiered, BreakAndContinueLeaveInterpretedLoops) {
  run("program p(i64 a, i64 b) { loop (9L) { a = a + 1L; if (a == 2L) { continue; } print a; if (a == 4L) { b = 7L; "
      "break; } b = b + 1L; } while (1) { print b; if (b) { b = 0L; continue; } break; } }",
      {0, 0});
  EXPECT_EQ(printed(), (Cells{1, 3, 4, 7, 0}));
}

TEST_F(Tiered, ABreakLeavesTheInnermostLoopOnly) {
  run("program p(i64 a) { loop (3) { loop (5) { print a; a = a + 1L; break; } while (1) { break; } a = a + 10L; } }",
      {0});
  EXPECT_EQ(printed(), (Cells{0, 11, 22}));
}

// State that crosses the border.

TEST_F(Tiered, LocalsCrossTheBordersOfRuns) {
  run("program p(i32 a, i64 b) { let i32 x = a + 1; let i64 y = b * 3L; print x; x = x - 3; y = y + extend_s(x); print "
      "y; "
      "loop (2) { let i64 z = y; print z; y = z + 1L; } a = x; b = y; }",
      {0xFFFFFFFFULL, 5});
  EXPECT_EQ(printed(), (Cells{0, 12, 12, 13}));
  EXPECT_EQ(outcome_.frame, (Cells{0xFFFFFFFDULL, 14}));
}

TEST_F(Tiered, LocalsOfALoopStartAfreshInEveryIteration) {
  run("program p(i64 a) { loop (3) { let i64 x = 1L; print x; x = x + a; a = a + x; print x; } }", {1});
  EXPECT_EQ(printed(), (Cells{1, 2, 1, 4, 1, 8}));
}

TEST_F(Tiered, AnI32SlotKeepsTheHighHalfOfItsCell) {
  run("program p(i32 a) { a = a + 1; print a; a = a - 2; }", {0xDEADBEEFFFFFFFFFULL});
  EXPECT_EQ(outcome_.frame, Cells{0xDEADBEEFFFFFFFFEULL});
  EXPECT_EQ(printed(), Cells{0});
}

TEST_F(Tiered, PushesShareOneStack) {
  run("program p(i32 a) { push a; push 2L; print a; push -1; print a; if (a) { push 4; print a; push 5; } return 6; }",
      {1});
  EXPECT_EQ(outcome_.stack, (Cells{1, 2, 0xFFFFFFFFULL, 4, 5, 6}));
  EXPECT_EQ(outcome_.end, End::Returned);
}

// Ends.

TEST_F(Tiered, AReturnInsideARunEndsTheProgram) {
  constexpr std::string_view kText =
      "program p(i64 a) { print 1; if (a > 2L) { if (a > 3L) { return a; } a = 9L; } a = a + 1L; print a; }";
  run(kText, {4});
  EXPECT_EQ(outcome_.end, End::Returned);
  EXPECT_EQ(outcome_.frame, Cells{4});
  EXPECT_EQ(outcome_.stack, Cells{4});
  EXPECT_EQ(printed(), Cells{1});
  run(kText, {3});
  EXPECT_EQ(outcome_.end, End::Completed);
  EXPECT_EQ(printed(), (Cells{1, 10}));
}

TEST_F(Tiered, AReturnOfNothingEndsTheProgram) {
  run("program p(i64 a) { push 3; while (1) { print a; while (a < 9L) { a = a + 1L; if (a == 5L) { return; } } } }",
      {0});
  EXPECT_EQ(outcome_.end, End::Returned);
  EXPECT_EQ(outcome_.frame, Cells{5});
  EXPECT_EQ(outcome_.stack, Cells{3});
  EXPECT_EQ(printed(), Cells{0});
}

TEST_F(Tiered, AReturnBehindAPrintEndsTheProgram) {
  run("program p(i64 a) { loop (3) { print a; if (a) { print 7L; return a; } a = a + 1L; } a = 99L; }", {0});
  EXPECT_EQ(outcome_.end, End::Returned);
  EXPECT_EQ(printed(), (Cells{0, 1, 7}));
  EXPECT_EQ(outcome_.frame, Cells{1});
}

TEST_F(Tiered, ATrapInANativeRunLeavesTheStateOfThatMoment) {
  run("program p(i64 a, i64 b, i32 c) { push 1; print a; let i64 x = 5L; push 2; a = x; c = 3; push 3; b = a / (b - "
      "b); a "
      "= 99L; push 4; }",
      {7, 8, 0xABCDEF0100000000ULL});
  EXPECT_EQ(outcome_.end, End::Trapped);
  EXPECT_EQ(outcome_.trap, TrapKind::DivideByZero);
  EXPECT_EQ(outcome_.frame, (Cells{5, 8, 0xABCDEF0100000003ULL}));
  EXPECT_EQ(outcome_.stack, (Cells{1, 2, 3}));
  EXPECT_EQ(printed(), Cells{7});
}

TEST_F(Tiered, ATrapInTheValueOfAReturnIsATrap) {
  run("program p(i64 a, i64 b) { push 1; print a; push 2; return a / b; }",
      {std::uint64_t{1} << 63, ~std::uint64_t{0}});
  EXPECT_EQ(outcome_.end, End::Trapped);
  EXPECT_EQ(outcome_.trap, TrapKind::IntegerOverflow);
  EXPECT_EQ(outcome_.stack, (Cells{1, 2}));
}

TEST_F(Tiered, ATrapInAnInterpretedPartIsATrap) {
  for (const std::string_view text :
       {"program p(i64 a) { a = 1L; print a / (a - a); }", "program p(i64 a) { a = 1L; if (a / (a - a)) { print a; } }",
        "program p(i64 a) { a = 1L; loop (a / (a - a)) { print a; } }",
        "program p(i64 a) { a = 3L; while (3L / a) { a = a - 1L; print a; } }"}) {
    SCOPED_TRACE(text);
    run(text, {0});
    EXPECT_EQ(outcome_.end, End::Trapped);
    EXPECT_EQ(outcome_.trap, TrapKind::DivideByZero);
  }
}

TEST_F(Tiered, ATrapInALaterIterationKeepsTheEarlierOnes) {
  run("program p(i64 a, i64 b) { while (1) { print a; a = a + 1L; b = b + 12L / (3L - a); } }", {0, 0});
  EXPECT_EQ(outcome_.end, End::Trapped);
  EXPECT_EQ(outcome_.frame, (Cells{3, 18}));
  EXPECT_EQ(printed(), (Cells{0, 1, 2}));
}

// Limits.

TEST_F(Tiered, NativeRunsCostNoFuel) {
  const ast::Program program = parse("program p(i64 a) { loop (1000) { a = a + 1L; } }");
  ASSERT_TRUE(executor_.run(program, Cells{0}, 0, outcome_).ok());
  EXPECT_EQ(outcome_.end, End::Completed);
  EXPECT_EQ(outcome_.frame, Cells{1000});
  EXPECT_EQ(outcome_.steps, 0U);
}

TEST_F(Tiered, FuelBoundsTheInterpretedPart) {
  for (const std::string_view text :
       {"program p(i64 a) { while (1) { a = a + 1L; print a; } }", "program p(i64 a) { loop (-1L) { print a; } }",
        "program p(i64 a) { while (1) { if (a - a) { print a; } } }"}) {
    SCOPED_TRACE(text);
    ASSERT_TRUE(executor_.run(parse(text), Cells{0}, 1000, outcome_).ok());
    EXPECT_EQ(outcome_.end, End::OutOfFuel);
    EXPECT_EQ(outcome_.steps, 1000U);
  }
}

TEST_F(Tiered, CodeThatDoesNotFitIsASystemError) {
  TieredExecutor small = make_executor(kPage);
  std::string text = "program p(i64 a) {";
  for (int i = 0; i < 1000; ++i) text += " a = a * 3L + " + std::to_string(i) + "L;";
  const auto failed = small.run(parse(text + " }"), Cells{1}, kPlenty, outcome_);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().kind, base::ErrorKind::System);

  const ast::Program fits = parse("program p(i64 a) { a = 2L; }");
  EXPECT_TRUE(small.run(fits, Cells{1}, kPlenty, outcome_).ok()) << "the executor can be used again";
  EXPECT_EQ(outcome_.frame, Cells{2});
}

TEST_F(Tiered, EveryRunHasTheWholeCodeMemory) {
  TieredExecutor small = make_executor(kPage);
  const ast::Program program = parse("program p(i64 a) { a = a + 1L; print a; a = a * 2L; }");
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(small.run(program, Cells{1}, kPlenty, outcome_).ok()) << i;
  EXPECT_EQ(outcome_.frame, Cells{4});
}

TEST_F(Tiered, ARunThatIsTooLargeToExtractIsInterpreted) {
  ast::Program program;
  ast::Builder builder(program);
  std::vector<NodeId> statements;
  for (std::uint32_t i = 0; i < ast::kMaxSlots; ++i) {
    statements.push_back(builder.store(builder.slot("s" + std::to_string(i), Type::I64), builder.i64(i)));
  }
  program.set_body(builder.block(statements));
  ASSERT_TRUE(ast::verify(program).ok());
  const TieredCounts counts = run(program, Cells(ast::kMaxSlots));
  EXPECT_EQ(counts.native_runs, 0U);
  EXPECT_EQ(counts.interpreted_nodes, ast::kMaxSlots);
  EXPECT_EQ(outcome_.frame.back(), ast::kMaxSlots - 1);
}

// Everything at once.

TEST(TieredRandom, ProgramsWithPrintsBehaveAsInterpreted) {
  const std::uint64_t seed = test::test_seed();
  TieredExecutor executors[] = {make_executor(std::size_t{1} << 20),
                                make_executor(std::size_t{1} << 20, x64::host_features())};
  ast::Program program;
  interp::Outcome expected;
  interp::Outcome got;
  std::uint32_t ends[4] = {};
  std::uint64_t native = 0;
  std::uint64_t prints = 0;
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    SCOPED_TRACE("ASSAY_TEST_SEED=" + std::to_string(seed) + ", program " + std::to_string(i));
    base::Rng rng(base::derive_seed(seed, i));
    test::RandomProgram generator(rng);
    generator.make({5, 8, 3, 3}, program);
    test::sprinkle_prints(rng, program);
    const auto verified = ast::verify(program);
    ASSERT_TRUE(verified.ok()) << verified.error().describe();
    Cells frame(program.slot_count());
    for (std::uint64_t& cell : frame) cell = generator.value();

    interp::interpret(program, frame, 5000, expected);
    ++ends[static_cast<std::size_t>(expected.end)];
    // What runs for ever natively would not come back.
    if (expected.end == End::OutOfFuel) continue;
    prints += expected.printed.size();
    for (TieredExecutor& executor : executors) {
      const auto counts = executor.run(program, frame, 5000, got);
      ASSERT_TRUE(counts.ok()) << counts.error().describe();
      native += counts->native_runs;
      expect_same(expected, got);
      EXPECT_LE(got.steps, expected.steps);
      ASSERT_FALSE(testing::Test::HasFailure()) << ast::print_program(program);
    }
  }
  // The comparison saw all of it: every way to end, prints, and native runs.
  EXPECT_GT(ends[static_cast<std::size_t>(End::Completed)], 2000U);
  EXPECT_GT(ends[static_cast<std::size_t>(End::Returned)], 500U);
  EXPECT_GT(ends[static_cast<std::size_t>(End::Trapped)], 100U);
  EXPECT_GT(prints, 10'000U);
  EXPECT_GT(native, 10'000U);
}

}  // namespace
}  // namespace assay::jit
