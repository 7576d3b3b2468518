// `assay selftest`: the mutation score of the harness. Tested by cli/test/cli_test.sh.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "core/base/file.h"
#include "fuzz/selftest/driver.h"
#include "fuzz/selftest/table.h"
#include "fuzz/selftest/variant.h"

namespace assay::cli {
namespace {

namespace selftest = fuzz::selftest;

constexpr std::size_t kMostResultBytes = std::size_t{64} << 20;

struct SelftestOptions {
  selftest::DriverConfig config;
  std::string faults = "*";
  std::string out;
  std::vector<std::string> results;
  std::string target = "assay";
  std::string lone;  // a score: only faults that the oracles which are off were alone to speak of first
  bool update = false;
};

base::Result<std::vector<selftest::Fault>> catalogue(const SelftestOptions& options) {
  return selftest::load_catalogue(options.config.source + "/fuzz/selftest/faults");
}

base::Result<std::vector<selftest::Fault>> chosen(const SelftestOptions& options) {
  auto all = catalogue(options);
  if (!all) return all.error();
  std::vector<selftest::Fault> faults;
  for (selftest::Fault& fault : *all) {
    if (selftest::matches(fault.name, options.faults) || selftest::matches(fault.area, options.faults)) {
      faults.push_back(std::move(fault));
    }
  }
  if (faults.empty()) return base::input_error(fmt::format("no fault is called like '{}'", options.faults));
  return faults;
}

base::Result<selftest::Score> read_score(const std::string& file) {
  const auto text = base::read_file(file, kMostResultBytes);
  if (!text) return text.error();
  return selftest::score_from_json(*text, file);
}

int list(const SelftestOptions& options) {
  const auto faults = chosen(options);
  if (!faults) return report_error(faults.error());
  std::map<std::string, std::size_t> areas;
  for (const selftest::Fault& fault : *faults) {
    ++areas[fault.area];
    fmt::print("{:<34} {:<10} {}\n", fault.name, fault.area, fault.row);
  }
  fmt::print("{} faults in {} areas\n", faults->size(), areas.size());
  return kPass;
}

// The command as it can be given again.
std::string command_text(const SelftestOptions& options) {
  const selftest::DriverConfig& config = options.config;
  std::string text = fmt::format("assay selftest run --seeds {} --cpu-seconds {:g}", config.seeds, config.cpu_seconds);
  if (options.faults != "*") text += fmt::format(" --faults '{}'", options.faults);
  if (!config.without.empty()) text += fmt::format(" --without {}", fmt::join(config.without, ","));
  if (config.naive) text += " --naive";
  if (!options.lone.empty()) {
    text += fmt::format(" --lone {}", std::filesystem::path(options.lone).filename().string());
  }
  if (options.update) text += " --update";
  return text +
         fmt::format(" --build BUILD --source SOURCE --out {}", std::filesystem::path(options.out).filename().string());
}

base::Result<void> keep_lone(const SelftestOptions& options, std::vector<selftest::Fault>& faults) {
  const auto score = read_score(options.lone);
  if (!score) return score.error();
  std::erase_if(faults, [&](const selftest::Fault& fault) {
    return std::none_of(score->faults.begin(), score->faults.end(), [&](const selftest::FaultScore& one) {
      return one.name == fault.name && selftest::only_first_by(one, options.config.without);
    });
  });
  if (!faults.empty()) return {};
  return base::input_error(fmt::format("of no chosen fault was {} the first to speak with every seed",
                                       fmt::join(options.config.without, ", ")));
}

int run(SelftestOptions options) {
  for (const std::string& oracle : options.config.without) {
    if (!selftest::is_oracle(oracle)) {
      return report_error(base::input_error(fmt::format("there is no oracle '{}'", oracle)));
    }
  }
  auto faults = chosen(options);
  if (!faults) return report_error(faults.error());
  if (!options.lone.empty()) {
    if (const auto kept = keep_lone(options, *faults); !kept) return report_error(kept.error());
  }
  options.config.command = command_text(options);
  std::optional<selftest::Score> earlier;
  if (options.update) {
    auto read = read_score(options.out);
    if (!read) return report_error(read.error());
    earlier = std::move(read).value();
    const auto all = catalogue(options);
    if (!all) return report_error(all.error());
    selftest::reword(*earlier, *all);
  }
  const auto whole = [&earlier](const selftest::Score& score) {
    return earlier ? selftest::updated(*earlier, score) : base::Result<selftest::Score>(score);
  };
  const auto progress = [&](const selftest::Score& score, const selftest::FaultScore& latest) {
    fmt::print("{} ({}): {}\n", latest.name, latest.instrument, selftest::describe(latest));
    std::fflush(stdout);
    // Whatever ends this run, what is known so far is on the disk.
    const auto all = whole(score);
    return all ? base::write_file_atomically(options.out, selftest::to_json(*all)) : all.error();
  };
  const auto tried = selftest::run_selftest(options.config, *faults, progress);
  if (!tried) return report_error(tried.error());
  const auto score = whole(*tried);
  if (!score) return report_error(score.error());
  if (!score->valid()) {
    return report_error(
        base::system_error("the score is not valid: a control speaks, or something could not be tried"));
  }
  const bool survivor = std::any_of(score->faults.begin(), score->faults.end(), [](const selftest::FaultScore& fault) {
    return !fault.equivalent() && fault.detected() == 0;
  });
  return survivor ? kFindings : kPass;
}

// A program with all of the chosen faults in it, for campaigns that must tell them apart.
int build(const SelftestOptions& options) {
  const auto faults = chosen(options);
  if (!faults) return report_error(faults.error());
  const auto builder = selftest::VariantBuilder::create(options.config.build, options.config.source);
  if (!builder) return report_error(builder.error());
  const std::string target = std::filesystem::path(options.target).filename().string();
  const auto program = builder->build_all(*faults, "all", target);
  selftest::Fault made;
  made.name = "all";
  if (program) {
    std::error_code failure;
    std::filesystem::copy_file(*program, options.out, std::filesystem::copy_options::overwrite_existing, failure);
    if (failure) {
      builder->discard(made);
      return report_error(base::system_error(fmt::format("cannot write {}: {}", options.out, failure.message())));
    }
  }
  builder->discard(made);
  if (!program) return report_error(program.error());
  for (std::size_t i = 0; i < faults->size(); ++i) {
    const selftest::Fault& fault = (*faults)[i];
    fmt::print("{:>3}  {:<34} {:<10} {:<34} {}\n", i, fault.name, fault.area, fault.file, fault.row);
  }
  return kPass;
}

int table(const SelftestOptions& options) {
  std::vector<selftest::Score> scores;
  for (const std::string& file : options.results) {
    auto score = read_score(file);
    if (!score) return report_error(score.error());
    scores.push_back(std::move(score).value());
  }
  std::fputs(selftest::print_table(scores).c_str(), stdout);
  return kPass;
}

}  // namespace

void add_selftest_command(CLI::App& app, Action& action) {
  CLI::App* const command =
      app.add_subcommand("selftest", "Put deliberate faults before the harness and keep the score");
  command->require_subcommand(1);
  const auto options = std::make_shared<SelftestOptions>();
  selftest::DriverConfig& config = options->config;
  config.source = ".";
  const auto add = [&](const char* name, const char* what) {
    CLI::App* const one = command->add_subcommand(name, what);
    return one;
  };
  const auto add_choice = [&](CLI::App* one) {
    one->add_option("--faults", options->faults, "Names or areas, with * and ?, joined by commas")
        ->capture_default_str();
    one->add_option("--source", config.source, "The folder of the sources")->capture_default_str();
  };
  CLI::App* const list_command = add("list", "The faults and what they stand for");
  add_choice(list_command);
  list_command->callback([&action, options] { action = [options] { return list(*options); }; });

  CLI::App* const run_command = add("run", "Build each fault and try to detect it");
  add_choice(run_command);
  run_command->add_option("--build", config.build, "A build folder (Ninja) with everything built")->required();
  run_command->add_option("--out", options->out, "Where the results go (JSON)")->required();
  run_command->add_option("--seeds", config.seeds, "Campaigns for each fault")
      ->capture_default_str()
      ->check(whole_number(1));
  run_command->add_option("--cpu-seconds", config.cpu_seconds, "CPU time of a campaign")
      ->capture_default_str()
      ->check(positive_number());
  run_command->add_option("--hang-seconds", config.hang_seconds, "A batch that takes longer hangs")
      ->capture_default_str()
      ->check(positive_number());
  run_command->add_option("--jobs,-j", config.jobs, "Faults that are tried side by side")
      ->capture_default_str()
      ->check(CLI::Range(1U, 256U));
  run_command->add_option("--without", config.without, "Oracles that are off, joined by commas")->delimiter(',');
  run_command
      ->add_option(
          "--lone", options->lone,
          "Of the faults only those of which, in these results, the oracles that are off were the first to speak "
          "with every seed")
      ->needs("--without");
  run_command->add_flag("--naive", config.naive, "Programs of a naive generator: no swarm, no edge values");
  run_command->add_flag("--update", options->update, "Faults that are not chosen keep the results that --out has");
  run_command->add_flag("--keep", config.keep_variants, "Leave the variants in BUILD/selftest");
  run_command->callback([&action, options] { action = [options] { return run(*options); }; });

  CLI::App* const build_command = add("build", "One program with all of the chosen faults in it");
  add_choice(build_command);
  build_command->add_option("--build", config.build, "A build folder (Ninja) with the target built")->required();
  build_command->add_option("--out", options->out, "Where the program goes")->required();
  build_command->add_option("--target", options->target, "Which program of the build")->capture_default_str();
  build_command->callback([&action, options] { action = [options] { return build(*options); }; });

  CLI::App* const table_command = add("table", "Results as Markdown");
  table_command->add_option("RESULTS", options->results, "The score, then its ablations")->required();
  table_command->callback([&action, options] { action = [options] { return table(*options); }; });

  command->footer(
      "Examples:\n"
      "  assay selftest list\n"
      "  assay selftest run --build build/dev --seeds 20 --out score.json\n"
      "  assay selftest run --build build/dev --seeds 20 --without encoding --lone score.json --out ablation.json\n"
      "  assay selftest build --build build/dev --faults 'rex-x-never,cse-sub-commutes' --out faulty\n"
      "  assay selftest table score.json ablation.json > reports/selftest.md\n"
      "Exit code of run: 0: every fault that is not equivalent was detected; 1: some were not; 3: the score is not "
      "valid.");
}

}  // namespace assay::cli
