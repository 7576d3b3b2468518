// Taking loops out of programs; see extract_loop.h. Tested by smt/test/extract_loop_test.cc.
#include "smt/extract_loop.h"

#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>

namespace assay::smt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Program;

// Which of a node's three fields are nodes, and which are lists of them.
struct Fields {
  bool a = false;
  bool b = false;
  bool c = false;
};

Fields fields_of(const Node& node) {
  switch (node.kind) {
    case NodeKind::Int:
    case NodeKind::Load:
    case NodeKind::Break:
    case NodeKind::Continue:
      return {};
    case NodeKind::Let:
    case NodeKind::Store:
      return {false, true, false};
    case NodeKind::Unary:
    case NodeKind::Convert:
    case NodeKind::Return:
    case NodeKind::Push:
    case NodeKind::Print:
      return {true, false, false};
    case NodeKind::Select:
    case NodeKind::If:
      return {true, true, true};
    case NodeKind::Binary:
    case NodeKind::Compare:
    case NodeKind::Loop:
    case NodeKind::While:
      return {true, true, false};
  }
  return {};
}

template <class Visit>
void visit(const Program& program, NodeId id, const Visit& visitor) {
  for (; id.valid(); id = program.node(id).next) {
    const Node& node = program.node(id);
    visitor(id, node);
    const Fields fields = fields_of(node);
    if (fields.a) visit(program, node.child_a(), visitor);
    if (fields.b) visit(program, node.child_b(), visitor);
    if (fields.c) visit(program, node.child_c(), visitor);
  }
}

bool names_variable(NodeKind kind) {
  return kind == NodeKind::Load || kind == NodeKind::Let || kind == NodeKind::Store;
}

class Extraction {
 public:
  Extraction(const Program& program, bool numbered) : from_(program), numbered_(numbered) {}

  ExtractedLoop run(NodeId loop) {
    to_.set_name(from_.name());
    std::set<std::uint32_t> inner;
    std::vector<std::uint32_t> used;
    visit_loop(loop, [&](NodeId, const Node& node) {
      if (node.kind == NodeKind::Let) inner.insert(node.a);
      if (names_variable(node.kind) && std::find(used.begin(), used.end(), node.a) == used.end())
        used.push_back(node.a);
    });
    if (!numbered_) std::sort(used.begin(), used.end());
    for (const std::uint32_t variable : used) {
      if (!inner.contains(variable)) add(variable, true);
    }
    for (const std::uint32_t variable : used) {
      if (inner.contains(variable)) add(variable, false);
    }
    const NodeId copied = copy(loop);
    to_.set_body(copied);
    return {std::move(to_), std::move(slots_)};
  }

 private:
  template <class Visit>
  void visit_loop(NodeId loop, const Visit& visitor) {
    const Node& node = from_.node(loop);
    visitor(loop, node);
    visit(from_, node.child_a(), visitor);
    visit(from_, node.child_b(), visitor);
  }

  // Names of variables in scopes that do not overlap may be the same; as slots they must differ.
  void add(std::uint32_t variable, bool slot) {
    const ast::VarId old{variable};
    const std::string name = "v" + std::to_string(numbered_ ? variables_.size() : variable);
    const ast::Type type = from_.variable_type(old);
    const ast::VarId added = slot ? to_.add_slot(name, type) : to_.add_local(name, type);
    variables_.emplace(variable, added.value);
    if (slot) slots_.push_back(old);
  }

  NodeId copy_list(NodeId first) {
    NodeId head;
    NodeId last;
    for (NodeId id = first; id.valid(); id = from_.node(id).next) {
      const NodeId copied = copy(id);
      if (last.valid()) to_.node(last).next = copied;
      if (!head.valid()) head = copied;
      last = copied;
    }
    return head;
  }

  NodeId copy(NodeId id) {
    Node node = from_.node(id);
    const Fields fields = fields_of(node);
    node.next = NodeId::none();
    if (names_variable(node.kind)) node.a = variables_.at(node.a);
    if (fields.a && node.child_a().valid()) node.a = copy(node.child_a()).value;
    if (fields.b) node.b = copy_list(node.child_b()).value;
    if (fields.c) node.c = copy_list(node.child_c()).value;
    return to_.add_node(node);
  }

  const Program& from_;
  bool numbered_;
  Program to_;
  std::unordered_map<std::uint32_t, std::uint32_t> variables_;
  std::vector<ast::VarId> slots_;
};

}  // namespace

std::vector<NodeId> loops_of(const Program& program) {
  std::vector<NodeId> loops;
  visit(program, program.body(), [&](NodeId id, const Node& node) {
    if (node.kind == NodeKind::Loop || node.kind == NodeKind::While) loops.push_back(id);
  });
  return loops;
}

Program extract_loop(const Program& program, NodeId loop) { return Extraction(program, false).run(loop).program; }

ExtractedLoop extract_with_slots(const Program& program, NodeId loop) { return Extraction(program, true).run(loop); }

}  // namespace assay::smt
