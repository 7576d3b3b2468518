// Collecting what loops use; see loop_uses.h. Tested by core/opt/test/dead_code_test.cc.
#include "core/opt/loop_uses.h"

#include "core/opt/expressions.h"

namespace assay::opt {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::VarId;

class AllLoopUses::Collector {
 public:
  Collector(const ast::Program& program, AllLoopUses& all)
      : program_(program),
        all_(all),
        stored_in_(program.variable_count(), kNone),
        read_in_(program.variable_count(), kNone),
        next_local_(program.slot_count()) {}

  void run() { block(program_.body(), kNone); }

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};

  void block(NodeId first, std::size_t innermost) {
    for (NodeId id = first; id.valid(); id = program_.node(id).next) statement(id, innermost);
  }

  void statement(NodeId id, std::size_t innermost) {
    const Node& node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Let:
        value(node.child_b(), innermost);
        next_local_ = node.a + 1;
        break;
      case NodeKind::Store:
        store(node, innermost);
        break;
      case NodeKind::If:
        value(node.child_a(), innermost);
        block(node.child_b(), innermost);
        block(node.child_c(), innermost);
        break;
      case NodeKind::Loop:
        value(node.child_a(), innermost);
        loop(id, innermost);
        break;
      case NodeKind::While:
        loop(id, innermost);
        break;
      case NodeKind::Break:
        all_.loops_[innermost].has_break = true;
        break;
      case NodeKind::Return:
        if (node.child_a().valid()) value(node.child_a(), innermost);
        if (innermost != kNone) all_.loops_[innermost].shows_slots = all_.loops_[innermost].has_effect = true;
        break;
      case NodeKind::Push:
      case NodeKind::Print:
        value(node.child_a(), innermost);
        if (innermost != kNone) all_.loops_[innermost].has_effect = true;
        break;
      default:
        break;
    }
  }

  void loop(NodeId id, std::size_t outer) {
    const std::size_t index = all_.loops_.size();
    LoopUses fresh;
    fresh.first_local = next_local_;
    fresh.first_stored = all_.stored_.size();
    fresh.first_read = all_.read_.size();
    all_.loops_.push_back(fresh);
    if (index == 0) all_.index_.resize(program_.node_count());
    all_.index_[id.value] = static_cast<std::uint32_t>(index);
    const Node& node = program_.node(id);
    if (node.kind == NodeKind::While) {
      value(node.child_a(), index);
      all_.loops_[index].has_effect = true;
    }
    block(node.child_b(), index);
    LoopUses& uses = all_.loops_[index];
    uses.last_stored = all_.stored_.size();
    uses.last_read = all_.read_.size();
    if (outer != kNone) {
      all_.loops_[outer].shows_slots |= uses.shows_slots;
      all_.loops_[outer].has_effect |= uses.has_effect;
    }
  }

  void store(const Node& node, std::size_t innermost) {
    if (innermost == kNone) return;
    if (stored_in_[node.a] != innermost) {
      stored_in_[node.a] = innermost;
      all_.stored_.push_back(node.variable());
    }
    value(node.child_b(), innermost, node.variable());
  }

  // Reads of `except` do not count unless the value may trap.
  void value(NodeId id, std::size_t innermost, VarId except = VarId::none()) {
    if (innermost == kNone) return;
    if (can_trap(program_, id)) {
      all_.loops_[innermost].shows_slots = all_.loops_[innermost].has_effect = true;
      except = VarId::none();
    }
    reads(id, innermost, except);
  }

  void reads(NodeId id, std::size_t innermost, VarId except) {
    const Node& node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Load:
        if (node.variable() == except || read_in_[node.a] == innermost) break;
        read_in_[node.a] = innermost;
        all_.read_.push_back(node.variable());
        break;
      case NodeKind::Unary:
      case NodeKind::Convert:
        reads(node.child_a(), innermost, except);
        break;
      case NodeKind::Binary:
      case NodeKind::Compare:
        reads(node.child_a(), innermost, except);
        reads(node.child_b(), innermost, except);
        break;
      case NodeKind::Select:
        reads(node.child_a(), innermost, except);
        reads(node.child_b(), innermost, except);
        reads(node.child_c(), innermost, except);
        break;
      default:
        break;
    }
  }

  const ast::Program& program_;
  AllLoopUses& all_;
  std::vector<std::size_t> stored_in_;  // per variable: the innermost loop of its last store,
  std::vector<std::size_t> read_in_;    // and of its last read
  std::uint32_t next_local_;
};

AllLoopUses::AllLoopUses(const ast::Program& program) { Collector(program, *this).run(); }

}  // namespace assay::opt
