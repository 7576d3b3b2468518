// Reports as JSON; see json_report.h. Tested by reports/json/test/json_report_test.cc.
#include "reports/json/json_report.h"

#include <nlohmann/json.hpp>

namespace assay::reports {
namespace {

using Json = nlohmann::ordered_json;

// An array and not an object: names come from elsewhere and need not differ.
Json counts_json(const std::vector<Count>& counts) {
  Json json = Json::array();
  for (const Count& one : counts) json.push_back({{"name", one.name}, {"count", one.value}});
  return json;
}

Json firings_json(const std::vector<Firing>& rows, const char* first, const char* second) {
  Json json = Json::array();
  for (const Firing& one : rows) json.push_back({{"name", one.name}, {first, one.first}, {second, one.second}});
  return json;
}

Json oracle_json(const OracleCounts& oracle) {
  return {
      {"name", oracle.name},           {"agree", oracle.agree},     {"diverge", oracle.diverge},
      {"skipped", oracle.skipped},     {"timeout", oracle.timeout}, {"crash", oracle.crash},
      {"untrusted", oracle.untrusted}, {"unknown", oracle.unknown}, {"skipped_by_reason", counts_json(oracle.skips)}};
}

Json campaign_json(const Report& report) {
  Json json{{"seconds", report.seconds},
            {"cpu_seconds", report.cpu_seconds},
            {"programs", report.programs},
            {"compared", report.compared},
            {"runs", report.runs},
            {"instructions_checked", report.instructions_checked},
            {"skipped_by_reason", counts_json(report.skipped)}};
  json["oracles"] = Json::array();
  for (const OracleCounts& oracle : report.oracles) json["oracles"].push_back(oracle_json(oracle));
  json["passes"] = firings_json(report.passes, "ran", "fired");
  json["loop_classes"] = firings_json(report.loops, "solved", "declined");
  json["declined"] = counts_json(report.declined);
  json["instruction_forms"] = counts_json(report.forms);
  json["registers"] = report.registers;
  json["form_registers"] = Json::array();
  for (const FormRegisters& one : report.form_registers)
    json["form_registers"].push_back({{"name", one.form}, {"counts", one.counts}});
  json["node_kinds"] = counts_json(report.node_kinds);
  json["operators"] = counts_json(report.operators);
  json["never_fired"] = report.never_fired;
  const ProofCounts& proofs = report.proof_counts;
  json["proofs"] = {{"proved", proofs.proved},     {"refuted", proofs.refuted},         {"unknown", proofs.unknown},
                    {"declined", proofs.declined}, {"over_budget", proofs.over_budget}, {"seconds", proofs.seconds}};
  json["status"] = Json::array();
  for (const StatusLine& line : report.status) json["status"].push_back({{"name", line.name}, {"value", line.value}});
  json["series"] = Json::array();
  for (const SeriesPoint& point : report.series) {
    json["series"].push_back({{"seconds", point.seconds},
                              {"compared", point.compared},
                              {"findings", point.findings},
                              {"signatures", point.signatures},
                              {"forms", point.forms}});
  }
  return json;
}

Json finding_json(const ReportFinding& finding) {
  Json json{{"state", std::string(name(finding.state))},
            {"signature", finding.signature},
            {"fingerprint", fingerprint(finding.signature)},
            {"recorded_signature", finding.recorded_signature},
            {"oracle", finding.oracle},
            {"stage", finding.stage},
            {"node", finding.node},
            {"form", finding.form},
            {"difference", finding.difference},
            {"verdict", finding.verdict},
            {"count", finding.count},
            {"file", finding.file},
            {"more_files", finding.more_files},
            {"source_file", finding.source_file},
            {"seed", finding.seed},
            {"program_index", finding.program_index},
            {"configuration", finding.configuration},
            {"build", finding.build},
            {"cpu", finding.cpu},
            {"features", finding.features},
            {"passes", finding.passes},
            {"inputs", finding.inputs},
            {"replays", finding.replays},
            {"source", finding.source},
            {"reduced", finding.reduced},
            {"reduced_judged", finding.reduced_judged},
            {"after_pass", finding.after_pass},
            {"explanation", finding.explanation},
            {"replay_command", finding.replay_command}};
  json["disassembly"] = Json::array();
  for (const Instruction& one : finding.disassembly) {
    json["disassembly"].push_back({{"offset", one.offset},
                                   {"bytes", one.bytes},
                                   {"text", one.text},
                                   {"node", one.node},
                                   {"guilty", one.guilty},
                                   {"intended", one.intended}});
  }
  json["states"] = Json::array();
  for (const StateRow& row : finding.states) {
    json["states"].push_back(
        {{"what", row.what}, {"expected", row.expected}, {"got", row.got}, {"differs", row.differs}});
  }
  return json;
}

}  // namespace

std::string render_json(const Report& report) {
  Json json{{"schema_version", kJsonReportVersion},
            {"verdict", std::string(name(report.verdict))},
            {"exit_code", exit_code(report.verdict)},
            {"reasons", report.reasons},
            {"generated", report.generated},
            {"build", report.build},
            {"cpu", report.cpu},
            {"command", report.command},
            {"seed", report.seed},
            {"configuration", report.configuration}};
  json["campaign"] = report.campaign ? campaign_json(report) : Json(nullptr);
  Json states = Json::object();
  for (const FindingState state : kAllStates) states[std::string(name(state))] = report.count(state);
  json["states"] = states;
  json["findings"] = Json::array();
  for (const ReportFinding& finding : report.findings) json["findings"].push_back(finding_json(finding));
  json["not_looked_into"] = counts_json(report.not_looked_into);
  json["proofs"] = Json::array();
  for (const Proof& proof : report.proofs) {
    json["proofs"].push_back(
        {{"name", proof.name}, {"verdict", proof.verdict}, {"detail", proof.detail}, {"seconds", proof.seconds}});
  }
  json["problems"] = report.problems;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace assay::reports
