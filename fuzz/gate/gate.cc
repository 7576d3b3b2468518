// The steps of the gate; see gate.h. Tested by fuzz/gate/test/gate_test.cc.
#include "fuzz/gate/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "core/ast/text.h"
#include "core/base/file.h"
#include "fuzz/campaign/campaign.h"
#include "fuzz/corpus/files.h"
#include "fuzz/findings/replay.h"
#include "fuzz/gate/base_binary.h"
#include "fuzz/triage/localise.h"

namespace assay::fuzz {
namespace {

using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr std::size_t kMaxFloorsBytes = 1U << 20U;

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// What took the harness down is recorded under its name and never run here.
// Nor does a replay show what only libFuzzer's target showed.
bool takes_the_harness_down(const Finding& finding) {
  return finding.signature.starts_with("harness/") || finding.signature.starts_with("libfuzzer/");
}

class Gate {
 public:
  Gate(const GateConfig& config, const GateParts& parts, const GateProgress& progress,
       const std::atomic<bool>& interrupted)
      : config_(config), parts_(parts), progress_(progress), interrupted_(interrupted) {
    if (!config.base.empty()) base_.emplace(config.base);
    report_.base = config.base;
  }

  base::Result<GateReport> run() {
    const Clock::time_point start = Clock::now();
    const std::string floors_file =
        config_.floors.empty() ? (fs::path(config_.corpus) / "floors.json").string() : config_.floors;
    const auto text = base::read_file(floors_file, kMaxFloorsBytes);
    if (!text) return text.error();
    const auto floors = parse_floors(*text, floors_file);
    if (!floors) return floors.error();
    for (const GateStage stage : {GateStage::Seeds, GateStage::Regressions, GateStage::Known}) {
      if (auto done = read(stage); !done) return done.error();
    }
    if (auto done = replay_all(); !done) return done.error();
    prove_loops();
    if (auto done = run_short_campaign(floors->programs); !done) return done.error();
    ask_base();
    figures_.seeds = report_.stage(GateStage::Seeds).as_expected;
    figures_.regressions = report_.stage(GateStage::Regressions).as_expected;
    figures_.proved = report_.proofs.proved;
    figures_.cpu = x64::host_features();
    report_.floors = check_floors(*floors, report_.campaign, figures_);
    report_.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return std::move(report_);
  }

 private:
  std::vector<CorpusFile>& files(GateStage stage) { return files_[static_cast<std::size_t>(stage)]; }

  void add(GateStage stage, GateLabel label, const std::string& file, std::string signature, std::string detail) {
    report_.items.push_back({stage, label, file, std::move(signature), std::move(detail)});
  }

  // Only the seeds have to be there; Git keeps no empty folders.
  base::Result<void> read(GateStage stage) {
    const std::string folder = (fs::path(config_.corpus) / name(stage)).string();
    const auto there = base::is_there(folder);
    if (!there) return there.error();
    if (stage != GateStage::Seeds && !*there) return {};
    auto corpus = read_corpus(folder);
    if (!corpus) return corpus.error();
    files(stage) = std::move(corpus->files);
    report_.stage(stage).files = files(stage).size() + corpus->broken.size();
    for (const base::Error& error : corpus->broken) add(stage, GateLabel::Broken, error.file, "", error.describe());
    if (stage != GateStage::Known) return {};
    for (const CorpusFile& file : files(stage)) {
      if (!file.finding.signature.empty()) known_.insert(file.finding.signature);
    }
    return {};
  }

  base::Result<void> replay_all() {
    auto judge = parts_.make_judge({});
    if (!judge) return judge.error();
    // The known ones first: they say what is no news in the others.
    for (const GateStage stage : {GateStage::Known, GateStage::Seeds, GateStage::Regressions}) {
      progress_(stage);
      for (const CorpusFile& file : files(stage)) {
        if (interrupted_.load()) return {};
        auto done = stage == GateStage::Known ? replay_known(*judge.value(), file)
                                              : replay_agreeing(*judge.value(), stage, file);
        if (!done) return done;
      }
    }
    return {};
  }

