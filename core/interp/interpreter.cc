// The walk over the tree; see interpreter.h. Tested by core/interp/test/interpreter_test.cc.
#include "core/interp/interpreter.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/interp/operators.h"

namespace assay::interp {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Type;
using ast::VarId;

constexpr std::uint64_t kLowHalf = 0xFFFFFFFFULL;
// More than anything can use up; leaves the sign free.
constexpr std::uint64_t kMostFuel = std::numeric_limits<std::int64_t>::max();

}  // namespace

// How a statement list ended.
enum class Interpreter::Flow : std::uint8_t { Next, Break, Continue, Ended };

Interpreter::Interpreter(const ast::Program& program, std::span<const std::uint64_t> frame, std::uint64_t fuel,
                         Outcome& outcome, std::vector<std::uint64_t> memory)
    : program_(program),
      outcome_(outcome),
      fuel_at_start_(static_cast<std::int64_t>(std::min(fuel, kMostFuel))),
      fuel_(fuel_at_start_),
      locals_(std::move(memory)) {
  locals_.assign(program.variable_count() - program.slot_count(), 0);
  outcome_.end = End::Completed;
  outcome_.trap = ast::TrapKind::None;
  outcome_.trap_node = NodeId::none();
  outcome_.frame.assign(frame.begin(), frame.end());
  outcome_.stack.clear();
  outcome_.printed.clear();
  outcome_.steps = 0;
}

std::uint64_t Interpreter::cell(VarId variable) const {
  return program_.is_slot(variable) ? outcome_.frame[variable.value] : locals_[variable.value - program_.slot_count()];
}

void Interpreter::set_cell(VarId variable, std::uint64_t bits) {
  if (program_.is_slot(variable)) {
    outcome_.frame[variable.value] = bits;
  } else {
    locals_[variable.value - program_.slot_count()] = bits;
  }
}

bool Interpreter::execute(NodeId first, NodeId last) { return settle(block(first, last) != Flow::Ended); }

bool Interpreter::step() { return settle(pay()); }

bool Interpreter::evaluate(NodeId id, std::uint64_t& bits) { return settle(value_of(id, bits)); }

// What every public function ends with.
bool Interpreter::settle(bool goes_on) {
  outcome_.steps = static_cast<std::uint64_t>(fuel_at_start_ - fuel_);
  return goes_on;
}

// One step of a statement.
inline bool Interpreter::pay() {
  if (fuel_ == 0) {
    out_of_fuel();
    return false;
  }
  --fuel_;
  return true;
}

Interpreter::Evaluated Interpreter::out_of_fuel() {
  fuel_ = 0;
  outcome_.end = End::OutOfFuel;
  return {0, -1};
}

void Interpreter::assign(VarId variable, std::uint64_t bits) {
  if (!program_.is_slot(variable)) {
    set_cell(variable, bits);
  } else if (program_.variable_type(variable) == Type::I32) {
    std::uint64_t& whole = outcome_.frame[variable.value];
    whole = (whole & ~kLowHalf) | bits;
  } else {
    outcome_.frame[variable.value] = bits;
  }
}

// The value of an expression, for a statement; false when the run has ended.
inline bool Interpreter::value_of(NodeId id, std::uint64_t& bits) {
  const Evaluated value = operand(id, fuel_);
  if (value.ended()) return false;
  fuel_ = value.fuel;
  bits = value.bits;
  return true;
}

// Most nodes are leaves, which this inlined part serves without a call.
[[gnu::always_inline]] inline Interpreter::Evaluated Interpreter::operand(NodeId id, std::int64_t fuel) {
  if (fuel == 0) return out_of_fuel();
  --fuel;
  const Node& node = program_.node(id);
  if (node.kind == NodeKind::Int) return {node.bits(), fuel};
  if (node.kind == NodeKind::Load) {
    const std::uint64_t bits = cell(node.variable());
    return {node.type == Type::I32 ? bits & kLowHalf : bits, fuel};
  }
  return compute(id, fuel);
}

