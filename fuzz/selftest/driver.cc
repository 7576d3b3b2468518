// Trying faults; see driver.h. Tested by fuzz/selftest/test/driver_test.cc.
#include "fuzz/selftest/driver.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "fuzz/findings/environment.h"
#include "fuzz/selftest/instruments.h"
#include "fuzz/selftest/process.h"
#include "fuzz/selftest/variant.h"
#include "oracles/verdict.h"

namespace assay::fuzz::selftest {
namespace {

using Json = nlohmann::json;

constexpr const char* kProbe = "assay_selftest_probe";
constexpr const char* kProver = "assay_selftest_prover";
// Of the CPU time of a trial that has two instruments, the campaign's part; the prover has the rest.
constexpr double kCampaignShare = 1.0 / 3;
constexpr unsigned kMostDeaths = 3;
constexpr double kTestSeconds = 900;

// The line of JSON at the end of the probe's output.
std::optional<Json> last_object(std::string_view output) {
  const std::size_t start = output.rfind("\n{");
  if (start == std::string_view::npos) return std::nullopt;
  Json json = Json::parse(output.substr(start + 1), nullptr, false);
  if (!json.is_object() || !json.contains("end")) return std::nullopt;
  return json;
}

std::string last_line(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  return std::string(text.substr(text.rfind('\n') + 1));
}

std::string death_of(const ProcessEnd& end) {
  if (end.silent) return "hang";
  if (end.late) return "does not end";
  if (end.signal != 0) return fmt::format("killed by signal {}", end.signal);
  return fmt::format("ended with code {}: {}", end.code, last_line(end.output));
}

// What solved loops are made by: faults of these are for the prover too.
bool concerns_loops(const Fault& fault) {
  return fault.targets.empty() && (fault.file.starts_with("core/scev/") || fault.file.starts_with("core/opt/"));
}

class Driver {
 public:
  Driver(const DriverConfig& config, const VariantBuilder& builder) : config_(config), builder_(builder) {}

  [[nodiscard]] FaultScore control(const std::string& target) const {
    FaultScore score;
    score.name = "none";
    score.area = "control";
    score.row = "no fault";
    score.why = "the code as it stands";
    score.instrument = target == kProbe ? "fuzz" : target;
    const auto program = builder_.program_of(target);
    if (!program) {
      score.error = program.error().describe();
    } else {
      score.error = tried(target, *program, config_.cpu_seconds, score.trials);
    }
    return score;
  }

  [[nodiscard]] FaultScore score(const Fault& fault) const {
    FaultScore score;
    score.name = fault.name;
    score.area = fault.area;
    score.row = fault.row;
    score.file = fault.file;
    score.why = fault.why;
    score.proof = fault.proof;
    score.remedy = fault.remedy;
    score.instrument = "fuzz";
    if (!fault.targets.empty()) score.instrument = fmt::format("{}", fmt::join(fault.targets, " "));
    score.error = build_and_try(fault, score);
    if (!config_.keep_variants) builder_.discard(fault);
    return score;
  }

  [[nodiscard]] bool proves() const {
    return std::find(config_.without.begin(), config_.without.end(), kSmt) == config_.without.end();
  }

 private:
  // An error's sentence, or nothing.
  std::string build_and_try(const Fault& fault, FaultScore& score) const {
    if (auto done = builder_.compile(fault); !done) return done.error().describe();
    const std::vector<std::string> targets = fault.targets.empty() ? std::vector<std::string>{kProbe} : fault.targets;
    for (const std::string& target : targets) {
      const auto program = builder_.link(fault, target);
      if (!program) return program.error().describe();
      const double seconds = asks_the_prover(fault) ? kCampaignShare * config_.cpu_seconds : config_.cpu_seconds;
      if (auto error = tried(target, *program, seconds, score.trials); !error.empty()) return error;
    }
    if (auto error = ask_the_prover(fault, score); !error.empty()) return error;
    for (Trial& trial : score.trials) {
      if (!fault.counts_reached() || !fault.targets.empty()) trial.reached.reset();
      if (!fault.counts_changed() || !fault.targets.empty()) trial.changed.reset();
    }
    if (score.detected() != 0) return {};
    const auto same = builder_.same_code(fault);
    if (!same) return same.error().describe();
    score.same_code = *same;
    return {};
  }

