// Extraction of runs: the program made of a run does what the run did where it stood; see core/jit/extract_run.h.
//
// The extracted programs are interpreted here, so that nothing of the compiler is in between.
#include "core/jit/extract_run.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/limits.h"
#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "core/base/rng.h"
#include "core/interp/interpreter.h"
#include "core/jit/test/random_program.h"
#include "core/jit/test/test_seed.h"

namespace assay::jit {
namespace {

using ast::NodeId;
using ast::Type;
using ast::VarId;
using interp::End;

using Cells = std::vector<std::uint64_t>;

ast::Program parse(std::string_view text) {
  auto parsed = ast::parse_program(text);
  EXPECT_TRUE(parsed.ok()) << text << ": " << (parsed.ok() ? "" : parsed.error().describe());
  return parsed.ok() ? std::move(parsed).value() : ast::Program();
}

// The first scalar run of the body.
ExtractedRun extract(const ast::Program& program) {
  ExtractedRun extracted;
  for (const StatementRun& run : find_scalar_runs(program, program.body())) {
    if (!run.scalar) continue;
    EXPECT_TRUE(extract_run(program, run, extracted));
    EXPECT_TRUE(ast::verify(extracted.program).ok());
    EXPECT_TRUE(ast::is_pure_scalar(extracted.program, extracted.program.body()));
    return extracted;
  }
  ADD_FAILURE() << "no scalar run";
  return extracted;
}

std::string shared_names(const ast::Program& program, const ExtractedRun& extracted) {
  std::string names;
  for (const VarId variable : extracted.shared) {
    names += (names.empty() ? "" : " ") + std::string(program.variable_name(variable));
  }
  return names;
}

// Runs the first run of the program's body, its slots given by `shared`.
interp::Outcome run(const ExtractedRun& extracted, Cells shared) {
  shared.resize(shared.size() + 2);
  interp::Outcome outcome;
  interp::interpret(extracted.program, shared, 10'000, outcome);
  return outcome;
}

TEST(ExtractRun, SharesTheVariablesThatAreUsed) {
  const ast::Program program = parse("program p(i32 a, i64 b, i32 c, i64 d) { d = b; d = d + 1L; print c; c = a; }");
  const ExtractedRun extracted = extract(program);
  EXPECT_EQ(shared_names(program, extracted), "b d");
}

TEST(ExtractRun, SharesWhatItDeclaresForWhatFollows) {
  const ast::Program program = parse("program p(i64 a) { let i64 x = a; let i32 y = 2; print y; a = x; }");
  EXPECT_EQ(shared_names(program, extract(program)), "x y a");
}

TEST(ExtractRun, SharesLocalsFromOutside) {
  const ast::Program program = parse("program p(i64 a) { loop (2) { let i64 x = a; print x; a = x + 1L; } }");
  const std::vector<StatementRun> runs = find_scalar_runs(program, program.node(program.body()).child_b());
  ASSERT_EQ(runs.size(), 3U);
  ExtractedRun extracted;
  ASSERT_TRUE(extract_run(program, runs[2], extracted));
  EXPECT_EQ(shared_names(program, extracted), "x a");
  EXPECT_EQ(run(extracted, {41, 0}).frame[1], 42U);
}

TEST(ExtractRun, KeepsLocalsOfNestedBlocksToItself) {
  const ast::Program program = parse(
      "program p(i64 a) { if (a) { let i64 x = a; a = x * 2L; } else { let i32 x = 1; } loop (2) { let i64 x = a; a = "
      "x "
      "+ 1L; } }");
  const ExtractedRun extracted = extract(program);
  EXPECT_EQ(shared_names(program, extracted), "a");
  EXPECT_EQ(run(extracted, {5}).frame[0], 12U);
}

TEST(ExtractRun, KeepsTypes) {
  const ast::Program program = parse("program p(i32 a, i64 b) { a = a + 1; b = b + 1L; }");
  const ExtractedRun extracted = extract(program);
  ASSERT_EQ(extracted.program.slot_count(), 4U);
  EXPECT_EQ(extracted.program.variable_type({0}), Type::I32);
  EXPECT_EQ(extracted.program.variable_type({1}), Type::I64);
  EXPECT_EQ(extracted.returned, VarId{2});
  EXPECT_EQ(extracted.program.variable_type(extracted.returned), Type::I32);
  EXPECT_EQ(extracted.pushed, VarId{3});
  EXPECT_EQ(extracted.program.variable_type(extracted.pushed), Type::I64);
  EXPECT_EQ(run(extracted, {0xABCDEF00FFFFFFFFULL, 0xFFFFFFFFULL}).frame,
            (Cells{0xABCDEF0000000000ULL, 0x100000000ULL, 0, 0}));
}

TEST(ExtractRun, TellsAReturnFromTheEnd) {
  const ExtractedRun extracted = extract(parse("program p(i32 a, i32 b) { if (a) { return b + 1; } b = 7; }"));
  const interp::Outcome returned = run(extracted, {1, 5});
  EXPECT_EQ(returned.end, End::Returned);
  EXPECT_EQ(returned.frame[extracted.returned.value], 1U);
  EXPECT_EQ(returned.frame[1], 5U);
  EXPECT_EQ(returned.stack, Cells{6});
  const interp::Outcome completed = run(extracted, {0, 5});
  EXPECT_EQ(completed.frame[extracted.returned.value], 0U);
  EXPECT_EQ(completed.frame[1], 7U);
  EXPECT_TRUE(completed.stack.empty());
}

TEST(ExtractRun, TellsAReturnOfNothingFromTheEnd) {
  const ExtractedRun extracted = extract(parse("program p(i32 a) { while (1) { a = a + 1; if (a > 3) { return; } } }"));
  const interp::Outcome outcome = run(extracted, {0});
  EXPECT_EQ(outcome.end, End::Returned);
  EXPECT_EQ(outcome.frame[extracted.returned.value], 1U);
  EXPECT_EQ(outcome.frame[0], 4U);
  EXPECT_TRUE(outcome.stack.empty());
}

TEST(ExtractRun, CountsWhatWasPushedBeforeATrap) {
  const ExtractedRun extracted =
      extract(parse("program p(i32 a, i32 b) { push a; if (b) { push b; push 3; } push 1 / a; push 4; }"));
  const interp::Outcome two_paths[] = {run(extracted, {0, 1}), run(extracted, {0, 0})};
  EXPECT_EQ(two_paths[0].end, End::Trapped);
  EXPECT_EQ(two_paths[0].frame[extracted.pushed.value], 3U);
  EXPECT_EQ(two_paths[1].frame[extracted.pushed.value], 1U);
}

TEST(ExtractRun, EndsWhereTheRunEnds) {
  const ExtractedRun extracted = extract(parse("program p(i32 a) { a = 1; print a; a = 2; }"));
  EXPECT_EQ(run(extracted, {0}).frame[0], 1U);
}

TEST(ExtractRun, OverwritesAnEarlierResult) {
  ExtractedRun extracted = extract(parse("program p(i32 a, i32 b, i32 c) { let i32 x = a; push b + c + x; }"));
  const ast::Program program = parse("program q(i64 z) { z = 9L; }");
  ASSERT_TRUE(extract_run(program, find_scalar_runs(program, program.body()).front(), extracted));
  EXPECT_EQ(shared_names(program, extracted), "z");
  EXPECT_EQ(run(extracted, {1}).frame, (Cells{9, 0, 0}));
}

// A program that stores to each of its slots.
ast::Program stores(std::uint32_t slots) {
  ast::Program program;
  ast::Builder builder(program);
  std::vector<NodeId> statements;
  for (std::uint32_t i = 0; i < slots; ++i) {
    statements.push_back(builder.store(builder.slot("s" + std::to_string(i), Type::I64), builder.i64(1)));
  }
  program.set_body(builder.block(statements));
  EXPECT_TRUE(ast::verify(program).ok());
  return program;
}

TEST(ExtractRun, RefusesARunThatNeedsMoreSlotsThanAProgramMayHave) {
  ExtractedRun extracted;
  const ast::Program most = stores(ast::kMaxSlots - 2);
  EXPECT_TRUE(extract_run(most, find_scalar_runs(most, most.body()).front(), extracted));
  const ast::Program too_many = stores(ast::kMaxSlots - 1);
  EXPECT_FALSE(extract_run(too_many, find_scalar_runs(too_many, too_many.body()).front(), extracted));
}

TEST(ExtractRun, OfAWholeProgramBehavesLikeTheProgram) {
  const std::uint64_t seed = test::test_seed();
  std::uint32_t compared = 0;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    SCOPED_TRACE("ASSAY_TEST_SEED=" + std::to_string(seed) + ", program " + std::to_string(i));
    base::Rng rng(base::derive_seed(seed, i));
    test::RandomProgram generator(rng);
    ast::Program program;
    generator.make({5, 6, 3, 3}, program);
    const ExtractedRun extracted = extract(program);
    Cells frame(program.slot_count());
    for (std::uint64_t& cell : frame) cell = generator.value();
    interp::Outcome expected;
    interp::interpret(program, frame, 5000, expected);
    if (expected.end == End::OutOfFuel) continue;
    ++compared;

    Cells shared;
    for (const VarId variable : extracted.shared)
      shared.push_back(program.is_slot(variable) ? frame[variable.value] : 0);
    const interp::Outcome got = run(extracted, shared);
    EXPECT_EQ(got.end, expected.end);
    EXPECT_EQ(got.trap, expected.trap);
    EXPECT_EQ(got.stack, expected.stack);
    for (std::size_t k = 0; k < shared.size(); ++k) {
      const VarId variable = extracted.shared[k];
      if (program.is_slot(variable)) {
        EXPECT_EQ(got.frame[k], expected.frame[variable.value]);
      }
    }
    const bool returned_value = expected.end == End::Returned && got.stack.size() != got.frame[extracted.pushed.value];
    EXPECT_EQ(got.frame[extracted.pushed.value], got.stack.size() - (returned_value ? 1 : 0));
    if (expected.end != End::Trapped) {
      EXPECT_EQ(got.frame[extracted.returned.value], expected.end == End::Returned ? 1U : 0U);
    }
    if (HasFailure()) break;
  }
  EXPECT_GT(compared, 2000U) << "too few runs ended: the test compares too little";
}

}  // namespace
}  // namespace assay::jit
