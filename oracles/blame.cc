// From convictions to instructions and nodes; see blame.h. Tested by oracles/test/faults_test.cc.
#include "oracles/blame.h"

#include <algorithm>

namespace assay::oracles {
namespace {

const x64::Intent* instruction_at(const jit::CompiledBlock& block, std::uint32_t offset) {
  if (offset == kUnknownOffset) return nullptr;
  const auto found = std::find_if(block.intents.begin(), block.intents.end(), [offset](const x64::Intent& intent) {
    return offset >= intent.offset && offset < intent.offset + intent.length;
  });
  return found == block.intents.end() ? nullptr : &*found;
}

std::string detail_of(const Difference& difference) {
  switch (difference.kind) {
    case DifferenceKind::Fault:
      return std::string(name(static_cast<FaultKind>(difference.got)));
    case DifferenceKind::Encoding:
      return std::string(encoding::name(static_cast<encoding::EncodingField>(difference.index)));
    case DifferenceKind::Violation: {
      // The lowest violation stands for the set: one clobber often shows in several ways.
      const auto set = static_cast<std::uint16_t>(difference.got);
      return std::string(name(static_cast<Violation>(set & (~set + 1U))));
    }
    default:
      return {};
  }
}

}  // namespace

std::string_view node_label(const ast::Node& node) {
  switch (node.kind) {
    case ast::NodeKind::Unary:
    case ast::NodeKind::Binary:
    case ast::NodeKind::Compare:
    case ast::NodeKind::Convert:
      return ast::op_info(node.op).name;
    default:
      return ast::node_kind_name(node.kind);
  }
}

Blame blame(const Conviction& conviction, const ast::Program& program) {
  Blame result;
  if (!conviction.differences.empty()) result.detail = detail_of(conviction.differences.front());
  result.instruction = instruction_at(conviction.block, conviction.code_offset);
  if (result.instruction == nullptr) return result;
  const ast::Program& judged = conviction.judged(program);
  result.form = x64::form_info(result.instruction->form).id;
  if (result.instruction->node < judged.node_count()) {
    result.node = node_label(judged.node(ast::NodeId{result.instruction->node}));
  }
  return result;
}

}  // namespace assay::oracles
