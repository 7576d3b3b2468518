// Adding up and printing campaigns; see summary.h. Tested by fuzz/campaign/test/summary_test.cc.
#include "fuzz/campaign/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/one_line.h"
#include "fuzz/findings/environment.h"

namespace assay::fuzz {
namespace {

using oracles::OracleId;
using oracles::SkipReason;
using oracles::Verdict;

template <std::size_t N>
void add_all(std::array<std::uint64_t, N>& to, const std::array<std::uint64_t, N>& from) {
  for (std::size_t i = 0; i < N; ++i) to[i] += from[i];
}

template <std::size_t N>
std::size_t hit_count(const std::array<std::uint64_t, N>& counts) {
  return N - static_cast<std::size_t>(std::count(counts.begin(), counts.end(), std::uint64_t{0}));
}

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::uint64_t verdicts_of(const oracles::JudgeCounts& counts, OracleId oracle, Verdict verdict) {
  return counts.verdicts[static_cast<std::size_t>(oracle)][static_cast<std::size_t>(verdict)];
}

constexpr std::array kVerdicts = {Verdict::Agree, Verdict::Diverge,   Verdict::Skipped, Verdict::Timeout,
                                  Verdict::Crash, Verdict::Untrusted, Verdict::Unknown};

// 1234567 -> "1,234,567".
std::string grouped(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string skip_text(const std::array<std::uint64_t, oracles::kSkipReasonCount>& skips) {
  std::string text;
  for (std::size_t reason = 0; reason < skips.size(); ++reason) {
    if (skips[reason] == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", oracles::name(static_cast<SkipReason>(reason)),
                        grouped(skips[reason]));
  }
  return text.empty() ? "none" : text;
}

nlohmann::ordered_json skip_json(const std::array<std::uint64_t, oracles::kSkipReasonCount>& skips) {
  auto json = nlohmann::ordered_json::object();
  for (std::size_t reason = 1; reason < skips.size(); ++reason) {
    json[std::string(oracles::name(static_cast<SkipReason>(reason)))] = skips[reason];
  }
  return json;
}

std::string_view pass_name(std::size_t pass) { return opt::pass_info(static_cast<opt::PassId>(pass)).name; }
std::string_view class_name(std::size_t one) { return scev::name(static_cast<scev::LoopClass>(one)); }
std::string_view reason_text(std::size_t reason) { return scev::sentence(static_cast<scev::Decline>(reason)); }

void append_passes(const oracles::PassCounts& passes, std::string& text) {
  text += fmt::format("\n{:<24}{:>12}{:>12}\n", "pass", "ran", "fired");
  for (std::size_t i = 0; i < opt::kPassCount; ++i) {
    text += fmt::format("{:<24}{:>12}{:>12}\n", pass_name(i), grouped(passes.ran[i]), grouped(passes.fired[i]));
  }
  text += fmt::format("\n{:<24}{:>12}{:>12}\n", "loop class", "solved", "declined");
  for (std::size_t i = 0; i < scev::kLoopClassCount; ++i) {
    text += fmt::format("{:<24}{:>12}{:>12}\n", class_name(i), grouped(passes.solved[i]), grouped(passes.declined[i]));
  }
  text += "\nloops declined because\n";
  for (std::size_t i = 1; i < scev::kDeclineCount; ++i) {
    if (passes.reasons[i] != 0) text += fmt::format("{:>12}  {}\n", grouped(passes.reasons[i]), reason_text(i));
  }
}

nlohmann::ordered_json passes_json(const oracles::PassCounts& passes) {
  auto json = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < opt::kPassCount; ++i) {
    json[std::string(pass_name(i))] = {{"ran", passes.ran[i]}, {"fired", passes.fired[i]}};
  }
  return json;
}

nlohmann::ordered_json loops_json(const oracles::PassCounts& passes) {
  auto json = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < scev::kLoopClassCount; ++i) {
    json[std::string(class_name(i))] = {{"solved", passes.solved[i]}, {"declined", passes.declined[i]}};
  }
  return json;
}

nlohmann::ordered_json reasons_json(const oracles::PassCounts& passes) {
  auto json = nlohmann::ordered_json::object();
  for (std::size_t i = 1; i < scev::kDeclineCount; ++i) json[std::string(reason_text(i))] = passes.reasons[i];
  return json;
}

nlohmann::ordered_json register_names_json() {
  auto json = nlohmann::ordered_json::array();
  for (int i = 0; i < x64::kRegCount; ++i) json.push_back(x64::register_name(static_cast<x64::RegId>(i), 64));
  return json;
}

// Forms that take registers, each with its counts in the order of the names.
nlohmann::ordered_json form_registers_json(const RegisterUse& use) {
  auto json = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < use.size(); ++i) {
    const auto form = static_cast<x64::Form>(i);
    if (takes_registers(form)) json[std::string(x64::form_info(form).id)] = use[i];
  }
  return json;
}

