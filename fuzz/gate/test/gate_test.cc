// The gate over small corpora, healthy and with planted faults: each exit code, each label; see fuzz/gate/gate.h.
#include "fuzz/gate/gate.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <algorithm>

#include "fuzz/corpus/test/folder.h"
#include "fuzz/findings/replay.h"
#include "fuzz/reduce/test/planted_faults.h"

namespace assay::fuzz {
namespace {

using testing::HasSubstr;

constexpr const char* kSum = "program sum(i32 a, i32 b) { a = a + b; }";
constexpr const char* kLoop = "program steps(i32 n, i32 s) { loop (n) { s = s + 3; } }";
constexpr const char* kClz = "program zeros(i64 x) { x = clz(x); }";

class GateTest : public FolderTest {
 protected:
  void SetUp() override {
    FolderTest::SetUp();
    write("seeds/sum.nda", kSum);
    write("seeds/loop.nda", kLoop);
    write_floors(2, 0);
    config_.corpus = folder_.string();
    config_.campaign.programs = 200;
    config_.campaign.findings_folder = path("findings");
    config_.proof_milliseconds = 10'000;
    config_.catalogue_stride = 0;
    parts_ = {[](const oracles::JudgeConfig& judge) {
                return oracles::Judge::create(judge, std::make_unique<oracles::JitBlockSource>());
              },
              [] { return std::make_unique<oracles::JitBlockSource>(); }, opt::solve_loops};
  }

  void write_floors(int seeds, int regressions) {
    write("floors.json", fmt::format(R"({{"schema_version": 1, "programs": 20000, "compared_percent": 95,
      "native_percent": 90, "seeds": {}, "regressions": {}, "proved": 1}})",
                                     seeds, regressions));
  }

  // The compiler that takes clz for ctz, for replays or for the campaign.
  static std::unique_ptr<oracles::BlockSource> wrong_compiler() {
    return std::make_unique<planted::WrongCompiler>(planted::taken_for(ast::Op::Clz, ast::Op::Ctz), nullptr);
  }
  void plant_in_replays() {
    parts_.make_judge = [](const oracles::JudgeConfig& judge) {
      return oracles::Judge::create(judge, wrong_compiler());
    };
  }

  GateReport run() {
    auto report = run_gate(config_, parts_, [](GateStage) {}, interrupted_);
    EXPECT_TRUE(report) << report.error().describe();
    return report ? std::move(report).value() : GateReport{};
  }

  // The signature that kClz gets from the wrong compiler, as this build spells it.
  std::string clz_signature() {
    auto judge = oracles::Judge::create({}, wrong_compiler());
    EXPECT_TRUE(judge);
    const auto result = replay(*judge.value(), parse_finding(kClz).value());
    EXPECT_TRUE(result);
    EXPECT_FALSE(result->signatures.empty());
    return result->signatures.front();
  }

  static std::vector<GateItem> labelled(const GateReport& report, GateLabel label) {
    std::vector<GateItem> items = report.items;
    std::erase_if(items, [label](const GateItem& item) { return item.label != label; });
    return items;
  }

  GateConfig config_;
  GateParts parts_;
  std::atomic<bool> interrupted_{false};
};

TEST_F(GateTest, AHealthyBuildPasses) {
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 0) << print_gate(report);
  EXPECT_EQ(report.stage(GateStage::Seeds).as_expected, 2U);
  EXPECT_EQ(report.proofs.proved, 1U);
  EXPECT_EQ(report.campaign.judged.programs, 200U);
  EXPECT_TRUE(report.items.empty());
}

TEST_F(GateTest, ASeedThatFailsIsANewFinding) {
  write("seeds/zeros.nda", kClz);
  plant_in_replays();
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 1) << print_gate(report);
  const auto fresh = labelled(report, GateLabel::New);
  ASSERT_FALSE(fresh.empty());
  EXPECT_EQ(fresh.front().file, path("seeds/zeros.nda"));
}

TEST_F(GateTest, ARegressionThatFailsIsANewFindingEvenWhereItsSignatureIsKnown) {
  const std::string finding = "// signature: " + clz_signature() + "\n" + kClz;
  write("regressions/zeros.nda", kClz);
  write("known/zeros.nda", finding);
  plant_in_replays();
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 1) << print_gate(report);
  EXPECT_EQ(labelled(report, GateLabel::New).front().stage, GateStage::Regressions);
}

TEST_F(GateTest, AFaultOfAPassIsFoundByReplays) {
  write("seeds/three.nda", "program three(i32 a) { a = 1 + 2; }");
  parts_.make_judge = [](const oracles::JudgeConfig& judge) {
    return oracles::Judge::create(
        judge, std::make_unique<oracles::JitBlockSource>(),
        std::make_unique<planted::WrongPass>(opt::PassId::Fold, planted::taken_for(ast::Op::Add, ast::Op::Sub)));
  };
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 1);
  const auto fresh = labelled(report, GateLabel::New);
  EXPECT_TRUE(std::any_of(fresh.begin(), fresh.end(), [](const GateItem& item) {
    return item.signature.starts_with("passes/fold/");
  })) << print_gate(report);
}