  base::Result<Replay> replay_one(oracles::Judge& judge, const CorpusFile& file) {
    auto result = replay(judge, file.finding);
    if (!result) {
      base::Error error = result.error();
      if (error.file.empty()) error.file = file.path;
      return error;
    }
    for (const jit::CompiledBlock& block : judge.blocks()) {
      for (const x64::Intent& intent : block.intents) ++figures_.corpus_forms[static_cast<std::size_t>(intent.form)];
    }
    return result;
  }

  base::Result<void> replay_agreeing(oracles::Judge& judge, GateStage stage, const CorpusFile& file) {
    const auto result = replay_one(judge, file);
    if (!result) return result.error();
    const std::set<std::string> signatures(result->signatures.begin(), result->signatures.end());
    for (const std::string& signature : signatures) {
      // A regression was mended once; that its signature is among the known ones does not excuse it.
      const bool known = stage == GateStage::Seeds && known_.contains(signature);
      add(stage, known ? GateLabel::Known : GateLabel::New, file.path, signature,
          known ? "recorded in the corpus" : "must agree");
    }
    if (!signatures.empty()) return {};
    if (result->report.counts.compared == 0) {
      add(stage, GateLabel::NotJudged, file.path, "", "no oracle compared anything");
    } else {
      ++report_.stage(stage).as_expected;
    }
    return {};
  }

  base::Result<void> replay_known(oracles::Judge& judge, const CorpusFile& file) {
    const std::string& recorded = file.finding.signature;
    if (recorded.empty()) {
      base::Error error = base::input_error("a known finding must record its signature", {1, 1});
      error.file = file.path;
      add(GateStage::Known, GateLabel::Broken, file.path, "", error.describe());
      return {};
    }
    if (takes_the_harness_down(file.finding)) {
      add(GateStage::Known, GateLabel::Known, file.path, recorded,
          "takes the harness down, or only libFuzzer's target shows it, so it was not run");
      return {};
    }
    std::set<std::string> seen;
    std::uint64_t compared = 0;
    bool same = false;
    // One that does not fail every time is fixed only when it never does.
    for (std::uint32_t i = 0; i < kReplays && !same; ++i) {
      const auto result = replay_one(judge, file);
      if (!result) return result.error();
      compared += result->report.counts.compared;
      const auto recognised = recognise(parts_.make_judge, file.finding, result->signatures);
      if (!recognised) return recognised.error();
      same = *recognised;
      seen.insert(result->signatures.begin(), result->signatures.end());
    }
    // One fault is convicted by several oracles, under a signature each: while the recorded one is seen, what is seen
    // beside it is the same fault.
    if (same) known_.insert(seen.begin(), seen.end());
    for (const std::string& signature : seen) {
      if (known_.contains(signature)) continue;
      add(GateStage::Known, GateLabel::New, file.path, signature, "recorded as " + recorded);
    }
    if (same) {
      ++report_.stage(GateStage::Known).as_expected;
      add(GateStage::Known, GateLabel::Known, file.path, recorded, "fails as recorded");
    } else if (compared == 0) {
      add(GateStage::Known, GateLabel::NotJudged, file.path, recorded, "no oracle compared anything");
    } else {
      add(GateStage::Known, GateLabel::Fixed, file.path, recorded,
          fmt::format("not seen in {} replays: move the file to regressions", kReplays));
    }
    return {};
  }

  // What `assay verify --scev --quick` proves.
  void prove_loops() {
    progress_(GateStage::Proofs);
    LoopVerifier verifier(parts_.solve_loops, {config_.proof_milliseconds, false});
    for (const CorpusFile& file : files(GateStage::Seeds)) {
      if (interrupted_.load()) return;
      prove_loops(verifier, file.finding.program, file.path, "a solved loop is refuted");
    }
    if (config_.catalogue_stride == 0) return;
    for (const ProofSubject& subject : quick_subjects(config_.catalogue_stride)) {
      if (interrupted_.load()) return;
      prove_loops(verifier, subject.program, "", "refuted in the catalogue: " + subject.name);
    }
  }

