// Programs, and solvers and passes that are wrong about one thing, for the tests of proofs.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "core/ast/text.h"
#include "fuzz/proofs/loop_verifier.h"
#include "fuzz/reduce/test/planted_faults.h"
#include "oracles/judge.h"

namespace assay::fuzz {

inline ast::Program parsed(const std::string& text) {
  auto program = ast::parse_program(text);
  EXPECT_TRUE(program) << program.error().describe();
  return std::move(program).value();
}

inline constexpr const char* kSteps = "program p(i32 n, i32 s) { loop (n) { s = s + 3; } }";

// Solves loops as if a step of 3 were one of 4.
inline opt::PassResult solve_with_step_4(const ast::Program& program) {
  ast::Program changed = program;
  static_cast<void>(planted::at_each_node([](ast::Program& all, ast::NodeId id) {
    ast::Node& node = all.node(id);
    if (node.kind != ast::NodeKind::Int || node.bits() != 3) return false;
    node.a = 4;
    return true;
  })(changed));
  return opt::solve_loops(changed);
}

// The real passes, but for the one that solves loops.
class WrongSolver final : public oracles::PassSource {
 public:
  explicit WrongSolver(LoopSolver solve_loops) : solve_loops_(std::move(solve_loops)) {}

  opt::PassResult run(opt::PassId pass, const ast::Program& program) override {
    return pass == opt::PassId::Scev ? solve_loops_(program) : PassSource::run(pass, program);
  }

 private:
  LoopSolver solve_loops_;
};

// Divisions by a constant become plain shifts.
inline std::unique_ptr<oracles::PassSource> divisions_as_shifts() {
  return std::make_unique<planted::WrongPass>(opt::PassId::Simplify,
                                              planted::at_each_node([](ast::Program& program, ast::NodeId id) {
                                                ast::Node& node = program.node(id);
                                                const auto is_four = [](std::uint64_t bits) { return bits == 4; };
                                                if (node.kind != ast::NodeKind::Binary || node.op != ast::Op::DivS)
                                                  return false;
                                                if (!planted::right_is_constant(program, node, is_four)) return false;
                                                node.op = ast::Op::ShrS;
                                                program.node(node.child_b()).a = 2;
                                                return true;
                                              }));
}

inline std::unique_ptr<oracles::Judge> judge_with(std::unique_ptr<oracles::PassSource> passes,
                                                  std::unique_ptr<oracles::BlockSource> source = nullptr) {
  if (!source) source = std::make_unique<oracles::JitBlockSource>();
  auto judge = oracles::Judge::create({}, std::move(source), std::move(passes));
  EXPECT_TRUE(judge) << judge.error().describe();
  return std::move(judge).value();
}

}  // namespace assay::fuzz
