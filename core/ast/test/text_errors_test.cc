// Malformed text: each mistake has its place and a sentence, and nothing crashes; see core/ast/text.h.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "core/ast/test/support.h"
#include "core/ast/text.h"

namespace assay::ast {
namespace {

struct Mistake {
  const char* text;
  const char* error;
};

class MalformedText : public testing::TestWithParam<Mistake> {};

TEST_P(MalformedText, IsAnErrorWithAPlaceAndASentence) {
  const auto program = parse_program(GetParam().text, "t.nda");
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().kind, base::ErrorKind::Input);
  EXPECT_EQ(program.error().describe(), std::string("t.nda:") + GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Files, MalformedText,
    testing::Values(
        Mistake{"", "1:1: expected 'program' at the start of the file, found the end of the file"},
        Mistake{"  \n\n", "3:1: expected 'program' at the start of the file, found the end of the file"},
        Mistake{"function p() { }", "1:1: expected 'program' at the start of the file, found the name 'function'"},
        Mistake{"program", "1:8: expected the program's name, found the end of the file"},
        Mistake{"program 5() { }", "1:9: expected the program's name, found the number '5'"},
        Mistake{"program p { }", "1:11: expected '(' before the program's slots, found '{'"},
        Mistake{"program p()", "1:12: expected '{' before a block, found the end of the file"},
        Mistake{"program p() {", "1:14: expected a statement or '}', found the end of the file"},
        Mistake{"program p() { } }", "1:17: expected the end of the file, which holds one program, found '}'"},
        Mistake{"program p() { }\nprogram q() { }",
                "2:1: expected the end of the file, which holds one program, found 'program'"},
        Mistake{"// format 2\nprogram p() { }",
                "1:1: this file has a format version that this build cannot read: it reads version 1 to 1"},
        Mistake{"\n  // format 0\nprogram p() { }",
                "2:3: this file has a format version that this build cannot read: it reads version 1 to 1"},
        Mistake{"// format 99999999999999999999999\nprogram p() { }",
                "1:1: this file has a format version that this build cannot read: it reads version 1 to 1"}));

INSTANTIATE_TEST_SUITE_P(
    Characters, MalformedText,
    testing::Values(
        Mistake{"program p() { @ }", "1:15: the character '@' means nothing here"},
        Mistake{"program p() { \xC3\xA9 }", "1:15: the byte 0xc3 means nothing outside a comment"},
        Mistake{"program p() { \x01 }", "1:15: the byte 0x01 means nothing outside a comment"},
        Mistake{"program p() {\n /* no end", "2:2: this comment has no end: '*/' is missing"},
        Mistake{"program p() { } /*/", "1:17: this comment has no end: '*/' is missing"},
        Mistake{"program p() { push 1x; }",
                "1:20: '1x' is not a number: write a decimal number without leading zeros, or 0x and hex digits, each "
                "with L behind it for an i64"},
        Mistake{"program p() { push 007; }",
                "1:20: '007' is not a number: write a decimal number without leading zeros, or 0x and hex digits, each "
                "with L behind it for an i64"},
        Mistake{"program p() { push 0xL; }",
                "1:20: '0xL' is not a number: write a decimal number without leading zeros, or 0x and hex digits, each "
                "with L behind it for an i64"},
        Mistake{"program p() { push 1LL; }",
                "1:20: '1LL' is not a number: write a decimal number without leading zeros, or 0x and hex digits, each "
                "with L behind it for an i64"}));

INSTANTIATE_TEST_SUITE_P(
    Names, MalformedText,
    testing::Values(Mistake{"program p(a) { }", "1:11: expected a type, 'i32' or 'i64', found the name 'a'"},
                    Mistake{"program p(i32) { }", "1:14: expected a variable's name, found ')'"},
                    Mistake{"program p(i32 a,) { }", "1:17: expected a type, 'i32' or 'i64', found ')'"},
                    Mistake{"program p(i32 a i32 b) { }", "1:17: expected ')' after the program's slots, found 'i32'"},
                    Mistake{"program p(i32 add) { }", "1:15: 'add' is a reserved word and cannot name a variable"},
                    Mistake{"program p(i32 a, i64 a) { }", "1:22: the name 'a' is already in use here"},
                    Mistake{"program p(i32 a) { let i32 a = 1; }", "1:28: the name 'a' is already in use here"},
                    Mistake{"program p() { let i32 a = 1; if (a) { let i64 a = 2; } }",
                            "1:47: the name 'a' is already in use here"},
                    Mistake{"program p() { a = 1; }", "1:15: the variable 'a' is not declared here"},
                    Mistake{"program p() { let i32 t = t; }", "1:27: the variable 't' is not declared here"},
                    Mistake{"program p(i32 a) { if (a) { let i32 t = 1; } a = t; }",
                            "1:50: the variable 't' is not declared here"},
                    Mistake{"program p(i32 a) { a = max(a, 1); }", "1:24: 'max' is not the name of an operator"}));

INSTANTIATE_TEST_SUITE_P(
    Statements, MalformedText,
    testing::Values(
        Mistake{"program p(i32 a) { a }", "1:22: expected '=' after the variable, found '}'"},
        Mistake{"program p(i32 a) { a = 1 }", "1:26: expected ';' after the value, found '}'"},
        Mistake{"program p(i32 a) { a += 1; }", "1:22: expected '=' after the variable, found '+'"},
        Mistake{"program p(i32 a) { 5 = a; }", "1:20: expected a statement or '}', found the number '5'"},
        Mistake{"program p(i32 a) { ; }", "1:20: expected a statement or '}', found ';'"},
        Mistake{"program p(i32 a) { else { } }", "1:20: expected a statement or '}', found 'else'"},
        Mistake{"program p(i32 a) { clz(a); }", "1:20: expected a statement or '}', found 'clz'"},
        Mistake{"program p() { let a = 1; }", "1:19: expected a type, 'i32' or 'i64', found the name 'a'"},
        Mistake{"program p(i32 a) { if a { } }",
                "1:23: expected '(' before the condition or count, found the name 'a'"},
        Mistake{"program p(i32 a) { if (a { } }", "1:26: expected ')' after the condition or count, found '{'"},
        Mistake{"program p(i32 a) { if (a) a = 1; }", "1:27: expected '{' before a block, found the name 'a'"},
        Mistake{"program p(i32 a) { if (a) { } else a = 1; }", "1:36: expected '{' before a block, found the name 'a'"},
        Mistake{"program p(i32 a) { while () { } }", "1:27: expected an expression, found ')'"},
        Mistake{"program p() { break; }", "1:15: 'break' stands outside a loop"},
        Mistake{"program p() { if (1) { continue; } }", "1:24: 'continue' stands outside a loop"},
        Mistake{"program p() { loop (1) { break 2; } }",
                "1:32: expected ';' after the statement, found the number '2'"},
        Mistake{"program p() { loop (1) { if (1) { push 1; } } }",
                "1:35: 'push' stands inside a loop, where the depth of the operand stack would not be known"},
        Mistake{"program p() { push; }", "1:19: expected an expression, found ';'"},
        Mistake{"program p() { return", "1:21: expected an expression, found the end of the file"}));

INSTANTIATE_TEST_SUITE_P(
    Expressions, MalformedText,
    testing::Values(Mistake{"program p(i32 a) { a = ; }", "1:24: expected an expression, found ';'"},
                    Mistake{"program p(i32 a) { a = a +; }", "1:27: expected an expression, found ';'"},
                    Mistake{"program p(i32 a) { a = a && a; }", "1:27: expected an expression, found '&'"},
                    Mistake{"program p(i32 a) { a = a b; }", "1:26: expected ';' after the value, found the name 'b'"},
                    Mistake{"program p(i32 a) { a = (a; }", "1:26: expected ')' after the expression, found ';'"},
                    Mistake{"program p(i32 a) { a = if; }", "1:24: expected an expression, found 'if'"},
                    Mistake{"program p(i32 a) { a = clz; }", "1:27: expected '(' and 1 operand after 'clz', found ';'"},
                    Mistake{"program p(i32 a) { a = clz(); }", "1:28: expected an expression, found ')'"},
                    Mistake{"program p(i32 a) { a = clz(a, a); }",
                            "1:29: expected ')' after the 1 operand of 'clz', found ','"},
                    Mistake{"program p(i32 a) { a = add(a); }",
                            "1:29: expected ',' and another of the 2 operands of 'add', found ')'"},
                    Mistake{"program p(i32 a) { a = select(a, a, a, a); }",
                            "1:38: expected ')' after the 3 operands of 'select', found ','"}));

INSTANTIATE_TEST_SUITE_P(Types, MalformedText,
                         testing::Values(Mistake{"program p(i32 a, i64 x) { a = x; }",
                                                 "1:31: 'a' is i32 and cannot hold a value of type i64"},
                                         Mistake{"program p(i32 a, i64 x) { x = a + 1; }",
                                                 "1:31: 'x' is i64 and cannot hold a value of type i32"},
                                         Mistake{"program p(i32 a, i64 x) { a = a + x; }",
                                                 "1:33: '+' needs two operands of one type, found i32 and i64"},
                                         Mistake{"program p(i32 a, i64 x) { a = div_u(x, a); }",
                                                 "1:31: 'div_u' needs two operands of one type, found i64 and i32"},
                                         Mistake{"program p(i32 a, i64 x) { a = x < a; }",
                                                 "1:33: '<' needs two operands of one type, found i64 and i32"},
                                         Mistake{"program p(i32 a, i64 x) { a = a + 1L; }",
                                                 "1:33: '+' needs two operands of one type, found i32 and i64"},
                                         Mistake{"program p(i32 a, i64 x) { a = wrap(a); }",
                                                 "1:31: 'wrap' needs an operand of type i64, found i32"},
                                         Mistake{"program p(i32 a, i64 x) { x = extend_u(x); }",
                                                 "1:31: 'extend_u' needs an operand of type i32, found i64"},
                                         Mistake{"program p(i32 a, i64 x) { a = select(a, a, x); }",
                                                 "1:31: 'select' needs two values of one type, found i32 and i64"}));

INSTANTIATE_TEST_SUITE_P(
    Ranges, MalformedText,
    testing::Values(
        Mistake{"program p(i32 a) { a = 2147483648; }",
                "1:24: the number '2147483648' is outside the range of i32 (-2147483648 to 2147483647, or 0x0 to "
                "0xffffffff)"},
        Mistake{"program p(i32 a) { a = 1 + -2147483649; }",
                "1:28: the number '-2147483649' is outside the range of i32 (-2147483648 to 2147483647, or 0x0 to "
                "0xffffffff)"},
        Mistake{"program p(i32 a) { a = 0x100000000; }",
                "1:24: the number '4294967296' is outside the range of i32 (-2147483648 to 2147483647, or 0x0 to "
                "0xffffffff)"},
        Mistake{"program p(i32 a) { a = -0x80000001; }",
                "1:24: the number '-2147483649' is outside the range of i32 (-2147483648 to 2147483647, or 0x0 to "
                "0xffffffff)"},
        Mistake{"program p(i64 x) { x = 9223372036854775808; }",
                "1:24: the number '9223372036854775808' is outside the range of i64 (-9223372036854775808 to "
                "9223372036854775807, or 0x0 to 0xffffffffffffffff)"},
        Mistake{"program p(i64 x) { x = 99999999999999999999999999999999999999999999999999; }",
                "1:24: the number '9999999999999999999999999999999999999999...' is outside the range of i64 "
                "(-9223372036854775808 to 9223372036854775807, or 0x0 to 0xffffffffffffffff)"},
        Mistake{"program p() { push 5000000000; }",
                "1:20: the number '5000000000' is outside the range of i32 (-2147483648 to 2147483647, or 0x0 to "
                "0xffffffff)"}));

TEST(TextErrorsTest, AByteThatIsNoCharacterIsNamed) {
  const auto program = parse_program(std::string("program p() { ") + '\0' + " }");
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().describe(), "<input>:1:15: the byte 0x00 means nothing outside a comment");
}

TEST(TextErrorsTest, LinesEndAsTheyDoOnEverySystem) {
  const auto program = parse_program("program p()\r\n{\r\n  x = 1;\r\n}\r\n");
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().position, (base::SourcePosition{3, 3}));
}

