// `assay doctor`: what this machine supports. Tested by cli/test/cli_test.sh.
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "core/x64/cpu_features.h"
#include "fuzz/findings/environment.h"
#include "oracles/emulated/emulated_engine.h"
#include "oracles/encoding/check.h"
#include "oracles/native/native_engine.h"

namespace assay::cli {
namespace {

struct Check {
  std::string name;
  bool ok;
  std::string detail;
};

template <class Value>
Check check_of(std::string name, const base::Result<Value>& result, std::string good) {
  return {std::move(name), result.ok(), result.ok() ? std::move(good) : result.error().describe()};
}

std::vector<Check> examine() {
  std::vector<Check> checks;
  checks.push_back({"build", true, fuzz::build_description()});
  checks.push_back(
      {"cpu", true,
       fmt::format("{}, {} hardware threads", fuzz::cpu_description(), std::thread::hardware_concurrency())});
  checks.push_back({"cpu features", true, x64::describe(x64::host_features())});
  checks.push_back(
      check_of("sandbox", oracles::probe_sandbox(), "seccomp, guard pages, alternate stack and timer hold"));
  for (const auto convention : {jit::Convention::SystemV, jit::Convention::Microsoft}) {
    checks.push_back(check_of(fmt::format("native {}", jit::convention_name(convention)),
                              oracles::create_native_engine(convention), "worker process starts"));
  }
  checks.push_back(check_of("emulator", oracles::create_emulated_engine(jit::Convention::SystemV),
                            fmt::format("Unicorn {}, runs {}", oracles::emulated::emulator_version(),
                                        x64::describe(oracles::emulated_features()))));
  checks.push_back(
      check_of("decoders", oracles::encoding::EncodingChecker::create(), oracles::encoding::decoder_versions()));
  return checks;
}

int run_doctor(bool json) {
  bool healthy = true;
  auto results = nlohmann::ordered_json::array();
  for (const Check& check : examine()) {
    healthy &= check.ok;
    results.push_back({{"name", check.name}, {"ok", check.ok}, {"detail", check.detail}});
    if (!json)
      fmt::print("{:<14} {}  {}\n", check.name,
                 check.ok ? paint("ok    ", Colour::Green) : paint("FAILED", Colour::Red), check.detail);
  }
  if (json) {
    const nlohmann::ordered_json document{{"schema_version", 1}, {"healthy", healthy}, {"checks", results}};
    fmt::print("{}\n", document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  } else if (!healthy) {
    fmt::print("This machine cannot run campaigns: nothing is executed without the sandbox.\n");
  }
  return healthy ? kPass : kHarnessFailed;
}

}  // namespace

void add_doctor_command(CLI::App& app, Action& action) {
  CLI::App* const command = app.add_subcommand("doctor", "Check what this machine supports");
  const auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "Print one JSON object");
  command->footer("Example:\n  assay doctor\nExit code 3: something a campaign needs is missing.");
  command->callback([&action, json] { action = [json] { return run_doctor(*json); }; });
}

}  // namespace assay::cli
