// Generating and judging one batch; see batch.h. Tested by fuzz/campaign/test/campaign_test.cc and supervised_test.cc.
#include "fuzz/campaign/batch.h"

#include <time.h>

#include <algorithm>
#include <utility>

#include "core/base/rng.h"
#include "fuzz/campaign/pipelines.h"
#include "fuzz/findings/case_bytes.h"
#include "fuzz/findings/environment.h"
#include "fuzz/findings/replay.h"
#include "fuzz/proofs/refutation.h"
#include "oracles/explain.h"

namespace assay::fuzz {
namespace {

constexpr std::uint64_t kPipelineStream = 1;
constexpr std::uint64_t kMutantStream = 2;

}  // namespace

BatchRunner::BatchRunner(const CampaignConfig& config, std::unique_ptr<oracles::Judge> judge,
                         std::unique_ptr<CampaignProofs> proofs)
    : config_(config), judge_(std::move(judge)), proofs_(std::move(proofs)), cases_(config.batch_size) {}

// Somebody else's program: the last byte chooses the CPU features, as in the libFuzzer target that it comes from.
void BatchRunner::import(const std::string& bytes, GeneratedCase& out) {
  out.config = {};
  auto read = decode_case({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  if (read) {
    out.program = std::move(read->program);
    out.config.features = read->features;
  } else {
    out.program.clear();  // which is a program too
  }
  out.inputs = default_inputs(out.program);
}

void BatchRunner::generate(const BatchPlan& plan) {
  first_ = plan.first;
  figures_ = {};
  refutations_.clear();
  subjects_.clear();
  for (std::size_t i = 0; i < plan.count; ++i) {
    const std::uint64_t first = plan.first;
    const std::uint64_t seed = base::derive_seed(config_.seed, first + i);
    GeneratedCase& one = cases_[i];
    if (plan.origin == Origin::Imported) {
      import(plan.programs[i], one);
    } else if (plan.origin == Origin::Mutants && plan.entries != 0) {
      plan.corpus->draw(plan.entries, base::derive_seed(seed, kMutantStream), one);
    } else {
      if (config_.naive) {
        generator_.generate(seed, naive_swarm(), one);
      } else {
        generator_.generate(seed, one);
      }
    }
    const x64::CpuFeatures features = x64::intersection(one.config.features, host_);
    // From a seed of its own: another way to draw pipelines must not change the programs.
    base::Rng pipeline_rng(base::derive_seed(seed, kPipelineStream));
    subjects_.push_back({&one.program, one.inputs, features, (first + i) % config_.tiered_sample == 0,
                         config_.pipeline                                   ? *config_.pipeline
                         : plan.origin == Origin::Imported || config_.naive ? opt::default_pipeline()
                                                                            : draw_pipeline(pipeline_rng)});
    count_nodes(one.program);
  }
}

base::Result<void> BatchRunner::run(std::uint64_t first, std::size_t count) {
  BatchPlan plan;
  plan.first = first;
  plan.count = count;
  return run(plan);
}

base::Result<void> BatchRunner::run(const BatchPlan& plan) {
  // Whoever asks for the next batch has recorded the one before.
  if (proofs_) proofs_->publish();
  generate(plan);
  if (auto done = judge_->judge(subjects_, report_); !done) return done;
  figures_.judged = report_.counts;
  for (const jit::CompiledBlock& block : judge_->blocks()) {
    for (const x64::Intent& intent : block.intents) {
      ++figures_.forms[static_cast<std::size_t>(intent.form)];
      count_registers(intent, figures_.registers);
    }
  }
  look_for_candidates(plan);  // before the judge is asked of anything else
  return proofs_ ? prove_loops() : base::Result<void>{};
}

base::Result<void> BatchRunner::prove_loops() {
  for (std::size_t i = 0; i < subjects_.size(); ++i) {
    for (const RefutedLoop& loop : proofs_->look_at(cases_[i].program, figures_.proofs)) {
      auto finding = finding_of({&loop.solved.before,
                                 loop.input,
                                 {opt::PassId::Scev},
                                 subjects_[i].features,
                                 "the solved form of a loop of the program"},
                                *judge_);
      if (!finding) return finding.error();
      finding->campaign_seed = config_.seed;
      finding->program_index = first_ + i;
      finding->configuration = config_.describe();
      refutations_.push_back({i, std::move(finding).value()});
    }
  }
  return {};
}

void BatchRunner::look_for_candidates(const BatchPlan& plan) {
  candidates_.clear();
  const bool looking = plan.corpus != nullptr;
  if (looking && covered_by_ != plan.entries) {
    covered_ = plan.corpus->covered(plan.entries);
    covered_by_ = plan.entries;
  }
  Coverage covered = covered_;
  const std::span<const jit::CompiledBlock> blocks = judge_->blocks();
  const std::size_t each = subjects_.empty() ? 0 : blocks.size() / subjects_.size();
  for (std::size_t i = 0; i < subjects_.size(); ++i) {
    const Coverage coverage = coverage_of(cases_[i].program, blocks.subspan(i * each, each));
    figures_.coverage |= coverage;
    if (!looking || (coverage & ~covered).none()) continue;
    covered |= coverage;
    Finding finding;
    finding.program = cases_[i].program;
    finding.inputs = cases_[i].inputs;
    finding.features = subjects_[i].features;
    finding.pipeline = subjects_[i].pipeline;
    candidates_.push_back({first_ + i, {print_case(finding), print_coverage(coverage)}});
  }
}

void BatchRunner::count_nodes(const ast::Program& program) {
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

std::string BatchRunner::signature(const oracles::Conviction& conviction) const {
  return signature_of(conviction, cases_[conviction.subject].program);
}

Finding BatchRunner::describe(std::size_t subject) const {
  Finding finding;
  finding.program = cases_[subject].program;
  finding.inputs = cases_[subject].inputs;
  finding.features = subjects_[subject].features;
  finding.pipeline = subjects_[subject].pipeline;
  finding.campaign_seed = config_.seed;
  finding.program_index = first_ + subject;
  finding.configuration = config_.describe();
  finding.build = build_description();
  finding.cpu = cpu_description();
  return finding;
}

Finding BatchRunner::unexplained(const oracles::Conviction& conviction) const {
  Finding finding = describe(conviction.subject);
  // The failing input first.
  std::rotate(finding.inputs.begin(), finding.inputs.begin() + conviction.input,
              finding.inputs.begin() + conviction.input + 1);
  finding.signature = signature(conviction);
  finding.oracle = oracles::name(conviction.oracle);
  finding.verdict = oracles::name(conviction.verdict);
  return finding;
}

Finding BatchRunner::finding(const oracles::Conviction& conviction) const {
  Finding finding = unexplained(conviction);
  const GeneratedCase& one = cases_[conviction.subject];
  finding.explanation = oracles::explain(conviction, one.program, one.inputs);
  return finding;
}

Finding BatchRunner::program_alone(const BatchPlan& plan) {
  BatchPlan one = plan;
  one.count = 1;
  candidates_.clear();
  generate(one);
  return describe(0);
}

std::uint64_t BatchRunner::own_cpu_nanoseconds() const {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace assay::fuzz
