// Updates: the statements that loops with a closed form consist of, and some that only look like them.
//
// Tested by fuzz/gen/test/generator_test.cc.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ast/builder.h"
#include "core/base/rng.h"

namespace assay::fuzz {

// The variables of a loop being written, all of one type but for the counter, perhaps.
struct LoopVariables {
  ast::Type type = ast::Type::I32;
  ast::VarId counter;
  std::optional<ast::Op> widened;        // what makes a narrow counter one of the type
  std::vector<ast::VarId> accumulators;  // at least one
  ast::VarId invariant;
  ast::VarId other_invariant;
};

class UpdateWriter {
 public:
  // `names` numbers the program's locals.
  UpdateWriter(ast::Program& program, base::Rng& rng, const LoopVariables& variables, std::uint32_t& names)
      : program_(program), build_(program), rng_(rng), variables_(variables), names_(names) {}

  // Appends one update, of two or three statements sometimes.
  void append(std::vector<ast::NodeId>& statements);
  // Appends an update under a condition, of which most are on the counter.
  void append_conditional(std::vector<ast::NodeId>& statements);
  // Appends an update that depends on the counter only in whether it is made: something is counted while the counter is
  // on one side of an invariant.
  void append_counting(std::vector<ast::NodeId>& statements);
  // Appends two updates of one accumulator under conditions of different periods.
  void append_periods(std::vector<ast::NodeId>& statements);
  // Appends an accumulation of what another accumulator was an iteration ago: known from the second iteration on.
  void append_delayed(std::vector<ast::NodeId>& statements);
  // Appends something that a solver has to decline, or must not take for one of the above. `may_trap`: a division by a
  // variable too.
  void append_near_miss(std::vector<ast::NodeId>& statements, bool may_trap);

  // A condition on the counter, on invariants or on neither.
  [[nodiscard]] ast::NodeId condition();
  [[nodiscard]] ast::Op ordered_comparison();
  // The counter as a value of the type.
  [[nodiscard]] ast::NodeId counter() {
    const ast::NodeId value = load(variables_.counter);
    return variables_.widened ? build_.convert(*variables_.widened, value) : value;
  }

 private:
  using Statements = std::vector<ast::NodeId>;

  ast::VarId accumulator();
  ast::VarId fresh_local();
  ast::NodeId load(ast::VarId variable) { return build_.load(variable); }
  ast::NodeId number(std::uint64_t bits) { return build_.constant(variables_.type, bits); }
  ast::NodeId operand();
  ast::NodeId power();
  ast::NodeId accumulated(ast::VarId target, ast::NodeId value);
  ast::NodeId accumulation();
  void extremum(Statements& statements);
  void exchange(Statements& statements);
  void recurrence(Statements& statements);
  void chain(Statements& statements);
  void bits(Statements& statements);

  ast::Program& program_;
  ast::Builder build_;
  base::Rng& rng_;
  const LoopVariables& variables_;
  std::uint32_t& names_;
};

}  // namespace assay::fuzz
