// Replacements written by hand, right in one way and wrong in another that only one step of the proof tells apart: the
// claims about companions (companion_steps.h), and that what is asked on the way cannot trap. The right one is proved.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "smt/test/test_prover.h"

namespace assay::smt {
namespace {

struct Case {
  std::string_view name;
  std::string_view slots;
  std::string_view body;  // of a loop that runs n times
  std::string_view most;  // the statement with the iterations that are done at once, at most
  std::string_view many;  // k of them; ? is what is right or wrong
  std::string_view right;
  std::string_view wrong;
};

constexpr std::array<Case, 4> kCases = {{
    // From the first iteration to the second i does not wrap, but there may be no second.
    {"first_iteration_alone", "i64 a, i64 b, i64 c, i32 i, i32 n",
     "a = a + b; b = c; a = a - extend_u(i) * c; i = i + -5;", "let i32 most = div_u(i, 5) + 1;",
     "if (k) { let i64 start = extend_u(i); a = a + b; b = c; a = a - extend_u(i) * c; i = i + -5; let i32 m = k + -1; "
     "let i64 w = extend_u(m); a = c * ((w >>> 1L) * (w + -1L | 1L)) * 5L + a + w * (b - c * extend_u(i)) "
     "+ ? * c; i = i + m * -5; }",
     "0L", "(extend_u(i) - start + 5L)"},
    // The first step may wrap where one more is allowed, and then the second iteration is not 5 below the first.
    {"first_step_of_an_iteration_apart", "i64 a, i64 b, i64 c, i32 i, i32 n",
     "a = a + b; b = c; a = a - extend_u(i) * c; i = i + -5;", "let i32 most = ?;",
     "if (k) { let i64 start = extend_u(i); a = a + b; b = c; a = a - extend_u(i) * c; i = i + -5; let i32 m = k + -1; "
     "let i64 w = extend_u(m); a = c * ((w >>> 1L) * (w + -1L | 1L)) * 5L + a + w * (b - c * (start + -5L)); "
     "i = i + m * -5; }",
     "div_u(i, 5)", "div_u(i + -5, 5) + 1"},
    // What rounds of two take for granted must hold where there is no round, too.
    {"a_step_ahead_of_no_round", "i64 a, i64 c, i32 i, i32 n", "a = c - a; a = a + extend_u(i) * c; i = i + -5;",
     "let i32 most = div_u(i, 5) + 1;",
     "let i32 m = div_u(k, 2); let i32 r = rem_u(k, 2); let i64 w = extend_u(m); "
     "a = a + w * (c * -5L) ?; i = i + m * -10; "
     "loop (r) { a = c - a; a = a + extend_u(i) * c; i = i + -5; }",
     "", "+ (extend_u(i - 5) - extend_u(i) + 5L)"},
    // A question on the way that traps, though it never leads anywhere.
    {"a_question_that_traps", "i32 a, i32 b, i32 n, i32 x", "a = a + b;", "? let i32 most = 7;", "a = a + b * k;", "",
     "if (gt_u(div_u(1, x), 5)) { break; }"},
}};

class ClaimsTest : public testing::TestWithParam<Case> {
 protected:
  [[nodiscard]] Answer answer(std::string_view part) {
    const Case& one = GetParam();
    const std::string body(one.body);
    std::string text = "let i32 left = n; while (1) { if (left == 0) { break; } " + std::string(one.most) +
                       " let i32 k = select(lt_u(most, left), most, left); if (gt_u(k, 0)) { left = left - k; " +
                       std::string(one.many) + " } else { left = left + -1; " + body + " } } loop (left) { " + body +
                       " }";
    text.replace(text.find('?'), 1, part);
    const Proof proof = prover_.prove(program_of(one.slots, "loop (n) { " + body + " }"), program_of(one.slots, text));
    reason_ = proof.reason;
    return proof.answer;
  }

  TestProver prover_;
  std::string reason_;
};

TEST_P(ClaimsTest, RightIsProved) { EXPECT_EQ(answer(GetParam().right), Answer::Proved) << reason_; }
TEST_P(ClaimsTest, WrongIsNot) { EXPECT_NE(answer(GetParam().wrong), Answer::Proved) << reason_; }

INSTANTIATE_TEST_SUITE_P(Replacements, ClaimsTest, testing::ValuesIn(kCases),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace assay::smt
