// The `assay` program, which is also called `verify`. Tested by cli/test/cli_test.sh.
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <new>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "core/base/one_line.h"

namespace {

// The first word that should be a command and is none, with those there are; CLI11 says only that one is missing.
std::string unknown_command(const CLI::App& app, const std::vector<const char*>& arguments) {
  const CLI::App* at = &app;
  for (std::size_t i = 1; i < arguments.size() && at->get_require_subcommand_min() > 0; ++i) {
    if (arguments[i][0] == '-') return {};
    const CLI::App* next = nullptr;
    std::string names;
    for (const CLI::App* const one : at->get_subcommands([](const CLI::App*) { return true; })) {
      names += (names.empty() ? "" : ", ") + one->get_name();
      if (one->get_name() == arguments[i]) next = one;
    }
    if (next == nullptr) {
      return fmt::format("there is no command '{}'; there are {}", arguments[i], names);
    }
    at = next;
  }
  return {};
}

// What CLI11 says of arguments, names of files among them.
void print_lines(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) fmt::print(stderr, "{}\n", assay::base::one_line(line));
}

// What was printed must have arrived: a night's results on a full disk are no success.
int flushed(int code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  return assay::cli::report_error(assay::base::system_error("cannot write the standard output", errno));
}

int run(int argc, char** argv) {
  CLI::App app{"Assay: a small compiler and the harness that tries to convict it.", "assay"};
  app.set_version_flag("--version", std::string("assay ") + ASSAY_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 pass, 1 findings, 2 usage or unreadable input, 3 the harness itself failed, 4 inconclusive.\n"
      "`assay COMMAND --help` shows options and examples.");
  assay::cli::Action action;
  assay::cli::add_fuzz_command(app, action);
  assay::cli::add_campaign_command(app, action);
  assay::cli::add_findings_command(app, action);
  assay::cli::add_run_command(app, action);
  assay::cli::add_replay_command(app, action);
  assay::cli::add_gate_command(app, action);
  assay::cli::add_corpus_command(app, action);
  assay::cli::add_reduce_command(app, action);
  assay::cli::add_report_command(app, action);
  assay::cli::add_dump_command(app, action);
  assay::cli::add_explain_command(app, action);
  assay::cli::add_verify_command(app, action);
  assay::cli::add_doctor_command(app, action);
  assay::cli::add_selftest_command(app, action);
  assay::cli::read_leading_zeros_as_decimal(app);
  // Called as `verify`, by a link to the program, it is `assay verify`.
  std::vector<const char*> arguments(argv, argv + argc);
  if (argc > 0 && std::string_view(argv[0]).substr(std::string_view(argv[0]).rfind('/') + 1) == "verify") {
    arguments.insert(arguments.begin() + 1, "verify");
  }
  if (const std::string unknown = unknown_command(app, arguments); !unknown.empty()) {
    return assay::cli::report_error(assay::base::input_error(unknown));
  }
  try {
    app.parse(static_cast<int>(arguments.size()), arguments.data());
  } catch (const CLI::ParseError& error) {
    // CLI11 has codes of its own; help and version are success, everything else is usage.
    if (error.get_exit_code() == 0) {
      static_cast<void>(app.exit(error));
      return flushed(assay::cli::kPass);
    }
    std::ostringstream text;
    static_cast<void>(app.exit(error, text, text));
    print_lines(text.str());
    return assay::cli::kUsage;
  }
  return flushed(action());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fputs("assay: out of memory\n", stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "assay: %s\n", assay::base::one_line(error.what()).c_str());
  }
  return assay::cli::kHarnessFailed;
}
