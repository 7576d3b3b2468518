// Loop-invariant motion: what every run of a loop's body computes alike is computed once, in front of the loop.
//
// What is preserved: an expression is moved only if it cannot trap, so that computing it where it would not have been
// computed (no run of the body, a branch not taken, a jump before it) changes nothing; it has no other effect. It reads
// only variables that nothing in the loop assigns or declares, so its value in front of the loop is its value at every
// place in it. The loop reads it from a new local. Each expression moves in front of the outermost loop in which that
// holds, and equal expressions that move in front of the same loop share one local.
//
//   while (i < n * n) { s = s + (a ^ b) * 3; i = i + 1; }
//     ->   let i32 h0 = n * n; let i32 h1 = (a ^ b) * 3; while (i < h0) { s = s + h1; i = i + 1; }
//
// Only what saves work is moved: two operators or more, or one that is costly. A moved expression is out of the loop,
// and what is left around it either varies or can trap, so a second run finds nothing.
//
// Tested by core/opt/test/hoist_test.cc.
#include <algorithm>
#include <unordered_map>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/compact.h"
#include "core/ast/limits.h"
#include "core/opt/assignments.h"
#include "core/opt/expressions.h"
#include "core/opt/passes.h"

namespace assay::opt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Op;
using ast::Program;
using ast::VarId;

// What is known of an expression, per node.
struct Facts {
  std::uint16_t level = 0;  // in how many of the loops around it its value may change from run to run, outermost first
  std::uint8_t operators = 0;  // up to kEnough
  bool can_trap = false;
};

constexpr std::uint8_t kEnough = 2;  // operators that are worth a local

// Operators that are worth a local alone.
bool is_costly(const Node& node) {
  if (node.kind == NodeKind::Unary) {
    return node.op == Op::Clz || node.op == Op::Ctz || node.op == Op::Popcnt || node.op == Op::Abs;
  }
  if (node.kind != NodeKind::Binary) return node.kind == NodeKind::Select;
  return node.op == Op::Mul || ast::op_info(node.op).traps;
}

class Hoisting {
 public:
  explicit Hoisting(const Program& program)
      : program_(program),
        builder_(program_),
        names_(program_, "h"),
        assignments_(program_),
        facts_(program_.node_count()) {}

  PassResult run(const Program& original) {
    program_.set_body(block(program_.body()));
    if (changes_ == 0) return {original};
    PassResult result{{}, changes_};
    ast::compact(program_, result.program);
    return result;
  }

 private:
  // A loop around the current place.
  struct OpenLoop {
    std::uint32_t number = 0;  // of all loops
    std::uint32_t begin = 0;   // its assignments
    std::uint32_t end = 0;
    NodeId first_let;  // what goes in front of it
    NodeId last_let;
  };

  // A local that holds a moved expression.
  struct Moved {
    std::uint32_t loop = 0;
    NodeId value;
    VarId local;
    std::uint32_t next = kNone;  // of the same hash
  };

  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;

  // Moves expressions out of the loops in the list; gives its first statement.
  NodeId block(NodeId first) {
    NodeId last;
    for (NodeId id = first; id.valid(); id = program_.node(id).next) {
      const OpenLoop left = statement(id);
      if (left.first_let.valid()) {
        program_.node(left.last_let).next = id;
        if (last.valid()) {
          program_.node(last).next = left.first_let;
        } else {
          first = left.first_let;
        }
      }
      last = id;
    }
    return first;
  }