  [[nodiscard]] bool asks_the_prover(const Fault& fault) const { return concerns_loops(fault) && proves(); }

  // What no program showed: in the trials in which the campaign found nothing, the prover is asked. It has no seed, so
  // it is run once; but every such trial is charged for it.
  std::string ask_the_prover(const Fault& fault, FaultScore& score) const {
    if (!asks_the_prover(fault) || score.detected() == score.trials.size()) return {};
    const auto program = builder_.link(fault, kProver);
    if (!program) return program.error().describe();
    const auto proved = try_proofs(*program);
    if (!proved) return proved.error().describe();
    for (Trial& trial : score.trials) {
      if (trial.detected || !proved->detected) continue;
      trial.detected = true;
      trial.oracle = proved->oracle;
      trial.verdict = proved->verdict;
      trial.signature = proved->signature;
      trial.programs = proved->programs;
      trial.cpu_seconds += proved->cpu_seconds;
    }
    return {};
  }

  std::string tried(const std::string& target, const std::string& program, double cpu_seconds,
                    std::vector<Trial>& trials) const {
    if (target != kProbe) {
      auto trial = target == kProver ? try_proofs(program) : try_test(target, program);
      if (!trial) return trial.error().describe();
      trials.push_back(std::move(trial).value());
      return {};
    }
    for (std::uint64_t seed = 1; seed <= config_.seeds; ++seed) {
      auto trial = try_seed(program, seed, cpu_seconds);
      if (!trial) return trial.error().describe();
      trials.push_back(std::move(trial).value());
    }
    return {};
  }

  base::Result<Trial> try_proofs(const std::string& program) const {
    const double seconds = (1 - kCampaignShare) * config_.cpu_seconds;
    const ProcessLimits limits{config_.hang_seconds, 20 * seconds + config_.hang_seconds};
    const auto end = run_process({program, fmt::format("{}", seconds)}, config_.build, limits);
    if (!end) return end.error();
    Trial trial;
    trial.cpu_seconds = end->cpu_seconds;
    const auto result = end->good() ? last_object(end->output) : std::nullopt;
    if (result) {
      read_result(*result, trial);
      return trial;
    }
    trial.detected = true;
    trial.oracle = kSmt;
    trial.verdict = end->silent || end->late ? "timeout" : "crash";
    trial.signature = death_of(*end);
    return trial;
  }

  base::Result<Trial> try_seed(const std::string& program, std::uint64_t seed, double cpu_seconds) const {
    std::vector<std::string> command = {program, "--seed", std::to_string(seed), "--cpu-seconds",
                                        fmt::format("{}", cpu_seconds)};
    if (config_.naive) command.emplace_back("--naive");
    std::vector<std::string> without = config_.without;
    std::erase(without, kSmt);
    if (!without.empty()) command.insert(command.end(), {"--without", fmt::format("{}", fmt::join(without, ","))});
    // Waiting for a CPU is no hang: the machine may be busy.
    const ProcessLimits limits{config_.hang_seconds, 20 * cpu_seconds + config_.hang_seconds};
    Trial trial;
    trial.seed = seed;
    for (unsigned deaths = 0; deaths < kMostDeaths; ++deaths) {
      const auto end = run_process(command, config_.build, limits);
      if (!end) return end.error();
      const auto result = end->good() ? last_object(end->output) : std::nullopt;
      if (result) {
        read_result(*result, trial);
        return trial;
      }
      trial.oracle = "harness";
      trial.verdict = end->silent || end->late ? "timeout" : "crash";
      trial.signature = death_of(*end);
      trial.programs = 64 * static_cast<std::uint64_t>(std::count(end->output.begin(), end->output.end(), '.'));
      trial.cpu_seconds += end->cpu_seconds;
      if (end->silent || end->late) break;  // a hang is not waited for three times
    }
    trial.detected = true;
    return trial;
  }

