// Convictions in words; see explain.h. Tested by oracles/test/faults_test.cc.
#include "oracles/explain.h"

#include <fmt/format.h>

#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "oracles/blame.h"
#include "oracles/compare.h"
#include "oracles/encoding/disassemble.h"

namespace assay::oracles {
namespace {

std::string describe_input(const ast::Program& program, const Frame& frame) {
  std::string text = "input:";
  for (std::uint32_t i = 0; i < program.slot_count() && i < frame.size(); ++i) {
    text += fmt::format(" {}={:#x}", program.variable_name(ast::VarId{i}), frame[i]);
  }
  return text;
}

std::string describe_bytes(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{}{:02x}", text.empty() ? "" : " ", byte);
  return text;
}

void explain_instruction(const Conviction& conviction, const ast::Program& program, const Blame& blame,
                         std::vector<std::string>& lines) {
  const x64::Intent& intent = *blame.instruction;
  const std::span code(conviction.block.code);
  if (std::size_t{intent.offset} + intent.length > code.size()) return;
  const auto bytes = code.subspan(intent.offset, intent.length);
  lines.push_back(fmt::format("instruction at {:#x}: {}  {}  (form {})", intent.offset, describe_bytes(bytes),
                              encoding::disassemble_one(bytes, intent.offset), blame.form));
  if (intent.node < program.node_count()) {
    lines.push_back(fmt::format("made for: {}", ast::print_node(program, ast::NodeId{intent.node})));
  } else {
    lines.emplace_back("made for: entry or exit of the block");
  }
}

// What the guilty pass gave, a line each. A program that is not valid has no text.
void append_program(const ast::Program& after, std::vector<std::string>& lines) {
  if (!ast::verify(after)) return;
  lines.emplace_back("after the pass:");
  const std::string text = ast::print_program(after);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    lines.push_back("  " + text.substr(begin, end - begin));
    begin = end + 1;
  }
}

}  // namespace

std::vector<std::string> explain(const Conviction& conviction, const ast::Program& program,
                                 std::span<const Frame> inputs) {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("{} says {}", name(conviction.oracle), name(conviction.verdict)));
  if (conviction.pass) lines.push_back(fmt::format("guilty pass: {}", opt::pass_info(*conviction.pass).name));
  if (!conviction.message.empty()) {
    lines.push_back(conviction.message);
  } else {
    if (conviction.input < inputs.size()) lines.push_back(describe_input(program, inputs[conviction.input]));
    for (const Difference& difference : conviction.differences) {
      lines.push_back(describe(program, difference, conviction.got));
    }
  }
  const Blame guilty = blame(conviction, program);
  if (guilty.instruction != nullptr) explain_instruction(conviction, conviction.judged(program), guilty, lines);
  if (conviction.pass) append_program(conviction.judged(program), lines);
  return lines;
}

}  // namespace assay::oracles