nlohmann::ordered_json proofs_json(const ProofFigures& proofs) {
  return {{"proved", proofs.proved},           {"refuted", proofs.refuted},
          {"unknown", proofs.unknown},         {"declined", proofs.declined},
          {"over_budget", proofs.over_budget}, {"seconds", static_cast<double>(proofs.nanoseconds) / 1e9}};
}

std::string oracle_names(const oracles::JudgeConfig& judge) {
  std::string names;
  for (const OracleId oracle : oracles::kAllOracles) {
    if (judge.on(oracle)) names += fmt::format("{}{}", names.empty() ? "" : ",", oracles::name(oracle));
  }
  return names;
}

// Generates the same programs again, as many as there were, and asks the same oracles.
std::string repeat_command(const CampaignSummary& summary) {
  const CampaignConfig& config = summary.config;
  return fmt::format("assay fuzz --seed {:#x} --programs {} --fuel {} --passes {} --oracles {}", config.seed,
                     summary.judged.programs, config.judge.fuel,
                     config.pipeline ? opt::print_pipeline(*config.pipeline) : "swarm", oracle_names(config.judge));
}

}  // namespace

std::string proofs_text(const CampaignSummary& summary) {
  const ProofFigures& proofs = summary.proofs;
  if (summary.config.proofs.share <= 0) return "off";
  return fmt::format("{}, {} refuted, {} unknown, {} not solved alone; {} met over budget ({:g} % of the time)",
                     grouped(proofs.proved), grouped(proofs.refuted), grouped(proofs.unknown), grouped(proofs.declined),
                     grouped(proofs.over_budget), 100 * summary.config.proofs.share);
}

std::string CampaignConfig::describe() const {
  return fmt::format("seed {:#x}, batch {}, fuel {}, tiered 1/{}, {}passes {}, oracles {}", seed, batch_size,
                     judge.fuel, tiered_sample, mutate_every == 0 ? "" : fmt::format("mutants 1/{}, ", mutate_every),
                     pipeline ? opt::print_pipeline(*pipeline) : "swarm", oracle_names(judge));
}

void CampaignSummary::add(const JobFigures& job) {
  judged.add(job.judged);
  nodes_generated += job.nodes_generated;
  findings += job.findings;
  add_all(forms, job.forms);
  for (std::size_t i = 0; i < registers.size(); ++i) add_all(registers[i], job.registers[i]);
  add_all(kinds, job.kinds);
  add_all(ops, job.ops);
  proofs.add(job.proofs);
  for (std::size_t i = 0; i < std::min<std::uint64_t>(job.signature_count, kMaxSignatures); ++i) {
    const SignatureRecord& record = job.signatures[i];
    const std::string signature = record.signature.data();
    const auto known = std::find_if(signatures.begin(), signatures.end(),
                                    [&signature](const SignatureCount& one) { return one.signature == signature; });
    if (known == signatures.end()) {
      signatures.push_back({signature, record.file.data(), record.count});
    } else {
      known->count += record.count;
    }
  }
}

double CampaignSummary::programs_per_cpu_second() const {
  return cpu_seconds <= 0 ? 0 : static_cast<double>(judged.compared) / cpu_seconds;
}

std::vector<OracleId> CampaignSummary::silent_oracles() const {
  std::vector<OracleId> silent;
  for (const OracleId oracle : oracles::kAllOracles) {
    if (!config.judge.on(oracle)) continue;
    if (oracles::is_rare(oracle) && judged.compared < kEnoughToFire) continue;
    bool spoke = false;
    for (const Verdict verdict : kVerdicts)
      spoke |= verdict != Verdict::Skipped && verdicts_of(judged, oracle, verdict) != 0;
    if (!spoke) silent.push_back(oracle);
  }
  return silent;
}

