// The gate's report as text, JSON and Markdown; see report.h. Tested by fuzz/gate/test/report_test.cc.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/base/one_line.h"
#include "fuzz/findings/environment.h"
#include "fuzz/gate/report.h"

namespace assay::fuzz {
namespace {

constexpr std::array kFolderStages = {GateStage::Seeds, GateStage::Regressions, GateStage::Known};

// In a table's code span, which ends at a backtick and a cell at a bar.
std::string code_span(std::string_view text) {
  std::string line = base::one_line(text);
  std::replace(line.begin(), line.end(), '`', '\'');
  std::replace(line.begin(), line.end(), '|', '/');
  return line.empty() ? "" : "`" + line + "`";
}

std::string_view verdict(const GateReport& report) {
  switch (report.exit_code()) {
    case 0:
      return "pass";
    case 2:
      return "broken corpus";
    case 3:
      return "harness failed";
    default:
      return report.count(GateLabel::New) != 0 ? "new findings" : "not enough was looked at";
  }
}

std::string stage_text(const GateReport& report, GateStage stage) {
  const GateStageCount& count = report.stage(stage);
  return fmt::format("{} of {} {}", count.as_expected, count.files,
                     stage == GateStage::Known ? "still fail as recorded" : "agree");
}

std::string proof_text(const GateProofs& proofs) {
  return fmt::format("{} loops proved, {} refuted, {} unknown, {} not solved", proofs.proved, proofs.refuted,
                     proofs.unknown, proofs.not_solved);
}

std::string campaign_text(const CampaignSummary& campaign) {
  return fmt::format("{} programs compared of {}, seed {:#x}, {} findings, {:.1f} s{}", campaign.judged.compared,
                     campaign.judged.programs, campaign.config.seed, campaign.findings, campaign.seconds,
                     campaign.interrupted ? ", interrupted" : "");
}

std::vector<std::string> not_held(const GateReport& report) {
  std::vector<std::string> names;
  for (const FloorResult& floor : report.floors) {
    if (floor.state == FloorState::NotHeld) names.push_back(floor.name);
  }
  return names;
}

std::string floor_text(const GateReport& report) {
  const std::size_t not_held_to = not_held(report).size();
  const auto missed = report.missed_floors();
  const auto met = report.floors.size() - missed - not_held_to;
  return fmt::format("{} met, {} missed, {} not held", met, missed, not_held_to);
}

std::string label_text(const GateReport& report) {
  std::string text;
  for (const GateLabel label :
       {GateLabel::New, GateLabel::Known, GateLabel::Fixed, GateLabel::Broken, GateLabel::NotJudged}) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", report.count(label), name(label));
  }
  return text;
}

// A name as one word of a shell: a command that is shown is copied.
std::string shell_word(std::string_view name) {
  const std::string word = base::one_line(name);
  const bool plain = std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./+,:@%").find(c) != std::string_view::npos;
  });
  if (plain) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// What a person does next.
std::string next_step(const GateItem& item) {
  if (item.file.empty() || item.label == GateLabel::Broken) return {};
  return fmt::format("assay {} {}", item.stage == GateStage::Proofs ? "verify --scev" : "replay",
                     shell_word(item.file));
}

}  // namespace

std::string print_gate(const GateReport& report) {
  std::string text;
  const auto row = [&text](std::string_view label, const std::string& value) {
    text += fmt::format("{:<14}{}\n", label, value);
  };
  for (const GateStage stage : kFolderStages) row(name(stage), stage_text(report, stage));
  row("proofs", proof_text(report.proofs));
  for (const auto& [reason, count] : report.proofs.reasons) row("", fmt::format("unknown {}: {}", count, reason));
  row("campaign", campaign_text(report.campaign));
  row("floors", floor_text(report));
  row("items", label_text(report));
  if (!report.base.empty()) row("base", base::one_line(report.base));
  for (const GateItem& item : report.items) {
    text += fmt::format("\n{:<11} {}", name(item.label), name(item.stage));
    if (!item.file.empty()) text += "  " + base::one_line(item.file);
    text += fmt::format("\n            {}\n", base::one_line(item.detail));
    if (!item.signature.empty()) text += fmt::format("            {}\n", base::one_line(item.signature));
    if (const std::string step = next_step(item); !step.empty()) text += fmt::format("            {}\n", step);
  }
  if (!report.items.empty()) text += '\n';
  for (const FloorResult& floor : report.floors) {
    if (floor.state != FloorState::Missed) continue;
    text += fmt::format("missed      {}: {} of at least {}{}{}\n", floor.name, floor.seen, floor.least,
                        floor.detail.empty() ? "" : "; ", floor.detail);
  }
  if (const std::vector<std::string> names = not_held(report); !names.empty()) {
    text += fmt::format("not held    {}: the campaign was asked for too few programs\n", fmt::join(names, ", "));
  }
  for (const std::string& error : report.campaign.job_errors)
    text += fmt::format("harness failure: {}\n", base::one_line(error));
  text += fmt::format("\n{:<14}{} in {:.1f} s\n", "gate", verdict(report), report.seconds);
  return text;
}

