// Emitter: from polynomials over initial values back to statements of the language.
//
// Statements are appended to the innermost open block. Values that are needed more than once are bound to locals, and
// so is what would nest too deep. An Initial atom is read from its variable, so values must be emitted before the
// variable is stored to.
//
// Tested by core/scev/test/solve_test.cc.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/program.h"
#include "core/scev/atoms.h"

namespace assay::scev {

// Of one closed form, copies of the loop included.
inline constexpr std::uint32_t kMostEmittedNodes = 1U << 16;

class Emitter {
 public:
  Emitter(ast::Program& program, Atoms& atoms, std::uint32_t& next_name)
      : program_(program),
        atoms_(atoms),
        builder_(program),
        next_name_(next_name),
        most_nodes_(program.node_count() + kMostEmittedNodes) {
    open_block();
  }

  void open_block();
  // The same for the body of a loop: what was bound before it may be another value in its next round.
  void open_loop_block();
  // The first statement of the block that was open; none if it is empty.
  [[nodiscard]] ast::NodeId close_block();
  void append(ast::NodeId statement);
  // Statements that store to the loop's variables were appended: what was bound may be another value now.
  void forget_bound();

  // Says what will be emitted next, so that what occurs in it more than once is computed once.
  void plan(const std::vector<Polynomial>& values);

  [[nodiscard]] ast::NodeId value(const Polynomial& polynomial);
  // A fresh local with that value, which is planned for itself.
  ast::VarId bind(const Polynomial& polynomial);
  ast::VarId bind(ast::NodeId expression);
  // The value as an atom or a constant: bound to a local unless it is simple already.
  [[nodiscard]] Polynomial bound(const Polynomial& polynomial);
  void store(ast::VarId variable, const Polynomial& polynomial);
  void store(ast::VarId variable, ast::NodeId expression);
  // Stores all at once: no value sees another's store.
  void store_together(const std::vector<ast::VarId>& variables, const std::vector<Polynomial>& values);

  [[nodiscard]] Polynomial initial(ast::VarId variable) {
    return atoms_.initial(variable, program_.variable_type(variable));
  }
  [[nodiscard]] ast::VarId fresh_local(ast::Type type);
  ast::Builder& builder() { return builder_; }
  // More was asked for than a closed form may hold; what is written then means nothing.
  [[nodiscard]] bool overflowed() const { return overflowed_; }
  Atoms& atoms() { return atoms_; }
  ast::Program& program() { return program_; }

 private:
  // A local that holds an atom's value, or an odd multiple of it: binomials are used as the products that they are the
  // quotients of, where the inverse of the divisor leaves nothing but small factors.
  struct Bound {
    ast::VarId local;
    std::uint64_t factor = 1;
  };
  struct Block {
    std::vector<ast::NodeId> statements;
    std::vector<std::pair<AtomId, Bound>> bound;  // atoms that live in locals
  };
  struct Expression {
    ast::NodeId node;
    unsigned depth = 1;
  };

  void count_uses(const Polynomial& polynomial);
  Expression sum(ast::Type type, TermList terms);
  Expression product(ast::Type type, const Term& term);
  Expression plain_sum(ast::Type type, const TermList& terms);
  Expression atom(AtomId id);
  [[nodiscard]] bool is_cheap_condition(const Atom& atom) const;
  Expression compute(const Atom& atom);
  // `factor` becomes that of the result.
  Expression binomial(const Atom& atom, bool exact, std::uint64_t& factor);
  Bound bind_binomial(AtomId id);
  [[nodiscard]] Polynomial bound_as_planned(const Polynomial& polynomial);
  // The same sum over the multiples that locals hold.
  [[nodiscard]] TermList terms_of(const Polynomial& polynomial);
  unsigned& uses_of(AtomId id);
  void note_binomial_use(AtomId id, std::uint64_t coefficient);
  // The local that an operation's value is bound to, from now on at the latest.
  ast::VarId local_of(AtomId id);
  ast::VarId bind_operation(AtomId id, const Expression& computed);
  // Of what both lists have, operations on operations are bound: written out twice at each of n levels, they would be
  // written 2^n times.
  void bind_shared(const TermList& terms, const TermList& others);
  Expression limited(ast::Type type, Expression expression);
  Expression conditional(AtomId condition, ast::Type type, Expression if_true, Expression if_false);
  [[nodiscard]] const Bound* find_bound(AtomId id) const;

  ast::Program& program_;
  Atoms& atoms_;
  ast::Builder builder_;
  std::uint32_t& next_name_;
  std::vector<Block> blocks_;
  std::vector<unsigned> uses_;  // by atom
  std::vector<AtomId> exact_;   // binomials with a use that a multiple would make no cheaper
  std::uint32_t most_nodes_;    // of the program, with what is emitted
  bool overflowed_ = false;
};

// The first number such that no variable's name is "s" and that number or a higher one.
[[nodiscard]] std::uint32_t first_free_name(const ast::Program& program);

}  // namespace assay::scev
