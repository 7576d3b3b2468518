// The sweep of the encoder at a terminal; see verify_encoder.h. Tested by cli/test/cli_test.sh.
#include "cli/verify_encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "oracles/encoding/check.h"
#include "oracles/encoding/sweep/encoder_sweep.h"

namespace assay::cli {
namespace {

namespace encoding = oracles::encoding;
namespace sweep = oracles::encoding::sweep;

// 24,763,456
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t place = digits.size(); place > 3;) digits.insert(place -= 3, ",");
  return digits;
}

std::string progress_line(const sweep::SweepProgress& progress) {
  constexpr std::uint64_t kCells = 24;
  const std::uint64_t planned = std::max<std::uint64_t>(progress.planned, 1);
  const auto cells = static_cast<std::size_t>(std::min(kCells, progress.done * kCells / planned));
  return fmt::format("[{}{}] {:3} %  {} of {} encodings, {} mismatches", std::string(cells, '#'),
                     std::string(kCells - cells, '.'), progress.done * 100 / planned, grouped(progress.done),
                     grouped(progress.planned), grouped(progress.mismatches));
}

int exit_code_of(const sweep::SweepResult& result) {
  if (!result.is_sound()) return kHarnessFailed;
  return result.mismatches > 0 ? kFindings : kPass;
}

void print_forms(const sweep::SweepResult& result) {
  fmt::print("{:<16} {:>11} {:>11} {:>18}\n", "form", "encodings", "mismatches", "longer on purpose");
  for (const sweep::FormTally& one : result.forms) {
    fmt::print("{:<16} {:>11} {:>11} {:>18}\n", x64::form_info(one.form).id, grouped(one.encodings),
               grouped(one.mismatches), grouped(one.longer));
  }
}

void print_mismatches(const sweep::SweepResult& result) {
  if (result.mismatches == 0) return;
  for (const sweep::SweepMismatch& one : result.first) {
    fmt::print("{}: {}: {}\n", x64::form_info(one.form).id, encoding::name(one.field), one.message);
  }
  fmt::print("first {} of {} mismatches shown; by field:", result.first.size(), grouped(result.mismatches));
  for (std::size_t i = 0; i < result.by_field.size(); ++i) {
    if (result.by_field[i] == 0) continue;
    fmt::print(" {} {}", encoding::name(static_cast<encoding::EncodingField>(i)), grouped(result.by_field[i]));
  }
  if (result.mismatches > sweep::kFieldsNamed) {
    fmt::print(" (of the first {})", grouped(sweep::kFieldsNamed));
  }
  fmt::print("\n");
}

void print_summary(const sweep::SweepResult& result) {
  for (std::size_t i = 0; i < result.longer.size(); ++i) {
    const sweep::LongerRow& row = sweep::kLongerOnPurpose[i];
    if (result.longer[i] != 0) fmt::print("{:>11} longer: {}: {}\n", grouped(result.longer[i]), row.name, row.reason);
  }
  print_mismatches(result);
  fmt::print("{} of {} encodings of {} forms judged by two decoders ({}), {} mismatches\n", grouped(result.encodings),
             grouped(result.planned), result.forms.size(), encoding::decoder_versions(), grouped(result.mismatches));
  fmt::print("{:.1f} s, {:.1f} CPU seconds in {} threads\n", result.seconds, result.cpu_seconds, result.jobs);
  if (!result.complete) fmt::print("a part of the operand space: not the complete check\n");
  const int code = exit_code_of(result);
  const bool passed = code == kPass;
  fmt::print("encoder  {}\n", paint(passed              ? "pass"
                                    : code == kFindings ? "does not encode what it was asked for"
                                                        : "not judged: the harness failed",
                                    passed ? Colour::Green : Colour::Red));
}

void print_json(const sweep::SweepResult& result) {
  nlohmann::ordered_json forms = nlohmann::ordered_json::array();
  for (const sweep::FormTally& one : result.forms) {
    forms.push_back({{"form", x64::form_info(one.form).id},
                     {"planned", one.planned},
                     {"encodings", one.encodings},
                     {"mismatches", one.mismatches},
                     {"longer_on_purpose", one.longer}});
  }
  nlohmann::ordered_json fields = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < result.by_field.size(); ++i) {
    const auto field = static_cast<encoding::EncodingField>(i);
    if (result.by_field[i] != 0) fields[std::string(encoding::name(field))] = result.by_field[i];
  }
  nlohmann::ordered_json longer = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < result.longer.size(); ++i) {
    const sweep::LongerRow& row = sweep::kLongerOnPurpose[i];
    longer.push_back({{"name", row.name}, {"reason", row.reason}, {"encodings", result.longer[i]}});
  }
  nlohmann::ordered_json first = nlohmann::ordered_json::array();
  for (const sweep::SweepMismatch& one : result.first) {
    first.push_back(
        {{"form", x64::form_info(one.form).id}, {"field", encoding::name(one.field)}, {"message", one.message}});
  }
  const nlohmann::ordered_json whole = {{"schema_version", 1},
                                        {"complete", result.complete},
                                        {"planned", result.planned},
                                        {"encodings", result.encodings},
                                        {"mismatches", result.mismatches},
                                        {"decoders", encoding::decoder_versions()},
                                        {"decoded_by_each", result.decoded},
                                        {"seconds", result.seconds},
                                        {"cpu_seconds", result.cpu_seconds},
                                        {"jobs", result.jobs},
                                        {"mismatches_by_field", std::move(fields)},
                                        {"longer_on_purpose", std::move(longer)},
                                        {"first_mismatches", std::move(first)},
                                        {"forms", std::move(forms)},
                                        {"exit_code", exit_code_of(result)}};
  fmt::print("{}\n", whole.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace

void add_verify_encoder_options(CLI::App& command, VerifyEncoderOptions& options) {
  options.jobs = std::max(1U, std::thread::hardware_concurrency());
  command.add_flag("--encoder", options.wanted,
                   "Every form with every operand is encoded as two decoders read it, in the shortest way");
  command.add_option("--jobs,-j", options.jobs, "Of --encoder (threads) and --instructions (processes)")
      ->capture_default_str()
      ->check(CLI::Range(1U, 256U));
  command.add_option("--forms", options.forms, "Forms for --encoder: globs joined by commas (Add*,MovR64I64)")
      ->capture_default_str();
  command
      .add_option("--every", options.every,
                  "Of a form with more than 4096 encodings, --encoder judges each so-many-th; best a prime")
      ->capture_default_str()
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000}));
}

int verify_encoder(const VerifyEncoderOptions& options, bool json) {
  sweep::SweepOptions asked;
  asked.jobs = options.jobs;
  asked.forms = options.forms;
  asked.every = options.every;
  StatusLine status;
  asked.progress = [&](const sweep::SweepProgress& progress) { status.show(progress_line(progress)); };
  const auto result = sweep::sweep_encoder(asked);
  status.finish();
  if (!result) return report_error(result.error());
  if (json) {
    print_json(*result);
  } else {
    print_forms(*result);
    print_summary(*result);
  }
  if (!result->is_sound()) {
    return report_error(base::system_error(fmt::format("{} of {} encodings were judged, {} by both decoders",
                                                       result->encodings, result->planned, result->decoded)));
  }
  return exit_code_of(*result);
}

}  // namespace assay::cli
