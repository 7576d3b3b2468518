// The scalar detector: what may run natively, and where lists are cut; see core/jit/scalar_runs.h.
#include "core/jit/scalar_runs.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "core/base/rng.h"
#include "core/jit/test/random_program.h"
#include "core/jit/test/sprinkle_prints.h"
#include "core/jit/test/test_seed.h"

namespace assay::jit {
namespace {

using ast::NodeId;

ast::Program parse(std::string_view body) {
  auto parsed = ast::parse_program("program p(i32 a, i32 b) {" + std::string(body) + "}");
  EXPECT_TRUE(parsed.ok()) << body << ": " << (parsed.ok() ? "" : parsed.error().describe());
  return parsed.ok() ? std::move(parsed).value() : ast::Program();
}

// A number for every run of that many scalar statements, "-" for a statement that is not.
std::string cut(const ast::Program& program, NodeId first) {
  std::string text;
  for (const StatementRun& run : find_scalar_runs(program, first)) {
    std::size_t length = 0;
    for (NodeId id = run.first; id != run.end; id = program.node(id).next) ++length;
    EXPECT_TRUE(run.scalar || length == 1);
    text += (text.empty() ? "" : " ") + (run.scalar ? std::to_string(length) : std::string("-"));
  }
  return text;
}

std::string cut(std::string_view body) {
  const ast::Program program = parse(body);
  return cut(program, program.body());
}

TEST(ScalarRuns, AScalarListIsOneRun) { EXPECT_EQ(cut("a = 1; let i32 x = a; push x; return b; b = 2;"), "5"); }

TEST(ScalarRuns, AnEmptyListHasNone) { EXPECT_EQ(cut(""), ""); }

TEST(ScalarRuns, APrintCutsAList) {
  EXPECT_EQ(cut("a = 1; b = 2; print a; a = 3;"), "2 - 1");
  EXPECT_EQ(cut("print a; a = 3; print b; print a;"), "- 1 - -");
}

TEST(ScalarRuns, AllOfThemAreThoseOfTheBlocksToo) {
  const ast::Program program =
      parse("a = 1; if (a) { a = 2; print a; } else { b = 2; a = 3; } while (a) { b = 1; print b; b = 2; } print a;");
  std::string kinds;
  for (const StatementRun& run : all_scalar_runs(program)) {
    EXPECT_TRUE(run.scalar);
    for (NodeId id = run.first; id != run.end; id = program.node(id).next) kinds += 's';
    kinds += ' ';
  }
  EXPECT_EQ(kinds, "s s ss s s ");
}

TEST(ScalarRuns, AStatementWithAPrintBelowItIsNotScalar) {
  EXPECT_EQ(cut("a = 1; if (a) { print a; } b = 1;"), "1 - 1");
  EXPECT_EQ(cut("a = 1; if (a) { a = 2; } else { if (b) { } else { print a; } } b = 1;"), "1 - 1");
  EXPECT_EQ(cut("loop (3) { a = 1; print a; }"), "-");
  EXPECT_EQ(cut("while (a) { loop (3) { print a; } }"), "-");
}

TEST(ScalarRuns, ScalarControlFlowBelongsToItsRun) {
  EXPECT_EQ(cut("a = 1; if (a) { b = 1; } else { return; } loop (3) { while (b) { b = b - 1; } }"), "3");
}

TEST(ScalarRuns, ALoopKeepsItsOwnBreaksAndContinues) {
  EXPECT_EQ(cut("loop (3) { if (a) { break; } continue; } while (a) { loop (2) { break; } continue; }"), "2");
}

TEST(ScalarRuns, ABreakOrContinueOutOfTheRunIsNotScalar) {
  const ast::Program program = parse(
      "loop (3) { a = 1; if (a) { b = 2; break; } b = 3; continue; } while (a) { loop (2) { break; } if (b) {} else "
      "{ if (a) { continue; } } break; }");
  const ast::Node& loop = program.node(program.body());
  EXPECT_EQ(cut(program, loop.child_b()), "1 - 1 -");
  EXPECT_EQ(cut(program, program.node(loop.next).child_b()), "1 - -");
}

TEST(ScalarRuns, RunsAreMaximalAndCoverTheListInOrder) {
  const std::uint64_t seed = test::test_seed();
  for (std::uint32_t i = 0; i < 500; ++i) {
    SCOPED_TRACE("ASSAY_TEST_SEED=" + std::to_string(seed) + ", program " + std::to_string(i));
    base::Rng rng(base::derive_seed(seed, i));
    ast::Program program;
    test::RandomProgram(rng).make({4, 12, 2, 2}, program);
    test::sprinkle_prints(rng, program);
    ASSERT_TRUE(ast::verify(program).ok());
    NodeId expected = program.body();
    bool scalar_before = false;
    for (const StatementRun& run : find_scalar_runs(program, program.body())) {
      EXPECT_EQ(run.first, expected);
      EXPECT_FALSE(run.scalar && scalar_before) << "two neighbouring runs that could be one";
      EXPECT_TRUE(run.scalar || program.node(run.first).next == run.end);
      scalar_before = run.scalar;
      expected = run.end;
    }
    EXPECT_FALSE(expected.valid()) << "the end of the list is in no run";
  }
}

}  // namespace
}  // namespace assay::jit
