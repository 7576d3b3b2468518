// `assay corpus`: what a corpus covers, and keeping it small and current. Tested by cli/test/cli_test.sh.
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "core/ast/text.h"
#include "core/base/one_line.h"
#include "fuzz/corpus/import.h"
#include "fuzz/corpus/migrate.h"
#include "fuzz/corpus/select.h"
#include "fuzz/corpus/stats.h"

namespace assay::cli {
namespace {

using Json = nlohmann::ordered_json;

struct CorpusOptions {
  std::string folder;  // of stats; the one written to of the others
  std::string in;
  std::vector<std::string> inputs;
  std::vector<std::string> files;
  bool json = false;
};

void print_json(const Json& json) { fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace)); }

// Every broken file on standard error; the exit code that they call for.
int report_broken(const std::vector<base::Error>& broken) {
  for (const base::Error& error : broken) static_cast<void>(report_error(error));
  return broken.empty() ? kPass : kUsage;
}

int stats(const CorpusOptions& options) {
  const auto read = fuzz::corpus_stats(options.folder);
  if (!read) return report_error(read.error());
  std::fputs((options.json ? fuzz::print_stats_json(*read) : fuzz::print_stats(*read)).c_str(), stdout);
  if (const int code = report_broken(read->broken); code != kPass) return code;
  return read->files == 0 ? kInconclusive : kPass;
}

int show(const CorpusOptions& options, const base::Result<fuzz::Selected>& selected) {
  if (!selected) return report_error(selected.error());
  if (!selected->broken.empty()) return report_broken(selected->broken);
  const fuzz::Selection& one = selected->selection;
  if (options.json) {
    print_json({{"schema_version", 1},
                {"considered", one.considered},
                {"kept", one.kept},
                {"duplicates", one.duplicates},
                {"nodes_considered", one.nodes_considered},
                {"nodes_kept", one.nodes_kept},
                {"features_before", one.features_before},
                {"features_after", one.features_after}});
  } else {
    fmt::print("{} of {} programs kept in {} ({} of {} nodes), {} duplicates, {} features, {} before\n", one.kept,
               one.considered, base::one_line(options.folder), one.nodes_kept, one.nodes_considered, one.duplicates,
               one.features_after, one.features_before);
  }
  return one.considered == 0 ? kInconclusive : kPass;
}

int import(const CorpusOptions& options) {
  const auto imported = fuzz::import_inputs(options.folder, options.inputs);
  if (!imported) return report_error(imported.error());
  if (options.json) {
    print_json({{"schema_version", 1},
                {"inputs", imported->inputs},
                {"programs", imported->programs},
                {"texts", imported->texts}});
  } else {
    fmt::print("{} inputs, {} of them programs, in {} files of {}\n", imported->inputs, imported->programs,
               imported->texts, base::one_line(options.folder));
  }
  return imported->programs == 0 ? kInconclusive : kPass;
}

int migrate(const CorpusOptions& options) {
  auto results = Json::array();
  int code = kPass;
  for (const std::string& file : options.files) {
    const auto migration = fuzz::migrate_file(file);
    if (!migration) {
      // The other files are still migrated; each is replaced as a whole or not at all.
      const int one = report_error(migration.error());
      code = code == kHarnessFailed ? code : one;
      results.push_back({{"file", file}, {"status", "failed"}, {"error", migration.error().describe()}});
      continue;
    }
    const bool current = migration->from == ast::kTextVersion;
    results.push_back({{"file", file}, {"status", current ? "current" : "migrated"}, {"from", migration->from}});
    if (options.json) continue;
    if (current) {
      fmt::print("current {}\n", base::one_line(file));
    } else {
      fmt::print("migrated {} from version {} to {}\n", base::one_line(file), migration->from, ast::kTextVersion);
    }
  }
  if (options.json) print_json({{"schema_version", 1}, {"migrations", results}});
  return code;
}

}  // namespace

void add_corpus_command(CLI::App& app, Action& action) {
  CLI::App* const command = app.add_subcommand("corpus", "Look at a corpus, and keep it small and current");
  command->require_subcommand(1);
  const auto options = std::make_shared<CorpusOptions>();
  const auto add = [&](const char* name, const char* what) {
    CLI::App* const one = command->add_subcommand(name, what);
    one->add_flag("--json", options->json, "Print one JSON object");
    return one;
  };
  CLI::App* const stats_command = add("stats", "What the programs of a folder cover, and what none does");
  stats_command->add_option("DIR", options->folder, "Folder of programs (.nda), with the folders in it")->required();
  stats_command->callback([&action, options] { action = [options] { return stats(*options); }; });

  CLI::App* const minimize_command = add("minimize", "Few programs that cover what all of them cover");
  minimize_command->add_option("IN", options->in, "Folder of programs")->required();
  minimize_command->add_option("OUT", options->folder, "A new folder")->required();
  minimize_command->callback([&action, options] {
    action = [options] { return show(*options, fuzz::minimize_corpus(options->in, options->folder)); };
  });

  CLI::App* const merge_command = add("merge", "Add the programs that cover something new");
  merge_command->add_option("OUT", options->folder, "The folder to add to; made when it is not there")->required();
  merge_command->add_option("IN", options->inputs, "Folders of programs")->required();
  merge_command->callback([&action, options] {
    action = [options] { return show(*options, fuzz::merge_corpora(options->folder, options->inputs)); };
  });

  CLI::App* const import_command = add("import", "Write inputs of the libFuzzer targets as programs");
  import_command->add_option("OUT", options->folder, "The folder to add to; made when it is not there")->required();
  import_command
      ->add_option("IN", options->inputs, "Inputs, and folders of inputs, of `differential` or `binary_codec`")
      ->required();
  import_command->callback([&action, options] { action = [options] { return import(*options); }; });

  CLI::App* const migrate_command = add("migrate", "Write files of older format versions anew in the current one");
  migrate_command->add_option("FILE", options->files, "Programs and findings (.nda)")->required();
  migrate_command->callback([&action, options] { action = [options] { return migrate(*options); }; });

  command->footer(
      "Examples:\n"
      "  assay corpus stats corpus\n"
      "  assay corpus minimize findings seeds-of-findings\n"
      "  assay corpus merge seeds machine-1/seeds machine-2/seeds\n"
      "  assay corpus import programs crash-0a4d55a8d778e5022fab701977c5d840bbc486d0\n"
      "Covered are node kinds and operators by type, instruction forms, passes that fire, loop classes that are solved "
      "and reasons why loops are not. A broken file is named with its place (exit code 2), and then nothing is "
      "written. Exit code 4: there were no programs.");
}

}  // namespace assay::cli
