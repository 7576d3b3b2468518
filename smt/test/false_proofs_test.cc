// Wrong replacements made for one step of the proof each: what they do is right in all but that. All of them once were
// proved.
#include <gtest/gtest.h>

#include <array>
#include <string_view>

#include "smt/test/test_prover.h"

namespace assay::smt {
namespace {

struct Case {
  std::string_view name;
  std::string_view slots;
  std::string_view loop;
  std::string_view wrong;
};

constexpr std::array<Case, 14> kCases = {{
    // The step into the iteration that takes the exit wraps.
    {"extension_in_the_exit", "i64 b, i32 i", "while (1) { if (i == 0) { b = extend_u(i) * 5L; break; } i = i + 1; }",
     "let i32 k = 0 - i; b = (extend_u(i) + extend_u(k)) * 5L; i = i + k;"},
    // Four iterations of five, by doubling.
    {"doubling_short_by_the_first", "i32 a, i32 s", "loop (5) { a = a * s + 1; }",
     "let i32 k = 4; let i32 m = k; let i32 p = s; let i32 q = 1; while (m) { if (m & 1) { a = a * p + q; } "
     "q = q * p + q; p = p * p; m = m >>> 1; }"},
    {"doubling_short_by_the_first_under_a_question", "i32 a, i32 s, i32 n", "loop (n) { a = a * s + 1; }",
     "let i32 c = n; if (c) { let i32 k = c + -1; let i32 m = k; let i32 p = s; let i32 q = 1; while (m) { if (m & 1) "
     "{ a = a * p + q; } q = q * p + q; p = p * p; m = m >>> 1; } }"},
    // As many iterations as k has bits.
    {"highest_bit_with_a_slot_for_a_parameter", "i32 a, i32 b, i32 s, i32 n", "loop (n) { a = a * s + b; }",
     "let i32 k = n; let i32 p = a; let i32 t = 32; while (t) { t = t - 1; if ((k >>> t) & 1) { p = p * s + b; } } "
     "a = p;"},
    // Of another slot its value behind the last iteration, where that of each iteration belongs.
    {"doubling_by_what_another_left", "i32 a, i32 b, i32 s, i32 n", "loop (n) { a = a + b; b = b * s + 1; }",
     "let i32 k = n; let i32 m = k; let i32 p = s; let i32 r = 1; while (m) { if (m & 1) { b = b * p + r; } "
     "r = r * p + r; p = p * p; m = m >>> 1; } let i32 m2 = k; let i32 q = b; while (m2) { if (m2 & 1) { a = a + q; } "
     "q = q + q; m2 = m2 >>> 1; }"},
    {"follower_of_a_doubling", "i32 a, i32 b, i32 s, i32 n", "loop (n) { b = a; a = a * s + 1; }",
     "let i32 k = n; let i32 m = k; let i32 p = s; let i32 q = 1; while (m) { if (m & 1) { a = a * p + q; } "
     "q = q * p + q; p = p * p; m = m >>> 1; } b = select(k, a, b);"},
    // Half the iterations, of what rounds of two did rightly before.
    {"doubling_behind_rounds", "i32 a, i32 c, i32 n", "loop (n) { a = c - a; }",
     "let i32 old = a; let i32 k = div_u(n, 2); let i32 r = rem_u(n, 2); loop (r) { a = c - a; } let i32 x = old; "
     "let i32 m = k; let i32 p = -1; let i32 q = c; while (m) { if (m & 1) { x = x * p + q; } q = q * p + q; "
     "p = p * p; m = m >>> 1; } a = x;"},
    {"a_push", "i32 a", "loop (2) { a = a * a; }", "a = a * a; a = a * a; push a;"},
    {"a_guard_that_traps", "i32 a, i32 b, i32 n, i32 x", "loop (n) { a = a + b; }",
     "if (div_u(1, x)) { a = a + b * n; } else { loop (n) { a = a + b; } }"},
    // What stands before the choice is done whatever is chosen.
    {"an_iteration_before_the_choice", "i32 a, i32 b, i32 n, i32 x", "loop (n) { a = a + b; }",
     "a = a + b; if (x) { a = a + b * (n - 1); } else { loop (n) { a = a + b; } }"},
    {"an_iteration_before_the_choice_and_the_loop_behind", "i32 a, i32 n", "while (a < n) { a = a + 1; }",
     "a = a + 1; if (a < n) { a = n; } while (a < n) { a = a + 1; }"},
    // What a local held before the first round it does not hold in the others.
    {"a_local_from_before_the_rounds", "i32 a, i32 i, i32 n", "loop (n) { a = a + i; i = i + 1; }",
     "let i32 t = i; let i32 left = n; while (1) { if (!left) { break; } let i32 k = select(lt_u(left, 7), left, 7); "
     "let i32 h = k >>> 1; let i32 c = h * (k + -1 | 1); if (gt_u(k, 3)) { left = left - k; a = a + t * k + c; "
     "i = i + k; } else { left = left - 1; a = a + i; i = i + 1; } } loop (left) { a = a + i; i = i + 1; }"},
    {"a_local_that_a_round_changes", "i32 a, i32 b, i32 n", "loop (n) { a = a + b; }",
     "let i32 t = b; let i32 left = n; while (1) { if (!left) { break; } let i32 k = select(lt_u(left, 7), left, 7); "
     "if (gt_u(k, 3)) { left = left - k; a = a + t * k; t = t + 1; } else { left = left - 1; a = a + b; } } "
     "loop (left) { a = a + b; }"},
    {"a_choice_of_rounds_that_traps", "i32 a, i32 b, i32 n, i32 x", "loop (n) { a = a + b; }",
     "let i32 left = n; if (div_u(1, x)) { while (1) { if (!left) { break; } "
     "let i32 k = select(lt_u(left, 7), left, 7); if (gt_u(k, 3)) { left = left - k; a = a + b * k; } "
     "else { left = left - 1; a = a + b; } } } loop (left) { a = a + b; }"},
}};

class FalseProofTest : public testing::TestWithParam<Case> {
 protected:
  TestProver prover_;
};

TEST_P(FalseProofTest, IsNotGiven) {
  const Case& one = GetParam();
  const Proof proof = prover_.prove(program_of(one.slots, one.loop), program_of(one.slots, one.wrong));
  EXPECT_NE(proof.answer, Answer::Proved);
}

INSTANTIATE_TEST_SUITE_P(Replacements, FalseProofTest, testing::ValuesIn(kCases),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace assay::smt