std::string print_gate_json(const GateReport& report) {
  using Json = nlohmann::ordered_json;
  Json json{{"schema_version", 1},          {"verdict", verdict(report)}, {"exit_code", report.exit_code()},
            {"build", build_description()}, {"cpu", cpu_description()},   {"base", report.base},
            {"seconds", report.seconds}};
  for (const GateStage stage : kFolderStages) {
    const GateStageCount& count = report.stage(stage);
    json[std::string(name(stage))] = {{"files", count.files}, {"as_expected", count.as_expected}};
  }
  json["proofs"] = {{"proved", report.proofs.proved},
                    {"refuted", report.proofs.refuted},
                    {"unknown", report.proofs.unknown},
                    {"not_solved", report.proofs.not_solved},
                    {"unknown_reasons", report.proofs.reasons}};
  json["campaign"] = Json::parse(print_summary_json(report.campaign));
  Json counts = Json::object();
  for (const GateLabel label :
       {GateLabel::New, GateLabel::Known, GateLabel::Fixed, GateLabel::Broken, GateLabel::NotJudged}) {
    counts[std::string(name(label))] = report.count(label);
  }
  json["labels"] = counts;
  Json items = Json::array();
  for (const GateItem& item : report.items) {
    items.push_back({{"stage", name(item.stage)},
                     {"label", name(item.label)},
                     {"file", item.file},
                     {"signature", item.signature},
                     {"detail", item.detail}});
  }
  json["items"] = items;
  Json floors = Json::array();
  for (const FloorResult& floor : report.floors) {
    floors.push_back({{"name", floor.name},
                      {"least", floor.least},
                      {"seen", floor.seen},
                      {"state", name(floor.state)},
                      {"detail", floor.detail}});
  }
  json["floors"] = floors;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string print_gate_markdown(const GateReport& report) {
  std::string text = fmt::format("## Gate: {}\n\n| what | result |\n|---|---|\n", verdict(report));
  for (const GateStage stage : kFolderStages)
    text += fmt::format("| {} | {} |\n", name(stage), stage_text(report, stage));
  text += fmt::format("| proofs | {} |\n| campaign | {} |\n| floors | {} |\n", proof_text(report.proofs),
                      campaign_text(report.campaign), floor_text(report));
  if (!report.items.empty()) {
    text += "\n| label | from | file | signature | |\n|---|---|---|---|---|\n";
    for (const GateItem& item : report.items) {
      text += fmt::format("| {} | {} | {} | {} | {} |\n", name(item.label), name(item.stage), code_span(item.file),
                          code_span(item.signature), code_span(item.detail));
    }
  }
  if (report.missed_floors() != 0) text += "\n| missed floor | at least | seen | |\n|---|---|---|---|\n";
  for (const FloorResult& floor : report.floors) {
    if (floor.state != FloorState::Missed) continue;
    text += fmt::format("| {} | {} | {} | {} |\n", floor.name, floor.least, floor.seen, code_span(floor.detail));
  }
  if (const std::vector<std::string> names = not_held(report); !names.empty()) {
    text += fmt::format("\nNot held to, because the campaign was asked for too few programs: {}.\n",
                        fmt::join(names, ", "));
  }
  for (const std::string& error : report.campaign.job_errors)
    text += fmt::format("\nHarness failure: {}\n", code_span(error));
  return text;
}

}  // namespace assay::fuzz
