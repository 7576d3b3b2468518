// Findings judged and put together; see collect.h. Tested by reports/collect/test/collect_test.cc.
#include "reports/collect/collect.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "core/ast/text.h"
#include "core/base/file.h"
#include "fuzz/campaign/summary.h"
#include "fuzz/findings/environment.h"
#include "fuzz/findings/replay.h"
#include "fuzz/findings/signature.h"
#include "reports/collect/describe_conviction.h"
#include "reports/collect/finding_files.h"
#include "reports/collect/read_proofs.h"
#include "reports/collect/read_selftest.h"
#include "reports/collect/read_summary.h"
#include "reports/store/folder.h"
#include "reports/store/groups.h"
#include "reports/store/status.h"

namespace assay::reports {
namespace {

// Of a summary, or of what the prover said.
constexpr std::size_t kMaxSummaryBytes = 64U << 20U;

// A word for a shell: quoted where it has to be.
std::string shell_word(const std::string& word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./+,:@%").find(c) != std::string_view::npos;
  });
  if (plain && word[0] != '-') return word;
  std::string quoted = word[0] == '-' ? "'./" : "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

class Collector {
 public:
  Collector(const CollectConfig& config, const fuzz::JudgeFactory& make_judge)
      : config_(config), make_judge_(make_judge) {}

  base::Result<Report> run() {
    const std::string build = fuzz::build_description();
    report_.generated = config_.generated;
    report_.build = build;
    report_.cpu = fuzz::cpu_description();
    const auto store = base::is_there(store_path(config_.folder));
    if (!store) return store.error();
    has_store_ = *store;
    if (auto done = read_figures(); !done) return done.error();
    if (report_.build != build) report_.build += "; findings judged again by " + build;
    if (auto done = read_prover(); !done) return done.error();
    if (auto done = read_score(); !done) return done.error();
    auto files = read_findings(has_store_ ? findings_path(config_.folder) : config_.folder);
    if (!files) return files.error();
    FindingFiles known;
    if (!config_.known_folder.empty()) {
      auto read = read_findings(config_.known_folder);
      if (!read) return read.error();
      known = std::move(read).value();
    }
    if (has_store_) {
      auto groups = read_groups(config_.folder);
      if (!groups) return groups.error();
      groups_ = std::move(groups).value();
    }
    for (const GroupMember& member : groups_.not_looked_into) {
      report_.not_looked_into.push_back({member.signature, member.count});
    }
    for (const FindingPair& pair : known.pairs) known_.insert(pair.best().finding.signature);
    known_.erase("");
    for (const FindingFiles* const one : {&*files, &known}) {
      report_.problems.insert(report_.problems.end(), one->problems.begin(), one->problems.end());
      for (const FindingPair& pair : one->pairs) {
        if (one == &*files && !looked_into(pair.best().finding.signature)) continue;
        if (one == &*files) recorded_here_.insert(pair.best().finding.signature);
        if (auto done = add(pair); !done) return done.error();
      }
    }
    fold_fixed_into_convicted();
    count_by_signature();
    std::sort(report_.findings.begin(), report_.findings.end(), [](const ReportFinding& a, const ReportFinding& b) {
      return std::tuple(place(a.state), std::string_view(a.signature), std::string_view(a.file)) <
             std::tuple(place(b.state), std::string_view(b.signature), std::string_view(b.file));
    });
    decide();
    return std::move(report_);
  }

 private:
  // What needs a reader first.
  static int place(FindingState state) {
    switch (state) {
      case FindingState::New:
        return 0;
      case FindingState::Unknown:
        return 1;
      case FindingState::Known:
        return 2;
      case FindingState::Fixed:
        return 3;
    }
    return 4;
  }

