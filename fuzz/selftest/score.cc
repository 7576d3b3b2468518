// Storing scores and their statistics; see score.h. Tested by fuzz/selftest/test/score_test.cc.
#include "fuzz/selftest/score.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace assay::fuzz::selftest {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;

Json optional_json(const std::optional<std::uint64_t>& value) { return value ? Json(*value) : Json(nullptr); }

std::optional<std::uint64_t> optional_from(const Json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<std::uint64_t>());
}

Json trial_json(const Trial& trial) {
  return {{"seed", trial.seed},
          {"detected", trial.detected},
          {"oracle", trial.oracle},
          {"verdict", trial.verdict},
          {"signature", trial.signature},
          {"programs", trial.programs},
          {"cpu_seconds", std::round(trial.cpu_seconds * 1000) / 1000},
          {"reached", optional_json(trial.reached)},
          {"changed", optional_json(trial.changed)}};
}

Json fault_json(const FaultScore& fault) {
  Json trials = Json::array();
  for (const Trial& trial : fault.trials) trials.push_back(trial_json(trial));
  return {{"name", fault.name},   {"area", fault.area},           {"row", fault.row},       {"file", fault.file},
          {"why", fault.why},     {"proof", fault.proof},         {"remedy", fault.remedy}, {"by", fault.instrument},
          {"error", fault.error}, {"same_code", fault.same_code}, {"trials", trials}};
}

FaultScore fault_from(const Json& json) {
  FaultScore fault;
  fault.name = json.at("name").get<std::string>();
  fault.area = json.at("area").get<std::string>();
  fault.row = json.at("row").get<std::string>();
  fault.file = json.at("file").get<std::string>();
  fault.why = json.at("why").get<std::string>();
  fault.proof = json.at("proof").get<std::string>();
  fault.remedy = json.value("remedy", "");
  fault.instrument = json.at("by").get<std::string>();
  fault.error = json.at("error").get<std::string>();
  fault.same_code = json.at("same_code").get<bool>();
  for (const Json& one : json.at("trials")) {
    Trial trial;
    trial.seed = one.at("seed").get<std::uint64_t>();
    trial.detected = one.at("detected").get<bool>();
    trial.oracle = one.at("oracle").get<std::string>();
    trial.verdict = one.at("verdict").get<std::string>();
    trial.signature = one.at("signature").get<std::string>();
    trial.programs = one.at("programs").get<std::uint64_t>();
    trial.cpu_seconds = one.at("cpu_seconds").get<double>();
    trial.reached = optional_from(one.at("reached"));
    trial.changed = optional_from(one.at("changed"));
    fault.trials.push_back(std::move(trial));
  }
  return fault;
}

Json faults_json(const std::vector<FaultScore>& faults) {
  Json list = Json::array();
  for (const FaultScore& fault : faults) list.push_back(fault_json(fault));
  return list;
}

// The largest k such that fewer than k of n samples lie on one given side of the median with a chance of 2.5% at most:
// the interval goes from the k-th smallest to the k-th largest. 0 when there are too few samples for any.
std::size_t interval_rank(std::size_t n) {
  double term = std::pow(0.5, static_cast<double>(n));
  double sum = term;
  std::size_t k = 0;
  while (sum <= 0.025) {
    ++k;
    term = term * static_cast<double>(n - k + 1) / static_cast<double>(k);
    sum += term;
  }
  return k;
}

}  // namespace

std::size_t FaultScore::detected() const {
  return static_cast<std::size_t>(
      std::count_if(trials.begin(), trials.end(), [](const Trial& trial) { return trial.detected; }));
}

bool FaultScore::detected_in_the_median() const {
  return instrument == "fuzz" ? 2 * detected() > trials.size() : detected() != 0;
}

bool Score::valid() const {
  const auto silent = [](const FaultScore& one) {
    return one.error.empty() && !one.trials.empty() && one.detected() == 0;
  };
  const auto tried = [](const FaultScore& one) { return one.error.empty() && (one.same_code || !one.trials.empty()); };
  return !faults.empty() && !controls.empty() && std::all_of(controls.begin(), controls.end(), silent) &&
         std::all_of(faults.begin(), faults.end(), tried);
}

