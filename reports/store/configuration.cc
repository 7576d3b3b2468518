// Configurations to and from JSON; see configuration.h. Tested by reports/store/test/store_test.cc.
#include "reports/store/configuration.h"

#include <fmt/format.h>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

namespace assay::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kAny = std::numeric_limits<std::uint64_t>::max();

// The numbers of a configuration, each within its range; remembers the first that is not.
class Numbers {
 public:
  explicit Numbers(const Json& json) : json_(json) {}

  template <class Whole>
  void whole(const char* name, std::uint64_t least, std::uint64_t most, Whole& value) {
    const Json* const found = find(name);
    if (found == nullptr) return;
    const bool fits =
        found->is_number_unsigned() && found->get<std::uint64_t>() >= least && found->get<std::uint64_t>() <= most;
    if (fits) value = static_cast<Whole>(found->get<std::uint64_t>());
    if (!fits) fail(name);
  }
  // Above `least`, or equal to it where that is said.
  void real(const char* name, double least, bool or_equal, double most, double& value) {
    const Json* const found = find(name);
    if (found == nullptr) return;
    const double number = found->is_number() ? found->get<double>() : std::numeric_limits<double>::quiet_NaN();
    const bool fits = std::isfinite(number) && (number > least || (or_equal && number == least)) && number <= most;
    if (fits) value = number;
    if (!fits) fail(name);
  }
  void need(std::initializer_list<const char*> names) {
    for (const char* const name : names) {
      if (!json_.contains(name)) fail(name);
    }
  }
  [[nodiscard]] const std::string& wrong() const { return wrong_; }

 private:
  [[nodiscard]] const Json* find(const char* name) const {
    const auto found = json_.find(name);
    return found == json_.end() ? nullptr : &*found;
  }
  void fail(const char* name) {
    if (wrong_.empty()) wrong_ = name;
  }

  const Json& json_;
  std::string wrong_;
};

// The name of the first that is missing or out of range; empty when all is well.
std::string read_numbers(const Json& json, fuzz::SupervisedConfig& config) {
  fuzz::CampaignConfig& campaign = config.campaign;
  constexpr unsigned kMostUnsigned = std::numeric_limits<unsigned>::max();
  constexpr double kMostReal = std::numeric_limits<double>::max();
  Numbers numbers(json);
  numbers.need({"seed", "jobs", "batch_size", "tiered_sample", "files_per_signature", "fuel", "hang_seconds"});
  numbers.whole("seed", 0, kAny, campaign.seed);
  if (json.contains("seconds")) numbers.real("seconds", 0, false, kMostReal, campaign.seconds.emplace());
  if (json.contains("programs")) numbers.whole("programs", 1, kAny, campaign.programs.emplace());
  if (json.contains("findings")) numbers.whole("findings", 1, kAny, config.findings.emplace());
  numbers.whole("jobs", 1, kMostJobs, campaign.jobs);
  numbers.whole("batch_size", 1, kMostBatch, campaign.batch_size);
  numbers.whole("tiered_sample", 1, kMostUnsigned, campaign.tiered_sample);
  numbers.whole("files_per_signature", 0, kMostUnsigned, campaign.files_per_signature);
  numbers.whole("localised_per_batch", 0, kMostUnsigned, campaign.localised_per_batch);
  numbers.whole("mutate_every", 0, kMostMutateEvery, campaign.mutate_every);
  numbers.whole("fuel", 1, kAny, campaign.judge.fuel);
  numbers.real("hang_seconds", 0, false, kMostReal, config.hang_seconds);
  numbers.real("proof_share", 0, true, 1, campaign.proofs.share);
  numbers.whole("proof_milliseconds", 1, kMostProofMilliseconds, campaign.proofs.milliseconds);
  return numbers.wrong();
}

}  // namespace

std::string print_configuration(const fuzz::SupervisedConfig& config) {
  const fuzz::CampaignConfig& campaign = config.campaign;
  Json json;
  json["seed"] = campaign.seed;
  if (campaign.seconds) json["seconds"] = *campaign.seconds;
  if (campaign.programs) json["programs"] = *campaign.programs;
  if (config.findings) json["findings"] = *config.findings;
  json["jobs"] = campaign.jobs;
  json["batch_size"] = campaign.batch_size;
  json["tiered_sample"] = campaign.tiered_sample;
  json["files_per_signature"] = campaign.files_per_signature;
  json["localised_per_batch"] = campaign.localised_per_batch;
  json["mutate_every"] = campaign.mutate_every;
  if (campaign.pipeline) json["passes"] = opt::print_pipeline(*campaign.pipeline);
  json["fuel"] = campaign.judge.fuel;
  Json names = Json::array();
  for (const oracles::OracleId oracle : oracles::kAllOracles) {
    if (campaign.judge.on(oracle)) names.push_back(std::string(oracles::name(oracle)));
  }
  json["oracles"] = names;
  json["hang_seconds"] = config.hang_seconds;
  json["proof_share"] = campaign.proofs.share;
  json["proof_milliseconds"] = campaign.proofs.milliseconds;
  return json.dump();
}

base::Result<fuzz::SupervisedConfig> parse_configuration(std::string_view text) {
  fuzz::SupervisedConfig config;
  fuzz::CampaignConfig& campaign = config.campaign;
  // The JSON library speaks in exceptions; they end here.
  try {
    const Json json = Json::parse(text);
    // What older stores do not say has its default.
    if (const std::string wrong = read_numbers(json, config); !wrong.empty()) {
      return base::input_error(fmt::format("the store's configuration has no '{}' within its range", wrong));
    }
    if (json.contains("passes")) {
      auto pipeline = opt::parse_pipeline(json["passes"].get<std::string>());
      if (!pipeline) return pipeline.error();
      campaign.pipeline = std::move(pipeline).value();
    }
    campaign.judge.enabled.fill(false);
    for (const Json& name : json.at("oracles")) {
      bool known = false;
      for (const oracles::OracleId oracle : oracles::kAllOracles) {
        if (name.get<std::string>() != oracles::name(oracle)) continue;
        campaign.judge.enabled[static_cast<std::size_t>(oracle)] = true;
        known = true;
      }
      if (!known) {
        return base::input_error(
            fmt::format("the campaign uses an oracle that this build lacks: '{}'", name.get<std::string>()));
      }
    }
  } catch (const nlohmann::json::exception& error) {
    return base::input_error(std::string("the store's configuration cannot be read: ") + error.what());
  }
  return config;
}

}  // namespace assay::reports
