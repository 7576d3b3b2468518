// The reference interpreter: the specification of the language, written to be read.
//
// A plain walk over the tree. It shares no folding, masking or comparison helper with the optimizer, the JIT or the SMT
// encoding: independence is what makes agreement with it evidence. Every node executed and every loop iteration costs
// one step of fuel, so a run always ends.
//
// Tested by core/interp/test/interpreter_test.cc and operators_test.cc.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/ast/program.h"
#include "core/interp/outcome.h"

namespace assay::interp {

// Runs a verified program from the given frame (one cell per slot) with an empty operand stack. `outcome` is
// overwritten and its memory reused.
void interpret(const ast::Program& program, std::span<const std::uint64_t> frame, std::uint64_t fuel, Outcome& outcome);

// The same in pieces, for an executor that runs some statements elsewhere.
class Interpreter {
 public:
  // `program` must be verified; both must outlive the interpreter. `outcome` is reset to the start of a run. `memory`
  // is taken for the locals.
  Interpreter(const ast::Program& program, std::span<const std::uint64_t> frame, std::uint64_t fuel, Outcome& outcome,
              std::vector<std::uint64_t> memory = {});

  // Executes the statement list from `first` up to but not including `last` (none: to its end). False when the run has
  // ended (returned, trapped or out of fuel) and nothing more may be executed.
  bool execute(ast::NodeId first, ast::NodeId last);

  // Pays for one step; false when there is no fuel left, and the run has ended.
  bool step();

  // The value of an expression, zero-extended; false when the run has ended.
  bool evaluate(ast::NodeId id, std::uint64_t& bits);

  // The value of any variable in scope, slots included: the whole cell of a slot, zero-extended for an i32 local.
  [[nodiscard]] std::uint64_t cell(ast::VarId variable) const;
  void set_cell(ast::VarId variable, std::uint64_t bits);

  Outcome& outcome() { return outcome_; }

  // Gives back the memory of the locals, for the next run. The interpreter may not be used any more.
  [[nodiscard]] std::vector<std::uint64_t> take_memory() { return std::move(locals_); }

 private:
  enum class Flow : std::uint8_t;

  // A value and the fuel left behind it. The fuel is handed from node to node, in registers, instead of counted in
  // memory, which would be the most expensive part of most nodes.
  struct Evaluated {
    std::uint64_t bits = 0;
    std::int64_t fuel = 0;  // negative: the run has ended

    [[nodiscard]] bool ended() const { return fuel < 0; }
  };

  // Those of expressions take the fuel and give it back; those of statements keep it in fuel_.
  Evaluated operand(ast::NodeId id, std::int64_t fuel);
  Evaluated compute(ast::NodeId id, std::int64_t fuel);
  Evaluated apply_operator(ast::NodeId id, ast::Type type, std::uint64_t a, std::uint64_t b, std::int64_t fuel);
  Evaluated out_of_fuel();
  bool value_of(ast::NodeId id, std::uint64_t& bits);
  bool pay();
  bool settle(bool goes_on);
  void assign(ast::VarId variable, std::uint64_t bits);
  Flow block(ast::NodeId first, ast::NodeId last);
  Flow statement(ast::NodeId id);
  Flow counted_loop(const ast::Node& node);
  Flow while_loop(const ast::Node& node);

  const ast::Program& program_;
  Outcome& outcome_;
  std::int64_t fuel_at_start_;
  std::int64_t fuel_;
  std::vector<std::uint64_t> locals_;
};

}  // namespace assay::interp
