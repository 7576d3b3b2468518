// What the gate's labels and floors come to, and how they are shown; see fuzz/gate/report.h.
#include "fuzz/gate/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace assay::fuzz {
namespace {

using testing::HasSubstr;
using testing::Not;

GateReport good() {
  GateReport report;
  report.floors.push_back({"programs compared", 10, 20, FloorState::Met, ""});
  return report;
}

GateReport with(GateLabel label) {
  GateReport report = good();
  report.items.push_back({GateStage::Seeds, label, "a.nda", "sig", "why"});
  return report;
}

TEST(GateReportTest, NothingButAgreementPasses) { EXPECT_EQ(good().exit_code(), 0); }

TEST(GateReportTest, KnownAndFixedFindingsPass) {
  EXPECT_EQ(with(GateLabel::Known).exit_code(), 0);
  EXPECT_EQ(with(GateLabel::Fixed).exit_code(), 0);
}

TEST(GateReportTest, ANewFindingFails) { EXPECT_EQ(with(GateLabel::New).exit_code(), 1); }

TEST(GateReportTest, ABrokenFileIsUnreadableInput) { EXPECT_EQ(with(GateLabel::Broken).exit_code(), 2); }

TEST(GateReportTest, WhatNothingJudgedFails) { EXPECT_EQ(with(GateLabel::NotJudged).exit_code(), 1); }

TEST(GateReportTest, AMissedFloorFailsAndOneThatIsNotHeldDoesNot) {
  GateReport report = good();
  report.floors.push_back({"x", 10, 2, FloorState::NotHeld, ""});
  EXPECT_EQ(report.exit_code(), 0);
  report.floors.push_back({"y", 10, 2, FloorState::Missed, ""});
  EXPECT_EQ(report.exit_code(), 1);
}

TEST(GateReportTest, WithoutFloorsThereIsNoPass) { EXPECT_EQ(GateReport{}.exit_code(), 1); }

TEST(GateReportTest, ALostJobIsAHarnessFailureUnlessSomethingWasFound) {
  GateReport report = good();
  report.campaign.jobs_lost = 1;
  EXPECT_EQ(report.exit_code(), 3);
  report.items.push_back({GateStage::Campaign, GateLabel::New, "a.nda", "sig", ""});
  EXPECT_EQ(report.exit_code(), 1);
}

TEST(GateReportTest, ANewFindingIsNotHiddenByABrokenFile) {
  GateReport report = with(GateLabel::Broken);
  report.items.push_back({GateStage::Campaign, GateLabel::New, "a.nda", "sig", ""});
  EXPECT_EQ(report.exit_code(), 1);
}

TEST(GateReportTest, TheTextSaysHowToReplay) {
  const std::string text = print_gate(with(GateLabel::New));
  EXPECT_THAT(text, HasSubstr("assay replay a.nda"));
  EXPECT_THAT(text, HasSubstr("new findings"));
}

TEST(GateReportTest, FloorsThatAreNotMetAreNamed) {
  GateReport report = good();
  report.floors.push_back({"instruction forms emitted", 10, 9, FloorState::Missed, "never: AddR32R32"});
  for (const std::string& text : {print_gate(report), print_gate_markdown(report)}) {
    EXPECT_THAT(text, HasSubstr("instruction forms emitted"));
    EXPECT_THAT(text, HasSubstr("AddR32R32"));
    EXPECT_THAT(text, HasSubstr("not enough was looked at"));
  }
}

TEST(GateReportTest, FloorsThatAreNotHeldAreNamed) {
  GateReport report = good();
  report.floors.push_back({"pass fold fired", 10, 9, FloorState::NotHeld, ""});
  for (const std::string& text : {print_gate(report), print_gate_markdown(report)}) {
    EXPECT_THAT(text, HasSubstr("pass fold fired"));
    EXPECT_THAT(text, HasSubstr("1 not held"));
  }
}

TEST(GateReportTest, AFileNameInACommandIsOneWord) {
  GateReport report = with(GateLabel::New);
  report.items[0].file = "it's; rm";
  EXPECT_THAT(print_gate(report), HasSubstr("assay replay 'it'\\''s; rm'\n"));
}

TEST(GateReportTest, TextOfFilesCannotWriteToTheTerminal) {
  GateReport report = with(GateLabel::Known);
  report.items[0].signature = "a\x1b[2Jb\nc";
  EXPECT_THAT(print_gate(report), Not(HasSubstr("\x1b")));
}

TEST(GateReportTest, TextOfFilesCannotLeaveItsCellInMarkdown) {
  GateReport report = with(GateLabel::Known);
  report.items[0].signature = "a` | <script> [x](y)\n# big";
  EXPECT_THAT(print_gate_markdown(report), HasSubstr("`a' / <script> [x](y)\\n# big`"));
}

TEST(GateReportTest, TheJsonHoldsAllOfIt) {
  GateReport report = with(GateLabel::New);
  report.proofs.proved = 4;
  const auto json = nlohmann::json::parse(print_gate_json(report));
  EXPECT_EQ(json.at("exit_code"), 1);
  EXPECT_EQ(json.at("labels").at("new"), 1);
  EXPECT_EQ(json.at("items").at(0).at("label"), "new");
  EXPECT_EQ(json.at("floors").at(0).at("state"), "met");
  EXPECT_EQ(json.at("proofs").at("proved"), 4);
}

}  // namespace
}  // namespace assay::fuzz
