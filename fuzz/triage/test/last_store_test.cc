// Which store a slot ends with, through every kind of control flow; see fuzz/triage/last_store.h.
#include "fuzz/triage/last_store.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/ast/text.h"

namespace assay::fuzz {
namespace {

constexpr std::uint64_t kFuel = 10'000;

// The statement that last stored to the first slot, in words; "none" without one.
std::string last_in(const char* text, std::vector<std::uint64_t> frame) {
  const auto program = ast::parse_program(text);
  EXPECT_TRUE(program) << program.error().describe();
  const auto last = last_store(*program, frame, kFuel, ast::VarId{0});
  return last ? ast::print_node(*program, *last) : "none";
}

TEST(LastStoreTest, TheLastOneInTheBranchThatIsTaken) {
  constexpr const char* kText = "program p(i32 a, i32 c) { a = 1; if (c) { a = 2; } else { c = 3; } c = 4; }";
  EXPECT_EQ(last_in(kText, {0, 1}), "a = 2;");
  EXPECT_EQ(last_in(kText, {0, 0}), "a = 1;");
}

TEST(LastStoreTest, NoneWhenThereIsNone) {
  EXPECT_EQ(last_in("program p(i32 a) { let i32 t = 1; t = 2; }", {0}), "none");
}

TEST(LastStoreTest, FollowsLoopsBreaksAndContinues) {
  EXPECT_EQ(last_in("program p(i32 a) { loop (3) { if (a == 2) { break; } a = a + 1; } }", {0}), "a = a + 1;");
  EXPECT_EQ(last_in("program p(i32 a) { loop (0) { a = 5; } }", {0}), "none");
  EXPECT_EQ(last_in("program p(i32 a, i32 n) { while (n < 2) { n = n + 1; if (n == 2) { continue; } a = 7; a = 8; } }",
                    {0, 0}),
            "a = 8;");
}

TEST(LastStoreTest, EndsWithAReturnATrapAndTheFuel) {
  EXPECT_EQ(last_in("program p(i32 a) { a = 1; return; a = 2; }", {0}), "a = 1;");
  EXPECT_EQ(last_in("program p(i32 a) { a = 1; a = 1 / 0; }", {0}), "a = 1;");
  EXPECT_EQ(last_in("program p(i32 a) { while (1) { a = a + 1; } }", {0}), "a = a + 1;");
}

}  // namespace
}  // namespace assay::fuzz
