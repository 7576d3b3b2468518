// Running and watching; see last_store.h. Tested by fuzz/triage/test/last_store_test.cc.
#include "fuzz/triage/last_store.h"

#include "core/interp/interpreter.h"

namespace assay::fuzz {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;

// Follows the control flow itself and leaves every value and every simple statement to the reference interpreter.
class Watch {
 public:
  Watch(const ast::Program& program, std::span<const std::uint64_t> frame, std::uint64_t fuel, ast::VarId slot)
      : program_(program), slot_(slot), interpreter_(program, frame, fuel, outcome_) {}

  std::optional<NodeId> run() {
    static_cast<void>(block(program_.body()));
    return last_;
  }

 private:
  enum class Flow : std::uint8_t { Next, Break, Continue, End };

  Flow block(NodeId first) {
    for (NodeId id = first; id.valid(); id = program_.node(id).next) {
      const Flow flow = statement(id);
      if (flow != Flow::Next) return flow;
    }
    return Flow::Next;
  }

  Flow statement(NodeId id) {
    const Node& node = program_.node(id);
    std::uint64_t value = 0;
    switch (node.kind) {
      case NodeKind::If:
        if (!interpreter_.step() || !interpreter_.evaluate(node.child_a(), value)) return Flow::End;
        return block(value != 0 ? node.child_b() : node.child_c());
      case NodeKind::Loop:
        if (!interpreter_.step() || !interpreter_.evaluate(node.child_a(), value)) return Flow::End;
        for (; value > 0; --value) {
          const Flow flow = iteration(node);
          if (flow != Flow::Next) return flow == Flow::End ? flow : Flow::Next;
        }
        return Flow::Next;
      case NodeKind::While:
        for (;;) {
          if (!interpreter_.evaluate(node.child_a(), value)) return Flow::End;
          if (value == 0) return Flow::Next;
          const Flow flow = iteration(node);
          if (flow != Flow::Next) return flow == Flow::End ? flow : Flow::Next;
        }
      case NodeKind::Break:
        return Flow::Break;
      case NodeKind::Continue:
        return Flow::Continue;
      default:
        if (!interpreter_.execute(id, node.next)) return Flow::End;
        if (node.kind == NodeKind::Store && node.variable() == slot_) last_ = id;
        return Flow::Next;
    }
  }

  // Next, or Break, or End.
  Flow iteration(const Node& loop) {
    if (!interpreter_.step()) return Flow::End;
    const Flow flow = block(loop.child_b());
    return flow == Flow::Continue ? Flow::Next : flow;
  }

  const ast::Program& program_;
  ast::VarId slot_;
  interp::Outcome outcome_;
  interp::Interpreter interpreter_;
  std::optional<NodeId> last_;
};

}  // namespace

std::optional<NodeId> last_store(const ast::Program& program, std::span<const std::uint64_t> frame, std::uint64_t fuel,
                                 ast::VarId slot) {
  return Watch(program, frame, fuel, slot).run();
}

}  // namespace assay::fuzz