  void prove_loops(LoopVerifier& verifier, const ast::Program& program, const std::string& file,
                   const std::string& refuted) {
    GateProofs& counts = report_.proofs;
    const auto count = [&](const VerifiedLoop& loop) {
      if (!loop.solved.report.solved) {
        ++counts.not_solved;
        return;
      }
      switch (loop.proof.answer) {
        case smt::Answer::Proved:
          ++counts.proved;
          break;
        case smt::Answer::Refuted:
          ++counts.refuted;
          add(GateStage::Proofs, GateLabel::New, file, ast::print_program(loop.solved.before), refuted);
          break;
        case smt::Answer::Unknown:
          ++counts.unknown;
          ++counts.reasons[loop.proof.reason];
          break;
      }
    };
    // Of a loop of the catalogue only the outermost.
    verifier.verify(program, count, file.empty());
  }

  base::Result<void> run_short_campaign(std::uint64_t programs) {
    progress_(GateStage::Campaign);
    CampaignConfig campaign = config_.campaign;
    if (!campaign.programs && !campaign.seconds) campaign.programs = programs;
    if (!campaign.seconds) campaign.seconds = kCampaignSeconds;
    auto summary = run_campaign(campaign, parts_.source, nullptr, interrupted_);
    if (!summary) return summary.error();
    report_.campaign = std::move(summary).value();
    for (const SignatureCount& one : report_.campaign.signatures) {
      const bool known = known_.contains(one.signature);
      add(GateStage::Campaign, known ? GateLabel::Known : GateLabel::New,
          (fs::path(campaign.findings_folder) / one.file).string(), one.signature, fmt::format("{} times", one.count));
    }
    if (report_.campaign.findings != 0 && report_.campaign.signatures.empty()) {
      add(GateStage::Campaign, GateLabel::New, campaign.findings_folder, "", "findings without a signature");
    }
    return {};
  }

  void ask_base() {
    if (!base_) return;
    for (GateItem& item : report_.items) {
      if (item.label == GateLabel::New && item.stage == GateStage::Proofs) {
        const auto refuted = base_->refuted_loops(item.file);
        label_new(item, refuted.has_value(), refuted && contains(*refuted, item.signature));
      } else if (item.label == GateLabel::New || item.label == GateLabel::Fixed) {
        const auto replayed = base_->replay(item.file);
        const bool judged = replayed && replayed->judged;
        const bool fails = judged && contains(replayed->signatures, item.signature);
        if (item.label == GateLabel::New) {
          label_new(item, judged, fails);
        } else {
          item.detail += !judged ? "; the base could not say" : fails ? "; the base fails" : "; the base agrees too";
        }
      }
    }
  }

  static void label_new(GateItem& item, bool judged, bool fails) {
    if (fails) item.label = GateLabel::Known;
    item.detail += !judged ? "; the base could not say"
                   : fails ? "; the base fails too"
                           : "; the base does not fail so";
  }

  const GateConfig& config_;
  const GateParts& parts_;
  const GateProgress& progress_;
  const std::atomic<bool>& interrupted_;
  std::optional<BaseBinary> base_;
  std::array<std::vector<CorpusFile>, kGateStageCount> files_;
  std::set<std::string> known_;  // signatures
  FloorFigures figures_;
  GateReport report_;
};

}  // namespace

base::Result<GateReport> run_gate(const GateConfig& config, const GateParts& parts, const GateProgress& progress,
                                  const std::atomic<bool>& interrupted) {
  return Gate(config, parts, progress, interrupted).run();
}

}  // namespace assay::fuzz