  // Gives what is to stand in front of the statement, for a loop.
  OpenLoop statement(NodeId id) {
    const Node node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Let:
      case NodeKind::Store:
        value(node.child_b());
        assignments_.pass(node.variable());
        return {};
      case NodeKind::If: {
        value(node.child_a());
        const NodeId then_block = block(node.child_b());
        const NodeId else_block = block(node.child_c());
        program_.node(id).b = then_block.value;
        program_.node(id).c = else_block.value;
        return {};
      }
      case NodeKind::Loop:
      case NodeKind::While: {
        if (node.kind == NodeKind::Loop) value(node.child_a());
        loops_.push_back({loop_count_++, assignments_.position(), assignments_.enter_loop(), {}, {}});
        if (node.kind == NodeKind::While) value(node.child_a());
        const NodeId body = block(node.child_b());
        program_.node(id).b = body.value;
        const OpenLoop left = loops_.back();
        loops_.pop_back();
        return left;
      }
      case NodeKind::Return:
        if (node.child_a().valid()) value(node.child_a());
        return {};
      case NodeKind::Push:
      case NodeKind::Print:
        value(node.child_a());
        return {};
      default:
        return {};
    }
  }

  void value(NodeId id) {
    if (loops_.empty()) return;
    find_facts(id);
    move_parts(id, static_cast<std::uint16_t>(loops_.size()));
  }

  Facts find_facts(NodeId id) {
    const Node& node = program_.node(id);
    Facts result;
    if (node.kind == NodeKind::Load) {
      result.level = level_of(node.variable());
    } else if (node.kind != NodeKind::Int) {
      result = find_facts(node.child_a());
      if (node.kind != NodeKind::Unary && node.kind != NodeKind::Convert) join(result, find_facts(node.child_b()));
      if (node.kind == NodeKind::Select) join(result, find_facts(node.child_c()));
      const int operators = result.operators + (is_costly(node) ? kEnough : 1);
      result.operators = static_cast<std::uint8_t>(std::min<int>(operators, kEnough));
      result.can_trap |= operation_can_trap(program_, id);
    }
    facts_[id.value] = result;
    return result;
  }

  static void join(Facts& result, const Facts& other) {
    result.level = std::max(result.level, other.level);
    result.operators = static_cast<std::uint8_t>(std::min<int>(result.operators + other.operators, kEnough));
    result.can_trap |= other.can_trap;
  }

  // The number of loops, outermost first, up to the innermost one that holds an assignment of the variable. Inner loops
  // begin later and end earlier than outer ones, so that each of the two searches is one of a sorted list.
  [[nodiscard]] std::uint16_t level_of(VarId variable) const {
    const std::uint32_t before = assignments_.before(variable);
    const std::uint32_t behind = assignments_.behind(variable);
    auto level = loops_.begin();
    if (before != Assignments::kNone) {
      level =
          std::partition_point(level, loops_.end(), [before](const OpenLoop& loop) { return loop.begin <= before; });
    }
    if (behind != Assignments::kNone) {
      level = std::partition_point(level, loops_.end(), [behind](const OpenLoop& loop) { return behind < loop.end; });
    }
    return static_cast<std::uint16_t>(level - loops_.begin());
  }

  // Moves the largest parts of the expression that can be. `level`: of the place where it is computed.
  void move_parts(NodeId id, std::uint16_t level) {
    const Facts facts = facts_[id.value];
    if (facts.operators == 0) return;
    const bool moves = facts.level < level && facts.operators >= kEnough && !facts.can_trap && has_room();
    const std::uint16_t inner_level = moves ? facts.level : level;
    const Node node = program_.node(id);
    move_parts(node.child_a(), inner_level);
    if (node.kind != NodeKind::Unary && node.kind != NodeKind::Convert) move_parts(node.child_b(), inner_level);
    if (node.kind == NodeKind::Select) move_parts(node.child_c(), inner_level);
    if (moves) move(id, loops_[facts.level]);
  }

  [[nodiscard]] bool has_room() const {
    // Room for a let and a load for each part of the expression that is on its way.
    return program_.node_count() + 2 * ast::kMaxDepth <= ast::kMaxNodes &&
           program_.variable_count() + ast::kMaxDepth <= ast::kMaxVariables;
  }

  // Makes the node a load of the local that holds its value in front of the loop.
  void move(NodeId id, OpenLoop& loop) {
    ++changes_;
    const Node node = program_.node(id);
    const VarId local = local_for(id, loop);
    Node load;
    load.kind = NodeKind::Load;
    load.type = node.type;
    load.a = local.value;
    program_.node(id) = load;
  }

  VarId local_for(NodeId id, OpenLoop& loop) {
    const auto known = by_hash_.try_emplace(hash(id) ^ (loop.number * 0x9E3779B97F4A7C15ULL), kNone).first;
    for (std::uint32_t i = known->second; i != kNone; i = moved_[i].next) {
      if (moved_[i].loop == loop.number && same_expression(program_, moved_[i].value, id)) return moved_[i].local;
    }
    const Node node = program_.node(id);
    const NodeId value = program_.add_node(node);
    if (program_.position(id).known()) program_.set_position(value, program_.position(id));
    const VarId local = program_.add_local(names_.next(), node.type);
    const NodeId let = builder_.let(local, value);
    if (loop.last_let.valid()) {
      program_.node(loop.last_let).next = let;
    } else {
      loop.first_let = let;
    }
    loop.last_let = let;
    moved_.push_back({loop.number, value, local, known->second});
    known->second = static_cast<std::uint32_t>(moved_.size() - 1);
    return local;
  }

  // Parts that were moved before are loads by now, so each node is looked at in one hash only.
  [[nodiscard]] std::uint64_t hash(NodeId id) const {
    const Node& node = program_.node(id);
    std::uint64_t result = static_cast<std::uint64_t>(node.kind) << 16 | static_cast<std::uint64_t>(node.type) << 8;
    switch (node.kind) {
      case NodeKind::Int:
        return mix(result, node.bits());
      case NodeKind::Load:
        return mix(result, node.a);
      case NodeKind::Select:
        return mix(mix(mix(result, hash(node.child_a())), hash(node.child_b())), hash(node.child_c()));
      default:
        break;
    }
    result = mix(result | static_cast<std::uint64_t>(node.op), hash(node.child_a()));
    if (node.kind == NodeKind::Binary || node.kind == NodeKind::Compare) result = mix(result, hash(node.child_b()));
    return result;
  }

  static std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
    hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
    return hash ^ (hash >> 29);
  }

  Program program_;
  ast::Builder builder_;
  FreshNames names_;
  Assignments assignments_;
  std::vector<Facts> facts_;
  std::vector<OpenLoop> loops_;  // around the current place, outermost first
  std::uint32_t loop_count_ = 0;
  std::vector<Moved> moved_;
  std::unordered_map<std::uint64_t, std::uint32_t> by_hash_;  // index into moved_
  std::uint32_t changes_ = 0;
};

}  // namespace

PassResult hoist_invariants(const Program& program) {
  if (!has_kind(program, NodeKind::Loop) && !has_kind(program, NodeKind::While)) return {program};
  return Hoisting(program).run(program);
}

}  // namespace assay::opt