TEST(TextErrorsTest, ANumberOfAMillionDigitsIsOutOfRange) {
  const auto program = parse_program("program p() { push " + std::string(1'000'000, '9') + "; }");
  ASSERT_FALSE(program);
  EXPECT_LT(program.error().message.size(), 200U);
}

constexpr const char* kWhole =
    "// format 1\nprogram p(i32 a, i64 x) {\n  let i32 t = -5 + (a << 2); /* c */\n  if (t >= a) { x = select(a, x, "
    "0x7fL); } else { push ~t; }\n  while (x) { x = x - 1; break; }\n  return wrap(x);\n}\n";

TEST(TextErrorsTest, EveryPrefixIsAProgramOrAnError) {
  const std::string whole = kWhole;
  ASSERT_TRUE(parse_program(whole));
  for (std::size_t size = 0; size + 2 < whole.size(); ++size) {
    const auto program = parse_program(std::string_view(whole).substr(0, size));
    ASSERT_FALSE(program) << size;
    EXPECT_TRUE(program.error().position.known()) << size;
  }
}

TEST(TextErrorsTest, EveryChangedByteIsAProgramOrAnError) {
  const std::string whole = kWhole;
  int programs = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    for (int byte = 0; byte < 256; ++byte) {
      changed[at] = static_cast<char>(byte);
      const auto program = parse_program(changed);
      if (program) {
        ++programs;
        EXPECT_TRUE(same_program(parsed(print_program(*program)), *program));
      } else {
        EXPECT_TRUE(program.error().position.known()) << at << ' ' << byte;
      }
    }
  }
  EXPECT_GT(programs, 1'000);
}

TEST(TextErrorsTest, RandomTokensAreAProgramOrAnError) {
  const std::uint64_t seed = test_seed();
  SCOPED_TRACE("ASSAY_TEST_SEED=" + std::to_string(seed));
  base::Rng rng(seed);
  constexpr auto kTokens = std::to_array<std::string_view>(
      {"(",  ")",    "{",     "}",       ",",    ";",     "=",    "+",     "-",      "~",       "!",    "<<", ">>>",
       "==", "let ", "i32 ",  "i64 ",    "if",   "else ", "loop", "while", "break ", "return ", "a",    "x",  "5",
       "5L", "0xFF", "push ", "select(", "add(", "wrap(", "clz(", "//\n",  "/* */",  "a = ",    "x = ", "; ", "\n"});
  for (int i = 0; i < 20'000; ++i) {
    std::string text = "program p(i32 a, i64 x) { ";
    for (std::uint32_t n = rng.below(30); n > 0; --n) text += kTokens[rng.below(kTokens.size())];
    text += " }";
    const auto program = parse_program(text);
    if (!program) {
      EXPECT_TRUE(program.error().position.known()) << text;
      EXPECT_FALSE(program.error().message.empty()) << text;
    }
  }
}

}  // namespace
}  // namespace assay::ast