TEST_F(GateTest, AFaultThatOnlyTheCampaignMeetsIsANewFindingWithAFile) {
  parts_.source = wrong_compiler;
  config_.campaign.programs = 600;
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 1) << print_gate(report);
  const auto fresh = labelled(report, GateLabel::New);
  ASSERT_FALSE(fresh.empty());
  EXPECT_EQ(fresh.front().stage, GateStage::Campaign);
  EXPECT_TRUE(std::filesystem::exists(fresh.front().file)) << fresh.front().file;
}

TEST_F(GateTest, ASampleOfTheCatalogueIsProvedBesideTheSeeds) {
  config_.catalogue_stride = 20;
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 0) << print_gate(report);
  EXPECT_GT(report.proofs.proved, 2U);
  EXPECT_EQ(report.proofs.refuted, 0U);
}

TEST_F(GateTest, ARefutedLoopIsANewFinding) {
  parts_.solve_loops = [](const ast::Program& program) {
    ast::Program wrong = program;
    static_cast<void>(planted::taken_for(ast::Op::Add, ast::Op::Sub)(wrong));
    return opt::solve_loops(wrong);
  };
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 1) << print_gate(report);
  EXPECT_EQ(report.proofs.refuted, 1U);
  EXPECT_EQ(labelled(report, GateLabel::New).front().stage, GateStage::Proofs);
}

TEST_F(GateTest, AMissedFloorFails) {
  write_floors(3, 0);
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 1);
  EXPECT_EQ(report.missed_floors(), 1U);
  EXPECT_EQ(report.count(GateLabel::New), 0U);
}

TEST_F(GateTest, AnInterruptedCampaignMissesItsFloor) {
  interrupted_ = true;
  config_.campaign.programs = 100'000;
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 1);
  EXPECT_GE(report.missed_floors(), 1U);
}

TEST_F(GateTest, NothingIsReplayedAndProvedAfterAnInterruption) {
  write_floors(0, 0);
  config_.catalogue_stride = 20;
  interrupted_ = true;
  const GateReport report = run();
  EXPECT_EQ(report.stage(GateStage::Seeds).as_expected, 0U);
  EXPECT_EQ(report.proofs.proved + report.proofs.unknown + report.proofs.not_solved, 0U);
  EXPECT_EQ(report.exit_code(), 1) << "what was not looked at is no pass";
}

TEST_F(GateTest, AnInterruptionDuringTheProofsEndsThem) {
  config_.catalogue_stride = 20;
  parts_.solve_loops = [this](const ast::Program& program) {
    interrupted_ = true;
    return opt::solve_loops(program);
  };
  const GateReport report = run();
  EXPECT_EQ(report.stage(GateStage::Seeds).as_expected, 2U);
  EXPECT_LE(report.proofs.proved, 1U);
}

TEST_F(GateTest, ABrokenFileIsNamedWithItsPlaceAndTheRestIsStillReplayed) {
  write("seeds/bad.nda", "program p(i32 a) {\n    a = b;\n}");
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 2) << print_gate(report);
  ASSERT_EQ(report.items.size(), 1U);
  EXPECT_EQ(report.items[0].label, GateLabel::Broken);
  EXPECT_THAT(report.items[0].detail, HasSubstr("bad.nda:2:9: "));
  EXPECT_EQ(report.stage(GateStage::Seeds).as_expected, 2U);
}

TEST_F(GateTest, AFileThatNothingCanJudgeIsNoPass) {
  write("seeds/forever.nda", "program forever(i32 a) { while (1) { a = a + 1; } }");
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 1) << print_gate(report);
  EXPECT_EQ(report.count(GateLabel::NotJudged), 1U);
}

TEST_F(GateTest, AKnownFindingThatStillFailsPasses) {
  write("known/zeros.nda", "// signature: " + clz_signature() + "\n" + kClz);
  plant_in_replays();
  const GateReport report = run();
  const auto known = labelled(report, GateLabel::Known);
  ASSERT_EQ(known.size(), 1U) << print_gate(report);
  EXPECT_EQ(known[0].detail, "fails as recorded");
  EXPECT_EQ(report.exit_code(), 0) << print_gate(report);
  EXPECT_EQ(report.stage(GateStage::Known).as_expected, 1U);
}

TEST_F(GateTest, ASeedThatFailsAsAKnownFindingDoesIsKnown) {
  write("known/zeros.nda", "// signature: " + clz_signature() + "\n" + kClz);
  write("seeds/zeros.nda", kClz);
  plant_in_replays();
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 0) << print_gate(report);
  EXPECT_GE(report.count(GateLabel::Known), 2U);
}

TEST_F(GateTest, AKnownFindingThatFailsNoMoreIsShownAsFixedAndPasses) {
  write("known/zeros.nda", std::string("// signature: native-sysv/codegen/clz/BsrR64R64/slot\n") + kClz);
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 0) << print_gate(report);
  ASSERT_EQ(report.items.size(), 1U);
  EXPECT_EQ(report.items[0].label, GateLabel::Fixed);
}