int CampaignSummary::exit_code() const {
  if (findings != 0) return 1;
  if (jobs_lost != 0) return 3;
  return judged.compared == 0 || !silent_oracles().empty() || !never_fired().empty() ? 4 : 0;
}

std::vector<std::string> CampaignSummary::never_fired() const {
  std::vector<std::string> names;
  if (config.pipeline || judged.compared < kEnoughToFire) return names;
  for (std::size_t i = 0; i < opt::kPassCount; ++i) {
    if (judged.passes.fired[i] == 0) names.push_back(fmt::format("pass {}", pass_name(i)));
  }
  for (std::size_t i = 0; i < scev::kLoopClassCount; ++i) {
    if (judged.passes.solved[i] == 0) names.push_back(fmt::format("loop class {}", class_name(i)));
  }
  return names;
}

std::string print_summary(const CampaignSummary& summary) {
  const oracles::JudgeCounts& judged = summary.judged;
  std::string text;
  const auto row = [&text](std::string_view label, const std::string& value) {
    text += fmt::format("{:<28}{}\n", label, value);
  };
  row("seed", fmt::format("{:#x}", summary.config.seed));
  row("configuration", summary.config.describe());
  row("build", build_description());
  row("wall clock", fmt::format("{:.1f} s{}", summary.seconds, summary.interrupted ? " (interrupted)" : ""));
  row("CPU time", fmt::format("{:.1f} s in {} job{}", summary.cpu_seconds, summary.config.jobs,
                              summary.config.jobs == 1 ? "" : "s"));
  row("programs generated",
      fmt::format("{} ({} nodes, {:.1f} on average)", grouped(judged.programs), grouped(summary.nodes_generated),
                  judged.programs == 0
                      ? 0.0
                      : static_cast<double>(summary.nodes_generated) / static_cast<double>(judged.programs)));
  row("programs compared",
      fmt::format("{} ({} runs of compiled code)", grouped(judged.compared), grouped(judged.runs)));
  row("programs skipped",
      fmt::format("{} ({:.3f} %): {}", grouped(judged.programs - judged.compared),
                  percent(judged.programs - judged.compared, judged.programs), skip_text(judged.skipped)));
  row("programs with a trap",
      fmt::format("{} ({:.1f} %)", grouped(judged.trapped), percent(judged.trapped, judged.programs)));
  row("programs per CPU-second", fmt::format("{:.0f}", summary.programs_per_cpu_second()));
  row("instructions checked", grouped(judged.instructions_checked));
  row("instructions decoded",
      fmt::format("{} by each of two decoders, the rest repeats of these", grouped(judged.instructions_decoded)));
  row("instruction forms emitted", fmt::format("{} of {}", hit_count(summary.forms), summary.forms.size()));
  const RegisterCells cells = register_cells(summary.registers);
  row("forms x registers emitted", fmt::format("{} of {}", grouped(cells.hit), grouped(cells.all)));
  row("node kinds, operators", fmt::format("{} of {}, {} of {}", hit_count(summary.kinds), summary.kinds.size(),
                                           hit_count(summary.ops), summary.ops.size()));
  row("shapes of loops proved", proofs_text(summary));
  text += fmt::format("\n{:<16}{:>12}{:>9}{:>9}{:>7}{:>11}{:>9}{:>12}  why skipped\n", "oracle", "agree", "diverge",
                      "timeout", "crash", "untrusted", "unknown", "skipped");
  for (const OracleId oracle : oracles::kAllOracles) {
    if (!summary.config.judge.on(oracle)) {
      text += fmt::format("{:<16}{:>12}\n", oracles::name(oracle), "off");
      continue;
    }
    const auto count = [&](Verdict verdict) { return grouped(verdicts_of(judged, oracle, verdict)); };
    text += fmt::format("{:<16}{:>12}{:>9}{:>9}{:>7}{:>11}{:>9}{:>12}  {}\n", oracles::name(oracle),
                        count(Verdict::Agree), count(Verdict::Diverge), count(Verdict::Timeout), count(Verdict::Crash),
                        count(Verdict::Untrusted), count(Verdict::Unknown), count(Verdict::Skipped),
                        skip_text(judged.skips[static_cast<std::size_t>(oracle)]));
  }
  append_passes(judged.passes, text);
  text += '\n';
  if (summary.findings == 0) {
    text += "findings                    none\n";
  } else {
    row("findings", fmt::format("{} under {} signatures", grouped(summary.findings), summary.signatures.size()));
    for (const SignatureCount& one : summary.signatures) {
      text += fmt::format("  {:>9} x  {}\n               replay: assay replay {}/{}\n", grouped(one.count),
                          base::one_line(one.signature), base::one_line(summary.config.findings_folder),
                          base::one_line(one.file));
    }
  }
  for (const OracleId oracle : summary.silent_oracles()) {
    text += fmt::format("inconclusive: the oracle {} judged nothing\n", oracles::name(oracle));
  }
  for (const std::string& name : summary.never_fired()) text += fmt::format("inconclusive: {} never fired\n", name);
  for (const std::string& error : summary.job_errors)
    text += fmt::format("harness failure: {}\n", base::one_line(error));
  return text;
}

