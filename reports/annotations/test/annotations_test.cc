// Workflow commands and their escaping; see reports/annotations/annotations.h.
#include "reports/annotations/annotations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "reports/model/test/hostile_report.h"

namespace assay::reports {
namespace {

using testing::HasSubstr;

TEST(AnnotationsTest, ANewFindingIsAnErrorAtTheGuiltyFile) {
  EXPECT_THAT(
      render_annotations(test::small_report()),
      HasSubstr(
          "::error file=core/opt/fold.cc,line=1,title=new finding%3A passes/fold/-/-/slot::passes/fold/-/-/slot%0A"
          "passes says diverge%0Aguilty pass: fold%0Areplay: assay replay findings/a.nda\n"));
}

TEST(AnnotationsTest, KnownAndFixedAreNoticesAndUnknownIsAWarning) {
  const std::string text = render_annotations(test::small_report());
  EXPECT_THAT(text, HasSubstr("::notice file=core/jit/select_expressions.cc,line=1,title=known finding"));
  EXPECT_THAT(text, HasSubstr("title=fixed finding"));
  EXPECT_THAT(text, HasSubstr("::warning file=core/jit/select_expressions.cc,line=1,title=unknown finding"));
}

TEST(AnnotationsTest, SilenceIsAWarning) {
  const std::string text = render_annotations(test::small_report());
  EXPECT_THAT(text, HasSubstr("::warning title=silent oracle::the oracle tiered judged nothing\n"));
  EXPECT_THAT(text, HasSubstr("::warning title=never fired::pass unroll never fired\n"));
  EXPECT_THAT(text, HasSubstr("::warning title=proof%3A timeout::div%0A10 s\n"));
}

// A runner takes a line that begins with :: as a command; everything hostile must stay behind one of ours.
TEST(AnnotationsTest, NoTextBecomesACommand) {
  std::istringstream lines(render_annotations(test::hostile_report()));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_TRUE(line.starts_with("::error ") || line.starts_with("::warning ") || line.starts_with("::notice "))
        << line;
    EXPECT_TRUE(std::none_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
        << line;
    // What stands before the message has no raw separator but ours.
    const std::string properties = line.substr(line.find(' '), line.find("::", 2) - line.find(' '));
    EXPECT_LE(std::count(properties.begin(), properties.end(), ','), 2) << line;
  }
  EXPECT_GE(count, 10);
}

TEST(AnnotationsTest, PercentSignsAreEscapedOnce) {
  Report report;
  report.reasons = {"100 %0A"};
  EXPECT_EQ(render_annotations(report), "::warning title=assay%3A inconclusive::100 %250A\n");
}

TEST(AnnotationsTest, TheSameReportGivesTheSameBytes) {
  EXPECT_EQ(render_annotations(test::hostile_report()), render_annotations(test::hostile_report()));
}

}  // namespace
}  // namespace assay::reports
