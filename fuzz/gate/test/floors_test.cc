// Floors: reading them, and missing each; see fuzz/gate/floors.h.
#include "fuzz/gate/floors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/file.h"

namespace assay::fuzz {
namespace {

using oracles::OracleId;
using oracles::Verdict;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kGood = R"({
  "schema_version": 1, "programs": 1000, "compared_percent": 90, "native_percent": 80,
  "seeds": 3, "regressions": 2, "proved": 1,
  "passes": {"fold": 50},
  "loop_classes": {"counted": 7},
  "forms_not_expected": {"Ud2": "never emitted"}
})";

Floors good() {
  auto floors = parse_floors(kGood);
  EXPECT_TRUE(floors) << floors.error().describe();
  return std::move(floors).value();
}

// A campaign that meets every floor of kGood.
CampaignSummary healthy() {
  CampaignSummary campaign;
  campaign.config.programs = 1000;
  campaign.judged.programs = 1000;
  campaign.judged.compared = 1000;
  for (const OracleId oracle : oracles::kAllOracles) {
    campaign.judged.verdicts[static_cast<std::size_t>(oracle)][static_cast<std::size_t>(Verdict::Agree)] = 1000;
  }
  campaign.forms.fill(1);
  campaign.judged.passes.fired.fill(50);
  campaign.judged.passes.solved.fill(7);
  return campaign;
}

FloorFigures enough() {
  FloorFigures figures;
  figures.seeds = 3;
  figures.regressions = 2;
  figures.proved = 1;
  figures.cpu = {true, true, true, true};
  return figures;
}

std::vector<FloorResult> not_met(const CampaignSummary& campaign, const FloorFigures& figures) {
  std::vector<FloorResult> results = check_floors(good(), campaign, figures);
  std::erase_if(results, [](const FloorResult& one) { return one.state == FloorState::Met; });
  return results;
}

// The one floor that is not met.
FloorResult only(const CampaignSummary& campaign, const FloorFigures& figures = enough()) {
  const auto results = not_met(campaign, figures);
  EXPECT_EQ(results.size(), 1U);
  for (const FloorResult& one : results) SCOPED_TRACE(one.name);
  return results.empty() ? FloorResult{} : results.front();
}

std::size_t index_of(x64::Form form) { return static_cast<std::size_t>(form); }

TEST(FloorsTest, AHealthyCampaignMeetsAll) {
  const auto results = not_met(healthy(), enough());
  EXPECT_TRUE(results.empty()) << results.front().name;
}

TEST(FloorsTest, TooFewProgramsComparedIsMissed) {
  CampaignSummary campaign = healthy();
  campaign.judged.compared = 899;
  const FloorResult result = only(campaign);
  EXPECT_EQ(result.name, "programs compared");
  EXPECT_EQ(result.least, 900U);
  EXPECT_EQ(result.state, FloorState::Missed);
}

TEST(FloorsTest, ACampaignThatRanOutOfTimeMissesTheProgramsItWasAskedFor) {
  CampaignSummary campaign = healthy();
  campaign.config.programs = 5000;
  EXPECT_EQ(only(campaign).name, "programs compared");
  campaign.config.programs.reset();
  campaign.judged.compared = 10;
  EXPECT_EQ(only(campaign).least, 900U);
}

TEST(FloorsTest, ACpuThatJudgedTooFewIsMissedForEachConvention) {
  for (const OracleId oracle : {OracleId::NativeSystemV, OracleId::NativeMicrosoft}) {
    CampaignSummary campaign = healthy();
    auto& verdicts = campaign.judged.verdicts[static_cast<std::size_t>(oracle)];
    verdicts[static_cast<std::size_t>(Verdict::Agree)] = 799;
    verdicts[static_cast<std::size_t>(Verdict::Skipped)] = 201;
    const FloorResult result = only(campaign);
    EXPECT_THAT(result.name, HasSubstr(oracles::name(oracle)));
    EXPECT_EQ(result.state, FloorState::Missed);
  }
}

TEST(FloorsTest, AnOracleThatJudgedNothingIsMissed) {
  CampaignSummary campaign = healthy();
  campaign.judged.verdicts[static_cast<std::size_t>(OracleId::Encoding)].fill(0);
  EXPECT_THAT(only(campaign).detail, HasSubstr("encoding"));
}

TEST(FloorsTest, FilesAndProofsThatAreTooFewAreMissed) {
  FloorFigures figures = enough();
  figures.seeds = 2;
  figures.regressions = 1;
  figures.proved = 0;
  EXPECT_EQ(not_met(healthy(), figures).size(), 3U);
}

TEST(FloorsTest, AFormThatNothingEmitsIsMissedAndNamed) {
  CampaignSummary campaign = healthy();
  campaign.forms[index_of(x64::Form::AddR32R32)] = 0;
  const FloorResult result = only(campaign);
  EXPECT_EQ(result.state, FloorState::Missed);
  EXPECT_THAT(result.detail, HasSubstr("AddR32R32"));
}

TEST(FloorsTest, AFormThatTheCorpusEmitsIsEmitted) {
  CampaignSummary campaign = healthy();
  campaign.forms[index_of(x64::Form::AddR32R32)] = 0;
  FloorFigures figures = enough();
  figures.corpus_forms[index_of(x64::Form::AddR32R32)] = 1;
  EXPECT_TRUE(not_met(campaign, figures).empty());
}

