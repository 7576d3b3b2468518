// Loops whose counter is narrower than what is computed with it: its extension steps by what the counter steps by for
// as long as it does not wrap (companions.h). Each is proved as SCEV-Lite solves it, and not with one thing wrong: the
// closed form, or that no more iterations are done at once than the counter has before it wraps.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "core/ast/text.h"
#include "core/opt/solve_loops.h"
#include "smt/test/test_prover.h"

namespace assay::smt {
namespace {

struct Case {
  std::string_view name;
  std::string_view slots;
  std::string_view loop;
  // What stands in the solved program, and what it is replaced by.
  std::string_view form;
  std::string_view wrong_form;
  std::string_view count;
  std::string_view wrong_count;
};

constexpr std::array<Case, 10> kCases = {{
    // The first iteration is done apart.
    {"accumulator_behind_a_follower", "i64 a, i64 b, i64 c, i32 i, i64 n",
     "while (extend_u(i) >= n) { a = a + b; b = c; a = a - extend_u(i) * c; i = i + -4194905; }", "s8 * 4194905L",
     "s8 * 4194904L", "select(lt_u(s4, s2), s4, s2)", "s2"},
    {"step_between_two_uses", "i64 a, i64 b, i64 c, i32 i, i64 n",
     "while (gt_u(extend_u(i), n)) { b = b + a; a = extend_u(i) * c; b = b + a; a = c; b = b + a; i = i + 1048576; }",
     "c * (extend_u(i) + 1L)", "c * (extend_u(i) + 2L)", "select(lt_u(s5, s2), s5, s2)", "s2"},
    {"condition_at_first_and_later", "i64 a, i64 b, i64 c, i64 m, i32 i, i64 n",
     "while (extend_u(i) > n) { if (extend_u(i) > m) { b = b - extend_u(i); } a = a + b; b = c; i = i + 1073741824; }",
     "s14 * -1073741824L - s15 * s12", "s14 * -1073741824L + s15 * s12", "select(lt_u(s10, s7), s10, s7)", "s7"},
    // A condition on the extension is what it was at the start.
    {"condition_on_an_extension", "i64 a, i64 b, i64 c, i32 i",
     "loop (30) { if (le_u(extend_s(i), c)) { a = a + extend_s(i) * b; } i = i + -2; }", "s12 * -2L", "s12 * -4L",
     "select(lt_u(s9, s6), s9, s6)", "s6"},
    // A function of the last iteration.
    {"follower_of_an_extension", "i64 a, i64 b, i64 c, i32 i",
     "loop (8) { a = b + extend_u(i) * b; if (lt_u(extend_u(i), c)) { a = a + extend_u(i) * b; } i = i + -1073741824; "
     "}",
     "+ 1073741824)", "+ 1073741825)", "select(lt_u(s8, s6), s8, s6)", "s5"},
    {"follower_of_a_sum", "i64 a, i64 b, i64 c, i32 i, i64 n",
     "loop (40) { i = i + 6; b = extend_u(i) * c; b = b + a; a = a - extend_u(i); if (!(extend_u(i) <= n)) { break; } "
     "}",
     "s16 * -6L", "s16 * -5L", "select(lt_u(s8, s5), s8, s5)", "s5"},
    // Two iterations at a time.
    {"alternating_sum_of_an_extension", "i64 a, i64 c, i32 i, i64 n",
     "while (extend_u(i) > n) { a = c - a; a = a + extend_u(i) * extend_u(i); i = i + -1048576; }", "s0 * 4194304L",
     "s0 * 4194303L", "select(lt_u(s11, s9), s11, s9)", "s2"},
    // An exit by != on the extension.
    {"not_equal", "i64 a, i64 b, i32 i, i64 n", "while (extend_s(i) != n) { i = i + 6; a = a + extend_s(i) * b; }",
     "s10 * 6L", "s10 * 5L", "select(lt_u(s7, s4), s7, s4)", "s0"},
    // By doubling, from the lowest and from the highest bit.
    {"affine_of_an_extension", "i64 a, i64 b, i32 i, i64 n",
     "while (extend_s(i) >= n) { a = (a + extend_s(i)) * b + 1L; i = i + -134218359; }", "b * -134218359L",
     "b * -134218358L", "select(lt_u(s5, s2), s5, s2)", "s2"},
    {"recurrence_of_an_extension", "i64 a, i64 b, i64 c, i32 i, i64 n",
     "while (extend_u(i) > n) { a = a + b + extend_u(i) * c; b = c + a; i = i + -268436378; }",
     "extend_u(i) * 7L + -1073745509L", "extend_u(i) * 7L + -1073745508L", "select(lt_u(s4, s2), s4, s2)", "s2"},
}};

// Some of the steps are so large that it would not be worth it.
ast::Program solved(const ast::Program& before) {
  return opt::solve_loops(before, {.spare_short_runs = false}).program;
}

class WidenedTest : public testing::TestWithParam<Case> {
 protected:
  WidenedTest() : before_(program_of(GetParam().slots, GetParam().loop)) {}

  void expect_not_proved(std::string_view right, std::string_view wrong) {
    std::string text = ast::print_program(solved(before_));
    const std::size_t place = text.find(right);
    ASSERT_NE(place, std::string::npos) << text;
    text.replace(place, right.size(), wrong);
    EXPECT_NE(prover_.prove(before_, parsed(text)).answer, Answer::Proved) << text;
  }

  const ast::Program before_;
  TestProver prover_;
};

TEST_P(WidenedTest, IsProved) {
  const Proof proof = prover_.prove(before_, solved(before_));
  EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;
}

TEST_P(WidenedTest, IsNotProvedWithAnotherForm) { expect_not_proved(GetParam().form, GetParam().wrong_form); }

TEST_P(WidenedTest, IsNotProvedWhereTheCounterMayWrap) { expect_not_proved(GetParam().count, GetParam().wrong_count); }

INSTANTIATE_TEST_SUITE_P(Loops, WidenedTest, testing::ValuesIn(kCases),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace assay::smt
