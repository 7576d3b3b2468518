// The HTML page; see reports/html/html_report.h.
#include "reports/html/html_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "reports/model/test/hostile_report.h"
#include "reports/model/test/well_formed.h"

namespace assay::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t occurrences(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

TEST(HtmlReportTest, BeginsWithTheVerdictAndItsReasons) {
  const std::string page = render_html(test::small_report());
  EXPECT_TRUE(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
  EXPECT_THAT(page, HasSubstr("<body class=\"bad\">"));
  EXPECT_THAT(page, HasSubstr("<header><p class=\"eyebrow\">Assay "
                              "report</p>\n<h1>findings</h1>\n<ul>\n<li>1 new finding</li>"));
}

TEST(HtmlReportTest, EveryPartIsThere) {
  const std::string page = render_html(test::small_report());
  for (const char* const id :
       {"environment", "findings", "campaign", "oracles", "fired", "time", "coverage", "proofs"}) {
    EXPECT_THAT(page, HasSubstr("<section id=\"" + std::string(id) + "\">"));
    EXPECT_THAT(page, HasSubstr("<a href=\"#" + std::string(id) + "\">"));
  }
  EXPECT_THAT(page, HasSubstr("<pre class=\"command\">assay fuzz --seed 7 --programs 20000</pre>"));
  EXPECT_THAT(page, HasSubstr("<dt>seed</dt><dd>0x7</dd>"));
}

TEST(HtmlReportTest, AFindingShowsAllThatIsKnownOfIt) {
  const std::string page = render_html(test::small_report());
  for (const char* const part :
       {"Source as found</figcaption><pre class=\"code\">program p(i32 a) {\n    a = 1 + 2;\n}\n</pre>",
        "Source after reduction</figcaption>",
        "Program after the guilty pass</figcaption><pre class=\"code diff\">  program p(i32 a) {\n<del>-     a = "
        "3;</del>\n<ins>+     a = 4;</ins>\n  }\n</pre>",
        "<tr class=\"differs\"><td>0005</td><td><mark>48 83 ec 80</mark></td><td>sub rsp, -128</td><td></td></tr>",
        "<tr class=\"differs\"><td>slot 0 (a)</td><td>0x3</td><td><mark>0x4</mark></td></tr>",
        "<tr><td>slot 1 (b)</td><td>0x0</td><td>0x0</td></tr>",
        "<pre class=\"command\">assay replay findings/a.nda</pre>", "passes says diverge\nguilty pass: fold"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
}

TEST(HtmlReportTest, TheTableLeadsToTheSectionOfEachFinding) {
  const std::string page = render_html(test::small_report());
  const std::regex link("<a href=\"#(finding-[0-9]+-[0-9a-f]{16})\">");
  int links = 0;
  for (std::sregex_iterator i(page.begin(), page.end(), link), end; i != end; ++i, ++links) {
    EXPECT_EQ(occurrences(page, "id=\"" + (*i)[1].str() + "\""), 1U);
  }
  EXPECT_EQ(links, 4);
}

TEST(HtmlReportTest, WhatWasNotLookedIntoIsNoFindingOfItsOwn) {
  EXPECT_THAT(render_html(test::small_report()), HasSubstr("<li><code>passes/fold/-/-/end</code> 41</li>"));
  EXPECT_THAT(render_html(Report{}), Not(HasSubstr("Not looked into")));
}

TEST(HtmlReportTest, NewAndUnknownFindingsAreOpenWithoutJavaScript) {
  EXPECT_EQ(occurrences(render_html(test::small_report()), "\" open><summary>"), 2U);
}

TEST(HtmlReportTest, OfManyNewFindingsTheFirstFewAreOpen) {
  Report report = test::small_report();
  report.findings.assign(50, report.findings.front());
  EXPECT_EQ(occurrences(render_html(report), "\" open><summary>"), 3U);
}

TEST(HtmlReportTest, TheProgramAfterThePassIsComparedWithTheOneThatWasJudged) {
  Report report = test::small_report();
  report.findings[0].reduced_judged = false;
  EXPECT_THAT(render_html(report), HasSubstr("<del>-     a = 1 + 2;</del>"));
}

TEST(HtmlReportTest, NothingIsRequestedFromElsewhere) {
  const std::string page = render_html(test::small_report());
  EXPECT_THAT(page, HasSubstr("default-src &#39;none&#39;"));
  for (const char* const outside : {"http:", "https:", "src=", "<link", "@import", "url(", "//cdn"}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
}

TEST(HtmlReportTest, HostileStringsStayText) {
  const std::string page = render_html(test::hostile_report());
  EXPECT_EQ(occurrences(page, "<script"), 1U);  // the page's own
  EXPECT_EQ(occurrences(page, "</script"), 1U);
  EXPECT_EQ(occurrences(page, "</style"), 1U);
  EXPECT_EQ(occurrences(page, "</pre></style>"), 0U);
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;`|&amp;]]&gt;"));
}

TEST(HtmlReportTest, IsWellFormedWhateverTheStringsHold) {
  for (const Report& report : {test::small_report(), test::hostile_report(), Report{}}) {
    EXPECT_EQ(test::markup_problem(render_html(report), true), "");
  }
}

// The checker of the test above must itself convict.
TEST(HtmlReportTest, BrokenMarkupWouldBeSeen) {
  for (const char* const broken :
       {"<p>", "<p></b>", "<p>&</p>", "<p a='b'></p>", "<p>a < b</p>", "<p>\x01</p>", "<p a=\"\"b\"></p>"}) {
    EXPECT_NE(test::markup_problem(broken, true), "") << broken;
  }
  EXPECT_EQ(test::markup_problem("<p a=\"b\" hidden>&lt;<br></p>", true), "");
}

TEST(HtmlReportTest, WhatIsMissingIsSaid) {
  const std::string page = render_html(Report{});
  EXPECT_THAT(page, HasSubstr("<h1>inconclusive</h1>"));
  EXPECT_THAT(page, HasSubstr("No finding was given."));
  EXPECT_THAT(page, HasSubstr("No campaign summary was given."));
  EXPECT_THAT(page, HasSubstr("No prover verdict was given."));
}

TEST(HtmlReportTest, TheSameReportGivesTheSameBytes) {
  EXPECT_EQ(render_html(test::hostile_report()), render_html(test::hostile_report()));
}

}  // namespace
}  // namespace assay::reports
