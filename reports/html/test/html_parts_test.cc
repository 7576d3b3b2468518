// Tables, charts and heat maps of the HTML report; see reports/html/html_parts.h.
#include "reports/html/html_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/model/test/hostile_report.h"

namespace assay::reports::html {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(HeatMapTest, CellsThatWereNeverHitAreMarkedAndListed) {
  const std::string map = heat_map("Forms", {{"AddR32R32", 5000}, {"SubR64I32", 0}});
  EXPECT_THAT(map, HasSubstr("<h3>Forms <small>1 of 2</small></h3>"));
  EXPECT_THAT(map, HasSubstr("<li class=\"h0\" title=\"SubR64I32: 0\"><span>SubR64I32</span><b>never</b></li>"));
  EXPECT_THAT(map, HasSubstr("Never hit: <code>SubR64I32</code>."));
}

TEST(HeatMapTest, ShadesFollowTheMagnitude) {
  const std::string map = heat_map("Forms", {{"most", 1'000'000}, {"some", 1000}, {"once", 1}});
  EXPECT_THAT(map, HasSubstr("<li class=\"h5\" title=\"most: 1,000,000\"><span>most</span><b>1000k</b>"));
  EXPECT_THAT(map, HasSubstr("<li class=\"h3\" title=\"some: 1,000\">"));
  EXPECT_THAT(map, HasSubstr("<li class=\"h1\" title=\"once: 1\">"));
  EXPECT_THAT(map, Not(HasSubstr("Never hit")));
}

TEST(HeatMapTest, CountsOfOneAndNothingAreNoDivisionByZero) {
  EXPECT_THAT(heat_map("Forms", {{"once", 1}}), HasSubstr("h5"));
  EXPECT_THAT(heat_map("Forms", {{"never", 0}}), HasSubstr("h0"));
  EXPECT_EQ(heat_map("Forms", {}), "");
}

TEST(ChartsTest, DrawALineFromTheFirstToTheLastSample) {
  const std::string svg = charts({{0, 0, 0, 0, 0}, {50, 500, 1, 1, 10}, {100, 1000, 1, 1, 20}}, 40);
  EXPECT_THAT(svg, HasSubstr("<polyline class=\"line\" points=\"8.0,136.0 180.0,78.0 352.0,20.0\"/>"));
  EXPECT_THAT(svg, HasSubstr("Programs compared <b>1,000</b>"));
  // Forms are drawn against all there are.
  EXPECT_THAT(svg, HasSubstr("points=\"8.0,136.0 180.0,107.0 352.0,78.0\""));
}

TEST(ChartsTest, OneSampleIsNoSeries) {
  EXPECT_THAT(charts({{5, 5, 5, 5, 5}}, 1), HasSubstr("Fewer than two samples were given"));
  EXPECT_THAT(charts({}, 1), Not(HasSubstr("<svg")));
}

TEST(ChartsTest, SamplesAtOneMomentAreNoDivisionByZero) {
  EXPECT_THAT(charts({{0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}}, 0), Not(HasSubstr("nan")));
}

TEST(TablesTest, ASilentOracleAndAPassThatNeverFiredStandOut) {
  EXPECT_THAT(oracles_table(test::small_report()),
              HasSubstr("<td>tiered <span class=\"badge unknown\">judged nothing</span></td>"));
  EXPECT_THAT(
      firing_tables(test::small_report()),
      HasSubstr(
          "<tr><td>unroll</td><td class=\"number \">20,000</td><td class=\"number zero\">0</td><td><span class=\"badge "
          "unknown\">never</span></td></tr>"));
}

TEST(TablesTest, OnlyAProofThatWasFoundIsShownAsOne) {
  const std::string table = proofs_table(test::small_report());
  EXPECT_THAT(table, HasSubstr("<span class=\"badge fixed\">proved</span>"));
  EXPECT_THAT(table, HasSubstr("<span class=\"badge unknown\">timeout</span>"));
}

}  // namespace
}  // namespace assay::reports::html
