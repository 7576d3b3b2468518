// `assay findings`: what a campaign found, a fault each, and what people say about which are one. Tested by
// cli/test/cli_test.sh, and behind the command line by reports/store/test/groups_test.cc.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "core/ast/text.h"
#include "core/base/one_line.h"
#include "fuzz/findings/finding.h"
#include "reports/collect/finding_files.h"
#include "reports/store/decisions.h"
#include "reports/store/folder.h"
#include "reports/store/groups.h"

namespace assay::cli {
namespace {

using Json = nlohmann::ordered_json;
using reports::Decision;
using reports::Group;
using reports::GroupMember;

// Keys that nearly all or hardly any finding has tell nothing apart; so many lines do for the others.
constexpr std::size_t kMostKeys = 24;

struct FindingsOptions {
  std::string folder;
  std::string what;
  std::string into;
  reports::Split split;
  std::uint64_t decision = 0;
  bool json = false;
};

std::string path_in(const std::string& folder, const std::string& file) {
  return file.empty() ? std::string() : (std::filesystem::path(reports::findings_path(folder)) / file).string();
}

std::string in_words(const Decision& decision) {
  std::string text = decision.kind == "merge" ? fmt::format("{} is counted under {}", decision.subject, decision.target)
                     : decision.selector == "signature"
                         ? fmt::format("{} stands alone", decision.subject)
                         : fmt::format("{} of {} is {}", decision.selector, decision.subject, decision.target);
  if (!decision.reason.empty()) text += ": " + decision.reason;
  if (decision.undone) text += " (taken back)";
  return base::one_line(text);
}

std::string in_words(const GroupMember& member) {
  return fmt::format("{:>9} x  {}{}", member.count, base::one_line(member.signature),
                     member.part.empty() ? "" : " (" + base::one_line(member.part) + ")");
}

Json json_of(const GroupMember& member) {
  return {{"signature", member.signature},
          {"part", member.part},
          {"count", member.count},
          {"first_program", member.first_program},
          {"files", member.files}};
}

Json json_of(const Group& group, const std::string& folder) {
  Json members = Json::array();
  for (const GroupMember& member : group.members) members.push_back(json_of(member));
  return {{"id", group.id()},     {"name", group.name},
          {"count", group.count}, {"first_program", group.first_program},
          {"members", members},   {"file", path_in(folder, group.file())}};
}

Json json_of(const Decision& decision) {
  return {{"number", decision.id},
          {"kind", decision.kind},
          {"subject", decision.subject},
          {"selector", decision.selector},
          {"target", decision.target},
          {"reason", decision.reason},
          {"undone", decision.undone.has_value()}};
}

void print_json(const Json& json) { fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace)); }

int list(const FindingsOptions& options) {
  const auto groups = reports::read_groups(options.folder);
  if (!groups) return report_error(groups.error());
  if (options.json) {
    Json json{{"schema_version", 1}, {"findings", groups->findings()}};
    Json all = Json::array();
    for (const Group& group : groups->groups) all.push_back(json_of(group, options.folder));
    json["groups"] = all;
    Json rest = Json::array();
    for (const GroupMember& member : groups->not_looked_into) rest.push_back(json_of(member));
    json["not_looked_into"] = rest;
    Json decisions = Json::array();
    for (const Decision& decision : groups->decisions) decisions.push_back(json_of(decision));
    json["decisions"] = decisions;
    print_json(json);
    return groups->groups.empty() ? kPass : kFindings;
  }
  for (const Group& group : groups->groups) {
    fmt::print("{}  {:>9} x  {}\n", group.id(), group.count, base::one_line(group.name));
    if (group.members.size() == 1) continue;
    for (const GroupMember& member : group.members) fmt::print("          {}\n", in_words(member));
  }
  if (!groups->not_looked_into.empty()) {
    fmt::print("not looked into, because others that look alike were:\n");
    for (const GroupMember& member : groups->not_looked_into) fmt::print("          {}\n", in_words(member));
  }
  for (const Decision& decision : groups->decisions) fmt::print("decision {}: {}\n", decision.id, in_words(decision));
  fmt::print("{} findings under {} signatures\n", groups->findings(), groups->groups.size());
  return groups->groups.empty() ? kPass : kFindings;
}

// The file as found and as made small, which one reads first.
base::Result<std::optional<reports::FindingPair>> pair_of(const std::string& folder, const Group& group) {
  const std::string file = group.file();
  if (file.empty()) return std::optional<reports::FindingPair>();
  auto files = reports::read_findings(reports::findings_path(folder));
  if (!files) return files.error();
  for (reports::FindingPair& pair : files->pairs) {
    const bool found = pair.found && std::filesystem::path(pair.found->path).filename() == file;
    if (found) return std::optional(std::move(pair));
  }
  return std::optional<reports::FindingPair>();
}

