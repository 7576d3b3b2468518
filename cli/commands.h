// The subcommands: each file adds one to the command line and runs it.
//
// A command registers its options with CLI11 and leaves a closure behind that does the work and gives the exit code, so
// that `main` knows the commands by name only. Tested by cli/test/cli_test.sh.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace assay::cli {

// Set by the subcommand that was named on the command line.
using Action = std::function<int()>;

void add_run_command(CLI::App& app, Action& action);
void add_fuzz_command(CLI::App& app, Action& action);
void add_campaign_command(CLI::App& app, Action& action);
void add_findings_command(CLI::App& app, Action& action);
void add_replay_command(CLI::App& app, Action& action);
void add_gate_command(CLI::App& app, Action& action);
void add_corpus_command(CLI::App& app, Action& action);
void add_reduce_command(CLI::App& app, Action& action);
void add_report_command(CLI::App& app, Action& action);
void add_dump_command(CLI::App& app, Action& action);
void add_explain_command(CLI::App& app, Action& action);
void add_verify_command(CLI::App& app, Action& action);
void add_doctor_command(CLI::App& app, Action& action);
void add_selftest_command(CLI::App& app, Action& action);

}  // namespace assay::cli
