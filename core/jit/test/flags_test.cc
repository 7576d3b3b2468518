// Where a comparison with 0 needs no instruction, because the flags of the one before say it, and where it does.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "core/ast/text.h"
#include "core/jit/compile.h"
#include "core/x64/form.h"

namespace assay::jit {
namespace {

using x64::Form;

std::size_t count_of(std::string_view statements, std::initializer_list<Form> forms) {
  const auto program = ast::parse_program("program p(i32 a, i32 b, i64 x) { " + std::string(statements) + " }");
  EXPECT_TRUE(program.ok()) << (program.ok() ? "" : program.error().describe());
  Compiler compiler;
  CompiledBlock block;
  if (program.ok()) compiler.compile(*program, {Convention::SystemV, {}, true}, block);
  return static_cast<std::size_t>(std::count_if(
      block.intents.begin(), block.intents.end(),
      [&](const x64::Intent& one) { return std::find(forms.begin(), forms.end(), one.form) != forms.end(); }));
}

std::size_t tests(std::string_view statements) { return count_of(statements, {Form::TestR32R32, Form::TestR64R64}); }

TEST(ZeroFlag, ASumOrABitwiseValueThatIsAskedForZeroIsNotTested) {
  EXPECT_EQ(tests("a = a - 1; if (a) { b = 2; }"), 0U);
  EXPECT_EQ(tests("x = x & 7L; if (x == 0L) { b = 2; }"), 0U);
  EXPECT_EQ(tests("a = a - b; b = !a;"), 0U);
  EXPECT_EQ(tests("a = a ^ b; b = select(a, b, 3);"), 0U);
}

TEST(ZeroFlag, AShiftByAConstantIsNotTestedButARotationIs) {
  EXPECT_EQ(tests("a = a >>> 2; if (a) { b = 2; }"), 0U);
  EXPECT_EQ(tests("a = a << 32; if (a) { b = 2; }"), 1U) << "by 0, which leaves the flags alone";
  EXPECT_EQ(tests("a = rotl(a, 2); if (a) { b = 2; }"), 1U);
}

TEST(ZeroFlag, AnotherValueIsTested) {
  EXPECT_EQ(tests("a = a - 1; if (b) { b = 2; }"), 1U);
  EXPECT_EQ(tests("a = a - 1; b = b + 1; if (a) { b = 2; }"), 1U);
}

TEST(ZeroFlag, AnOrderIsTested) {
  // The sum may have overflowed, so its sign is not that of what was added.
  EXPECT_EQ(tests("a = a + 7; if (a < 0) { b = 2; }"), 1U);
  EXPECT_EQ(tests("a = a - b; if (a > 0) { b = 2; }"), 1U);
}

// Here nothing but the width tells them apart.
TEST(ZeroFlag, HalfOfAValueIsTested) { EXPECT_EQ(tests("if (wrap(x & 1000000L)) { b = 2; }"), 1U); }

TEST(ZeroFlag, BehindALabelItIsForgotten) {
  // The condition is reached from the front too, with the flags of whatever stands there.
  EXPECT_EQ(tests("b = b + 1; while (a) { a = a - 1; }"), 1U);
  EXPECT_EQ(tests("if (b > 5) { a = a - 1; } if (a) { b = 2; }"), 1U);
}

TEST(Subtraction, FromTheOtherSideNeedsNoThirdRegister) {
  EXPECT_EQ(count_of("b = a - b;", {Form::NegR32}), 1U);
  EXPECT_EQ(count_of("b = a - b;", {Form::MovR32R32, Form::SubR32R32}), 0U);
}

}  // namespace
}  // namespace assay::jit
