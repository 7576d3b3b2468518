// One process of a campaign; see job.h. Tested by fuzz/campaign/test/campaign_test.cc.
#include "fuzz/campaign/job.h"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "core/base/file.h"
#include "core/base/rng.h"
#include "fuzz/campaign/pipelines.h"
#include "fuzz/findings/environment.h"
#include "fuzz/findings/finding.h"
#include "fuzz/gen/generator.h"
#include "oracles/explain.h"

namespace assay::fuzz {
namespace {

std::uint64_t process_cpu_nanoseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}

template <std::size_t N>
void copy_text(std::array<char, N>& to, const std::string& from) {
  const std::size_t length = std::min(from.size(), N - 1);
  std::memcpy(to.data(), from.data(), length);
  to[length] = '\0';
}

// FNV-1a, for file names: a signature holds characters that a path must not.
std::uint64_t hash_of(const std::string& text) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return hash;
}

constexpr std::uint64_t kPipelineStream = 1;

class Job {
 public:
  Job(const CampaignConfig& config, CampaignControl& control, JobBoard& board, std::unique_ptr<oracles::Judge> judge)
      : config_(config), control_(control), board_(board), judge_(std::move(judge)), cases_(config.batch_size) {}

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
    subjects_.clear();
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t seed = base::derive_seed(config_.seed, first + i);
      GeneratedCase& one = cases_[i];
      generator_.generate(seed, one);
      const x64::CpuFeatures features = x64::intersection(one.config.features, host_);
      // From a seed of its own: another way to draw pipelines must not change the programs.
      base::Rng pipeline_rng(base::derive_seed(seed, kPipelineStream));
      subjects_.push_back({&one.program, one.inputs, features, (first + i) % config_.tiered_sample == 0,
                           config_.pipeline ? *config_.pipeline : draw_pipeline(pipeline_rng)});
      count_nodes(one.program);
    }
    if (auto done = judge_->judge(subjects_, report_); !done) return done;
    figures_.judged.add(report_.counts);
    for (const jit::CompiledBlock& block : judge_->blocks()) {
      for (const x64::Intent& intent : block.intents) ++figures_.forms[static_cast<std::size_t>(intent.form)];
    }
    // Findings reach the disk before the figures that count them.
    for (const oracles::Conviction& conviction : report_.convictions) {
      if (auto done = record(conviction, first + conviction.subject); !done) return done;
    }
    figures_.helper_cpu_nanoseconds = judge_->helper_cpu_nanoseconds();
    figures_.own_cpu_nanoseconds = process_cpu_nanoseconds();
    board_.publish(figures_);
    return {};
  }

  void count_nodes(const ast::Program& program) {
    figures_.nodes_generated += program.node_count();
    for (std::uint32_t i = 0; i < program.node_count(); ++i) {
      const ast::Node& node = program.node(ast::NodeId{i});
      ++figures_.kinds[static_cast<std::size_t>(node.kind)];
      switch (node.kind) {
        case ast::NodeKind::Unary:
        case ast::NodeKind::Binary:
        case ast::NodeKind::Compare:
        case ast::NodeKind::Convert:
          ++figures_.ops[static_cast<std::size_t>(node.op)];
          break;
        default:
          break;
      }
    }
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

  base::Result<void> record(const oracles::Conviction& conviction, std::uint64_t index) {
    const GeneratedCase& one = cases_[conviction.subject];
    Finding finding;
    finding.signature = signature_of(conviction, one.program);
    ++figures_.findings;
    SignatureRecord* const known = signature_record(finding.signature);
    if (known != nullptr && ++known->count > config_.files_per_signature) return {};

    finding.program = one.program;
    finding.inputs = one.inputs;
    std::rotate(finding.inputs.begin(), finding.inputs.begin() + conviction.input,
                finding.inputs.begin() + conviction.input + 1);
    finding.features = subjects_[conviction.subject].features;
    finding.pipeline = subjects_[conviction.subject].pipeline;
    finding.oracle = oracles::name(conviction.oracle);
    finding.verdict = oracles::name(conviction.verdict);
    finding.campaign_seed = config_.seed;
    finding.program_index = index;
    finding.configuration = config_.describe();
    finding.build = build_description();
    finding.cpu = cpu_description();
    finding.explanation = oracles::explain(conviction, one.program, one.inputs);
    const std::string file = fmt::format("{:016x}-{:x}-{}.nda", hash_of(finding.signature), config_.seed, index);
    if (known != nullptr && known->count == 1) copy_text(known->file, file);
    return base::write_file_atomically((std::filesystem::path(config_.findings_folder) / file).string(),
                                       print_finding(finding));
  }

  const CampaignConfig& config_;
  CampaignControl& control_;
  JobBoard& board_;
  std::unique_ptr<oracles::Judge> judge_;
  Generator generator_;
  x64::CpuFeatures host_ = x64::host_features();
  std::vector<GeneratedCase> cases_;
  std::vector<oracles::Subject> subjects_;
  oracles::BatchReport report_;
  JobFigures figures_;
};

}  // namespace

base::Result<void> run_job(const CampaignConfig& config, const BlockSourceFactory& source, CampaignControl& control,
                           JobBoard& board) {
  auto judge = oracles::Judge::create(config.judge, source());
  if (!judge) return judge.error();
  return Job(config, control, board, std::move(judge).value()).run();
}

}  // namespace assay::fuzz
