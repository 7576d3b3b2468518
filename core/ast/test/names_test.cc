// Identifiers and reserved words; see core/ast/names.h.
#include "core/ast/names.h"

#include <gtest/gtest.h>

#include <string>

#include "core/ast/limits.h"

namespace assay::ast {
namespace {

TEST(IdentifierTest, IsLettersDigitsAndUnderscoresNotBeginningWithADigit) {
  for (const char* good : {"a", "_", "Z9", "sum_to", "_0", "program"}) EXPECT_TRUE(is_identifier(good)) << good;
  for (const char* bad : {"", "9a", "a-b", "a b", "a.b", "\xC3\xA9", "a\n"}) EXPECT_FALSE(is_identifier(bad)) << bad;
  EXPECT_FALSE(is_identifier(std::string_view("a\0b", 3)));
}

TEST(IdentifierTest, IsAtMostTheLimitLong) {
  EXPECT_TRUE(is_identifier(std::string(kMaxNameBytes, 'x')));
  EXPECT_FALSE(is_identifier(std::string(kMaxNameBytes + 1, 'x')));
}

TEST(ReservedTest, AreTheKeywordsAndTheOperators) {
  for (const char* word :
       {"program", "i32",  "i64",   "let",    "if",  "else",      "loop",       "while",      "break",  "continue",
        "return",  "push", "print", "select", "add", "extend8_s", "extend16_s", "extend32_s", "popcnt", "not"}) {
    EXPECT_TRUE(is_reserved(word)) << word;
  }
}

TEST(ReservedTest, AreNotWordsThatOnlyBeginAlike) {
  for (const char* word : {"", "a", "i", "i3", "i320", "ad", "adds", "continue_", "continued", "extend8_", "extend32_",
                           "extend32_sx", "ADD", "zzzzzzzzz"}) {
    EXPECT_FALSE(is_reserved(word)) << word;
  }
}

TEST(NameKeyTest, OrdersLikeTextUpToEightBytes) {
  EXPECT_LT(name_key(""), name_key("a"));
  EXPECT_LT(name_key("a"), name_key("aa"));
  EXPECT_LT(name_key("aa"), name_key("b"));
  EXPECT_EQ(name_key("12345678"), name_key("123456789"));
}

}  // namespace
}  // namespace assay::ast