TEST_F(GateTest, AKnownFindingThatFailsInAnotherWayIsNew) {
  write("known/zeros.nda", std::string("// signature: native-sysv/codegen/clz/Ud2/fault\n") + kClz);
  plant_in_replays();
  EXPECT_EQ(run().exit_code(), 1);
}

TEST_F(GateTest, AKnownFindingWithoutASignatureIsABrokenFile) {
  write("known/zeros.nda", kClz);
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 2);
  EXPECT_THAT(report.items[0].detail, HasSubstr("zeros.nda:1:1: "));
}

TEST_F(GateTest, WhatTakesTheHarnessDownIsNotRun) {
  write("known/hang.nda", std::string("// signature: harness/hang\n") + kClz);
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 0) << print_gate(report);
  EXPECT_EQ(report.items[0].label, GateLabel::Known);
}

class GateBaseTest : public GateTest {
 protected:
  void SetUp() override {
    GateTest::SetUp();
    write("seeds/zeros.nda", kClz);
    plant_in_replays();
  }
  // A base whose replays give these signatures.
  void base_with(const std::string& status, const std::vector<std::string>& signatures) {
    std::string list;
    for (const std::string& one : signatures) list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", one);
    config_.base = write("base", fmt::format("#!/bin/sh\necho '{{\"replays\": [{{\"status\": \"{}\", \"signatures\": "
                                             "[{}]}}]}}'\n",
                                             status, list));
    std::filesystem::permissions(config_.base, std::filesystem::perms::owner_all);
  }
  std::vector<std::string> all_signatures() {
    auto judge = oracles::Judge::create({}, wrong_compiler());
    EXPECT_TRUE(judge);
    const auto result = replay(*judge.value(), parse_finding(kClz).value());
    EXPECT_TRUE(result);
    return result->signatures;
  }
};

TEST_F(GateBaseTest, WhatTheBaseFailsInTheSameWayIsKnown) {
  write_floors(2, 0);
  base_with("diverges", all_signatures());
  const GateReport report = run();
  EXPECT_EQ(report.count(GateLabel::New), 0U) << print_gate(report);
  EXPECT_GE(report.count(GateLabel::Known), 1U);
  EXPECT_EQ(report.exit_code(), 0);
}

TEST_F(GateBaseTest, WhatTheBaseAgreesOnIsNew) {
  base_with("pass", {});
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 1);
  EXPECT_THAT(labelled(report, GateLabel::New).front().detail, HasSubstr("the base does not fail so"));
}

TEST_F(GateBaseTest, WhatTheBaseFailsInAnotherWayIsNew) {
  base_with("diverges", {"native-sysv/codegen/x/y/slot"});
  EXPECT_EQ(run().exit_code(), 1);
}

TEST_F(GateBaseTest, ABaseThatCannotBeRunExcusesNothing) {
  config_.base = path("absent");
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 1);
  EXPECT_THAT(labelled(report, GateLabel::New).front().detail, HasSubstr("the base could not say"));
}

TEST_F(GateTest, AFixedFindingIsFixedByThisChangeWhereTheBaseStillFails) {
  const std::string signature = "native-sysv/codegen/clz/BsrR64R64/slot";
  write("known/zeros.nda", "// signature: " + signature + "\n" + kClz);
  config_.base = write("base", "#!/bin/sh\necho '{\"replays\": [{\"status\": \"diverges\", \"signatures\": [\"" +
                                   signature + "\"]}]}'\n");
  std::filesystem::permissions(config_.base, std::filesystem::perms::owner_all);
  const GateReport report = run();
  EXPECT_EQ(report.exit_code(), 0);
  EXPECT_THAT(labelled(report, GateLabel::Fixed).front().detail, HasSubstr("the base fails"));
}

TEST_F(GateTest, ASandboxThatCannotBeSetUpStopsTheGate) {
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_SIGPENDING, &before), 0);
  // The sandbox needs a timer, a timer needs a queued signal, and now nobody has one.
  const rlimit none = {0, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_SIGPENDING, &none), 0);
  const auto report = run_gate(config_, parts_, [](GateStage) {}, interrupted_);
  ASSERT_EQ(setrlimit(RLIMIT_SIGPENDING, &before), 0);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, base::ErrorKind::System);
}

TEST_F(GateTest, FloorsThatCannotBeReadStopTheGate) {
  write("floors.json", "{ \"schema_version\": 7 }");
  const auto report = run_gate(config_, parts_, [](GateStage) {}, interrupted_);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, base::ErrorKind::Input);
  EXPECT_THAT(report.error().describe(), HasSubstr("floors.json:1:3: "));
}

TEST_F(GateTest, WithoutSeedsThereIsNoGate) {
  std::filesystem::remove_all(folder_ / "seeds");
  const auto report = run_gate(config_, parts_, [](GateStage) {}, interrupted_);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, base::ErrorKind::Input);
}

}  // namespace
}  // namespace assay::fuzz
