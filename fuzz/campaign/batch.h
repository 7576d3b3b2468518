// Batch: generates a run of programs by number and puts them before the judge.
//
// The one place where a campaign's programs come from: seed and number decide a program, its inputs and its passes, so
// that a batch done again, by whichever process, is the same batch.
//
// Tested by fuzz/campaign/test/campaign_test.cc and supervised_test.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "fuzz/campaign/config.h"
#include "fuzz/campaign/figures.h"
#include "fuzz/campaign/ledger.h"
#include "fuzz/campaign/mutants.h"
#include "fuzz/findings/finding.h"
#include "fuzz/gen/generator.h"
#include "fuzz/proofs/campaign_proofs.h"
#include "oracles/judge.h"

namespace assay::fuzz {

// A loop of a program that was refuted, alone, as a finding.
struct ProofFinding {
  std::size_t subject = 0;
  Finding finding;
};

// Where a batch's programs come from.
enum class Origin : std::uint32_t { Fresh, Mutants, Imported };

struct BatchPlan {
  std::uint64_t first = 0;
  std::size_t count = 0;
  Origin origin = Origin::Fresh;
  const MutantSource* corpus = nullptr;   // none: nothing is a candidate
  std::uint64_t entries = 0;              // that the batch knows of it
  std::span<const std::string> programs;  // imported: in binary form
};

class BatchRunner {
 public:
  // `proofs` may be none: then nothing is proved.
  BatchRunner(const CampaignConfig& config, std::unique_ptr<oracles::Judge> judge,
              std::unique_ptr<CampaignProofs> proofs = nullptr);

  // Programs `first` to `first + count - 1`; count is at most the configuration's batch size.
  [[nodiscard]] base::Result<void> run(std::uint64_t first, std::size_t count);
  [[nodiscard]] base::Result<void> run(const BatchPlan& plan);

  // Of the last batch.
  [[nodiscard]] const BatchFigures& figures() const { return figures_; }
  [[nodiscard]] std::span<const oracles::Conviction> convictions() const { return report_.convictions; }
  [[nodiscard]] std::span<const ProofFinding> refutations() const { return refutations_; }
  [[nodiscard]] std::uint64_t program_index(const ProofFinding& one) const { return first_ + one.subject; }
  [[nodiscard]] std::string signature(const oracles::Conviction& conviction) const;
  [[nodiscard]] std::uint64_t program_index(const oracles::Conviction& conviction) const {
    return first_ + conviction.subject;
  }
  [[nodiscard]] Finding finding(const oracles::Conviction& conviction) const;
  // The same without its explanation, which takes time.
  [[nodiscard]] Finding unexplained(const oracles::Conviction& conviction) const;

  // Of the last batch: those that cover what neither the corpus nor an earlier one covers.
  [[nodiscard]] const std::vector<CorpusCandidate>& candidates() const { return candidates_; }

  // A program of the last batch, as a finding without oracle or verdict.
  [[nodiscard]] Finding described(std::size_t subject) const { return describe(subject); }

  // The first program of the plan alone, as a finding without oracle or verdict: for programs that no judge survives.
  [[nodiscard]] Finding program_alone(const BatchPlan& plan);

  // CPU time of this process, and of the judge's workers and the provers so far. While somebody proves, nobody else
  // works, so the time this process waits is theirs.
  [[nodiscard]] std::uint64_t own_cpu_nanoseconds() const;
  [[nodiscard]] std::uint64_t helper_cpu_nanoseconds() const {
    return judge_->helper_cpu_nanoseconds() + (proofs_ ? proofs_->nanoseconds() : 0);
  }

 private:
  void generate(const BatchPlan& plan);
  void import(const std::string& bytes, GeneratedCase& out);
  void look_for_candidates(const BatchPlan& plan);
  void count_nodes(const ast::Program& program);
  [[nodiscard]] base::Result<void> prove_loops();
  [[nodiscard]] Finding describe(std::size_t subject) const;

  const CampaignConfig& config_;
  std::unique_ptr<oracles::Judge> judge_;
  std::unique_ptr<CampaignProofs> proofs_;
  Generator generator_;
  x64::CpuFeatures host_ = x64::host_features();
  std::uint64_t first_ = 0;
  std::vector<GeneratedCase> cases_;
  std::vector<oracles::Subject> subjects_;
  oracles::BatchReport report_;
  std::vector<ProofFinding> refutations_;
  BatchFigures figures_;
  std::vector<CorpusCandidate> candidates_;
  Coverage covered_;              // by the corpus, as of the last batch
  std::uint64_t covered_by_ = 0;  // so many entries of it
};

}  // namespace assay::fuzz