  static void read_result(const Json& result, Trial& trial) {
    trial.detected = result.value("end", "") == "finding";
    trial.oracle = result.value("oracle", "");
    trial.verdict = result.value("verdict", "");
    trial.signature = result.value("signature", "");
    trial.programs = result.value("programs", std::uint64_t{0});
    trial.cpu_seconds = result.value("cpu_seconds", 0.0);
    if (result.contains("reached") && result["reached"].is_number()) trial.reached = result["reached"];
    if (result.contains("changed") && result["changed"].is_number()) trial.changed = result["changed"];
  }

  base::Result<Trial> try_test(const std::string& target, const std::string& program) const {
    const auto end =
        run_process({program, "--gtest_color=no", "--gtest_brief=0"}, config_.build, {kTestSeconds, kTestSeconds});
    if (!end) return end.error();
    Trial trial;
    trial.cpu_seconds = end->cpu_seconds;
    if (end->good()) return trial;
    trial.detected = true;
    trial.oracle = "test";
    trial.verdict = "fail";
    const std::string failed = first_failed_test(end->output);
    trial.signature = fmt::format("{}: {}", target, failed.empty() ? death_of(*end) : failed);
    return trial;
  }

  const DriverConfig& config_;
  const VariantBuilder& builder_;
};

std::vector<std::string> targets_of(const std::vector<Fault>& faults, bool proves) {
  std::set<std::string> targets;
  if (proves && std::any_of(faults.begin(), faults.end(), concerns_loops)) targets.insert(kProver);
  for (const Fault& fault : faults) {
    if (fault.targets.empty()) targets.insert(kProbe);
    targets.insert(fault.targets.begin(), fault.targets.end());
  }
  return {targets.begin(), targets.end()};
}

}  // namespace

bool is_oracle(std::string_view name) {
  return name == kSmt || name == kAbi ||
         std::any_of(oracles::kAllOracles.begin(), oracles::kAllOracles.end(),
                     [name](oracles::OracleId oracle) { return oracles::name(oracle) == name; });
}

std::string first_failed_test(std::string_view output) {
  constexpr std::string_view kMark = "[  FAILED  ] ";
  const std::size_t mark = output.find(kMark);
  if (mark == std::string_view::npos) return {};
  const std::string_view rest = output.substr(mark + kMark.size());
  return std::string(rest.substr(0, rest.find_first_of(" ,\n")));
}

base::Result<Score> run_selftest(const DriverConfig& config, const std::vector<Fault>& faults,
                                 const ScoreCallback& progress) {
  const auto builder = VariantBuilder::create(config.build, config.source);
  if (!builder) return builder.error();
  const Driver driver(config, *builder);
  Score score;
  score.command = config.command;
  score.build = build_description();
  score.cpu = cpu_description();
  score.seeds = config.seeds;
  score.cpu_seconds = config.cpu_seconds;
  score.without = config.without;
  score.naive = config.naive;

  // Controls first: an instrument that convicts the right code says nothing about wrong code.
  const std::vector<std::string> targets = targets_of(faults, driver.proves());
  const std::size_t count = targets.size() + faults.size();
  std::vector<std::optional<FaultScore>> done(count);
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::optional<base::Error> failure;
  const auto collect = [&] {
    score.controls.clear();
    score.faults.clear();
    for (std::size_t i = 0; i < count; ++i) {
      if (done[i]) (i < targets.size() ? score.controls : score.faults).push_back(*done[i]);
    }
  };
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      FaultScore one = i < targets.size() ? driver.control(targets[i]) : driver.score(faults[i - targets.size()]);
      const std::lock_guard lock(mutex);
      if (failure) return;
      done[i] = std::move(one);
      collect();
      if (!progress) continue;
      if (auto told = progress(score, *done[i]); !told) failure = told.error();
    }
  };
  std::vector<std::thread> threads;
  for (unsigned job = 1; job < config.jobs; ++job) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  if (failure) return *failure;
  return score;
}

}  // namespace assay::fuzz::selftest
