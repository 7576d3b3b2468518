// Loops that count in one width and compute in the other: C(n, 2) modulo 2^32 takes more than 32 bits of n, and a
// counter that wraps in 32 bits is another one in 64.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "core/ast/text.h"
#include "core/opt/passes.h"
#include "smt/counterexample.h"
#include "smt/test/test_prover.h"

namespace assay::smt {
namespace {

struct Case {
  std::string_view name;
  std::string_view slots;
  std::string_view loop;
  std::string_view right;
  std::string_view wrong;
};

// In what is wrong here the first difference comes after 2^31 iterations or more, which no interpreter runs: it is not
// refuted, but it is not proved.
constexpr std::array<Case, 4> kCases = {{
    {"narrow_sum_of_a_wide_count", "i64 n, i32 a, i32 b", "loop (n) { a = a + b; b = b + 1; }", "wrap(s2)",
     "(wrap(n) >>> 1) * (wrap(n) + -1 | 1)"},
    {"narrow_sum_of_a_wide_number", "i64 n, i32 a, i32 b", "loop (4294967299L) { a = a + b; b = b + 1; }",
     "-2147483645", "3"},
    {"cut_counter", "i64 n, i64 i, i32 a", "loop (n) { a = a + wrap(i); i = i + 1; }", "wrap(s1)",
     "(wrap(n) >>> 1) * (wrap(n) + -1 | 1)"},
    {"extended_counter", "i32 n, i32 i, i64 a", "loop (n) { a = a + extend_s(i); i = i + 1; }", "2147483647 - i", "-1"},
}};

class TwoWidthsTest : public testing::TestWithParam<Case> {
 protected:
  TestProver prover_;
};

TEST_P(TwoWidthsTest, IsProvedAndWithOneThingWrongNot) {
  const Case& one = GetParam();
  const ast::Program before = program_of(one.slots, one.loop);
  const ast::Program after = opt::solve_loops(before).program;
  const Proof proof = prover_.prove(before, after);
  EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;

  std::string text = ast::print_program(after);
  const std::size_t place = text.find(one.right);
  ASSERT_NE(place, std::string::npos) << text;
  text.replace(place, one.right.size(), one.wrong);
  EXPECT_NE(prover_.prove(before, parsed(text)).answer, Answer::Proved) << text;
}

INSTANTIATE_TEST_SUITE_P(Widths, TwoWidthsTest, testing::ValuesIn(kCases),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace assay::smt