  base::Result<void> read_figures() {
    std::string text;
    std::string name = config_.summary_file;
    if (!config_.summary_file.empty()) {
      auto read = base::read_file(config_.summary_file, kMaxSummaryBytes);
      if (!read) return read.error();
      text = std::move(read).value();
    } else if (has_store_) {
      name = store_path(config_.folder);
      const auto status = read_status(config_.folder);
      if (!status) return status.error();
      text = fuzz::print_summary_json(status->summary);
      // Not the clock of whoever reports: the same store gives the same lines.
      report_.status = status_lines(*status, status->last_seen);
    } else {
      return {};
    }
    auto figures = read_summary(text, name, report_);
    if (!figures) return figures.error();
    figures_ = std::move(figures).value();
    if (has_store_) return read_series();
    return {};
  }

  base::Result<void> read_prover() {
    if (config_.proofs_file.empty()) return {};
    const auto text = base::read_file(config_.proofs_file, kMaxSummaryBytes);
    if (!text) return text.error();
    auto proofs = read_proofs(*text, config_.proofs_file);
    if (!proofs) return proofs.error();
    report_.proofs = std::move(proofs).value();
    return {};
  }

  base::Result<void> read_score() {
    if (config_.selftest_file.empty()) return {};
    const auto text = base::read_file(config_.selftest_file, kMaxSummaryBytes);
    if (!text) return text.error();
    auto rows = read_selftest(*text, config_.selftest_file);
    if (!rows) return rows.error();
    report_.selftest = std::move(rows).value();
    return {};
  }

  [[nodiscard]] std::size_t proofs_that_are(std::string_view verdict) const {
    return static_cast<std::size_t>(std::count_if(report_.proofs.begin(), report_.proofs.end(),
                                                  [verdict](const Proof& one) { return one.verdict == verdict; }));
  }

  base::Result<void> read_series() {
    const auto samples = read_samples(config_.folder);
    if (!samples) return samples.error();
    for (const Sample& one : *samples) {
      // Time of running, so that a night's pause is no plateau.
      report_.series.push_back({one.run_seconds, one.compared, one.findings, one.signatures, one.forms});
    }
    return {};
  }

  // Not a finding of its own: those that it looks like are (fuzz/triage/alike.h).
  [[nodiscard]] bool looked_into(const std::string& signature) const {
    return std::none_of(report_.not_looked_into.begin(), report_.not_looked_into.end(),
                        [&signature](const Count& one) { return one.name == signature; });
  }

  base::Result<void> add(const FindingPair& pair) {
    ReportFinding entry = of_file(pair);
    const bool harness = entry.oracle == "harness";
    if (harness || entry.oracle == "libfuzzer") {
      entry.explanation = pair.best().explanation;
      entry.explanation.emplace_back(harness ? "not judged again here: it took the harness down"
                                             : "not judged again here: only libFuzzer's target shows it");
      entry.state = known_.contains(entry.recorded_signature) ? FindingState::Known : FindingState::New;
      merge(std::move(entry));
      return {};
    }
    entry.state = FindingState::Fixed;
    for (const auto* const file : {&pair.reduced, &pair.found}) {
      if (!*file) continue;
      auto state = judge(**file, file == &pair.reduced, entry);
      if (!state) return state.error();
      // Fixed are those of which nothing is convicted any more, and all of it was judged.
      if (*state != FindingState::Fixed) entry.state = *state;
      if (*state == FindingState::New || *state == FindingState::Known) break;
    }
    if (entry.state == FindingState::Fixed && entry.recorded_signature.empty()) {
      ++innocent_;
      return {};
    }
    // Nothing was fixed between this build and itself.
    if (entry.state == FindingState::Fixed && entry.build == fuzz::build_description()) {
      entry.state = known_.contains(entry.recorded_signature) ? FindingState::Known : FindingState::New;
      entry.explanation = {fmt::format(
          "this very build recorded it, and did not show it again in {} replays: it comes and goes", fuzz::kReplays)};
    }
    merge(std::move(entry));
    return {};
  }

