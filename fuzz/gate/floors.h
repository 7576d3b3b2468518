// Floors: how much a gate must have looked at before its silence means something.
//
// They are data (corpus/floors.json), so that a change which makes the fuzzer see less has to lower a number in the
// same commit, where a reviewer sees it. Floors on what a campaign covers are meant for one of `programs` programs; a
// campaign that was asked for fewer is not held to them, and says so. One that was asked for as many and ran out of
// time is. Instruction forms must be emitted by the campaign or by a file of the corpus, except those that a reviewed
// list names with a reason, and those that need a CPU feature which this machine does not have.
//
// Tested by fuzz/gate/test/floors_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/opt/passes.h"
#include "core/scev/loop_report.h"
#include "core/x64/form.h"
#include "fuzz/campaign/summary.h"

namespace assay::fuzz {

struct Floors {
  std::uint64_t programs = 0;          // size of the campaign that the floors are for
  std::uint64_t compared_percent = 0;  // of the programs that were asked for
  std::uint64_t native_percent = 0;    // of the compared ones, by the CPU in each convention
  std::uint64_t seeds = 0;             // files that agree
  std::uint64_t regressions = 0;
  std::uint64_t proved = 0;                                         // loops of the seeds
  std::array<std::uint64_t, opt::kPassCount> passes{};              // programs in which a pass fired; at least 1 each
  std::array<std::uint64_t, scev::kLoopClassCount> loop_classes{};  // loops solved; at least 1 each
  std::map<x64::Form, std::string> forms_not_expected;              // and why
};

// The text of a floors file; `file` names it in errors. Passes and loop classes that it does not name have the floor 1.
[[nodiscard]] base::Result<Floors> parse_floors(std::string_view text, std::string_view file = {});

enum class FloorState : std::uint8_t { Met, Missed, NotHeld };

struct FloorResult {
  std::string name;
  std::uint64_t least = 0;
  std::uint64_t seen = 0;
  FloorState state = FloorState::Met;
  std::string detail;  // which forms are missing, why it is not held to
};

[[nodiscard]] std::string_view name(FloorState state);

// What the gate saw, beside the campaign.
struct FloorFigures {
  std::uint64_t seeds = 0;
  std::uint64_t regressions = 0;
  std::uint64_t proved = 0;
  std::array<std::uint64_t, x64::kFormCount> corpus_forms{};
  x64::CpuFeatures cpu;  // of this machine
};

[[nodiscard]] std::vector<FloorResult> check_floors(const Floors& floors, const CampaignSummary& campaign,
                                                    const FloorFigures& figures);

}  // namespace assay::fuzz
