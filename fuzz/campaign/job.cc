// One process of a campaign; see job.h. Tested by fuzz/campaign/test/campaign_test.cc.
#include "fuzz/campaign/job.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <span>
#include <utility>

#include "core/base/file.h"
#include "core/base/fnv1a.h"
#include "fuzz/campaign/batch.h"
#include "fuzz/findings/finding.h"

namespace assay::fuzz {
namespace {

template <std::size_t N>
void copy_text(std::array<char, N>& to, const std::string& from) {
  const std::size_t length = std::min(from.size(), N - 1);
  std::memcpy(to.data(), from.data(), length);
  to[length] = '\0';
}

class Job {
 public:
  Job(const CampaignConfig& config, CampaignControl& control, JobBoard& board, std::unique_ptr<oracles::Judge> judge,
      ShapeSet& shapes)
      : config_(config),
        control_(control),
        board_(board),
        batch_(config, std::move(judge), std::make_unique<CampaignProofs>(config.proofs, opt::solve_loops, shapes)) {}

  base::Result<void> run() {
    while (!control_.stop.load(std::memory_order_relaxed)) {
      const std::uint64_t first = control_.next_batch.fetch_add(1) * config_.batch_size;
      std::uint64_t count = config_.batch_size;
      if (config_.programs) {
        if (first >= *config_.programs) break;
        count = std::min(count, *config_.programs - first);
      }
      if (auto done = run_batch(first, static_cast<std::size_t>(count)); !done) return done;
    }
    return {};
  }

 private:
  base::Result<void> run_batch(std::uint64_t first, std::size_t count) {
    if (auto done = batch_.run(first, count); !done) return done;
    figures_.add(batch_.figures());
    // Findings reach the disk before the figures that count them. Where they do not, they are counted all the same.
    base::Result<void> recorded;
    const auto keep = [&](base::Result<void> done) {
      if (recorded && !done) recorded = std::move(done);
    };
    for (const oracles::Conviction& conviction : batch_.convictions()) {
      const auto finding = [&] { return batch_.finding(conviction); };
      keep(record(batch_.signature(conviction), batch_.program_index(conviction), finding));
    }
    for (const ProofFinding& one : batch_.refutations()) {
      keep(record(one.finding.signature, batch_.program_index(one), [&] { return one.finding; }));
    }
    figures_.helper_cpu_nanoseconds = batch_.helper_cpu_nanoseconds();
    figures_.own_cpu_nanoseconds = batch_.own_cpu_nanoseconds();
    board_.publish(figures_);
    return recorded;
  }

  SignatureRecord* signature_record(const std::string& signature) {
    const std::span used(figures_.signatures.data(), figures_.signature_count);
    const auto found = std::find_if(used.begin(), used.end(), [&signature](const SignatureRecord& record) {
      return std::strncmp(record.signature.data(), signature.c_str(), record.signature.size() - 1) == 0;
    });
    if (found != used.end()) return &*found;
    if (used.size() == kMaxSignatures)
      return nullptr;  // such a build is broken beyond telling bugs apart; files still say all
    SignatureRecord& fresh = figures_.signatures[figures_.signature_count++];
    copy_text(fresh.signature, signature);
    return &fresh;
  }

  template <class MakeFinding>
  base::Result<void> record(const std::string& signature, std::uint64_t program_index, MakeFinding make_finding) {
    ++figures_.findings;
    SignatureRecord* const known = signature_record(signature);
    if (known != nullptr && ++known->count > config_.files_per_signature) return {};
    const std::string file = fmt::format("{:016x}-{:x}-{}.nda", base::fnv1a(signature), config_.seed, program_index);
    if (known != nullptr && known->count == 1) copy_text(known->file, file);
    const std::string text = print_finding(make_finding());
    auto written = base::write_file_atomically((std::filesystem::path(config_.findings_folder) / file).string(), text);
    if (!written) fmt::print(stderr, "assay: a finding that could not be written:\n{}", text);
    return written;
  }

  const CampaignConfig& config_;
  CampaignControl& control_;
  JobBoard& board_;
  BatchRunner batch_;
  JobFigures figures_;
};

}  // namespace

base::Result<void> run_job(const CampaignConfig& config, const BlockSourceFactory& source, CampaignControl& control,
                           JobBoard& board, ShapeSet& shapes) {
  auto judge = oracles::Judge::create(config.judge, source());
  if (!judge) return judge.error();
  return Job(config, control, board, std::move(judge).value(), shapes).run();
}

}  // namespace assay::fuzz
