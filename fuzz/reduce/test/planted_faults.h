// Deliberate faults for the reducer and triage: compilers and passes that are wrong about one thing.
//
// A wrong selection is modelled by compiling a program that was changed by the fault, so it strikes wherever the
// construct stands, in programs of any size, as a real bug does.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "core/ast/builder.h"
#include "core/ast/program.h"
#include "fuzz/mutate/links.h"
#include "oracles/block_source.h"
#include "oracles/pass_source.h"

namespace assay::fuzz::planted {

// Changes the program where the fault strikes; false where it does not.
using Rewrite = std::function<bool(ast::Program&)>;
using Spoil = std::function<void(const ast::Program&, jit::CompiledBlock&)>;

class WrongCompiler final : public oracles::BlockSource {
 public:
  WrongCompiler(Rewrite rewrite, Spoil spoil) : rewrite_(std::move(rewrite)), spoil_(std::move(spoil)) {}

  void compile(const ast::Program& program, const jit::CompileOptions& options, jit::CompiledBlock& block) override {
    ast::Program wrong = program;
    if (rewrite_) static_cast<void>(rewrite_(wrong));
    jit_.compile(wrong, options, block);
    if (spoil_) spoil_(program, block);
  }

 private:
  Rewrite rewrite_;
  Spoil spoil_;
  oracles::JitBlockSource jit_;
};

// The real passes but for one, which gives the changed program wherever its fault strikes.
class WrongPass final : public oracles::PassSource {
 public:
  WrongPass(opt::PassId pass, Rewrite rewrite) : pass_(pass), rewrite_(std::move(rewrite)) {}

  opt::PassResult run(opt::PassId pass, const ast::Program& program) override {
    if (pass == pass_) {
      ast::Program wrong = program;
      if (rewrite_(wrong)) return {std::move(wrong), 1};
    }
    return PassSource::run(pass, program);
  }

 private:
  opt::PassId pass_;
  Rewrite rewrite_;
};

// The change, made to every node of the arena that it applies to.
template <class Change>
Rewrite at_each_node(Change change) {
  return [change](ast::Program& program) {
    bool struck = false;
    const std::uint32_t count = program.node_count();
    for (std::uint32_t i = 0; i < count; ++i) struck |= change(program, ast::NodeId{i});
    return struck;
  };
}

// The change, made to every link to a statement of that kind.
template <class Change>
Rewrite at_each_statement(ast::NodeKind kind, Change change) {
  return [kind, change](ast::Program& program) {
    Links links;
    links.find(program);
    for (const Link link : links.statements) {
      if (program.node(target(program, link)).kind == kind && change(program, link)) return true;
    }
    return false;
  };
}

inline bool has_operator(const ast::Node& node) {
  return node.kind == ast::NodeKind::Unary || node.kind == ast::NodeKind::Binary ||
         node.kind == ast::NodeKind::Compare || node.kind == ast::NodeKind::Convert;
}

// One operator taken for another of the same kind.
inline Rewrite taken_for(ast::Op right, ast::Op wrong) {
  return at_each_node([right, wrong](ast::Program& program, ast::NodeId id) {
    ast::Node& node = program.node(id);
    if (!has_operator(node) || node.op != right) return false;
    node.op = wrong;
    return true;
  });
}

// Whether the second operand is a constant of that kind.
template <class Holds>
bool right_is_constant(const ast::Program& program, const ast::Node& node, Holds holds) {
  const ast::Node& right = program.node(node.child_b());
  return right.kind == ast::NodeKind::Int && holds(right.bits());
}

inline bool has_op(const ast::Program& program, ast::Op op) {
  for (std::uint32_t i = 0; i < program.node_count(); ++i) {
    const ast::Node& node = program.node(ast::NodeId{i});
    if (has_operator(node) && node.op == op) return true;
  }
  return false;
}

}  // namespace assay::fuzz::planted
