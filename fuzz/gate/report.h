// GateReport: what the merge gate saw, and what follows from it.
//
// Everything that is not plain agreement is an item with a label; counts say how much there was beside. Labels decide
// the exit code, and nothing that was not looked at is called a pass.
//
// Tested by fuzz/gate/test/report_test.cc and gate_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/campaign/summary.h"
#include "fuzz/gate/floors.h"

namespace assay::fuzz {

enum class GateStage : std::uint8_t { Seeds, Regressions, Known, Proofs, Campaign };
inline constexpr std::size_t kGateStageCount = 5;

enum class GateLabel : std::uint8_t {
  New,        // fails, and neither the corpus nor the base says that it did before
  Known,      // fails as recorded in corpus/known, or as the base does
  Fixed,      // recorded in corpus/known, and fails no more
  Broken,     // a file that cannot be read
  NotJudged,  // no oracle had anything to say, so nothing is known
};

struct GateItem {
  GateStage stage = GateStage::Seeds;
  GateLabel label = GateLabel::New;
  std::string file;       // to replay; empty where there is none
  std::string signature;  // or what else tells the failure from others
  std::string detail;     // a sentence
};

struct GateStageCount {
  std::uint64_t files = 0;
  std::uint64_t as_expected = 0;  // agree, or of known ones fail as recorded
};

struct GateProofs {
  std::uint64_t proved = 0;
  std::uint64_t refuted = 0;
  std::uint64_t unknown = 0;
  std::uint64_t not_solved = 0;                  // loops that SCEV-Lite leaves alone
  std::map<std::string, std::uint64_t> reasons;  // of the unknown ones
};

struct GateReport {
  std::array<GateStageCount, kGateStageCount> stages;  // of the three folders
  GateProofs proofs;
  CampaignSummary campaign;
  std::vector<GateItem> items;
  std::vector<FloorResult> floors;
  std::string base;  // the program compared with; empty without one
  double seconds = 0;

  [[nodiscard]] GateStageCount& stage(GateStage stage) { return stages[static_cast<std::size_t>(stage)]; }
  [[nodiscard]] const GateStageCount& stage(GateStage stage) const { return stages[static_cast<std::size_t>(stage)]; }
  [[nodiscard]] std::uint64_t count(GateLabel label) const;
  [[nodiscard]] std::uint64_t missed_floors() const;

  // 1 a new finding; else 3 a job of the campaign died; else 2 a broken file; else 1 a missed floor or a file that
  // nothing judged; else 0.
  [[nodiscard]] int exit_code() const;
};

[[nodiscard]] std::string_view name(GateStage stage);
[[nodiscard]] std::string_view name(GateLabel label);

// For a terminal, for programs, and for the summary page of a CI job.
[[nodiscard]] std::string print_gate(const GateReport& report);
[[nodiscard]] std::string print_gate_json(const GateReport& report);
[[nodiscard]] std::string print_gate_markdown(const GateReport& report);

}  // namespace assay::fuzz