std::string print_summary_json(const CampaignSummary& summary) {
  using Json = nlohmann::ordered_json;
  const oracles::JudgeCounts& judged = summary.judged;
  Json json;
  json["schema_version"] = kSummarySchemaVersion;
  json["seed"] = summary.config.seed;
  json["configuration"] = summary.config.describe();
  json["command"] = repeat_command(summary);
  json["build"] = build_description();
  json["cpu"] = cpu_description();
  json["jobs"] = summary.config.jobs;
  json["seconds"] = summary.seconds;
  json["cpu_seconds"] = summary.cpu_seconds;
  json["interrupted"] = summary.interrupted;
  json["programs_generated"] = judged.programs;
  json["programs_compared"] = judged.compared;
  json["programs_skipped"] = skip_json(judged.skipped);
  json["programs_trapped"] = judged.trapped;
  json["programs_per_cpu_second"] = summary.programs_per_cpu_second();
  json["nodes_generated"] = summary.nodes_generated;
  json["runs_compared"] = judged.runs;
  json["interpreter_steps"] = judged.interpreter_steps;
  json["instructions_checked"] = judged.instructions_checked;
  json["instructions_decoded"] = judged.instructions_decoded;
  Json verdicts = Json::object();
  for (const OracleId oracle : oracles::kAllOracles) {
    if (!summary.config.judge.on(oracle)) continue;
    Json one = Json::object();
    for (const Verdict verdict : kVerdicts)
      one[std::string(oracles::name(verdict))] = verdicts_of(judged, oracle, verdict);
    one["skipped_by_reason"] = skip_json(judged.skips[static_cast<std::size_t>(oracle)]);
    verdicts[std::string(oracles::name(oracle))] = one;
  }
  json["verdicts"] = verdicts;
  Json forms = Json::object();
  for (std::size_t i = 0; i < summary.forms.size(); ++i) {
    forms[std::string(x64::form_info(static_cast<x64::Form>(i)).id)] = summary.forms[i];
  }
  json["instruction_forms"] = forms;
  json["registers"] = register_names_json();
  json["form_registers"] = form_registers_json(summary.registers);
  Json kinds = Json::object();
  for (std::size_t i = 0; i < summary.kinds.size(); ++i) {
    kinds[std::string(ast::node_kind_name(static_cast<ast::NodeKind>(i)))] = summary.kinds[i];
  }
  json["node_kinds"] = kinds;
  Json ops = Json::object();
  for (std::size_t i = 0; i < summary.ops.size(); ++i) {
    ops[std::string(ast::op_info(static_cast<ast::Op>(i)).name)] = summary.ops[i];
  }
  json["operators"] = ops;
  json["passes"] = passes_json(judged.passes);
  json["loops"] = loops_json(judged.passes);
  json["declined"] = reasons_json(judged.passes);
  json["proofs"] = proofs_json(summary.proofs);
  json["never_fired"] = summary.never_fired();
  json["findings"] = summary.findings;
  Json signatures = Json::array();
  for (const SignatureCount& one : summary.signatures) {
    signatures.push_back({{"signature", one.signature}, {"count", one.count}, {"file", one.file}});
  }
  json["finding_signatures"] = signatures;
  json["harness_failures"] = summary.job_errors;
  json["exit_code"] = summary.exit_code();
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace assay::fuzz
