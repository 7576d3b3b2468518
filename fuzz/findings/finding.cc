// The text of findings; see finding.h. Tested by fuzz/findings/test/finding_test.cc.
#include "fuzz/findings/finding.h"

#include <fmt/format.h>

#include <charconv>
#include <system_error>
#include <utility>

#include "core/ast/text.h"
#include "core/base/one_line.h"
#include "oracles/blame.h"

namespace assay::fuzz {
namespace {

// Header values come from programs and machines: one line each, whatever they contain.
void add_header(std::string& out, std::string_view key, std::string_view value) {
  out += fmt::format("// {}: {}\n", key, base::one_line(value));
}

std::string print_frame(const oracles::Frame& frame) {
  std::string text;
  for (const std::uint64_t cell : frame) text += fmt::format("{}{:#x}", text.empty() ? "" : " ", cell);
  return text;
}

// The version line of the text form stays the first of the file.
std::string with_header(const ast::Program& program, const std::string& header) {
  std::string text = ast::print_program(program);
  const std::size_t first_line = text.starts_with("// format") ? text.find('\n') + 1 : 0;
  return text.insert(first_line, header);
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool parse_number(std::string_view text, std::uint64_t& value) {
  int radix = 10;
  if (text.starts_with("0x")) {
    radix = 16;
    text.remove_prefix(2);
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, radix);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

// Calls `take` for each word between separators; stops and gives false when it does.
template <class Take>
bool for_each_word(std::string_view text, char separator, Take take) {
  while (!(text = trim(text)).empty()) {
    const auto end = text.find(separator);
    if (!take(trim(text.substr(0, end)))) return false;
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return true;
}

bool parse_frame(std::string_view text, oracles::Frame& frame) {
  return for_each_word(text, ' ', [&frame](std::string_view word) {
    std::uint64_t value = 0;
    if (!parse_number(word, value)) return false;
    frame.push_back(value);
    return true;
  });
}

bool parse_header(std::string_view key, std::string_view value, Finding& finding) {
  if (key == "input") return parse_frame(value, finding.inputs.emplace_back());
  if (key == "features") return parse_features(value, finding.features);
  if (key == "passes") {
    auto pipeline = opt::parse_pipeline(value);
    if (pipeline) finding.pipeline = std::move(pipeline).value();
    return static_cast<bool>(pipeline);
  }
  if (key == "seed") return parse_number(value, finding.campaign_seed);
  if (key == "program") return parse_number(value, finding.program_index);
  if (key == "oracle") finding.oracle = value;
  if (key == "verdict") finding.verdict = value;
  if (key == "signature") finding.signature = value;
  if (key == "configuration") finding.configuration = value;
  if (key == "build") finding.build = value;
  if (key == "cpu") finding.cpu = value;
  if (key == "replays") finding.replays = value;
  return true;
}

base::Error header_error(std::string message, std::uint32_t line, std::string_view file) {
  base::Error error = base::input_error(std::move(message), {line, 1});
  error.file = file;
  return error;
}

}  // namespace

bool parse_features(std::string_view text, x64::CpuFeatures& features) {
  features = {};
  if (text == "baseline") return true;
  return for_each_word(text, ',', [&features](std::string_view word) {
    bool* const flag = word == "popcnt"  ? &features.popcnt
                       : word == "lzcnt" ? &features.lzcnt
                       : word == "bmi1"  ? &features.bmi1
                       : word == "bmi2"  ? &features.bmi2
                                         : nullptr;
    if (flag == nullptr) return false;
    *flag = true;
    return true;
  });
}

std::string signature_of(const oracles::Conviction& conviction, const ast::Program& program) {
  oracles::Blame blame = oracles::blame(conviction, program);
  const oracles::DifferenceKind kind = conviction.differences.front().kind;
  // Where in its loop a runaway was stopped is chance.
  if (kind == oracles::DifferenceKind::Runaway) blame.node = blame.form = {};
  std::string difference(oracles::name(kind));
  if (!blame.detail.empty()) difference += ":" + blame.detail;
  return fmt::format("{}/{}/{}/{}/{}", oracles::name(conviction.oracle),
                     conviction.pass ? opt::pass_info(*conviction.pass).name : "codegen",
                     blame.node.empty() ? "-" : blame.node, blame.form.empty() ? "-" : blame.form, difference);
}

std::string print_finding(const Finding& finding) {
  std::string header;
  add_header(header, "assay-finding", std::to_string(kFindingVersion));
  add_header(header, "oracle", finding.oracle);
  add_header(header, "verdict", finding.verdict);
  add_header(header, "signature", finding.signature);
  add_header(header, "seed", fmt::format("{:#x}", finding.campaign_seed));
  add_header(header, "program", std::to_string(finding.program_index));
  add_header(header, "configuration", finding.configuration);
  add_header(header, "features", x64::describe(finding.features));
  if (finding.pipeline) add_header(header, "passes", opt::print_pipeline(*finding.pipeline));
  add_header(header, "build", finding.build);
  add_header(header, "cpu", finding.cpu);
  if (!finding.replays.empty()) add_header(header, "replays", finding.replays);
  for (const oracles::Frame& input : finding.inputs) add_header(header, "input", print_frame(input));
  for (const std::string& line : finding.explanation) header += fmt::format("//| {}\n", base::one_line(line));
  return with_header(finding.program, header);
}

std::string print_case(const Finding& finding) {
  std::string header;
  add_header(header, "features", x64::describe(finding.features));
  if (finding.pipeline) add_header(header, "passes", opt::print_pipeline(*finding.pipeline));
  for (const oracles::Frame& input : finding.inputs) add_header(header, "input", print_frame(input));
  return with_header(finding.program, header);
}

base::Result<Finding> parse_finding(std::string_view text, std::string_view file) {
  auto program = ast::parse_program(text, file);
  if (!program) return program.error();
  Finding finding;
  finding.program = std::move(program).value();
  std::uint32_t line_number = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    ++line_number;
    const auto end = rest.find('\n');
    std::string_view line = trim(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (line.empty()) continue;
    if (!line.starts_with("//")) break;  // the header ends where the program begins
    line.remove_prefix(2);
    if (line.starts_with('|')) continue;  // for people
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view key = trim(line.substr(0, colon));
    const std::string_view value = trim(line.substr(colon + 1));
    if (key == "assay-finding" && value != std::to_string(kFindingVersion)) {
      return header_error(fmt::format("this finding has format version {}, and this build reads version {}",
                                      base::one_line(value), kFindingVersion),
                          line_number, file);
    }
    if (!parse_header(key, value, finding)) {
      return header_error(fmt::format("the finding's header has an unreadable value for '{}'", base::one_line(key)),
                          line_number, file);
    }
    if (key == "input" && finding.inputs.back().size() != finding.program.slot_count()) {
      return header_error(fmt::format("an input has {} cells, and the program has {} slots",
                                      finding.inputs.back().size(), finding.program.slot_count()),
                          line_number, file);
    }
  }
  return finding;
}

}  // namespace assay::fuzz
