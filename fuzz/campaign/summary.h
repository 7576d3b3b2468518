// Summary: what a campaign did, for people and for programs.
//
// Tested by fuzz/campaign/test/summary_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/campaign/board.h"
#include "fuzz/campaign/config.h"

namespace assay::fuzz {

inline constexpr int kSummarySchemaVersion = 1;

// So many programs compared make every pass and every loop class fire many times.
inline constexpr std::uint64_t kEnoughToFire = 10'000;

struct SignatureCount {
  std::string signature;
  std::string file;  // of the first finding
  std::uint64_t count = 0;
};

struct CampaignSummary {
  CampaignConfig config;
  double seconds = 0;      // wall clock
  double cpu_seconds = 0;  // of all processes of the campaign
  bool interrupted = false;
  unsigned jobs_lost = 0;  // job processes that ended by a signal or an error: the harness failed
  std::vector<std::string> job_errors;
  oracles::JudgeCounts judged;
  std::uint64_t nodes_generated = 0;
  std::uint64_t findings = 0;
  std::array<std::uint64_t, x64::kFormCount> forms{};
  RegisterUse registers{};
  std::array<std::uint64_t, ast::kNodeKindCount> kinds{};
  std::array<std::uint64_t, ast::kOpCount> ops{};
  ProofFigures proofs;
  std::vector<SignatureCount> signatures;

  void add(const JobFigures& job);

  [[nodiscard]] double programs_per_cpu_second() const;

  // Oracles that were switched on and judged nothing: a campaign in which one is silent shows nothing.
  [[nodiscard]] std::vector<oracles::OracleId> silent_oracles() const;

  // Passes and loop classes that never had anything to do, by name, where passes are drawn and there were enough
  // programs to expect them. A pass that never fires was not tested.
  [[nodiscard]] std::vector<std::string> never_fired() const;

  // 0 pass, 1 findings, 3 the harness failed, 4 inconclusive (an oracle was silent, a pass never fired).
  [[nodiscard]] int exit_code() const;
};

[[nodiscard]] std::string print_summary(const CampaignSummary& summary);
// Its line on proofs: how many depends on the budget, which it names.
[[nodiscard]] std::string proofs_text(const CampaignSummary& summary);
[[nodiscard]] std::string print_summary_json(const CampaignSummary& summary);

}  // namespace assay::fuzz
