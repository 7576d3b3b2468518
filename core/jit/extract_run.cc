// Extraction of runs; see extract_run.h. Tested by core/jit/test/extract_run_test.cc.
#include "core/jit/extract_run.h"

#include <string>

#include "core/ast/builder.h"
#include "core/ast/verify.h"

namespace assay::jit {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Type;
using ast::VarId;

class Extraction {
 public:
  Extraction(const ast::Program& from, ExtractedRun& to) : from_(from), to_(to), mapped_(from.variable_count()) {}

  // Slots come before locals in a program, so what is shared is found first.
  void find_shared(const StatementRun& run) {
    for (NodeId id = run.first; id.valid() && id != run.end; id = from_.node(id).next) {
      if (from_.node(id).kind == NodeKind::Let) share(from_.node(id).variable());
    }
    for (NodeId id = run.first; id.valid() && id != run.end; id = from_.node(id).next)
      find_in_statement(from_.node(id));
    to_.returned = to_.program.add_slot("returned", Type::I32);
    to_.pushed = to_.program.add_slot("pushed", Type::I64);
  }

  NodeId copy_block(NodeId first, NodeId end, bool outermost) {
    std::vector<NodeId> statements;
    for (NodeId id = first; id.valid() && id != end; id = from_.node(id).next)
      copy_statement(id, outermost, statements);
    return ast::Builder(to_.program).block(statements);
  }

 private:
  void share(VarId variable) {
    if (mapped_[variable.value].valid()) return;
    const std::string name = "v" + std::to_string(to_.shared.size());
    mapped_[variable.value] = to_.program.add_slot(name, from_.variable_type(variable));
    to_.shared.push_back(variable);
  }

  // A local that is declared in a nested block stays one; everything else that is used is shared.
  void use(VarId variable) {
    if (!inner_[variable.value]) share(variable);
  }

  void find_in_block(NodeId first) {
    for (NodeId id = first; id.valid(); id = from_.node(id).next) {
      const Node& node = from_.node(id);
      if (node.kind == NodeKind::Let) inner_[node.variable().value] = true;
      find_in_statement(node);
    }
  }

  void find_in_statement(const Node& node) {
    switch (node.kind) {
      case NodeKind::Let:
      case NodeKind::Store:
        find_in_expression(node.child_b());
        use(node.variable());
        break;
      case NodeKind::If:
        find_in_expression(node.child_a());
        find_in_block(node.child_b());
        find_in_block(node.child_c());
        break;
      case NodeKind::Loop:
      case NodeKind::While:
        find_in_expression(node.child_a());
        find_in_block(node.child_b());
        break;
      case NodeKind::Return:
      case NodeKind::Push:
        if (node.child_a().valid()) find_in_expression(node.child_a());  // a bare `return` has none
        break;
      default:
        break;
    }
  }

  void find_in_expression(NodeId id) {
    const Node& node = from_.node(id);
    switch (node.kind) {
      case NodeKind::Int:
        break;
      case NodeKind::Load:
        use(node.variable());
        break;
      case NodeKind::Select:
        find_in_expression(node.child_c());
        [[fallthrough]];
      case NodeKind::Binary:
      case NodeKind::Compare:
        find_in_expression(node.child_b());
        [[fallthrough]];
      default:
        find_in_expression(node.child_a());
        break;
    }
  }

  NodeId copy_expression(NodeId id) {
    Node copy = from_.node(id);
    switch (copy.kind) {
      case NodeKind::Int:
        break;
      case NodeKind::Load:
        copy.a = mapped_[copy.a].value;
        break;
      case NodeKind::Select:
        copy.c = copy_expression(NodeId{copy.c}).value;
        [[fallthrough]];
      case NodeKind::Binary:
      case NodeKind::Compare:
        copy.b = copy_expression(NodeId{copy.b}).value;
        [[fallthrough]];
      default:
        copy.a = copy_expression(NodeId{copy.a}).value;
        break;
    }
    return to_.program.add_node(copy);
  }

  void copy_statement(NodeId id, bool outermost, std::vector<NodeId>& statements) {
    ast::Builder build(to_.program);
    const Node node = from_.node(id);
    switch (node.kind) {
      case NodeKind::Let: {
        const NodeId value = copy_expression(node.child_b());
        if (outermost) {
          statements.push_back(build.store(mapped_[node.a], value));
          break;
        }
        const std::string name = "t" + std::to_string(to_.program.variable_count());
        mapped_[node.a] = to_.program.add_local(name, from_.variable_type(node.variable()));
        statements.push_back(build.let(mapped_[node.a], value));
        break;
      }
      case NodeKind::Store:
        statements.push_back(build.store(mapped_[node.a], copy_expression(node.child_b())));
        break;
      case NodeKind::If: {
        const NodeId condition = copy_expression(node.child_a());
        const NodeId then_block = copy_block(node.child_b(), NodeId::none(), false);
        const NodeId else_block = copy_block(node.child_c(), NodeId::none(), false);
        statements.push_back(build.if_else(condition, then_block, else_block));
        break;
      }
      case NodeKind::Loop:
      case NodeKind::While: {
        const NodeId head = copy_expression(node.child_a());
        const NodeId body = copy_block(node.child_b(), NodeId::none(), false);
        statements.push_back(node.kind == NodeKind::Loop ? build.loop(head, body) : build.while_loop(head, body));
        break;
      }
      case NodeKind::Break:
        statements.push_back(build.break_loop());
        break;
      case NodeKind::Continue:
        statements.push_back(build.continue_loop());
        break;
      case NodeKind::Return:
        // A trap in the value ends the run as a trap, whatever the slot says.
        statements.push_back(build.store(to_.returned, build.i32(1)));
        statements.push_back(node.child_a().valid() ? build.return_value(copy_expression(node.child_a()))
                                                    : build.return_nothing());
        break;
      case NodeKind::Push:
        statements.push_back(build.push(copy_expression(node.child_a())));
        statements.push_back(build.store(to_.pushed, build.binary(ast::Op::Add, build.load(to_.pushed), build.i64(1))));
        break;
      default:
        break;  // print is not scalar, and expressions are no statements
    }
  }

  const ast::Program& from_;
  ExtractedRun& to_;
  std::vector<VarId> mapped_;
  std::vector<bool> inner_ = std::vector<bool>(from_.variable_count(), false);
};

}  // namespace

bool extract_run(const ast::Program& program, const StatementRun& run, ExtractedRun& extracted) {
  extracted.program.clear();
  extracted.shared.clear();
  Extraction extraction(program, extracted);
  extraction.find_shared(run);
  extracted.program.set_body(extraction.copy_block(run.first, run.end, true));
  return ast::verify(extracted.program).ok();
}

}  // namespace assay::jit