TEST(FloorsTest, AFormOfTheReviewedListIsNotExpected) {
  CampaignSummary campaign = healthy();
  campaign.forms[index_of(x64::Form::Ud2)] = 0;
  EXPECT_TRUE(not_met(campaign, enough()).empty());
}

TEST(FloorsTest, AFormThatTheCpuDoesNotHaveIsNotExpected) {
  CampaignSummary campaign = healthy();
  campaign.forms[index_of(x64::Form::PopcntR32R32)] = 0;
  FloorFigures figures = enough();
  figures.cpu.popcnt = false;
  EXPECT_TRUE(not_met(campaign, figures).empty());
  figures.cpu.popcnt = true;
  EXPECT_EQ(not_met(campaign, figures).size(), 1U);
}

TEST(FloorsTest, APassThatFiresTooRarelyIsMissed) {
  CampaignSummary campaign = healthy();
  campaign.judged.passes.fired[static_cast<std::size_t>(opt::PassId::Fold)] = 49;
  EXPECT_EQ(only(campaign).name, "pass fold fired");
}

TEST(FloorsTest, APassWithoutARowMustFireOnce) {
  CampaignSummary campaign = healthy();
  campaign.judged.passes.fired[static_cast<std::size_t>(opt::PassId::Dce)] = 0;
  EXPECT_EQ(only(campaign).least, 1U);
}

TEST(FloorsTest, ALoopClassThatIsSolvedTooRarelyIsMissed) {
  CampaignSummary campaign = healthy();
  campaign.judged.passes.solved[static_cast<std::size_t>(scev::LoopClass::Counted)] = 6;
  EXPECT_EQ(only(campaign).name, "loop class counted solved");
}

TEST(FloorsTest, ASmallCampaignIsNotHeldToWhatNeedsALargeOneAndSaysSo) {
  CampaignSummary campaign = healthy();
  campaign.config.programs = 500;
  campaign.judged.compared = 500;
  campaign.judged.passes.fired.fill(0);
  campaign.forms.fill(0);
  for (const FloorResult& one : not_met(campaign, enough())) {
    EXPECT_EQ(one.state, FloorState::NotHeld) << one.name;
    EXPECT_THAT(one.detail, HasSubstr("1000 programs"));
  }
  // But it must have compared what it was asked for.
  campaign.judged.compared = 100;
  const auto results = check_floors(good(), campaign, enough());
  EXPECT_EQ(results.front().state, FloorState::Missed);
}

TEST(FloorsTest, NoCampaignAtAllMeetsNothing) {
  const auto results = check_floors(good(), {}, {});
  const auto missed = std::count_if(results.begin(), results.end(),
                                    [](const FloorResult& one) { return one.state == FloorState::Missed; });
  EXPECT_GT(missed, 8);
}

TEST(FloorsTest, TheFloorsOfTheCorpusCanBeRead) {
  const auto text = base::read_file(ASSAY_SOURCE_DIR "/corpus/floors.json", 1U << 20U);
  ASSERT_TRUE(text);
  const auto floors = parse_floors(*text, "floors.json");
  ASSERT_TRUE(floors) << floors.error().describe();
  EXPECT_GE(floors->programs, 10'000U);
}

struct Mistake {
  const char* text;
  const char* place;
  const char* message;
};

class FloorMistakeTest : public testing::TestWithParam<Mistake> {};

TEST_P(FloorMistakeTest, IsAnErrorWithAPlace) {
  const auto floors = parse_floors(GetParam().text, "f.json");
  ASSERT_FALSE(floors);
  EXPECT_EQ(floors.error().kind, base::ErrorKind::Input);
  EXPECT_THAT(floors.error().describe(), StartsWith(GetParam().place));
  EXPECT_THAT(floors.error().describe(), HasSubstr(GetParam().message));
}

#define NUMBERS                                                                                       \
  R"({"schema_version": 1, "programs": 10, "compared_percent": 9, "native_percent": 8, "seeds": 1, )" \
  R"("regressions": 1, "proved": 1,)"                                                                 \
  "\n"

INSTANTIATE_TEST_SUITE_P(
    All, FloorMistakeTest,
    testing::Values(Mistake{"{\n  \"programs\": zebra", "f.json:2:15: ", "no JSON"},
                    Mistake{"", "f.json:1:1: ", "no JSON"}, Mistake{"[]", "f.json:1:1: ", "one JSON object"},
                    Mistake{"{\"schema_version\": 2}", "f.json:1:2: ", "version 1"},
                    Mistake{"{\"schema_version\": 1}", "f.json:1:1: ", "'programs': this number is missing"},
                    Mistake{NUMBERS "\"passes\": {\"fold\": -1}}", "f.json:2:12: ", "not a number"},
                    Mistake{NUMBERS "\"passes\": {\"bend\": 1}}", "f.json:2:12: ", "no such pass"},
                    Mistake{NUMBERS "\"passes\": 7}", "f.json:2:1: ", "not an object"},
                    Mistake{NUMBERS "\"loop_classes\": {\"odd\": 1}}", "f.json:2:18: ", "no such loop class"},
                    Mistake{NUMBERS "\"forms_not_expected\": {\"Nop\": \"x\"}}",
                            "f.json:2:24: ", "no such instruction"},
                    Mistake{NUMBERS "\"forms_not_expected\": {\"Ud2\": \"\"}}", "f.json:2:24: ", "needs a reason"},
                    Mistake{NUMBERS "\"celing\": 1}", "f.json:2:1: ", "no such floor"}));

}  // namespace
}  // namespace assay::fuzz
