// Reports as JUnit XML; see reports/junit/junit_report.h. Well-formedness under a parser is checked by
// cli/test/cli_test.sh; here, that no raw markup or control character gets through.
#include "reports/junit/junit_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/model/test/hostile_report.h"
#include "reports/model/test/well_formed.h"

namespace assay::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(JunitReportTest, ANewFindingFailsAndSaysHowToReplay) {
  const std::string xml = render_junit(test::small_report());
  EXPECT_THAT(xml, HasSubstr("<testcase name=\"passes/fold/-/-/slot\" classname=\"assay.findings\" time=\"0.000\">\n"
                             "      <failure message=\"new: passes says diverge\""));
  EXPECT_THAT(xml, HasSubstr("replay: assay replay findings/a.nda"));
}

TEST(JunitReportTest, WhatIsNotAgreementNeverPasses) {
  const std::string xml = render_junit(test::small_report());
  EXPECT_THAT(xml, HasSubstr("<error message=\"judged nothing\""));                     // the silent oracle
  EXPECT_THAT(xml, HasSubstr("<error message=\"never fired, so it was not tested\""));  // the pass
  EXPECT_THAT(xml, HasSubstr("<error message=\"unknown: it was not judged again\""));
  EXPECT_THAT(xml, HasSubstr("<error message=\"timeout\""));  // the proof
  EXPECT_THAT(xml, HasSubstr("<skipped message=\"known\"/>"));
}

TEST(JunitReportTest, CountsAddUp) {
  // verdict + 2 oracles + 2 passes and 1 loop class + 4 findings + 2 proofs
  EXPECT_THAT(render_junit(test::small_report()),
              HasSubstr("<testsuites name=\"assay\" tests=\"12\" failures=\"2\" errors=\"4\""));
}

TEST(JunitReportTest, AReportInWhichNothingRanHoldsAnError) {
  Report report;
  report.reasons = {"nothing was judged"};
  const std::string xml = render_junit(report);
  EXPECT_THAT(xml, HasSubstr("errors=\"1\""));
  EXPECT_THAT(xml, HasSubstr("nothing was judged"));
}

TEST(JunitReportTest, IsWellFormedWhateverTheStringsHold) {
  for (const Report& report : {test::small_report(), test::hostile_report(), Report{}}) {
    EXPECT_EQ(test::markup_problem(render_junit(report)), "");
  }
  EXPECT_THAT(render_junit(test::hostile_report()), Not(HasSubstr("<script")));
}

TEST(JunitReportTest, TheSameReportGivesTheSameBytes) {
  EXPECT_EQ(render_junit(test::hostile_report()), render_junit(test::hostile_report()));
}

TEST(JunitReportTest, ATimeThatIsNoneIsLeftOut) {
  EXPECT_NE(render_junit(test::small_report()).find(" timestamp=\"2026-01-02T03:04:05Z\""), std::string::npos);
  EXPECT_EQ(render_junit(test::hostile_report()).find("timestamp"), std::string::npos);
}

}  // namespace
}  // namespace assay::reports
