// Random loops through the solver, against the interpreter. ASSAY_TEST_SEED repeats a run, ASSAY_TEST_LOOPS makes it
// longer.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "core/ast/text.h"
#include "core/opt/solve_loops.h"
#include "core/scev/test/random_loop.h"
#include "core/scev/test/same_behaviour.h"

namespace assay::scev {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 0) : otherwise;
}

void check_random_loops(const SolveOptions& options, std::string (*write)(base::Rng&) = random_loop) {
  const std::uint64_t seed = from_environment("ASSAY_TEST_SEED", 20261123);
  const std::uint64_t loops = from_environment("ASSAY_TEST_LOOPS", 6000);
  std::cout << "seed " << seed << ", " << loops << " programs\n";
  unsigned solved = 0;
  unsigned declined = 0;
  std::uint64_t runs = 0;
  for (std::uint64_t i = 0; i < loops && !testing::Test::HasFailure(); ++i) {
    base::Rng rng(seed + i * 0x9E37'79B9);
    const auto program = ast::parse_program(write(rng));
    ASSERT_TRUE(program) << program.error().message;
    const opt::PassResult result = opt::solve_loops(*program, options);
    for (const LoopReport& report : result.loops) {
      solved += report.solved ? 1U : 0U;
      declined += report.solved ? 0U : 1U;
    }
    SCOPED_TRACE("program " + std::to_string(i));
    runs += agreed_runs(*program, result.program, 20, rng);
  }
  std::cout << solved << " loops solved, " << declined << " declined, " << runs << " runs agreed\n";
  EXPECT_GT(solved, loops / 4);
  EXPECT_GT(declined, loops / 4);
}

TEST(SolveRandomTest, ClosedFormsMeanWhatTheLoopsMeant) { check_random_loops({.spare_short_runs = false}); }

TEST(SolveRandomTest, SoDoTheyWithShortRunsLeftToTheLoop) { check_random_loops({.spare_short_runs = true}); }

TEST(SolveRandomTest, ANarrowCounterWrapsInWideConditionsToo) {
  check_random_loops({.spare_short_runs = false}, random_loop_of_two_widths);
}

}  // namespace
}  // namespace assay::scev