  // What the files themselves say.
  ReportFinding of_file(const FindingPair& pair) {
    const FindingFile& best = pair.best();
    const fuzz::Finding& finding = best.finding;
    ReportFinding entry;
    describe_signature(finding.signature, entry);
    entry.recorded_signature = finding.signature;
    entry.verdict = finding.verdict;
    entry.seed = finding.signature.empty() ? "" : fmt::format("{:#x}", finding.campaign_seed);
    entry.program_index = finding.signature.empty() ? "" : std::to_string(finding.program_index);
    entry.configuration = finding.configuration;
    entry.build = finding.build;
    entry.cpu = finding.cpu;
    entry.features = x64::describe(finding.features);
    entry.passes = finding.pipeline ? opt::print_pipeline(*finding.pipeline) : "default";
    entry.replays = finding.replays;
    if (pair.found) entry.source = ast::print_program(pair.found->finding.program);
    if (pair.reduced) entry.reduced = ast::print_program(pair.reduced->finding.program);
    set_file(best, entry);
    return entry;
  }

  static void set_file(const FindingFile& file, ReportFinding& entry) {
    entry.file = file.path;
    entry.replay_command = "assay replay " + shell_word(file.path);
    entry.inputs.clear();
    for (const oracles::Frame& frame : file.finding.inputs) {
      if (!entry.inputs.empty()) entry.inputs += "; ";
      for (std::uint32_t i = 0; i < frame.size(); ++i) {
        entry.inputs +=
            fmt::format("{}{}={:#x}", i == 0 ? "" : " ", file.finding.program.variable_name(ast::VarId{i}), frame[i]);
      }
    }
  }

  base::Result<FindingState> judge(const FindingFile& file, bool reduced, ReportFinding& entry) {
    if (judge_ == nullptr) {
      auto made = make_judge_({});
      if (!made) return made.error();
      judge_ = std::move(made).value();
    }
    const fuzz::Finding& finding = file.finding;
    bool compared = true;
    for (std::uint32_t i = 0; i < fuzz::kReplays; ++i) {
      const auto replay = fuzz::replay(*judge_, finding);
      if (!replay) return replay.error();
      compared = compared && replay->report.counts.compared != 0;
      const auto& convictions = replay->report.convictions;
      if (convictions.empty()) {
        // Without a record there is nothing that could be fixed, and once is enough.
        if (finding.signature.empty() || !compared) break;
        continue;
      }
      // The recorded one, if it is among them.
      const auto same = std::find_if(
          replay->signatures.begin(), replay->signatures.end(),
          [&finding](const std::string& signature) { return fuzz::same_fault(finding.signature, signature); });
      const auto index =
          same == replay->signatures.end() ? 0U : static_cast<std::size_t>(same - replay->signatures.begin());
      const std::vector<oracles::Frame> inputs =
          finding.inputs.empty() ? fuzz::default_inputs(finding.program) : finding.inputs;
      // A single judgement does not see the construct that the campaign found by making the program small.
      const std::string& signature = same == replay->signatures.end() ? replay->signatures[index] : finding.signature;
      describe_conviction(convictions[index], signature, finding.program, inputs, entry);
      set_file(file, entry);
      entry.reduced_judged = reduced;
      judged_ = true;
      const bool known = known_.contains(signature);
      if (same != replay->signatures.end()) entry.signature = shown_name(file.path, signature);
      return known || known_.contains(entry.signature) ? FindingState::Known : FindingState::New;
    }
    if (!compared) {
      entry.explanation = {"no oracle could judge it again: the program was skipped"};
      return FindingState::Unknown;
    }
    judged_ = true;
    entry.explanation = {fmt::format("every oracle agrees, in {} replays on this build", fuzz::kReplays)};
    return FindingState::Fixed;
  }

  // The name under which the campaign counts it.
  [[nodiscard]] std::string shown_name(const std::string& path, const std::string& signature) const {
    std::string file = std::filesystem::path(path).filename().string();
    const std::string_view reduced = ".reduced.nda";
    if (file.ends_with(reduced)) file.replace(file.size() - reduced.size(), reduced.size(), ".nda");
    const Group* group = find_group(groups_, file);
    if (group == nullptr) group = find_group(groups_, signature);
    return group == nullptr ? signature : group->name;
  }

