// `assay reduce`: findings made small and triaged. Tested by cli/test/cli_test.sh, and behind the command line by
// fuzz/triage/test/triage_test.cc, which has faults to find.
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <thread>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/file_jobs.h"
#include "cli/options.h"
#include "cli/reduce_file.h"
#include "cli/terminal.h"
#include "core/base/file.h"
#include "core/base/one_line.h"

namespace assay::cli {
namespace {

using Json = nlohmann::ordered_json;

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

void on_interrupt(int) { interrupted.store(true); }

struct ReduceOptions {
  std::vector<std::string> files;
  std::string out;
  double seconds = 60;
  unsigned jobs = 1;
  bool json = false;
};

// What is a result of another one of the files, as when `findings/*.nda` is given again, is made anew by that, and not
// reduced itself.
std::vector<std::string> without_results(const std::vector<std::string>& files) {
  const auto plain = [](const std::string& file) { return std::filesystem::path(file).lexically_normal().string(); };
  std::set<std::string> results;
  for (const std::string& file : files) {
    if (reduced_name(file) != file) results.insert(plain(reduced_name(file)));
  }
  std::vector<std::string> kept;
  std::copy_if(files.begin(), files.end(), std::back_inserter(kept),
               [&](const std::string& file) { return !results.contains(plain(file)); });
  return kept;
}

// Where each result goes; an error when that is not one place each.
base::Result<std::vector<std::string>> output_files(const ReduceOptions& options) {
  std::error_code unused;
  const bool folder = std::filesystem::is_directory(options.out, unused);
  if (!options.out.empty() && options.files.size() > 1 && !folder) {
    return base::input_error(fmt::format("there are several files, and '{}' is no folder to put them in", options.out));
  }
  std::vector<std::string> outputs;
  std::set<std::string> taken;
  for (const std::string& file : options.files) {
    std::string output = reduced_name(file);
    if (!options.out.empty()) {
      const std::filesystem::path name = std::filesystem::path(output).filename();
      output = folder ? (std::filesystem::path(options.out) / name).string() : options.out;
    }
    if (!taken.insert(output).second) {
      return base::input_error(fmt::format("two of the files would be written to '{}'", output));
    }
    outputs.push_back(std::move(output));
  }
  return outputs;
}

void print_text(const Json& result) {
  // File names, and what files say.
  const auto text = [&result](const char* key) { return base::one_line(result.at(key).get<std::string>()); };
  const std::string status = result.at("status");
  const bool good = status == "reduced" || status == "minimal";
  fmt::print("{} {}", paint(status, good ? Colour::Green : Colour::Yellow), text("file"));
  if (result.contains("written")) fmt::print(" -> {}", text("written"));
  fmt::print("\n");
  if (result.contains("error")) fmt::print("  {}\n", text("error"));
  if (status == "not-reproduced") {
    const std::string signature = text("signature");
    fmt::print("  does not reproduce: {}\n",
               signature.empty() ? "no oracle convicts it" : signature + " is not what this build gives");
  }
  if (!result.contains("written")) return;
  fmt::print("  {}, {} replays\n", text("signature"), text("replays"));
  fmt::print("  {} -> {} nodes, {} tries, {} kept, {:.2f} s\n", result.at("nodes_before").get<std::uint64_t>(),
             result.at("nodes_after").get<std::uint64_t>(), result.at("tried").get<std::uint64_t>(),
             result.at("kept").get<std::uint64_t>(), result.at("seconds").get<double>());
}

// The worst of all files: what failed must not hide behind what was reduced.
int exit_code_for(const Json& results) {
  bool unreadable = false;
  bool inconclusive = false;
  for (const Json& result : results) {
    const std::string status = result.at("status");
    if (status == "harness-failed") return kHarnessFailed;
    unreadable |= status == "unreadable";
    inconclusive |= status == "not-reproduced" || status == "not-begun";
  }
  return unreadable ? kUsage : inconclusive ? kInconclusive : kPass;
}

int run_reduce(const ReduceOptions& options) {
  const auto outputs = output_files(options);
  if (!outputs) return report_error(outputs.error());
  struct sigaction action{};
  action.sa_handler = on_interrupt;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  const auto work = [&](std::size_t i) {
    return reduce_file(options.files[i], outputs.value()[i], options.seconds, interrupted)
        .dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  const auto answers = run_jobs(options.files.size(), options.jobs, work, interrupted);
  if (!answers) return report_error(answers.error());
  auto results = Json::array();
  for (std::size_t i = 0; i < options.files.size(); ++i) {
    const JobAnswer& answer = answers.value()[i];
    Json result = answer.text ? Json::parse(*answer.text, nullptr, false) : Json();
    if (!answer.begun) {
      result = {{"file", options.files[i]}, {"status", "not-begun"}};
    } else if (!result.is_object()) {
      result = not_reduced(options.files[i], base::system_error("the process that reduced it died"));
    }
    if (!options.json) print_text(result);
    results.push_back(std::move(result));
  }
  if (options.json) {
    const Json json{{"schema_version", 1}, {"reductions", results}};
    fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
  }
  return exit_code_for(results);
}

}  // namespace

void add_reduce_command(CLI::App& app, Action& action) {
  CLI::App* const command = app.add_subcommand("reduce", "Make findings small while they stay the same findings");
  const auto options = std::make_shared<ReduceOptions>();
  options->jobs = std::max(1U, std::thread::hardware_concurrency());
  command->add_option("files", options->files, "Findings, or programs that some oracle convicts (.nda)")->required();
  command->add_option("--out,-o", options->out,
                      "Where to write: a file, or a folder for several; the default is FILE.reduced.nda beside each");
  command->add_option("--seconds", options->seconds, "For each file at most; then the best so far is written")
      ->capture_default_str()
      ->check(positive_number());
  command->add_option("--jobs,-j", options->jobs, "Files at once; the default is one per CPU")
      ->check(CLI::Range(1U, 1024U));
  command->add_flag("--json", options->json, "Print one JSON object");
  command->footer(
      "Examples:\n"
      "  assay reduce findings/*.nda\n"
      "  assay reduce findings/0123.nda -o corpus/regressions/0123.nda\n"
      "The result has the same signature: oracle, guilty pass or instruction, kind of difference. It is replayed ten "
      "times, which its header records. Exit code 4: a file does not reproduce, and nothing was written for it.");
  command->callback([&action, options] {
    options->files = without_results(options->files);
    action = [options] { return run_reduce(*options); };
  });
}

}  // namespace assay::cli