int show(const FindingsOptions& options) {
  const auto groups = reports::read_groups(options.folder);
  if (!groups) return report_error(groups.error());
  const Group* const group = reports::find_group(*groups, options.what);
  if (group == nullptr) {
    return report_error(base::input_error(
        fmt::format("no findings are counted under '{}'; `assay findings list` says the names", options.what)));
  }
  const auto keys = reports::read_keys(options.folder, *group);
  if (!keys) return report_error(keys.error());
  const auto pair = pair_of(options.folder, *group);
  if (!pair) return report_error(pair.error());
  if (options.json) {
    Json json = json_of(*group, options.folder);
    Json counts = Json::object();
    for (const auto& [key, count] : *keys) counts[key] = count;
    json["keys"] = counts;
    if (*pair) {
      const reports::FindingFile& best = (*pair)->best();
      json["replay"] = best.path;
      json["source"] = ast::print_program(best.finding.program);
      json["replays"] = best.finding.replays;
      json["explanation"] = (*pair)->found ? (*pair)->found->explanation : best.explanation;
    }
    print_json(json);
    return kPass;
  }
  fmt::print("{}\n{} findings, the first is program {}\n", paint(base::one_line(group->name), Colour::Bold),
             group->count, group->first_program);
  for (const GroupMember& member : group->members) fmt::print("  {}\n", in_words(member));
  for (const Decision& decision : groups->decisions) {
    const bool about = std::any_of(group->members.begin(), group->members.end(), [&decision](const GroupMember& one) {
      return one.signature == decision.subject || one.signature == decision.target;
    });
    if (about) fmt::print("decision {}: {}\n", decision.id, in_words(decision));
  }
  std::string line;
  std::size_t shown = 0;
  for (const auto& [key, count] : *keys) {
    if (count == group->count || shown == kMostKeys) continue;
    ++shown;
    line += fmt::format("{}{} {}", line.empty() ? "" : ", ", base::one_line(key), count);
  }
  if (!line.empty()) fmt::print("keys that some have: {}\n", line);
  if (!*pair) {
    fmt::print("the campaign keeps no file of it\n");
    return kPass;
  }
  const reports::FindingFile& best = (*pair)->best();
  if (!best.finding.replays.empty()) fmt::print("replays: {}\n", base::one_line(best.finding.replays));
  const bool explained = (*pair)->reduced && !(*pair)->reduced->finding.replays.empty();
  for (const std::string& text : explained || !(*pair)->found ? best.explanation : (*pair)->found->explanation) {
    fmt::print("  {}\n", base::one_line(text));
  }
  fmt::print("{}replay: assay replay {}\n", ast::print_program(best.finding.program), base::one_line(best.path));
  return kPass;
}

int split(const FindingsOptions& options) {
  reports::Split wanted = options.split;
  wanted.what = options.what;
  const auto id = reports::split_group(options.folder, wanted);
  if (!id) return report_error(id.error());
  fmt::print("decision {} is recorded; `assay findings undo {} {}` takes it back\n", *id,
             base::one_line(options.folder), *id);
  return kPass;
}

int merge(const FindingsOptions& options) {
  const auto id = reports::merge_groups(options.folder, options.what, options.into, options.split.reason);
  if (!id) return report_error(id.error());
  fmt::print("decision {} is recorded; `assay findings undo {} {}` takes it back\n", *id,
             base::one_line(options.folder), *id);
  return kPass;
}

int undo(const FindingsOptions& options) {
  if (auto done = reports::undo_decision(options.folder, options.decision); !done) return report_error(done.error());
  fmt::print("decision {} is taken back\n", options.decision);
  return kPass;
}

}  // namespace

void add_findings_command(CLI::App& app, Action& action) {
  CLI::App* const command = app.add_subcommand("findings", "What a campaign found, and which findings are one fault");
  command->require_subcommand(1);
  const auto options = std::make_shared<FindingsOptions>();
  const auto add = [&](const char* name, const char* what, int (*run)(const FindingsOptions&)) {
    CLI::App* const one = command->add_subcommand(name, what);
    one->add_option("DIR", options->folder, "The campaign's folder")->required();
    one->callback([&action, options, run] { action = [options, run] { return run(*options); }; });
    return one;
  };
  const auto add_what = [&](CLI::App* one) {
    one->add_option("WHAT", options->what, "A name or an id of `list`, a signature, or a file")->required();
  };
  const auto add_reason = [&](CLI::App* one) {
    one->add_option("--reason", options->split.reason, "Kept with the decision");
  };

  CLI::App* const list_command = add("list", "Every fault with the number of its findings", list);
  list_command->add_flag("--json", options->json, "Print one JSON object");

  CLI::App* const show_command = add("show", "One of them: what it is, and how to see it again", show);
  add_what(show_command);
  show_command->add_flag("--json", options->json, "Print one JSON object");

  CLI::App* const split_command = add("split", "Two faults under one name: count some of them apart", split);
  add_what(split_command);
  split_command->add_option("--file", options->split.file, "This finding");
  split_command->add_option("--key", options->split.key,
                            "Those that have it: node:div_s, pass:scev, feature:bmi2, ...");
  split_command->add_option("--signature", options->split.signature, "This signature of several");
  split_command->add_option("--as", options->split.name, "The name for what is taken out");
  add_reason(split_command);

  CLI::App* const merge_command = add("merge", "One fault under two names: count the first under the second", merge);
  add_what(merge_command);
  merge_command->add_option("INTO", options->into, "The name it gets, in the same ways")->required();
  add_reason(merge_command);

  CLI::App* const undo_command = add("undo", "Take a decision back", undo);
  undo_command->add_option("NUMBER", options->decision, "Of `list`")->required()->check(whole_number(1));

  command->footer(
      "Examples:\n"
      "  assay findings list night\n"
      "  assay findings show night 3f0a91c2\n"
      "  assay findings split night 3f0a91c2 --key feature:lzcnt --reason 'the fallback is right'\n"
      "  assay findings merge night 3f0a91c2 77b0de14 --reason 'one lost register'\n"
      "Decisions are rows in the store beside what was counted; status and report count accordingly. Exit code 1 of "
      "list: there are findings.");
}

}  // namespace assay::cli
