// SymbolicRun: what a loop-free list of statements does, for all inputs at once.
//
// Branches are run on copies of the state and joined by choices; traps, returns and breaks end a run by a truth `live`
// that later stores respect. Statements that cannot be said in terms (loops, prints) are refused, never skipped over;
// loops may be run by who knows what they leave behind.
//
// With a bound, loops are run that many iterations; what would go on ends there, as Beyond. What such a run says holds
// for the inputs that stay below the bound and for no others.
//
// Tested by smt/test/pass_proof_test.cc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/ast/program.h"
#include "smt/terms.h"

namespace assay::smt {

// How a run ended, as the values of `SymbolicState::ended`.
enum class Ended : std::uint8_t { Completed, Returned, DividedByZero, Overflowed, Beyond };

struct SymbolicState {
  std::vector<TermId> variables;  // by VarId; none before a local's `let`
  TermId live;                    // still running here
  TermId ended;                   // 8 bits, an Ended
  TermId broken;                  // left the loop around the statements by a break
  TermId depth;                   // of the operand stack, 16 bits
  std::vector<TermId> stack;      // 64 bits each; an i32 zero-extended
};

// Runs a loop as one statement.
class LoopRunner {
 public:
  LoopRunner() = default;
  virtual ~LoopRunner() = default;
  LoopRunner(const LoopRunner&) = delete;
  LoopRunner& operator=(const LoopRunner&) = delete;
  // False if it is not known what the loop leaves behind.
  [[nodiscard]] virtual bool run_loop(const ast::Program& program, ast::NodeId loop, SymbolicState& state) = 0;
};

class SymbolicRun {
 public:
  // `bound`: iterations of each loop, whenever it is met; 0 refuses loops.
  SymbolicRun(Terms& terms, const ast::Program& program, unsigned bound = 0)
      : terms_(terms), program_(program), bound_(bound) {}
  // Loops are run by who knows what they leave behind; without anybody they are refused.
  SymbolicRun(Terms& terms, const ast::Program& program, LoopRunner* loops)
      : terms_(terms), program_(program), loops_(loops) {}

  // Every variable a symbol of its name; nothing pushed, nothing ended.
  [[nodiscard]] SymbolicState start();
  // The same with these values.
  [[nodiscard]] SymbolicState start_from(const std::vector<TermId>& variables);

  // Runs a list of statements. False if it holds something that cannot be run so; `refusal` says what.
  [[nodiscard]] bool run(ast::NodeId first, SymbolicState& state);
  [[nodiscard]] bool run_statement(ast::NodeId id, SymbolicState& state);
  [[nodiscard]] TermId value(ast::NodeId expression, SymbolicState& state);
  // That the program has neither trapped nor returned so far, though it may have gone on elsewhere.
  [[nodiscard]] TermId completed(const SymbolicState& state);
  [[nodiscard]] std::string_view refusal() const { return refusal_; }

 private:
  [[nodiscard]] bool unroll(const ast::Node& loop, SymbolicState& state);
  [[nodiscard]] bool branch(const ast::Node& node, SymbolicState& state);
  [[nodiscard]] bool loop(const ast::Node& node, SymbolicState& state);
  void store(ast::VarId variable, TermId value, SymbolicState& state);
  void push(TermId value, SymbolicState& state);
  void end(Ended how, TermId when, SymbolicState& state);
  [[nodiscard]] SymbolicState joined(TermId condition, const SymbolicState& yes, const SymbolicState& no);

  Terms& terms_;
  const ast::Program& program_;
  unsigned bound_ = 0;
  LoopRunner* loops_ = nullptr;
  std::string_view refusal_;
};

}  // namespace assay::smt
