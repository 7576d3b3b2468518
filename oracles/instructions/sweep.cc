// All forms, many times; see sweep.h. Tested by oracles/instructions/test/sweep_test.cc.
#include "oracles/instructions/sweep.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "core/base/rng.h"

namespace assay::oracles::instructions {
namespace {

// What goes to the engines at a time: some 25,000 runs, 10 MB of frames.
constexpr std::uint64_t kTrialsPerChunk = 1536;

std::optional<std::string_view> missing_feature(x64::Feature feature, x64::CpuFeatures features) {
  switch (feature) {
    case x64::Feature::Base:
      return std::nullopt;
    case x64::Feature::Popcnt:
      return features.popcnt ? std::nullopt : std::optional<std::string_view>("popcnt");
    case x64::Feature::Lzcnt:
      return features.lzcnt ? std::nullopt : std::optional<std::string_view>("lzcnt");
    case x64::Feature::Bmi1:
      return features.bmi1 ? std::nullopt : std::optional<std::string_view>("bmi1");
    case x64::Feature::Bmi2:
      return features.bmi2 ? std::nullopt : std::optional<std::string_view>("bmi2");
  }
  return std::nullopt;
}

class Sweep {
 public:
  Sweep(const SweepOptions& options, const Judged& judged, std::vector<x64::Form> forms)
      : options_(options),
        judged_(judged),
        forms_(std::move(forms)),
        trials_((options.runs + kInputsPerTrial - 1) / kInputsPerTrial) {}

  base::Result<Tally> run() {
    std::vector<std::thread> threads;
    const std::uint64_t chunks = (trials_ + kTrialsPerChunk - 1) / kTrialsPerChunk;
    const auto jobs = static_cast<unsigned>(std::min<std::uint64_t>(options_.jobs, chunks));
    for (unsigned i = 0; i < jobs; ++i) threads.emplace_back([this] { work(); });
    for (std::thread& thread : threads) thread.join();
    if (error_) return *error_;
    tally_.sort_findings();
    return std::move(tally_);
  }

 private:
  void work() {
    auto checker = Checker::create(judged_);
    if (!checker) return fail(checker.error());
    for (;;) {
      const std::uint64_t first = next_.fetch_add(kTrialsPerChunk);
      if (first >= trials_ || failed_) return;
      std::vector<Trial> trials;
      for (std::uint64_t n = first; n < std::min(first + kTrialsPerChunk, trials_); ++n) trials.push_back(draw(n));
      Tally tally;
      if (auto done = (*checker)->check(trials, tally); !done) return fail(done.error());
      const std::lock_guard lock(mutex_);
      tally_.add(tally);
      done_ += trials.size() * kInputsPerTrial;
      if (options_.progress) options_.progress(done_);
    }
  }

  [[nodiscard]] Trial draw(std::uint64_t number) const {
    base::Rng rng(base::derive_seed(options_.seed, number));
    Trial trial = draw_trial(forms_[number % forms_.size()], kInputsPerTrial, rng);
    trial.number = number * kInputsPerTrial;
    return trial;
  }

  void fail(const base::Error& error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = error;
    failed_ = true;
  }

  const SweepOptions& options_;
  const Judged& judged_;
  std::vector<x64::Form> forms_;
  std::uint64_t trials_;
  std::atomic<std::uint64_t> next_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  // Under the mutex.
  Tally tally_;
  std::uint64_t done_ = 0;
  std::optional<base::Error> error_;
};

}  // namespace

bool SweepReport::found_something() const {
  const FormTally total = tally.total();
  return total.cpu_differs != 0 || total.emulator_differs != 0;
}

bool SweepReport::looked_at_everything() const {
  std::size_t run = 0;
  for (const FormTally& form : tally.forms) run += form.runs != 0 ? 1 : 0;
  return run != 0 && run + not_run.size() == tally.forms.size();
}

std::vector<NotRun> forms_not_run(x64::CpuFeatures features) {
  std::vector<NotRun> list;
  for (std::size_t i = 0; i < x64::kFormCount; ++i) {
    const auto form = static_cast<x64::Form>(i);
    if (const auto reason = why_not_run(form)) {
      list.push_back({form, std::string(*reason)});
    } else if (const auto missing = missing_feature(x64::form_info(form).feature, features)) {
      list.push_back({form, "this CPU has no " + std::string(*missing)});
    }
  }
  return list;
}

base::Result<SweepReport> sweep_instructions(const SweepOptions& options, const Judged& judged) {
  SweepReport report;
  report.not_run = forms_not_run(x64::host_features());
  std::vector<x64::Form> forms;
  for (std::size_t i = 0; i < x64::kFormCount; ++i) {
    const auto form = static_cast<x64::Form>(i);
    const bool left_out = std::ranges::any_of(report.not_run, [form](const NotRun& one) { return one.form == form; });
    if (!left_out) forms.push_back(form);
  }
  auto tally = Sweep(options, judged, std::move(forms)).run();
  if (!tally) return tally.error();
  report.tally = std::move(tally).value();
  report.runs = report.tally.total().runs;
  return report;
}

}  // namespace assay::oracles::instructions
