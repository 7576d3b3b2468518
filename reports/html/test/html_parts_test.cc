// Tables, charts and heat maps of the HTML report; see reports/html/html_parts.h.
#include "reports/html/html_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <utility>

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
  EXPECT_THAT(map, HasSubstr("<li class=\"h5\" title=\"most: 1,000,000\"><span>most</span><b>1.0M</b>"));
  EXPECT_THAT(map, HasSubstr("<li class=\"h3\" title=\"some: 1,000\">"));
  EXPECT_THAT(map, HasSubstr("<li class=\"h1\" title=\"once: 1\">"));
  EXPECT_THAT(map, Not(HasSubstr("Never hit")));
}

TEST(HeatMapTest, CountsOfOneAndNothingAreNoDivisionByZero) {
  EXPECT_THAT(heat_map("Forms", {{"once", 1}}), HasSubstr("h5"));
  EXPECT_THAT(heat_map("Forms", {{"never", 0}}), HasSubstr("h0"));
  EXPECT_EQ(heat_map("Forms", {}), "");
}

TEST(HeatMapTest, NumbersAreShortAndNeverTooLarge) {
  const std::array<std::pair<std::uint64_t, const char*>, 8> cases = {{{0, "0"},
                                                                       {999, "999"},
                                                                       {1000, "1.0k"},
                                                                       {1999, "1.9k"},
                                                                       {48'900, "48k"},
                                                                       {999'999, "999k"},
                                                                       {5'773'472, "5.7M"},
                                                                       {64'000'000'000, "64G"}}};
  for (const auto& [value, text] : cases) EXPECT_EQ(short_number(value), text);
}

TEST(RegisterMapTest, CellsThatWereNeverHitAreMarkedAndNamed) {
  const std::string map = register_map({"rax", "r12"}, {{"AddR32R32", {5000, 0}}, {"AddR32M32", {3, 12}}});
  EXPECT_THAT(map, HasSubstr("<small>3 of 4 cells</small>"));
  EXPECT_THAT(map,
              HasSubstr("<tr><th scope=\"row\">AddR32R32</th><td class=\"h5\">5.0k</td><td class=\"h0\">-</td></tr>"));
  EXPECT_THAT(map, HasSubstr("<li><code>AddR32R32</code> r12</li>"));
  EXPECT_THAT(map, Not(HasSubstr("<li><code>AddR32M32</code>")));
}

TEST(RegisterMapTest, AFormThatWasNeverEmittedIsCountedAndHasNoRow) {
  const std::string map = register_map({"rax"}, {{"AddR32R32", {1}}, {"SubR64I32", {0}}});
  EXPECT_THAT(map, HasSubstr("<small>1 of 2 cells</small>"));
  EXPECT_THAT(map, HasSubstr("Left out: 1 forms"));
  EXPECT_THAT(map, Not(HasSubstr("SubR64I32")));
}

TEST(RegisterMapTest, ASummaryWithoutRegistersHasNoMap) { EXPECT_EQ(register_map({}, {}), ""); }

TEST(DisassemblyTest, OfAnInstructionWithAWrongEncodingTheWrongBytesAreMarkedAndTheRightOnesShown) {
  EXPECT_THAT(disassembly({{0xAA, "49 89 1c c1", "mov [r9+rax*8], rbx", "push 1;", true, "4b 89 1c c1"}}),
              HasSubstr("<tr class=\"differs\"><td>00aa</td><td><mark>49</mark> 89 1c c1<br><small>intended</small> "
                        "<ins>4b</ins> 89 1c c1</td><td>mov [r9+rax*8], rbx</td><td>push 1;</td></tr>"));
}

TEST(DisassemblyTest, AByteTooManyDoesNotMarkTheRest) {
  EXPECT_THAT(disassembly({{0, "40 89 d8", "", "", true, "89 d8"}}),
              HasSubstr("<mark>40</mark> 89 d8<br><small>intended</small> 89 d8</td>"));
  EXPECT_THAT(disassembly({{0, "48 83 ec 80", "", "", true, "48 81 ec 80 00 00 00"}}),
              HasSubstr("48 <mark>83 ec 80</mark><br><small>intended</small> 48 <ins>81 ec 80 00 00 00</ins></td>"));
}

TEST(DisassemblyTest, WhereOnlyTheInstructionIsKnownAllOfItIsMarked) {
  EXPECT_THAT(disassembly({{0, "01 c8", "", "", true, ""}}), HasSubstr("<td><mark>01 c8</mark></td>"));
}

TEST(DisassemblyTest, SaysWhenNoInstructionCanBeBlamed) {
  EXPECT_THAT(disassembly({{0, "c3", "ret", "", false, ""}}), HasSubstr("no single instruction could be blamed"));
  EXPECT_EQ(disassembly({}), "");
}

TEST(ChartsTest, DrawALineFromTheFirstToTheLastSample) {
  const std::string svg = charts({{0, 0, 0, 0, 0}, {50, 500, 1, 1, 10}, {100, 1000, 1, 1, 20}}, 40);
  EXPECT_THAT(svg, HasSubstr("<polyline class=\"line\" points=\"8.0,136.0 180.0,78.0 352.0,20.0\"/>"));
  EXPECT_THAT(svg, HasSubstr("Programs compared <b>1,000</b>"));
  // Forms are drawn against all there are.
  EXPECT_THAT(svg, HasSubstr("points=\"8.0,136.0 180.0,107.0 352.0,78.0\""));
}

TEST(ChartsTest, ALineBeginsWithNothing) {
  EXPECT_THAT(charts({{5, 10, 5, 5, 5}}, 1),
              HasSubstr("<polyline class=\"line\" points=\"8.0,136.0 352.0,20.0\"/><circle class=\"dot\" cx=\"352.0\" "
                        "cy=\"20.0\""));
}

TEST(ChartsTest, WithoutSamplesThereIsNoChart) {
  EXPECT_THAT(charts({}, 1), HasSubstr("No samples were given"));
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
      HasSubstr("<tr><td>unroll <span class=\"badge unknown\">never</span></td><td class=\"number \">20,000</td><td "
                "class=\"number zero\">0</td></tr>"));
}

TEST(TablesTest, ProofsOfTheCampaignAreCountedByWhatTheyCameTo) {
  const std::string table = proof_counts_table(test::small_report().proof_counts);
  EXPECT_THAT(table, HasSubstr("<tr><td class=\"number good\">41</td><td class=\"number bad\">1</td><td class=\"number "
                               "doubt\">7</td><td class=\"number \">12</td><td class=\"number \">1,300</td><td "
                               "class=\"number\">2.5</td></tr>"));
  EXPECT_THAT(proof_counts_table({}), HasSubstr("No loop was looked at"));
  EXPECT_THAT(proof_counts_table({}), Not(HasSubstr("<table")));
}

TEST(TablesTest, TheStatusScreenIsThereLineByLine) {
  EXPECT_THAT(status_list(test::small_report().status), HasSubstr("<dt>batches recorded</dt><dd>79</dd>"));
  EXPECT_THAT(status_list({}), HasSubstr("No store was given."));
}

TEST(TablesTest, OnlyAProofThatWasFoundIsShownAsOne) {
  const std::string table = proofs_table(test::small_report());
  EXPECT_THAT(table, HasSubstr("<span class=\"badge fixed\">proved</span>"));
  EXPECT_THAT(table, HasSubstr("<span class=\"badge unknown\">timeout</span>"));
}

TEST(SelftestTableTest, SaysWhatSurvivesAndEscapesNames) {
  std::vector<FaultRow> faults(2);
  faults[0].name = "<script>alert(1)</script>";
  faults[0].trials = 20;
  faults[1].name = "b";
  faults[1].trials = faults[1].detected = 20;
  faults[1].in_the_median = true;
  const std::string table = selftest_table(faults);
  EXPECT_THAT(table, HasSubstr("1 of 2 deliberate faults were detected in the median"));
  EXPECT_THAT(table, HasSubstr("<span class=\"badge new\">survives</span>"));
  EXPECT_THAT(table, HasSubstr("<span class=\"badge fixed\">detected</span>"));
  EXPECT_THAT(table, Not(HasSubstr("<script>")));
}

TEST(SelftestTableTest, SaysThatThereIsNone) { EXPECT_THAT(selftest_table({}), HasSubstr("No result of a self-test")); }

}  // namespace
}  // namespace assay::reports::html
