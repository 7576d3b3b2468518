// What changed between two texts, line by line; see reports/model/line_diff.h.
#include "reports/model/line_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::reports {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

TEST(LineDiffTest, MarksWhatIsOnlyOnOneSide) {
  EXPECT_THAT(full_line_diff("a\nb\nc\n", "a\nx\nc\n"), ElementsAre("  a", "- b", "+ x", "  c"));
  EXPECT_THAT(full_line_diff("", "a\n"), ElementsAre("+ a"));
  EXPECT_THAT(full_line_diff("a\n", ""), ElementsAre("- a"));
  EXPECT_THAT(full_line_diff("", ""), IsEmpty());
}

TEST(LineDiffTest, EqualTextsHaveNoMark) { EXPECT_THAT(full_line_diff("a\nb", "a\nb\n"), ElementsAre("  a", "  b")); }

TEST(LineDiffTest, TheFullOneKeepsEveryLineAndTheOtherOnlyThoseBesideAChange) {
  const std::string before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
  const std::string after = "1\n2\n3\n4\nx\n6\n7\n8\n9\n";
  EXPECT_THAT(full_line_diff(before, after), SizeIs(10));
  EXPECT_THAT(line_diff(before, after), ElementsAre("  ...", "  3", "  4", "- 5", "+ x", "  6", "  7", "  ..."));
}

TEST(LineDiffTest, TextsThatAreTooLongAreShownWhole) {
  std::string text;
  for (int i = 0; i < 3001; ++i) text += "same\n";
  const auto lines = full_line_diff(text, "other\n");
  ASSERT_THAT(lines, SizeIs(3002));
  EXPECT_EQ(lines.back(), "+ other");
  EXPECT_THAT(std::vector(lines.begin(), lines.end() - 1), Each(StartsWith("- ")));
}

}  // namespace
}  // namespace assay::reports
