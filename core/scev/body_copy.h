// BodyCopy: copies of a loop's body with locals of their own.
//
// Tested by core/scev/test/solve_test.cc.
#pragma once

#include <unordered_map>

#include "core/scev/body.h"
#include "core/scev/emitter.h"

namespace assay::scev {

class BodyCopy {
 public:
  BodyCopy(Emitter& emitter, const Body& body) : emitter_(emitter), body_(body) {}

  // Appends one full iteration: no exit is taken, so none is asked for. Continues are kept.
  void append_iteration();

  // Appends what the iteration in which the loop is left does before it is left. Only for bodies that
  // `has_simple_exits`.
  void append_last_iteration();

  // Whether every break is a statement of the body itself, or stands in an `if` that is one, without an else.
  [[nodiscard]] bool has_simple_exits() const;

  // Whether an iteration may be cut short by a continue.
  [[nodiscard]] bool has_continue() const;

  // A copy of any expression.
  [[nodiscard]] ast::NodeId expression(ast::NodeId id);

  // A copy of the whole loop.
  [[nodiscard]] ast::NodeId loop();

 private:
  [[nodiscard]] const Exit* exit_at(ast::NodeId statement) const;
  void append_list(ast::NodeId first, bool strip_exits);
  void append_until_exit(ast::NodeId first);
  [[nodiscard]] bool ends_in_break(ast::NodeId first) const;
  ast::NodeId statement(ast::NodeId id);
  ast::NodeId block(ast::NodeId first);

  Emitter& emitter_;
  const Body& body_;
  std::unordered_map<std::uint32_t, ast::VarId> renamed_;
};

}  // namespace assay::scev
