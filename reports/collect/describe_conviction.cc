// Convictions as tables; see describe_conviction.h. Tested by reports/collect/test/collect_test.cc.
#include "reports/collect/describe_conviction.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "oracles/compare.h"
#include "oracles/encoding/disassemble.h"
#include "oracles/encoding/fields.h"
#include "oracles/explain.h"
#include "reports/model/source_files.h"

namespace assay::reports {
namespace {

using oracles::Conviction;
using oracles::Difference;
using oracles::DifferenceKind;

// A page with the code of a program of thousands of nodes helps nobody: as many instructions on each side of the guilty
// one as a reader may follow.
constexpr std::size_t kContext = 150;
constexpr std::size_t kMostNodeText = 100;

bool differs(const Conviction& conviction, std::initializer_list<DifferenceKind> kinds, std::size_t index) {
  return std::any_of(conviction.differences.begin(), conviction.differences.end(), [&](const Difference& one) {
    return one.index == index && std::find(kinds.begin(), kinds.end(), one.kind) != kinds.end();
  });
}

bool differs(const Conviction& conviction, std::initializer_list<DifferenceKind> kinds) {
  return std::any_of(conviction.differences.begin(), conviction.differences.end(), [&](const Difference& one) {
    return std::find(kinds.begin(), kinds.end(), one.kind) != kinds.end();
  });
}

std::string end_text(const oracles::Run& run) {
  std::string text(oracles::name(run.end));
  if (run.end == oracles::RunEnd::Trapped) text += fmt::format(" ({})", ast::trap_name(run.trap));
  return text;
}

std::string cell(std::span<const std::uint64_t> cells, std::size_t index) {
  return index < cells.size() ? fmt::format("{:#018x}", cells[index]) : "-";
}

std::vector<StateRow> states_of(const Conviction& conviction, const ast::Program& program) {
  const oracles::Run& expected = conviction.expected;
  const oracles::Run& got = conviction.got;
  std::vector<StateRow> rows;
  if (expected.end != oracles::RunEnd::NotRun) {
    rows.push_back({"end", end_text(expected), end_text(got),
                    differs(conviction, {DifferenceKind::End, DifferenceKind::Trap, DifferenceKind::Fault,
                                         DifferenceKind::Runaway, DifferenceKind::ProcessDied})});
    for (std::uint32_t i = 0; i < program.slot_count(); ++i) {
      rows.push_back({fmt::format("slot {} ({})", i, program.variable_name(ast::VarId{i})), cell(expected.frame, i),
                      cell(got.frame, i), differs(conviction, {DifferenceKind::Slot, DifferenceKind::HighHalf}, i)});
    }
    const std::size_t depth = std::max(expected.stack.size(), got.knows_depth ? got.stack.size() : 0);
    for (std::size_t i = 0; i < depth; ++i) {
      const bool one_has_none = got.knows_depth && (i >= expected.stack.size() || i >= got.stack.size());
      rows.push_back({fmt::format("operand stack {}", i), cell(expected.stack, i), cell(got.stack, i),
                      one_has_none || differs(conviction, {DifferenceKind::StackCell}, i)});
    }
  }
  // What is no cell of the state has a sentence instead.
  for (const Difference& one : conviction.differences) {
    const bool has_sentence = one.kind == DifferenceKind::Violation || one.kind == DifferenceKind::Fault ||
                              one.kind == DifferenceKind::Runaway || one.kind == DifferenceKind::ProcessDied ||
                              one.kind == DifferenceKind::Printed;
    if (has_sentence)
      rows.push_back({std::string(oracles::name(one.kind)), "-", oracles::describe(program, one, got), true});
  }
  return rows;
}

std::string node_text(const ast::Program& judged, std::uint32_t node) {
  if (node >= judged.node_count()) return "";
  std::string text = ast::print_node(judged, ast::NodeId{node});
  if (text.size() <= kMostNodeText) return text;
  return text.substr(0, kMostNodeText) + "...";
}

std::string hex(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{}{:02x}", text.empty() ? "" : " ", byte);
  return text;
}

// By the encoding oracle's own reading of the manual, where the bytes differ from it.
std::string intended_bytes(const x64::Intent& intent, std::span<const std::uint8_t> bytes) {
  const x64::Intent meant = oracles::encoding::relative(intent);
  if (!oracles::encoding::is_encodable(meant)) return "";
  const oracles::encoding::Bytes right = oracles::encoding::to_bytes(oracles::encoding::intended_fields(meant));
  return std::ranges::equal(right.span(), bytes) ? "" : hex(right.span());
}

std::vector<Instruction> disassemble(const Conviction& conviction, const ast::Program& judged) {
  const std::span code(conviction.block.code);
  const std::vector<x64::Intent>& intents = conviction.block.intents;
  const auto is_guilty = [&conviction](const x64::Intent& one) {
    return conviction.code_offset >= one.offset && conviction.code_offset < one.offset + one.length;
  };
  std::size_t first = 0;
  std::size_t last = intents.size();
  if (intents.size() > 2 * kContext) {
    const auto guilty =
        static_cast<std::size_t>(std::find_if(intents.begin(), intents.end(), is_guilty) - intents.begin());
    const std::size_t middle = guilty == intents.size() ? 0 : guilty;
    first = middle > kContext ? middle - kContext : 0;
    last = std::min(intents.size(), first + 2 * kContext);
  }
  const bool valid = static_cast<bool>(ast::verify(judged));
  std::vector<Instruction> lines;
  for (std::size_t i = first; i < last; ++i) {
    const x64::Intent& intent = intents[i];
    if (std::size_t{intent.offset} + intent.length > code.size()) break;
    const auto bytes = code.subspan(intent.offset, intent.length);
    Instruction line;
    line.offset = intent.offset;
    line.bytes = hex(bytes);
    line.text = oracles::encoding::disassemble_one(bytes, intent.offset);
    if (valid) line.node = node_text(judged, intent.node);
    line.guilty = is_guilty(intent);
    if (line.guilty && conviction.oracle == oracles::OracleId::Encoding) line.intended = intended_bytes(intent, bytes);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

void describe_signature(const std::string& signature, ReportFinding& finding) {
  SignatureParts parts = split_signature(signature);
  finding.signature = signature;
  finding.source_file = guilty_source_file(parts.oracle, parts.stage, parts.node);
  finding.oracle = std::move(parts.oracle);
  finding.stage = std::move(parts.stage);
  finding.node = std::move(parts.node);
  finding.form = std::move(parts.form);
  finding.difference = std::move(parts.difference);
}

void describe_conviction(const Conviction& conviction, const std::string& signature, const ast::Program& program,
                         std::span<const oracles::Frame> inputs, ReportFinding& finding) {
  describe_signature(signature, finding);
  finding.verdict = oracles::name(conviction.verdict);
  finding.explanation = oracles::explain(conviction, program, inputs);
  const ast::Program& judged = conviction.judged(program);
  // What a guilty pass gave need not be a program that has a text.
  if (conviction.optimised && ast::verify(judged)) finding.after_pass = ast::print_program(judged);
  finding.states = states_of(conviction, program);
  finding.disassembly = disassemble(conviction, judged);
}

}  // namespace assay::reports
