// Specification of the numbering of assignments.
#include "core/opt/assignments.h"

#include <gtest/gtest.h>

#include "core/opt/test/differential.h"

namespace assay::opt {
namespace {

using ast::VarId;

constexpr std::uint32_t kNone = Assignments::kNone;
constexpr VarId kA{0};
constexpr VarId kB{1};
constexpr VarId kX{2};
constexpr VarId kLocal{4};

TEST(AssignmentsTest, TellsTheAssignmentsAroundAPlace) {
  const ast::Program program = parsed_body("a = 1; b = 2; let i32 t = 3; a = 4; t = 5;");
  Assignments assignments(program);
  EXPECT_EQ(assignments.before(kA), kNone);
  EXPECT_EQ(assignments.behind(kA), 0U);
  EXPECT_EQ(assignments.behind(kLocal), 2U);
  EXPECT_EQ(assignments.behind(kX), kNone);

  assignments.pass(kA);
  assignments.pass(kB);
  EXPECT_EQ(assignments.position(), 2U);
  EXPECT_EQ(assignments.before(kA), 0U);
  EXPECT_EQ(assignments.behind(kA), 3U);
  EXPECT_EQ(assignments.before(kB), 1U);
  EXPECT_EQ(assignments.behind(kB), kNone);

  assignments.pass(kLocal);
  assignments.pass(kA);
  EXPECT_EQ(assignments.before(kLocal), 2U);
  EXPECT_EQ(assignments.behind(kLocal), 4U);
  EXPECT_EQ(assignments.before(kA), 3U);
  EXPECT_EQ(assignments.behind(kA), kNone);
}

TEST(AssignmentsTest, TellsWhereLoopsEnd) {
  const ast::Program program = parsed_body(
      "a = 1; loop (2) { if (a) { a = 3; } else { b = 4; } while (b) { b = 5; } x = 6; } loop (7) { } y = 8;");
  Assignments assignments(program);
  EXPECT_EQ(assignments.enter_loop(), 5U);
  EXPECT_EQ(assignments.enter_loop(), 4U);
  EXPECT_EQ(assignments.enter_loop(), 5U);
}

}  // namespace
}  // namespace assay::opt