std::string to_json(const Score& score) {
  const Json json = {{"format", kFormat},
                     {"command", score.command},
                     {"build", score.build},
                     {"cpu", score.cpu},
                     {"seeds", score.seeds},
                     {"cpu_seconds", score.cpu_seconds},
                     {"without", score.without},
                     {"naive", score.naive},
                     {"controls", faults_json(score.controls)},
                     {"faults", faults_json(score.faults)}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

base::Result<Score> score_from_json(std::string_view text, const std::string& file) {
  base::Error error = base::input_error("this is not what `assay selftest run` writes");
  error.file = file;
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return error;
  // The library reports a missing or mistyped member by an exception; it ends here.
  try {
    if (json.at("format").get<int>() != kFormat) return error;
    Score score;
    score.command = json.at("command").get<std::string>();
    score.build = json.at("build").get<std::string>();
    score.cpu = json.at("cpu").get<std::string>();
    score.seeds = json.at("seeds").get<std::uint64_t>();
    score.cpu_seconds = json.at("cpu_seconds").get<double>();
    score.without = json.at("without").get<std::vector<std::string>>();
    score.naive = json.value("naive", false);
    for (const Json& one : json.at("controls")) score.controls.push_back(fault_from(one));
    for (const Json& one : json.at("faults")) score.faults.push_back(fault_from(one));
    return score;
  } catch (const Json::exception& problem) {
    error.message += fmt::format(": {}", problem.what());
    return error;
  }
}

base::Result<Score> updated(const Score& earlier, const Score& later) {
  if (earlier.seeds != later.seeds || earlier.cpu_seconds != later.cpu_seconds || earlier.without != later.without ||
      earlier.naive != later.naive) {
    return base::input_error("the earlier results were made with other seeds, CPU seconds, oracles or programs");
  }
  Score result = earlier;
  if (earlier.command != later.command) result.command += "\n" + later.command;
  result.build = later.build;
  result.cpu = later.cpu;
  const auto take = [](std::vector<FaultScore>& all, const FaultScore& one) {
    const auto same = std::find_if(all.begin(), all.end(), [&one](const FaultScore& other) {
      return other.name == one.name && (one.area != "control" || other.instrument == one.instrument);
    });
    if (same == all.end()) {
      all.push_back(one);
    } else {
      *same = one;
    }
  };
  for (const FaultScore& one : later.controls) take(result.controls, one);
  for (const FaultScore& one : later.faults) take(result.faults, one);
  return result;
}

void reword(Score& score, std::span<const Fault> catalogue) {
  for (FaultScore& one : score.faults) {
    const auto fault =
        std::find_if(catalogue.begin(), catalogue.end(), [&one](const Fault& other) { return other.name == one.name; });
    if (fault == catalogue.end()) continue;
    one.row = fault->row;
    one.why = fault->why;
    one.remedy = fault->remedy;
  }
}

bool only_first_by(const FaultScore& fault, const std::vector<std::string>& oracles) {
  return fault.detected() != 0 && std::all_of(fault.trials.begin(), fault.trials.end(), [&oracles](const Trial& trial) {
           return !trial.detected || std::find(oracles.begin(), oracles.end(), trial.oracle) != oracles.end();
         });
}

MedianInterval median_interval(std::vector<double> samples) {
  MedianInterval result;
  if (samples.empty()) return result;
  std::sort(samples.begin(), samples.end());
  const std::size_t n = samples.size();
  const double lower = samples[(n - 1) / 2];
  const double upper = samples[n / 2];
  result.median = lower == upper ? lower : (lower + upper) / 2;
  if (const std::size_t k = interval_rank(n); k != 0) {
    result.low = samples[k - 1];
    result.high = samples[n - k];
  }
  return result;
}

}  // namespace assay::fuzz::selftest
