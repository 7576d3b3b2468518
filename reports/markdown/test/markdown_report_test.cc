// The job summary and its escaping; see reports/markdown/markdown_report.h.
#include "reports/markdown/markdown_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "reports/model/test/hostile_report.h"

namespace assay::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(MarkdownReportTest, BeginsWithTheVerdictAndItsReasons) {
  EXPECT_TRUE(render_markdown(test::small_report()).starts_with("# Assay: findings\n\n- 1 new finding\n"));
}

TEST(MarkdownReportTest, CountsStatesAndNamesSilentOracles) {
  const std::string text = render_markdown(test::small_report());
  EXPECT_THAT(text, HasSubstr("| new | known | unknown | fixed |\n| ---: | ---: | ---: | ---: |\n| 1 | 1 | 1 | 1 |\n"));
  EXPECT_THAT(text, HasSubstr("| tiered **judged nothing** | 0 |"));
  EXPECT_THAT(text, HasSubstr("- never fired: pass unroll"));
}

TEST(MarkdownReportTest, ShowsTheReducedProgramAndTheReplayCommand) {
  const std::string text = render_markdown(test::small_report());
  EXPECT_THAT(text, HasSubstr("```text\nprogram p(i32 a) {\n    a = 3;\n}\n```"));
  EXPECT_THAT(text, HasSubstr("```text\nassay replay findings/a.nda\n```"));
}

TEST(MarkdownReportTest, CountsWhatTheProverCameTo) {
  const std::string line =
      "| shapes of loops | 41 proved, 1 refuted, 7 unknown, 12 not solved alone, 1,300 met over budget |";
  EXPECT_THAT(render_markdown(test::small_report()), HasSubstr(line));
  Report report = test::small_report();
  report.proof_counts = {};
  EXPECT_THAT(render_markdown(report), Not(HasSubstr("shapes of loops")));
}

TEST(MarkdownReportTest, CountsWhatWasNotLookedInto) {
  EXPECT_THAT(render_markdown(test::small_report()),
              HasSubstr("41 more failures look like these and were not looked into."));
}

TEST(MarkdownReportTest, ShowsTheStatusOfACampaignThatHasOne) {
  EXPECT_THAT(render_markdown(test::small_report()), HasSubstr("| batches recorded | 79 |"));
  Report report = test::small_report();
  report.status.clear();
  EXPECT_THAT(render_markdown(report), Not(HasSubstr("Status of the campaign")));
}

// Outside fences nothing of a program is HTML or Markdown; inside, nothing ends the fence.
TEST(MarkdownReportTest, HostileStringsStayText) {
  std::istringstream lines(render_markdown(test::hostile_report()));
  std::string fence;
  for (std::string line; std::getline(lines, line);) {
    if (fence.empty() && line.starts_with("```")) {
      fence = line.substr(0, line.find_first_not_of('`'));
      EXPECT_GE(fence.size(), 4U) << "the text holds three backticks";
      continue;
    }
    if (!fence.empty()) {
      if (line == fence) fence.clear();
      continue;
    }
    EXPECT_THAT(line, Not(HasSubstr("<script")));
    EXPECT_THAT(line, Not(HasSubstr("`")));
    EXPECT_THAT(line, Not(HasSubstr("</pre>")));
    EXPECT_FALSE(line.starts_with("::")) << line;
  }
  EXPECT_TRUE(fence.empty());
}

TEST(MarkdownReportTest, EveryRowOfATableHasItsCells) {
  std::istringstream lines(render_markdown(test::hostile_report()));
  std::ptrdiff_t bars = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::ptrdiff_t here = line.starts_with('|') ? std::count(line.begin(), line.end(), '|') : 0;
    if (bars != 0 && here != 0) {
      EXPECT_EQ(here, bars) << line;
    }
    bars = here;
  }
}

TEST(MarkdownReportTest, ManyFindingsAreCutWithTheirNumber) {
  Report report = test::small_report();
  report.findings.resize(1);
  report.findings.resize(60, report.findings[0]);
  EXPECT_THAT(render_markdown(report), HasSubstr("10 more findings are in the JSON and HTML reports."));
}

TEST(MarkdownReportTest, TheSameReportGivesTheSameBytes) {
  EXPECT_EQ(render_markdown(test::hostile_report()), render_markdown(test::hostile_report()));
}

}  // namespace
}  // namespace assay::reports