  // One entry for each state and signature.
  void merge(ReportFinding entry) {
    if (entry.signature.empty()) entry.signature = "no signature";
    const auto same = std::find_if(
        report_.findings.begin(), report_.findings.end(),
        [&entry](const ReportFinding& one) { return one.state == entry.state && one.signature == entry.signature; });
    entry.count = 1;
    if (same == report_.findings.end()) {
      report_.findings.push_back(std::move(entry));
      return;
    }
    if (same->file == entry.file) return;  // the known folder may be the folder reported on
    if (same->reduced.empty() && !entry.reduced.empty()) std::swap(*same, entry);
    same->count += entry.count;
    same->more_files.insert(same->more_files.end(), entry.more_files.begin(), entry.more_files.end());
    same->more_files.push_back(entry.file);
    std::sort(same->more_files.begin(), same->more_files.end());
  }

  // A signature is fixed when none of its files is convicted any more: one file may hide the fault that another shows.
  void fold_fixed_into_convicted() {
    std::set<std::string> convicted;
    for (ReportFinding& one : report_.findings) {
      if (one.state != FindingState::New && one.state != FindingState::Known) continue;
      convicted.insert(one.signature);
      for (const ReportFinding& other : report_.findings) {
        if (other.state != FindingState::Fixed || other.signature != one.signature) continue;
        one.more_files.push_back(other.file);
        one.more_files.insert(one.more_files.end(), other.more_files.begin(), other.more_files.end());
        one.count += other.count;
      }
      std::sort(one.more_files.begin(), one.more_files.end());
    }
    std::erase_if(report_.findings, [&convicted](const ReportFinding& one) {
      return one.state == FindingState::Fixed && convicted.contains(one.signature);
    });
  }

  // What the campaign counted, findings without a file included.
  void count_by_signature() {
    for (const Count& counted : figures_.signatures) {
      if (!looked_into(counted.name)) continue;
      bool seen = false;
      for (ReportFinding& one : report_.findings) {
        if (one.signature != counted.name && one.recorded_signature != counted.name) continue;
        seen = true;
        one.count = std::max(one.count, counted.value);
        // A known file that shows nothing any more says nothing about what the campaign saw.
        if (one.state == FindingState::Fixed && !recorded_here_.contains(counted.name)) one.state = FindingState::Known;
      }
      if (seen) continue;
      ReportFinding entry;
      describe_signature(counted.name, entry);
      entry.recorded_signature = counted.name;
      entry.state = known_.contains(counted.name) ? FindingState::Known : FindingState::New;
      entry.count = counted.value;
      entry.explanation = {"counted by the campaign; the folder holds no file of it"};
      report_.findings.push_back(std::move(entry));
    }
  }

  // Findings that no signature of the summary stands for, and convictions of a summary without any finding.
  [[nodiscard]] std::uint64_t unnamed_findings() const {
    std::uint64_t named = 0;
    for (const Count& one : figures_.signatures) named += one.value;
    if (figures_.findings > named) return figures_.findings - named;
    std::uint64_t convictions = 0;
    for (const OracleCounts& one : report_.oracles) convictions += one.diverge + one.timeout + one.crash;
    return named == 0 ? convictions : 0;
  }

