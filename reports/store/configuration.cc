// Configurations to and from JSON; see configuration.h. Tested by reports/store/test/store_test.cc.
#include "reports/store/configuration.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace assay::reports {

using Json = nlohmann::ordered_json;

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
    campaign.seed = json.at("seed").get<std::uint64_t>();
    if (json.contains("seconds")) campaign.seconds = json["seconds"].get<double>();
    if (json.contains("programs")) campaign.programs = json["programs"].get<std::uint64_t>();
    if (json.contains("findings")) config.findings = json["findings"].get<std::uint64_t>();
    campaign.jobs = json.at("jobs").get<unsigned>();
    campaign.batch_size = json.at("batch_size").get<unsigned>();
    campaign.tiered_sample = json.at("tiered_sample").get<unsigned>();
    campaign.files_per_signature = json.at("files_per_signature").get<unsigned>();
    campaign.localised_per_batch = json.value("localised_per_batch", campaign.localised_per_batch);
    campaign.mutate_every = json.value("mutate_every", campaign.mutate_every);
    if (json.contains("passes")) {
      auto pipeline = opt::parse_pipeline(json["passes"].get<std::string>());
      if (!pipeline) return pipeline.error();
      campaign.pipeline = std::move(pipeline).value();
    }
    campaign.judge.fuel = json.at("fuel").get<std::uint64_t>();
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
    config.hang_seconds = json.at("hang_seconds").get<double>();
    // Older stores do not say: the defaults.
    campaign.proofs.share = json.value("proof_share", campaign.proofs.share);
    campaign.proofs.milliseconds = json.value("proof_milliseconds", campaign.proofs.milliseconds);
  } catch (const nlohmann::json::exception& error) {
    return base::input_error(std::string("the store's configuration cannot be read: ") + error.what());
  }
  if (campaign.jobs == 0 || campaign.batch_size == 0 || campaign.tiered_sample == 0) {
    return base::input_error("the store's configuration has a zero where there must be none");
  }
  return config;
}

}  // namespace assay::reports
