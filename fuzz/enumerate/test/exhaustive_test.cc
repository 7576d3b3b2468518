// Every induction loop of the enumeration, with each pass on and off, against the interpreter.
//
// Loops that the interpreter cannot finish (endless ones, and those that go around the whole type) are counted and not
// compared.
#include <gtest/gtest.h>

#include <iostream>
#include <vector>

#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "core/interp/interpreter.h"
#include "core/opt/pipeline.h"
#include "core/opt/solve_loops.h"
#include "fuzz/enumerate/induction_loops.h"

namespace assay::fuzz {
namespace {

constexpr std::uint64_t kFuel = 2000;
constexpr std::uint64_t kFuelBehindPasses = 16 * kFuel;

struct Totals {
  std::uint64_t programs = 0;
  std::uint64_t skipped = 0;
  std::uint64_t variants = 0;
  std::uint64_t solved = 0;
};

class ExhaustiveTest : public testing::Test {
 protected:
  // What the program leaves behind is what `optimised` leaves behind.
  void expect_same(const ast::Program& optimised, std::string_view by) {
    const auto valid = ast::verify(optimised);
    ASSERT_TRUE(valid) << by << ": " << valid.error().message;
    interp::interpret(optimised, frame_, kFuelBehindPasses, got_);
    ASSERT_TRUE(got_.end == expected_.end && got_.frame == expected_.frame)
        << by << " made of\n"
        << ast::print_program(program_) << ast::print_program(optimised);
    ++totals_.variants;
  }

  void check(std::uint64_t index) {
    induction_loop(index, program_);
    ++totals_.programs;
    interp::interpret(program_, frame_, kFuel, expected_);
    if (expected_.end == interp::End::OutOfFuel) {
      ++totals_.skipped;
      return;
    }
    for (std::size_t i = 0; i < opt::kPassCount && !HasFatalFailure(); ++i) {
      const opt::PassInfo& pass = opt::pass_info(static_cast<opt::PassId>(i));
      const opt::PassResult result = pass.run(program_);
      for (const scev::LoopReport& loop : result.loops) totals_.solved += loop.solved ? 1U : 0U;
      if (result.changes != 0) expect_same(result.program, pass.name);
    }
    if (HasFatalFailure()) return;
    expect_same(opt::solve_loops(program_, {.spare_short_runs = false}).program, "scev for short runs too");
    if (!HasFatalFailure()) expect_same(opt::optimize(program_), "the default pipeline");
  }

  Totals totals_;
  ast::Program program_;
  std::vector<std::uint64_t> frame_ = {77, 5};
  interp::Outcome expected_;
  interp::Outcome got_;
};

TEST_F(ExhaustiveTest, EveryInductionLoopMeansTheSameBehindEveryPass) {
  const std::uint64_t count = induction_loop_count();
  EXPECT_GE(count, 100'000U);
  for (std::uint64_t index = 0; index < count && !HasFatalFailure(); ++index) check(index);
  std::cout << totals_.programs << " programs, " << totals_.skipped << " of them not finished by the interpreter, "
            << totals_.solved << " loops solved, " << totals_.variants << " optimised variants agreed\n";
  EXPECT_GE(totals_.programs - totals_.skipped, 100'000U);
  EXPECT_GT(totals_.solved, count / 3);
}

TEST_F(ExhaustiveTest, EveryProgramOfTheEnumerationIsValidAndAnother) {
  ast::Program previous;
  for (std::uint64_t index = 0; index < induction_loop_count(); index += 997) {
    induction_loop(index, program_);
    EXPECT_TRUE(ast::verify(program_));
    EXPECT_FALSE(ast::same_program(program_, previous));
    previous = program_;
  }
}

}  // namespace
}  // namespace assay::fuzz
