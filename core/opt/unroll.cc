// Unrolling of loops whose number of runs is known before the first: fully where it is a small constant, by four with a
// remainder elsewhere.
//
// What is preserved: the body runs the same number of times, one run behind the other, and every run finds the state
// that the run before left, because the copies stand in the order in which the loop ran them. The count is still
// evaluated once, in the place of the loop. A `break` or `continue` of the loop itself would mean something else in a
// copy, so such loops stay; a `return` or a trap ends the program from a copy as it did from the loop. Locals of the
// body get new names: a copy's locals are in scope until the end of the block around it, where the loop's own were not.
//
//   loop (3) { S }    ->   S S S
//   loop (n) { S }    ->   let i32 u0 = n; loop (u0 >>> 2) { S S S S } loop (u0 & 3) { S }
//   loop (50) { S }   ->   loop (12) { S S S S } S S
//
// A `while` that counts by 1 towards a fixed bound is as good as counted (counted_while.h):
//
//   while (i < n) { S i = i + 1; }
//     ->   if (i < n) { let i32 u0 = n - i; loop (u0 >>> 2) { S i = i + 1; ... } loop (u0 & 3) { S i = i + 1; } }
//
// It does not unroll what it made: counts of the two shapes above are left alone, and constant counts are only unrolled
// by four where both the count and the body of the result are too large to be unrolled again.
//
// Tested by core/opt/test/unroll_test.cc.
#include <optional>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/compact.h"
#include "core/ast/limits.h"
#include "core/opt/counted_while.h"
#include "core/opt/expressions.h"
#include "core/opt/passes.h"

namespace assay::opt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Op;
using ast::Program;
using ast::Type;
using ast::VarId;

constexpr std::uint64_t kMostCopies = 8;           // of a loop that goes away
constexpr std::uint32_t kMostNodesOfCopies = 256;  // all of them together
constexpr std::uint32_t kFactorBits = 2;           // of a loop that stays: four copies
constexpr std::uint32_t kFactor = 1U << kFactorBits;
constexpr std::uint32_t kMostNodesOfBody = 40;  // of a loop that stays
// How much one run may add to a program of n nodes: this and n, so that its time stays linear.
constexpr std::uint32_t kGrowth = 4096;

// A list of statements.
struct Block {
  NodeId first;
  NodeId last;
  std::uint32_t nodes = 0;
  bool has_loop = false;
  bool has_own_jump = false;  // a break or continue of the loop around it
};

class Unroller {
 public:
  explicit Unroller(const Program& program)
      : program_(program), builder_(program_), names_(program_, "u"), most_nodes_(most_nodes(program)) {}

  PassResult run(const Program& original) {
    program_.set_body(block(program_.body(), 1).first);
    if (changes_ == 0) return {original};
    PassResult result{{}, changes_};
    ast::compact(program_, result.program);
    return result;
  }

 private:
  static std::uint32_t most_nodes(const Program& program) {
    const std::uint64_t most = 2 * std::uint64_t{program.node_count()} + kGrowth;
    return static_cast<std::uint32_t>(most < ast::kMaxNodes ? most : ast::kMaxNodes);
  }

  // Unrolls what is in the list, inner loops first. `depth` is that of its statements.
  Block block(NodeId first, std::uint32_t depth) {
    Block whole;
    for (NodeId id = first; id.valid();) {
      const NodeId next = program_.node(id).next;
      append(whole, statement(id, depth));
      id = next;
    }
    return whole;
  }

  void append(Block& whole, const Block& part) {
    whole.nodes += part.nodes;
    whole.has_loop |= part.has_loop;
    whole.has_own_jump |= part.has_own_jump;
    if (!part.first.valid()) return;
    if (whole.last.valid()) {
      program_.node(whole.last).next = part.first;
    } else {
      whole.first = part.first;
    }
    whole.last = part.last;
    program_.node(whole.last).next = NodeId::none();
  }

  // The statements that take the place of one.
  Block statement(NodeId id, std::uint32_t depth) {
    const Node node = program_.node(id);
    Block result{id, id, 1, false, false};
    switch (node.kind) {
      case NodeKind::Let:
      case NodeKind::Store:
        result.nodes += size(node.child_b());
        return result;
      case NodeKind::Return:
        if (node.child_a().valid()) result.nodes += size(node.child_a());
        return result;
      case NodeKind::Push:
      case NodeKind::Print:
        result.nodes += size(node.child_a());
        return result;
      case NodeKind::If: {
        const Block then_block = block(node.child_b(), depth + 1);
        const Block else_block = block(node.child_c(), depth + 1);
        program_.node(id).b = then_block.first.value;
        program_.node(id).c = else_block.first.value;
        result.nodes += size(node.child_a()) + then_block.nodes + else_block.nodes;
        result.has_loop = then_block.has_loop || else_block.has_loop;
        result.has_own_jump = then_block.has_own_jump || else_block.has_own_jump;
        return result;
      }
      case NodeKind::Loop:
      case NodeKind::While: {
        const Block body = block(node.child_b(), depth + 1);
        program_.node(id).b = body.first.value;
        if (node.kind == NodeKind::Loop && !body.has_own_jump) {
          if (const std::optional<Block> unrolled = loop(id, body, depth)) return *unrolled;
        }
        if (node.kind == NodeKind::While && !body.has_own_jump) {
          if (const std::optional<Block> unrolled = while_loop(id, body, depth)) return *unrolled;
        }
        result.nodes += size(node.child_a()) + body.nodes;
        result.has_loop = true;
        return result;
      }
      case NodeKind::Break:
      case NodeKind::Continue:
        result.has_own_jump = true;
        return result;
      default:
        return result;
    }
  }

