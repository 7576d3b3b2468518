// Reports as SARIF; see sarif_report.h. Tested by reports/sarif/test/sarif_report_test.cc.
#include "reports/sarif/sarif_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "reports/model/escape.h"

namespace assay::reports {
namespace {

using Json = nlohmann::ordered_json;

// A relative reference: what is no path character is percent-encoded.
std::string uri(std::string_view path) {
  std::string out;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// Letters, digits and . _ - only: the ids of rules are looked up by other tools, and a slash would mean a sub-rule.
std::string identifier(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    out += plain ? c : '_';
  }
  return out;
}

// "native-sysv" and "high half" to "NativeSysvHighHalf".
std::string camel_case(std::string_view text) {
  std::string out;
  bool up = true;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9')) {
      up = true;
      continue;
    }
    out += up && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    up = false;
  }
  return out;
}

// The kind of a difference without its detail: "encoding:disp" is of the rule "encoding". What took the harness down
// has none, and its second part ("hang", "crash") says as much.
std::string kind_of(const ReportFinding& finding) {
  const std::string& kind = finding.difference.empty() ? finding.stage : finding.difference;
  return kind.substr(0, kind.find(':'));
}

std::string rule_id(const ReportFinding& finding) {
  return identifier("assay-" + finding.oracle + "-" + kind_of(finding));
}

Json rule_json(const ReportFinding& finding) {
  const std::string oracle = one_line(finding.oracle);
  const std::string kind = one_line(kind_of(finding));
  return {
      {"id", rule_id(finding)},
      {"name", camel_case("Assay " + finding.oracle + " " + kind_of(finding))},
      {"shortDescription", {{"text", fmt::format("The oracle {} convicts the compiler: {}.", oracle, kind)}}},
      {"fullDescription",
       {{"text",
         fmt::format("A program behaves differently from the reference interpreter, or its code differs from what was "
                     "intended, in the judgement of the oracle {}. The kind of difference is {}.",
                     oracle, kind)}}},
      {"help",
       {{"text",
         "Replay the finding with the command in its message; `assay explain` shows what each pass did, and "
         "`assay reduce` makes the program smaller."}}},
      {"defaultConfiguration", {{"level", "error"}}},
      {"properties",
       {{"tags", {"correctness", "compiler"}}, {"precision", "very-high"}, {"problem.severity", "error"}}}};
}

std::string message_of(const ReportFinding& finding) {
  std::string text = fmt::format("{} finding {}.", name(finding.state), printable(finding.signature));
  for (const std::string& line : finding.explanation) text += "\n" + printable(line);
  if (!finding.replay_command.empty()) text += "\nReplay: " + printable(finding.replay_command);
  text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

Json result_json(const ReportFinding& finding, std::size_t rule) {
  const bool known = finding.state == FindingState::Known;
  const char* const level = finding.state == FindingState::New ? "error" : known ? "note" : "warning";
  Json result{{"ruleId", rule_id(finding)},
              {"ruleIndex", rule},
              {"level", level},
              {"message", {{"text", message_of(finding)}}},
              {"locations",
               {{{"physicalLocation",
                  {{"artifactLocation", {{"uri", uri(finding.source_file)}, {"uriBaseId", "SRCROOT"}}},
                   {"region", {{"startLine", 1}, {"startColumn", 1}, {"endLine", 1}, {"endColumn", 2}}}}}}}},
              {"partialFingerprints", {{"assaySignature/v1", fingerprint(finding.signature)}}}};
  if (finding.count != 0) result["occurrenceCount"] = finding.count;
  if (known) {
    result["suppressions"] = Json::array(
        {{{"kind", "external"}, {"justification", "The signature is among the known findings of the corpus."}}});
  }
  result["properties"] = {{"state", std::string(name(finding.state))},
                          {"signature", finding.signature},
                          {"file", finding.file},
                          {"node", finding.node},
                          {"form", finding.form},
                          {"replays", finding.replays}};
  return result;
}

Json notification(const char* level, const std::string& text) {
  return {{"level", level}, {"message", {{"text", printable(text)}}}};
}

Json invocation_json(const Report& report) {
  Json notifications = Json::array();
  for (const std::string& problem : report.problems) notifications.push_back(notification("error", problem));
  for (const OracleCounts& oracle : report.oracles) {
    if (oracle.judged() == 0)
      notifications.push_back(notification("warning", "the oracle " + oracle.name + " judged nothing"));
  }
  for (const std::string& what : report.never_fired)
    notifications.push_back(notification("warning", what + " never fired"));
  for (const std::string& reason : report.reasons) notifications.push_back(notification("note", reason));
  Json invocation{
      {"executionSuccessful", report.verdict == ReportVerdict::Pass || report.verdict == ReportVerdict::Findings},
      {"exitCode", exit_code(report.verdict)},
      {"exitCodeDescription", std::string(name(report.verdict))}};
  if (!report.command.empty()) invocation["commandLine"] = printable(report.command);
  if (is_utc_time(report.generated)) invocation["endTimeUtc"] = report.generated;
  invocation["toolExecutionNotifications"] = notifications;
  return invocation;
}

// "assay 0.1.0, clang 19.1.7" has the version in the middle.
std::string version_of(const Report& report) {
  std::string version = report.build.starts_with("assay ") ? report.build.substr(6, report.build.find(',') - 6) : "";
  const bool plain = !version.empty() && std::all_of(version.begin(), version.end(),
                                                     [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  return plain ? version : "0.0.0";
}

}  // namespace

std::string render_sarif(const Report& report) {
  Json rules = Json::array();
  Json results = Json::array();
  std::map<std::string, std::size_t> indices;
  for (const ReportFinding& finding : report.findings) {
    if (finding.state == FindingState::Fixed) continue;
    const auto [entry, added] = indices.try_emplace(rule_id(finding), rules.size());
    if (added) rules.push_back(rule_json(finding));
    results.push_back(result_json(finding, entry->second));
  }
  const std::string version = version_of(report);
  Json run{{"tool",
            {{"driver",
              {{"name", "Assay"},
               {"fullName", "Assay " + version},
               {"version", version},
               {"semanticVersion", version},
               {"rules", rules}}}}},
           {"invocations", Json::array({invocation_json(report)})},
           {"originalUriBaseIds", {{"SRCROOT", {{"description", {{"text", "The root of the repository."}}}}}}},
           {"automationDetails", {{"id", "assay/"}}},
           {"columnKind", "utf16CodeUnits"},
           {"results", results}};
  const Json json{
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", Json::array({run})}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace assay::reports
