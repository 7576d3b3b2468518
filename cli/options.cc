// Shared options; see options.h. Tested by cli/test/cli_test.sh.
#include "cli/options.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>
#include <system_error>

#include "reports/store/configuration.h"

namespace assay::cli {
namespace {

std::optional<oracles::OracleId> find_oracle(std::string_view name) {
  for (const oracles::OracleId oracle : oracles::kAllOracles) {
    if (oracles::name(oracle) == name) return oracle;
  }
  return std::nullopt;
}

// The value's bits at the slot's width, or nothing when it does not fit either as a signed or as an unsigned number.
std::optional<std::uint64_t> parse_value(std::string_view text, ast::Type type) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  int radix = 10;
  if (text.starts_with("0x")) {
    radix = 16;
    text.remove_prefix(2);
  }
  std::uint64_t magnitude = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), magnitude, radix);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  const std::uint64_t top = std::uint64_t{1} << (ast::bit_width(type) - 1);
  if (magnitude > (negative ? top : top - 1 + top)) return std::nullopt;
  const std::uint64_t bits = negative ? ~magnitude + 1 : magnitude;
  return type == ast::Type::I32 ? bits & 0xFFFFFFFFU : bits;
}

std::optional<double> finite_number(const std::string& text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || last != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string without_leading_zeros(const std::string& text) {
  const std::size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const std::size_t first = text.find_first_not_of('0', sign);
  // Zero keeps one of them, and 0x... all.
  const std::size_t kept = first == std::string::npos ? text.size() - 1 : first;
  if (kept <= sign || kept >= text.size() || text[kept] < '0' || text[kept] > '9') return text;
  return text.substr(0, sign) + text.substr(kept);
}

}  // namespace

CLI::Validator whole_number(std::uint64_t least) {
  const auto check = [least](const std::string& text) -> std::string {
    const bool hexadecimal = text.starts_with("0x");
    const char* const end = text.data() + text.size();
    std::uint64_t value = 0;
    const auto [last, error] = std::from_chars(text.data() + (hexadecimal ? 2 : 0), end, value, hexadecimal ? 16 : 10);
    if (error == std::errc{} && last == end && value >= least) return {};
    return fmt::format("'{}' is no whole number from {} to 2^64 - 1", text, least);
  };
  return {check, least == 0 ? "" : "POSITIVE"};
}

void read_leading_zeros_as_decimal(CLI::App& command) {
  const auto every = [](const auto*) { return true; };
  for (CLI::Option* const option : command.get_options(every)) {
    const std::string type = option->get_type_name();
    // Before the checks, which see what is left.
    if (type.starts_with("UINT") || type.starts_with("INT")) option->transform(without_leading_zeros, "");
  }
  for (CLI::App* const one : command.get_subcommands(every)) read_leading_zeros_as_decimal(*one);
}

CLI::Validator positive_number() {
  const auto check = [](const std::string& text) {
    const auto value = finite_number(text);
    return value && *value > 0 ? std::string() : fmt::format("'{}' is no number above 0", text);
  };
  return {check, "POSITIVE"};
}

CLI::Validator number_between(double least, double most) {
  const auto check = [least, most](const std::string& text) {
    const auto value = finite_number(text);
    return value && *value >= least && *value <= most
               ? std::string()
               : fmt::format("'{}' is no number from {} to {}", text, least, most);
  };
  return {check, fmt::format("{} to {}", least, most)};
}

base::Result<void> can_be_run(const std::string& program) {
  std::error_code unknown;
  const bool file = std::filesystem::is_regular_file(program, unknown);
  if (file && ::access(program.c_str(), X_OK) == 0) return {};
  return base::input_error(fmt::format("{} is no program that can be run", program));
}

std::string oracle_names() {
  std::string names;
  for (const oracles::OracleId oracle : oracles::kAllOracles) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", oracles::name(oracle));
  }
  return names;
}

base::Result<oracles::JudgeConfig> parse_oracles(std::string_view text) {
  oracles::JudgeConfig config;
  if (text == "all") return config;
  config.enabled.fill(false);
  if (text.empty() || text.ends_with(',')) {
    return base::input_error(fmt::format("the list '{}' lacks an oracle; there are {}", text, oracle_names()));
  }
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(','));
    text = word.size() == text.size() ? std::string_view{} : text.substr(word.size() + 1);
    const auto oracle = find_oracle(word);
    if (!oracle) return base::input_error(fmt::format("there is no oracle '{}'; there are {}", word, oracle_names()));
    config.enabled[static_cast<std::size_t>(*oracle)] = true;
  }
  return config;
}

base::Result<x64::CpuFeatures> parse_features(std::string_view text) {
  if (text == "host") return x64::host_features();
  x64::CpuFeatures features;
  if (!fuzz::parse_features(text, features)) {
    return base::input_error(
        fmt::format("'{}' is no set of CPU features: use baseline, host, or some of popcnt,lzcnt,bmi1,bmi2", text));
  }
  return features;
}

base::Result<x64::CpuFeatures> features_for(const std::string& asked, const fuzz::Finding& finding) {
  return asked.empty() ? base::Result<x64::CpuFeatures>(finding.features) : parse_features(asked);
}

base::Result<opt::Pipeline> pipeline_for(const std::string& asked, const fuzz::Finding& finding) {
  if (asked.empty() && finding.pipeline) return *finding.pipeline;
  return opt::parse_pipeline(asked.empty() ? "default" : asked);
}

base::Result<jit::Convention> parse_convention(std::string_view text) {
  for (const auto convention : {jit::Convention::SystemV, jit::Convention::Microsoft}) {
    if (jit::convention_name(convention) == text) return convention;
  }
  return base::input_error(fmt::format("'{}' is no calling convention: use sysv or win64", text));
}

base::Result<oracles::Frame> parse_inputs(const ast::Program& program, const std::vector<std::string>& assignments) {
  oracles::Frame frame(program.slot_count(), 0);
  for (const std::string& assignment : assignments) {
    const auto equals = assignment.find('=');
    const std::string_view name = std::string_view(assignment).substr(0, equals);
    std::uint32_t slot = 0;
    while (slot < program.slot_count() && program.variable_name(ast::VarId{slot}) != name) ++slot;
    if (equals == std::string::npos || slot == program.slot_count()) {
      return base::input_error(fmt::format("'{}' is not slot=value with a slot of the program", assignment));
    }
    const ast::Type type = program.variable_type(ast::VarId{slot});
    const auto value = parse_value(std::string_view(assignment).substr(equals + 1), type);
    if (!value)
      return base::input_error(fmt::format("the value in '{}' is not an {}", assignment, ast::type_name(type)));
    frame[slot] = *value;
  }
  return frame;
}

void add_proof_options(CLI::App& command, fuzz::ProofBudget& budget) {
  command
      .add_option(
          "--proof-share", budget.share,
          "Share of the time in which loops of new shapes are proved; 0: none. Verdicts do not depend on it, how "
          "many are proved does")
      ->capture_default_str()
      ->check(number_between(0, 1));
  command.add_option("--proof-ms", budget.milliseconds, "For each obligation of a proof")
      ->capture_default_str()
      ->check(CLI::Range(1U, reports::kMostProofMilliseconds));
}

}  // namespace assay::cli