  [[nodiscard]] std::uint32_t size(NodeId id) const { return expression_size(program_, id, ast::kMaxNodes); }

  std::optional<Block> loop(NodeId id, const Block& body, std::uint32_t depth) {
    const NodeId count = program_.node(id).child_a();
    const Node count_node = program_.node(count);
    if (count_node.kind == NodeKind::Int) {
      if (count_node.bits() <= kMostCopies) return unroll_fully(body, static_cast<std::uint32_t>(count_node.bits()));
      return unroll_constant(id, body);
    }
    if (is_own_shape(count_node)) return std::nullopt;
    return unroll_by_factor(id, body, depth);
  }

  std::optional<Block> unroll_fully(const Block& body, std::uint32_t count) {
    if (count * std::uint64_t{body.nodes} > kMostNodesOfCopies || !is_room_for(count, body)) return std::nullopt;
    ++changes_;
    if (count == 0) return Block{};
    return copies(body, count);
  }

  std::optional<Block> unroll_constant(NodeId id, const Block& body) {
    const Node count = program_.node(program_.node(id).child_a());
    if (!is_small(body) || body.nodes * kFactor <= kMostNodesOfBody || count.bits() >> kFactorBits <= kMostCopies ||
        !is_room_for(2 * kFactor, body)) {
      return std::nullopt;
    }
    ++changes_;
    const auto rest = static_cast<std::uint32_t>(count.bits() % kFactor);
    Block tail;
    for (std::uint32_t i = 0; i < rest; ++i) append(tail, copy(body));
    program_.node(id).a = builder_.constant(count.type, count.bits() >> kFactorBits).value;
    Block result = around(id, copies(body, kFactor));
    append(result, tail);
    return result;
  }

  std::optional<Block> unroll_by_factor(NodeId id, const Block& body, std::uint32_t depth) {
    constexpr std::uint32_t kNodesOfNewCounts = 9;
    if (!is_small(body) || depth + 2 > ast::kMaxDepth || !is_room_for(kFactor + 1, body, kNodesOfNewCounts)) {
      return std::nullopt;
    }
    ++changes_;
    const NodeId count = program_.node(id).child_a();
    const Type type = program_.node(count).type;
    const VarId number = program_.add_local(names_.next(), type);
    const NodeId binding = builder_.let(number, count);
    const NodeId quotient =
        builder_.binary(Op::ShrU, builder_.load(number), builder_.constant(type, std::uint64_t{kFactorBits}));
    const NodeId rest =
        builder_.binary(Op::And, builder_.load(number), builder_.constant(type, std::uint64_t{kFactor - 1}));
    const Block remainder = copy(body);
    program_.node(id).a = quotient.value;

    Block result{binding, binding, 1 + size(count), false, false};
    append(result, around(id, copies(body, kFactor)));
    append(result, around(builder_.loop(rest, NodeId::none()), remainder));
    return result;
  }

  std::optional<Block> while_loop(NodeId id, const Block& body, std::uint32_t depth) {
    constexpr std::uint32_t kNodesOfDistance = 5;
    if (!is_small(body) || !is_room_for(kFactor + 1, body, kNodesOfDistance)) return std::nullopt;
    // Under the branch the body is a level deeper; its step alone is as high as the new counts.
    if (depth + 1 + block_height(program_, body.first) > ast::kMaxDepth) return std::nullopt;
    const NodeId condition = program_.node(id).child_a();
    const std::optional<Distance> distance = distance_to_bound(program_, condition, body.first);
    if (!distance) return std::nullopt;
    const NodeId to = copy_expression(program_, distance->to);
    const NodeId from = copy_expression(program_, distance->from);
    const NodeId loop = builder_.loop(builder_.binary(Op::Sub, to, from), body.first);
    const std::optional<Block> unrolled = unroll_by_factor(loop, body, depth + 1);
    if (!unrolled) return std::nullopt;
    const NodeId branch = builder_.if_else(condition, unrolled->first);
    return Block{branch, branch, 1 + size(condition) + unrolled->nodes, true, false};
  }

  // The loop with another body.
  Block around(NodeId loop, const Block& body) {
    program_.node(loop).b = body.first.value;
    return {loop, loop, 1 + size(program_.node(loop).child_a()) + body.nodes, true, false};
  }

