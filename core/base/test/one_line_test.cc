// What text of others may do to a line; see core/base/one_line.h.
#include "core/base/one_line.h"

#include <gtest/gtest.h>

namespace assay::base {
namespace {

TEST(OneLine, LeavesWhatCanBeRead) {
  const std::string text = "native-sysv/add: 'a' \\ \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x99\x82 a::b #[x]";
  EXPECT_EQ(one_line(text), text);
  EXPECT_EQ(one_line(""), "");
}

TEST(OneLine, ShowsControlCharacters) {
  EXPECT_EQ(one_line("a\nb\rc\td"), "a\\nb\\rc\\td");
  EXPECT_EQ(one_line(std::string_view("\x1b[2J\0\x7f\x07", 7)), "\\x1b[2J\\x00\\x7f\\x07");
  EXPECT_EQ(one_line("\xC2\x9B"
                     "2J"),
            "\\xc2\\x9b2J");
}

TEST(OneLine, ShowsBytesThatAreNoUtf8) {
  EXPECT_EQ(one_line("a\xFF\x9B"), "a\\xff\\x9b");
  EXPECT_EQ(one_line("\xE2\x82"), "\\xe2\\x82");
}

TEST(OneLine, GivesNoCommandToTheSystemThatKeepsTheLog) {
  EXPECT_EQ(one_line("::error::x"), "\\x3a:error::x");
  EXPECT_EQ(one_line("  ::error::x"), "  \\x3a:error::x");
  EXPECT_EQ(one_line("a ##[error]x"), "a \\x23#[error]x");
  EXPECT_EQ(one_line("a\n::error::x"), "a\\n::error::x");
}

}  // namespace
}  // namespace assay::base