  void decide() {
    std::vector<std::string>& reasons = report_.reasons;
    const auto say = [&](ReportVerdict verdict, std::string reason) {
      // The first thing said decides.
      if (reasons.empty()) report_.verdict = verdict;
      reasons.push_back(std::move(reason));
    };
    const auto plural = [](std::size_t count, std::string_view noun) {
      return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
    };
    if (const std::size_t count = report_.count(FindingState::New); count != 0)
      say(ReportVerdict::Findings, plural(count, "new signature"));
    const std::uint64_t unnamed = unnamed_findings();
    if (unnamed != 0) say(ReportVerdict::Findings, plural(unnamed, "finding") + " that the summary does not name");
    const std::size_t refuted = proofs_that_are("refuted");
    if (refuted != 0) say(ReportVerdict::Findings, plural(refuted, "refuted proof"));
    if (!report_.problems.empty()) {
      say(ReportVerdict::Unreadable, plural(report_.problems.size(), "file") + " could not be read");
    }
    if (!figures_.harness_failures.empty()) {
      say(ReportVerdict::HarnessFailed,
          plural(figures_.harness_failures.size(), "failure") + " of the harness in the campaign");
      report_.problems.insert(report_.problems.end(), figures_.harness_failures.begin(),
                              figures_.harness_failures.end());
    }
    if (const std::size_t count = report_.count(FindingState::Unknown); count != 0) {
      say(ReportVerdict::Inconclusive, plural(count, "signature") + " could not be judged again");
    }
    const auto excused = [this](const Count& one) { return known_.contains(one.name); };
    const auto alike = static_cast<std::size_t>(
        std::count_if(report_.not_looked_into.begin(), report_.not_looked_into.end(), std::not_fn(excused)));
    if (alike != 0) {
      say(ReportVerdict::Inconclusive, plural(alike, "signature") + " like others, and not looked into");
    }
    if (figures_.exit_code != 0 && reasons.empty() && report_.findings.empty()) {
      say(figures_.exit_code == 3 ? ReportVerdict::HarnessFailed : ReportVerdict::Inconclusive,
          fmt::format("the campaign ended with code {}, which nothing in its summary explains", figures_.exit_code));
    }
    if (report_.campaign && report_.oracles.empty()) say(ReportVerdict::Inconclusive, "no oracle was switched on");
    if (report_.campaign && report_.compared == 0) say(ReportVerdict::Inconclusive, "the campaign compared nothing");
    for (const OracleCounts& oracle : report_.oracles) {
      const bool rare =
          std::any_of(oracles::kAllOracles.begin(), oracles::kAllOracles.end(),
                      [&](auto one) { return oracles::is_rare(one) && oracles::name(one) == oracle.name; }) &&
          report_.compared < fuzz::kEnoughToFire;
      if (oracle.judged() == 0 && !rare)
        say(ReportVerdict::Inconclusive, fmt::format("the oracle {} judged nothing", oracle.name));
    }
    if (!report_.never_fired.empty()) {
      say(ReportVerdict::Inconclusive,
          fmt::format("never fired: {} of the passes and loop classes", report_.never_fired.size()));
    }
    if (!config_.proofs_file.empty()) {
      const std::size_t proved = proofs_that_are("proved");
      const std::size_t undecided = report_.proofs.size() - proved - refuted;
      if (undecided != 0) say(ReportVerdict::Inconclusive, plural(undecided, "proof") + " undecided");
      if (report_.proofs.empty()) say(ReportVerdict::Inconclusive, "the prover had nothing to prove");
    }
    if (!report_.campaign && !judged_ && report_.proofs.empty())
      say(ReportVerdict::Inconclusive, "nothing was judged: no finding, no summary and no proof");
    // What follows is said of every report, and decides nothing but a pass.
    if (reasons.empty()) report_.verdict = ReportVerdict::Pass;
    if (report_.verdict == ReportVerdict::Pass) reasons.emplace_back("no new finding");
    if (const std::size_t count = report_.count(FindingState::Known); count != 0)
      reasons.push_back(plural(count, "known signature"));
    if (const std::size_t count = report_.count(FindingState::Fixed); count != 0) {
      reasons.push_back(plural(count, "signature") + " fixed on this build");
    }
    if (innocent_ != 0)
      reasons.push_back(plural(innocent_, "program") + " without a recorded finding agreed in every oracle");
    if (figures_.interrupted) reasons.emplace_back("the campaign was interrupted");
  }

  const CollectConfig& config_;
  const fuzz::JudgeFactory& make_judge_;
  Report report_;
  SummaryFigures figures_;
  std::set<std::string> known_;
  std::set<std::string> recorded_here_;  // signatures of which the folder that is reported on has a file
  Groups groups_;                        // of the campaign
  std::unique_ptr<oracles::Judge> judge_;
  bool has_store_ = false;  // the folder is a campaign's
  bool judged_ = false;     // something was judged again
  std::size_t innocent_ = 0;
};

}  // namespace

base::Result<Report> collect(const CollectConfig& config, const fuzz::JudgeFactory& make_judge) {
  return Collector(config, make_judge).run();
}

}  // namespace assay::reports
