// The `assay` program, which is also called `verify`. Tested by cli/test/cli_test.sh.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <new>
#include <string_view>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_code.h"

namespace {

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
  // Called as `verify`, by a link to the program, it is `assay verify`.
  std::vector<const char*> arguments(argv, argv + argc);
  if (argc > 0 && std::string_view(argv[0]).substr(std::string_view(argv[0]).rfind('/') + 1) == "verify") {
    arguments.insert(arguments.begin() + 1, "verify");
  }
  try {
    app.parse(static_cast<int>(arguments.size()), arguments.data());
  } catch (const CLI::ParseError& error) {
    // CLI11 has codes of its own; help and version are success, everything else is usage.
    return app.exit(error) == 0 ? assay::cli::kPass : assay::cli::kUsage;
  }
  return action();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fputs("assay: out of memory\n", stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "assay: %s\n", error.what());
  }
  return assay::cli::kHarnessFailed;
}