Interpreter::Evaluated Interpreter::compute(NodeId id, std::int64_t fuel) {
  const Node& node = program_.node(id);
  const Evaluated a = operand(node.child_a(), fuel);
  if (a.ended()) return a;
  if (node.kind == NodeKind::Unary || node.kind == NodeKind::Convert) {
    return apply_operator(id, program_.node(node.child_a()).type, a.bits, 0, a.fuel);
  }
  const Evaluated b = operand(node.child_b(), a.fuel);
  if (b.ended()) return b;
  if (node.kind != NodeKind::Select) {  // Binary or Compare: the verifier lets no statement stand here
    return apply_operator(id, program_.node(node.child_a()).type, a.bits, b.bits, b.fuel);
  }
  const Evaluated c = operand(node.child_c(), b.fuel);
  if (c.ended()) return c;
  return {a.bits != 0 ? b.bits : c.bits, c.fuel};
}

// `type` is that of the operands.
inline Interpreter::Evaluated Interpreter::apply_operator(NodeId id, Type type, std::uint64_t a, std::uint64_t b,
                                                          std::int64_t fuel) {
  const Value value = apply(program_.node(id).op, type, a, b);
  if (value.trap == ast::TrapKind::None) return {value.bits, fuel};
  fuel_ = fuel;
  outcome_.end = End::Trapped;
  outcome_.trap = value.trap;
  outcome_.trap_node = id;
  return {0, -1};
}

Interpreter::Flow Interpreter::block(NodeId first, NodeId last) {
  for (NodeId id = first; id.valid() && id != last; id = program_.node(id).next) {
    const Flow flow = statement(id);
    if (flow != Flow::Next) return flow;
  }
  return Flow::Next;
}

Interpreter::Flow Interpreter::statement(NodeId id) {
  if (!pay()) return Flow::Ended;
  const Node& node = program_.node(id);
  std::uint64_t value = 0;
  switch (node.kind) {
    case NodeKind::Let:
    case NodeKind::Store:
      if (!value_of(node.child_b(), value)) return Flow::Ended;
      assign(node.variable(), value);
      return Flow::Next;
    case NodeKind::If:
      if (!value_of(node.child_a(), value)) return Flow::Ended;
      return block(value != 0 ? node.child_b() : node.child_c(), NodeId::none());
    case NodeKind::Loop:
      return counted_loop(node);
    case NodeKind::While:
      return while_loop(node);
    case NodeKind::Break:
      return Flow::Break;
    case NodeKind::Continue:
      return Flow::Continue;
    case NodeKind::Return:
      if (node.child_a().valid()) {
        if (!value_of(node.child_a(), value)) return Flow::Ended;
        outcome_.stack.push_back(value);
      }
      outcome_.end = End::Returned;
      return Flow::Ended;
    case NodeKind::Push:
      if (!value_of(node.child_a(), value)) return Flow::Ended;
      outcome_.stack.push_back(value);
      return Flow::Next;
    case NodeKind::Print:
      if (!value_of(node.child_a(), value)) return Flow::Ended;
      if (outcome_.printed.size() == kMaxPrinted) {
        outcome_.end = End::OutOfFuel;
        return Flow::Ended;
      }
      outcome_.printed.push_back({program_.node(node.child_a()).type, value});
      return Flow::Next;
    default:
      return Flow::Ended;  // the verifier lets no expression stand here
  }
}

Interpreter::Flow Interpreter::counted_loop(const Node& node) {
  std::uint64_t count = 0;
  if (!value_of(node.child_a(), count)) return Flow::Ended;
  for (; count != 0; --count) {
    if (!pay()) return Flow::Ended;
    const Flow flow = block(node.child_b(), NodeId::none());
    if (flow == Flow::Ended) return flow;
    if (flow == Flow::Break) break;
  }
  return Flow::Next;
}

Interpreter::Flow Interpreter::while_loop(const Node& node) {
  while (true) {
    if (!pay()) return Flow::Ended;
    std::uint64_t condition = 0;
    if (!value_of(node.child_a(), condition)) return Flow::Ended;
    if (condition == 0) return Flow::Next;
    const Flow flow = block(node.child_b(), NodeId::none());
    if (flow == Flow::Ended) return flow;
    if (flow == Flow::Break) return Flow::Next;
  }
}

void interpret(const ast::Program& program, std::span<const std::uint64_t> frame, std::uint64_t fuel,
               Outcome& outcome) {
  thread_local std::vector<std::uint64_t> memory;
  Interpreter interpreter(program, frame, fuel, outcome, std::move(memory));
  interpreter.execute(program.body(), NodeId::none());
  memory = interpreter.take_memory();
}

}  // namespace assay::interp
