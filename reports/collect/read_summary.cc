// Summaries of campaigns; see read_summary.h. Tested by reports/collect/test/read_summary_test.cc.
#include "reports/collect/read_summary.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "fuzz/campaign/summary.h"

namespace assay::reports {
namespace {

using Json = nlohmann::ordered_json;

// What a figure of the program's own would be: a campaign of -1.5 programs is no campaign.
std::uint64_t whole(const Json& value) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  throw Json::type_error::create(302, "a whole number is wanted, not " + value.dump(), &value);
}

std::vector<Count> counts(const Json& object) {
  std::vector<Count> rows;
  for (const auto& [name, value] : object.get_ref<const Json::object_t&>()) rows.push_back({name, whole(value)});
  return rows;
}

// Empty when an older build left the field out.
std::vector<Count> optional_counts(const Json& json, const char* field) {
  return json.contains(field) ? counts(json.at(field)) : std::vector<Count>{};
}

std::vector<Firing> firings(const Json& object, const char* first, const char* second) {
  std::vector<Firing> rows;
  for (const auto& [name, value] : object.get_ref<const Json::object_t&>()) {
    rows.push_back({name, whole(value.at(first)), whole(value.at(second))});
  }
  return rows;
}

// Left out by an older build too. Every row has a count for each register.
void read_registers(const Json& json, Report& report) {
  if (!json.contains("form_registers")) return;
  report.registers = json.at("registers").get<std::vector<std::string>>();
  for (const auto& [form, value] : json.at("form_registers").get_ref<const Json::object_t&>()) {
    FormRegisters row{form, value.get<std::vector<std::uint64_t>>()};
    row.counts.resize(report.registers.size());
    report.form_registers.push_back(std::move(row));
  }
}

// And these.
void read_proof_counts(const Json& json, Report& report) {
  if (!json.contains("proofs")) return;
  const Json& from = json.at("proofs");
  ProofCounts& to = report.proof_counts;
  for (const auto& [field, into] : {std::pair{"proved", &to.proved},
                                    {"refuted", &to.refuted},
                                    {"unknown", &to.unknown},
                                    {"declined", &to.declined},
                                    {"over_budget", &to.over_budget}}) {
    *into = whole(from.at(field));
  }
  to.seconds = from.at("seconds").get<double>();
}

OracleCounts oracle(const std::string& name, const Json& json) {
  OracleCounts row;
  row.name = name;
  for (const auto& [field, into] : {std::pair{"agree", &row.agree},
                                    {"diverge", &row.diverge},
                                    {"skipped", &row.skipped},
                                    {"timeout", &row.timeout},
                                    {"crash", &row.crash},
                                    {"untrusted", &row.untrusted},
                                    {"unknown", &row.unknown}}) {
    *into = whole(json.at(field));
  }
  row.skips = counts(json.at("skipped_by_reason"));
  return row;
}

SummaryFigures read(const Json& json, Report& report) {
  report.campaign = true;
  report.seed = fmt::format("{:#x}", whole(json.at("seed")));
  report.configuration = json.at("configuration").get<std::string>();
  report.command = json.value("command", "");
  report.build = json.at("build").get<std::string>();
  report.cpu = json.at("cpu").get<std::string>();
  report.seconds = json.at("seconds").get<double>();
  report.cpu_seconds = json.at("cpu_seconds").get<double>();
  report.programs = whole(json.at("programs_generated"));
  report.compared = whole(json.at("programs_compared"));
  report.runs = whole(json.at("runs_compared"));
  report.instructions_checked = whole(json.at("instructions_checked"));
  report.skipped = counts(json.at("programs_skipped"));
  for (const auto& [name, value] : json.at("verdicts").get_ref<const Json::object_t&>())
    report.oracles.push_back(oracle(name, value));
  report.passes = firings(json.at("passes"), "ran", "fired");
  report.loops = firings(json.at("loops"), "solved", "declined");
  report.declined = counts(json.at("declined"));
  report.forms = counts(json.at("instruction_forms"));
  read_registers(json, report);
  read_proof_counts(json, report);
  report.node_kinds = optional_counts(json, "node_kinds");
  report.operators = optional_counts(json, "operators");
  report.never_fired = json.at("never_fired").get<std::vector<std::string>>();
  SummaryFigures figures;
  figures.interrupted = json.at("interrupted").get<bool>();
  figures.findings = whole(json.at("findings"));
  figures.exit_code = json.at("exit_code").get<std::int64_t>();
  figures.harness_failures = json.at("harness_failures").get<std::vector<std::string>>();
  for (const Json& one : json.at("finding_signatures")) {
    figures.signatures.push_back({one.at("signature").get<std::string>(), whole(one.at("count"))});
  }
  return figures;
}

}  // namespace

base::Result<SummaryFigures> read_summary(std::string_view text, const std::string& file, Report& report) {
  base::Error error = base::input_error("");
  error.file = file;
  try {
    const Json json = Json::parse(text);
    const auto version = json.at("schema_version").get<std::int64_t>();
    if (version != fuzz::kSummarySchemaVersion) {
      error.message = fmt::format("this summary has schema version {}, and this build reads version {}", version,
                                  fuzz::kSummarySchemaVersion);
      return error;
    }
    return read(json, report);
  } catch (const Json::exception& failure) {
    error.message = fmt::format("this is no summary of a campaign: {}", failure.what());
    return error;
  }
}

}  // namespace assay::reports
