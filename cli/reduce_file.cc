// One finding made small; see reduce_file.h. Tested by cli/test/cli_test.sh, and behind the command line by
// fuzz/triage/test/triage_test.cc.
#include "cli/reduce_file.h"

#include <chrono>
#include <memory>

#include "cli/input_file.h"
#include "core/base/file.h"
#include "fuzz/triage/minimise.h"

namespace assay::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kExtension = ".nda";
constexpr std::string_view kReducedExtension = ".reduced.nda";

base::Result<std::unique_ptr<oracles::Judge>> make_judge(const oracles::JudgeConfig& config) {
  return oracles::Judge::create(config, std::make_unique<oracles::JitBlockSource>());
}

const char* status_name(const fuzz::Reduction& reduction) {
  switch (reduction.end) {
    case fuzz::ReductionEnd::Complete:
      return reduction.kept == 0 ? "minimal" : "reduced";
    case fuzz::ReductionEnd::Stopped:
      return "stopped";
    case fuzz::ReductionEnd::NotReproduced:
      return "not-reproduced";
    case fuzz::ReductionEnd::HarnessFailed:
      return "harness-failed";
  }
  return "?";
}

}  // namespace

std::string reduced_name(const std::string& file) {
  if (file.ends_with(kReducedExtension)) return file;
  const std::size_t stem = file.ends_with(kExtension) ? file.size() - kExtension.size() : file.size();
  return file.substr(0, stem) + std::string(kReducedExtension);
}

Json not_reduced(const std::string& file, const base::Error& error) {
  return {{"file", file},
          {"status", error.kind == base::ErrorKind::Input ? "unreadable" : "harness-failed"},
          {"error", error.describe()}};
}

Json reduce_file(const std::string& file, const std::string& output, double seconds,
                 const std::atomic<bool>& interrupted) {
  const auto start = std::chrono::steady_clock::now();
  const auto finding = load(file);
  if (!finding) return not_reduced(file, finding.error());
  fuzz::ReduceConfig config;
  config.seconds = seconds;
  config.interrupted = &interrupted;
  auto minimised = fuzz::minimise(*finding, make_judge, config);
  if (!minimised) {
    base::Error error = minimised.error();
    if (error.file.empty()) error.file = file;
    return not_reduced(file, error);
  }
  const fuzz::Reduction& reduction = minimised->reduction;
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  Json json{{"file", file},
            {"status", status_name(reduction)},
            {"signature", reduction.finding.signature},
            {"nodes_before", reduction.nodes_before},
            {"nodes_after", reduction.nodes_after},
            {"tried", reduction.tried},
            {"kept", reduction.kept},
            {"seconds", elapsed.count()}};
  if (reduction.failure) json["error"] = reduction.failure->describe();
  if (reduction.end == fuzz::ReductionEnd::NotReproduced) return json;
  if (const auto written = base::write_file_atomically(output, fuzz::print_finding(reduction.finding)); !written) {
    return not_reduced(file, written.error());
  }
  json["replays"] = reduction.finding.replays;
  json["written"] = output;
  return json;
}

}  // namespace assay::cli
