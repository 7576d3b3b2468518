// Registration of variables; see variables.h. Tested by core/jit/test/variables_test.cc.
#include "core/jit/variables.h"

#include <algorithm>

namespace assay::jit {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;

constexpr std::uint32_t kDeepestCounted = 5;
constexpr std::uint32_t kLargestWeight = 1U << 30;

class Registrar {
 public:
  Registrar(const ast::Program& program, LirProgram& lir, std::vector<VReg>& registers)
      : program_(program), lir_(lir), registers_(registers) {}

  void block(NodeId first, std::uint32_t loops) {
    for (NodeId id = first; id.valid(); id = program_.node(id).next) statement(program_.node(id), loops);
  }

 private:
  void statement(const Node& node, std::uint32_t loops) {
    switch (node.kind) {
      case NodeKind::Let:
      case NodeKind::Store:
        expression(node.child_b(), loops);
        touch(node.variable(), loops).stored_at_exit |= program_.is_slot(node.variable());
        break;
      case NodeKind::If:
        expression(node.child_a(), loops);
        block(node.child_b(), loops);
        block(node.child_c(), loops);
        break;
      case NodeKind::Loop:
        expression(node.child_a(), loops);
        block(node.child_b(), loops + 1);
        break;
      case NodeKind::While:
        expression(node.child_a(), loops + 1);
        block(node.child_b(), loops + 1);
        break;
      case NodeKind::Return:
        if (node.child_a().valid()) expression(node.child_a(), loops);
        break;
      case NodeKind::Push:
      case NodeKind::Print:
        expression(node.child_a(), loops);
        break;
      default:
        break;
    }
  }

  // The last operand is followed in the loop rather than by a call of its own: this walk is a good part of a
  // compilation.
  void expression(NodeId id, std::uint32_t loops) {
    while (true) {
      const Node& node = program_.node(id);
      switch (node.kind) {
        case NodeKind::Load:
          load(node.variable(), loops);
          return;
        case NodeKind::Unary:
        case NodeKind::Convert:
          id = node.child_a();
          break;
        case NodeKind::Binary:
        case NodeKind::Compare:
          expression(node.child_a(), loops);
          id = node.child_b();
          break;
        case NodeKind::Select:
          expression(node.child_a(), loops);
          expression(node.child_b(), loops);
          id = node.child_c();
          break;
        default:
          return;
      }
    }
  }

  void load(ast::VarId variable, std::uint32_t loops) {
    VRegInfo& info = touch(variable, loops);
    info.loaded_at_entry |= program_.is_slot(variable);
    ++info.loads;
  }

  VRegInfo& touch(ast::VarId variable, std::uint32_t loops) {
    VReg& reg = registers_[variable.value];
    if (!reg.valid()) {
      reg = VReg{static_cast<std::uint32_t>(lir_.vregs.size())};
      VRegInfo info;
      info.width = static_cast<std::uint8_t>(ast::bit_width(program_.variable_type(variable)));
      if (program_.is_slot(variable)) info.slot = static_cast<std::int32_t>(variable.value);
      lir_.vregs.push_back(info);
    }
    VRegInfo& info = lir_.vregs[reg.value];
    info.weight = std::min(info.weight + loop_weight(loops), kLargestWeight);
    return info;
  }

  const ast::Program& program_;
  LirProgram& lir_;
  std::vector<VReg>& registers_;
};

}  // namespace

std::uint32_t loop_weight(std::uint32_t loop_depth) { return 1U << (3 * std::min(loop_depth, kDeepestCounted)); }

void pre_register_variables(const ast::Program& program, LirProgram& lir, std::vector<VReg>& registers) {
  registers.assign(program.variable_count(), VReg::none());
  Registrar(program, lir, registers).block(program.body(), 0);
  // A slot that is stored on some paths only must hold its old value on the others.
  for (VRegInfo& info : lir.vregs) info.loaded_at_entry |= info.stored_at_exit;
}

}  // namespace assay::jit
