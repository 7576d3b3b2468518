// Numbering values; see value_numbers.h. Tested by core/opt/test/value_numbers_test.cc.
#include "core/opt/value_numbers.h"

#include <algorithm>
#include <utility>

#include "core/opt/expressions.h"

namespace assay::opt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Op;
using ast::VarId;

constexpr std::size_t kFirstTableSize = 64;

std::size_t hash(const std::array<std::uint32_t, 4>& key) {
  std::uint64_t result = 0;
  for (const std::uint32_t part : key) {
    result = (result ^ part) * 0x9E3779B97F4A7C15ULL;
    result ^= result >> 32;
  }
  return static_cast<std::size_t>(result);
}

}  // namespace

ValueNumbers::ValueNumbers(const ast::Program& program)
    : assignments_(program),
      regions_{Region{}},
      region_count_(1),
      held_(program.variable_count()),
      of_node_(program.node_count()),
      table_(kFirstTableSize) {}

// Recursion is bounded by kMaxDepth.
std::uint32_t ValueNumbers::number(const ast::Program& program, NodeId id) {
  const Node& node = program.node(id);
  std::uint32_t result = 0;
  if (node.kind == NodeKind::Load) {
    result = of(node.variable());
  } else {
    // The type of the result and the numbers of the operands, which imply their types, tell everything.
    std::array<std::uint32_t, 4> key{static_cast<std::uint32_t>(node.kind) << 16 |
                                         static_cast<std::uint32_t>(node.op) << 8 |
                                         static_cast<std::uint32_t>(node.type),
                                     node.a, node.b, 0};
    if (node.kind == NodeKind::Int || node.kind == NodeKind::Select) {
      key[0] &= ~0xFF00U;  // op is not used
    }
    if (node.kind != NodeKind::Int) {
      key[1] = number(program, node.child_a());
      key[2] = Assignments::kNone;
      if (node.kind != NodeKind::Unary && node.kind != NodeKind::Convert) key[2] = number(program, node.child_b());
      if (node.kind == NodeKind::Select) key[3] = number(program, node.child_c());
      if (key[1] > key[2] && node.kind != NodeKind::Select && is_commutative(node.op)) std::swap(key[1], key[2]);
    }
    result = find(key);
  }
  of_node_[id.value] = result;
  return result;
}

std::uint32_t ValueNumbers::of_comparison(const ast::Program& program, NodeId id, Op op) {
  const Node& node = program.node(id);
  std::array<std::uint32_t, 4> key{static_cast<std::uint32_t>(node.kind) << 16 | static_cast<std::uint32_t>(op) << 8 |
                                       static_cast<std::uint32_t>(node.type),
                                   of(node.child_a()), of(node.child_b()), 0};
  if (key[1] > key[2] && is_commutative(op)) std::swap(key[1], key[2]);
  return find(key);
}

// A variable holds what its last assignment gave as long as we are in the block of the assignment (or in blocks of it).
// Behind that block it holds what the paths bring, one value from there to the next assignment in the block around. A
// loop entered since then starts every run with a value of its own if it assigns the variable at all. So the assignment
// and the innermost block in which all that lies name the value.
std::uint32_t ValueNumbers::of(VarId variable) {
  const std::uint32_t before = assignments_.before(variable);
  const std::uint32_t behind = assignments_.behind(variable);
  auto region = static_cast<std::uint32_t>(regions_.size() - 1);
  if (before == Assignments::kNone) {
    region = 0;
  } else if (regions_[region].begin > before) {
    const auto inside = std::partition_point(regions_.begin() + 1, regions_.end(),
                                             [before](const Region& one) { return one.begin <= before; });
    region = static_cast<std::uint32_t>(inside - regions_.begin()) - 1;
  }
  if (behind != Assignments::kNone && !loops_.empty() && loops_.back().region > region) {
    const auto inside = std::partition_point(loops_.begin(), loops_.end(),
                                             [behind](const OpenLoop& loop) { return behind < loop.end; });
    if (inside != loops_.begin()) region = std::max(region, (inside - 1)->region);
  }
  Held& held = held_[variable.value];
  const std::uint32_t id = regions_[region].id;
  if (held.assignment != before || held.region != id) held = {before, id, count_++};
  return held.number;
}

void ValueNumbers::assign(VarId variable, std::uint32_t number) {
  assignments_.pass(variable);
  held_[variable.value] = {assignments_.before(variable), regions_.back().id, number};
}

void ValueNumbers::enter_then() { regions_.push_back({region_count_++, assignments_.position()}); }

// Begins where the then-block began, so that what the then-block assigned counts as changed here and only here.
void ValueNumbers::leave_then_enter_else() { regions_.back().id = region_count_++; }

void ValueNumbers::enter_loop() {
  loops_.push_back({static_cast<std::uint32_t>(regions_.size()), assignments_.enter_loop()});
  regions_.push_back({region_count_++, assignments_.position()});
}

void ValueNumbers::leave() {
  regions_.pop_back();
  if (!loops_.empty() && loops_.back().region == regions_.size()) loops_.pop_back();
}

std::uint32_t ValueNumbers::find(const std::array<std::uint32_t, 4>& key) {
  if (entries_ * 2 >= table_.size()) grow();
  std::size_t at = hash(key) & (table_.size() - 1);
  while (table_[at].number != Assignments::kNone) {
    if (table_[at].key == key) return table_[at].number;
    at = (at + 1) & (table_.size() - 1);
  }
  ++entries_;
  table_[at] = {key, count_};
  return count_++;
}

void ValueNumbers::grow() {
  std::vector<Entry> old(table_.size() * 2);
  old.swap(table_);
  for (const Entry& entry : old) {
    if (entry.number == Assignments::kNone) continue;
    std::size_t at = hash(entry.key) & (table_.size() - 1);
    while (table_[at].number != Assignments::kNone) at = (at + 1) & (table_.size() - 1);
    table_[at] = entry;
  }
}

}  // namespace assay::opt
