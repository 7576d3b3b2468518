// Writer: the state of one program being generated, and the grammar as its methods.
//
// Expressions are in expressions.cc and idioms.cc, statements in statements.cc, loops in loops.cc. Every method draws
// from the same Rng in a fixed order.
//
// Tested by fuzz/gen/test/generator_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/program.h"
#include "core/base/rng.h"
#include "fuzz/gen/swarm.h"

namespace assay::fuzz {

class Writer {
 public:
  Writer();

  // Writes the whole program. `program` must be clear.
  void write(const SwarmConfig& config, base::Rng& rng, ast::Program& program);

 private:
  // What may stand where we are.
  struct Context {
    std::uint32_t depth = 0;  // of nested statements
    std::uint32_t loop_depth = 0;
    std::uint32_t repeats = 1;  // product of the trip counts around us: bounds what a program costs to run
    bool may_continue = false;  // a `continue` here would still make progress
  };

  // An operator with its operands' type, listed under the type of its result.
  struct Choice {
    ast::Op op;
    ast::Type operand;
  };

  // Expressions.
  void list_choices();
  ast::NodeId expression(ast::Type type, std::uint32_t depth);
  ast::NodeId leaf(ast::Type type);
  ast::NodeId operation(ast::Type type, std::uint32_t depth);
  ast::NodeId binary(ast::Op op, ast::Type operand, std::uint32_t depth);
  ast::NodeId second_operand(ast::Op op, ast::NodeId left, ast::Type type, std::uint32_t depth);
  ast::NodeId divisor(ast::Type type, std::uint32_t depth);
  ast::NodeId condition();
  // In idioms.cc: one of the forms that compilers look for; none where the configuration leaves its operators out.
  ast::NodeId idiom(ast::Type type);
  ast::NodeId test_for_multiple();
  ast::NodeId equation();
  ast::NodeId half_trapping_division(ast::Type type, bool by_overflow);
  ast::NodeId copy_of_leaf(ast::NodeId leaf);
  ast::NodeId convert_to(ast::Type type, ast::NodeId value);

  // Statements. They append to the open block.
  void block_of(std::uint32_t statements, const Context& context);
  void statement(const Context& context);
  void assign();
  void declare(ast::Type type);
  void rotate();
  void branch(const Context& context);
  void leave_loop(const Context& context);
  ast::NodeId returned_value();
  void push();
  void finish_program();

  // Loops.
  void loop(const Context& context);
  void counted_loop(const Context& context);
  void induction_loop(const Context& context);
  void shifting_loop(const Context& context);
  // In recurrences.cc: loops that SCEV-Lite solves, or nearly.
  void recurrence_loop(const Context& context);
  // In wild_loops.cc: loops that may go round many times, or for ever.
  void wild_loop();
  ast::NodeId wild_bound(ast::Type type, std::uint64_t stride);
  // In widened_loops.cc: loops whose counter wraps in fewer bits than what is computed with it has.
  void widened_loop();
  ast::NodeId widened_bound(ast::Op conversion, std::uint64_t near, std::uint64_t step);
  [[nodiscard]] std::uint32_t draw_trip_count(const Context& context);

  // Variables.
  ast::Type draw_type();
  ast::VarId new_local(ast::Type type);
  // A new local with that value.
  ast::VarId bind(ast::NodeId value);
  // Variables that a loop updates, from 1 to `most`; declared where there are none to assign.
  std::vector<ast::VarId> draw_accumulators(ast::Type type, std::uint32_t most);
  // A variable of that type, or none.
  ast::VarId any_variable(ast::Type type);
  // The same among those that may be assigned.
  ast::VarId any_target(ast::Type type);

  // Blocks: statements collected until they are linked.
  void open_block();
  ast::NodeId close_block();
  void append(ast::NodeId statement) { statements_.push_back(statement); }
  [[nodiscard]] bool out_of_nodes() const { return program_->node_count() >= config_->nodes; }

  struct Scope {
    std::size_t first_statement;
    std::uint32_t names;
    std::array<std::size_t, 2> variables;
    std::array<std::size_t, 2> targets;
  };

  const SwarmConfig* config_ = nullptr;
  base::Rng* rng_ = nullptr;
  ast::Program* program_ = nullptr;
  std::array<std::vector<Choice>, 2> choices_;        // by type of the result
  std::array<std::vector<ast::VarId>, 2> variables_;  // in scope, by type
  std::array<std::vector<ast::VarId>, 2> targets_;    // of these, the ones that are not a loop's own
  std::vector<ast::NodeId> statements_;               // of all open blocks, outermost first
  std::vector<Scope> scopes_;
  std::uint32_t names_ = 0;  // of locals in scope
};

}  // namespace assay::fuzz