  // An empty body is no work for this pass.
  static bool is_small(const Block& body) { return !body.has_loop && body.nodes > 0 && body.nodes <= kMostNodesOfBody; }

  // Counts that this pass makes, and their like: few runs, or many runs of what was unrolled before.
  [[nodiscard]] bool is_own_shape(const Node& count) const {
    if (count.kind != NodeKind::Binary || (count.op != Op::ShrU && count.op != Op::And)) return false;
    const Node& right = program_.node(count.child_b());
    if (right.kind != NodeKind::Int) return false;
    return count.op == Op::ShrU ? right.bits() == kFactorBits : right.bits() < 2 * kFactor;
  }

  // A body of n nodes declares fewer than n locals.
  [[nodiscard]] bool is_room_for(std::uint32_t count, const Block& body, std::uint32_t more = 0) const {
    const std::uint64_t nodes = count * std::uint64_t{body.nodes} + more;
    return program_.node_count() + nodes <= most_nodes_ && program_.variable_count() + nodes <= ast::kMaxVariables;
  }

  // `count` runs of the body, at least 1; the last one is the original.
  Block copies(const Block& body, std::uint32_t count) {
    Block result;
    for (std::uint32_t i = 1; i < count; ++i) append(result, copy(body));
    for (NodeId id = body.first; id.valid(); id = program_.node(id).next) {
      const Node& node = program_.node(id);
      if (node.kind == NodeKind::Let) program_.set_variable_name(node.variable(), names_.next());
    }
    append(result, body);
    return result;
  }

  Block copy(const Block& body) {
    Block result = body;
    result.first = NodeId::none();
    result.last = NodeId::none();
    for (NodeId id = body.first; id.valid(); id = program_.node(id).next) {
      const NodeId copied = copy_statement(id);
      if (result.last.valid()) {
        program_.node(result.last).next = copied;
      } else {
        result.first = copied;
      }
      result.last = copied;
    }
    return result;
  }

  NodeId copy_list(NodeId first) { return copy(Block{first, {}, 0, false, false}).first; }

  NodeId copy_statement(NodeId id) {
    Node fresh = program_.node(id);
    fresh.next = NodeId::none();
    switch (fresh.kind) {
      case NodeKind::Let:
        fresh.b = copy_value(fresh.child_b()).value;
        fresh.a = declare(fresh.variable()).value;
        break;
      case NodeKind::Store:
        fresh.b = copy_value(fresh.child_b()).value;
        fresh.a = renamed(fresh.variable()).value;
        break;
      case NodeKind::If:
        fresh.a = copy_value(fresh.child_a()).value;
        fresh.b = copy_list(fresh.child_b()).value;
        fresh.c = copy_list(fresh.child_c()).value;
        break;
      case NodeKind::Loop:
      case NodeKind::While:
        fresh.a = copy_value(fresh.child_a()).value;
        fresh.b = copy_list(fresh.child_b()).value;
        break;
      case NodeKind::Return:
        if (fresh.child_a().valid()) fresh.a = copy_value(fresh.child_a()).value;
        break;
      case NodeKind::Push:
      case NodeKind::Print:
        fresh.a = copy_value(fresh.child_a()).value;
        break;
      default:
        break;
    }
    const NodeId copied = program_.add_node(fresh);
    if (program_.position(id).known()) program_.set_position(copied, program_.position(id));
    return copied;
  }

  NodeId copy_value(NodeId id) {
    const NodeId copied = copy_expression(program_, id);
    rename_loads(copied);
    return copied;
  }

  void rename_loads(NodeId id) {
    Node& node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Int:
        return;
      case NodeKind::Load:
        node.a = renamed(node.variable()).value;
        return;
      case NodeKind::Select:
        rename_loads(node.child_c());
        [[fallthrough]];
      case NodeKind::Binary:
      case NodeKind::Compare:
        rename_loads(node.child_b());
        [[fallthrough]];
      default:
        rename_loads(node.child_a());
    }
  }

  // A local of the copy in the place of one of the body. Entries of the copy before are overwritten before they are
  // read, because a local is used behind its `let` only.
  VarId declare(VarId variable) {
    const VarId fresh = program_.add_local(names_.next(), program_.variable_type(variable));
    if (renamed_.size() <= variable.value) renamed_.resize(variable.value + 1);
    renamed_[variable.value] = fresh;
    return fresh;
  }

  [[nodiscard]] VarId renamed(VarId variable) const {
    if (variable.value >= renamed_.size() || !renamed_[variable.value].valid()) return variable;
    return renamed_[variable.value];
  }

  Program program_;
  ast::Builder builder_;
  FreshNames names_;
  std::uint32_t most_nodes_;
  std::vector<VarId> renamed_;
  std::uint32_t changes_ = 0;
};

}  // namespace

PassResult unroll(const Program& program) {
  if (!has_kind(program, NodeKind::Loop) && !has_kind(program, NodeKind::While)) return {program};
  return Unroller(program).run(program);
}

}  // namespace assay::opt
