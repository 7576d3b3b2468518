// Explaining loops; see explain.h. Tested by core/scev/test/explain_test.cc.
#include "core/scev/explain.h"

#include <utility>

#include "core/scev/solution.h"

namespace assay::scev {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;

class PolynomialPrinter {
 public:
  PolynomialPrinter(const ast::Program& program, const Atoms& atoms) : program_(program), atoms_(atoms) {}

  std::string print(const Polynomial& polynomial) const {
    if (polynomial.poisoned) return "(too large)";
    if (polynomial.terms.empty()) return "0";
    std::string text;
    // The constant, which sorts first, reads best at the end.
    const bool leading_constant = polynomial.terms[0].monomial.degree == 0;
    for (std::size_t i = leading_constant ? 1 : 0; i < polynomial.terms.size(); ++i) {
      append(text, polynomial.type, polynomial.terms[i]);
    }
    if (leading_constant) append(text, polynomial.type, polynomial.terms[0]);
    return text;
  }

 private:
  void append(std::string& text, ast::Type type, const Term& term) const {
    const std::int64_t coefficient = as_signed(type, term.coefficient);
    const bool negative = coefficient < 0;
    const std::uint64_t magnitude =
        negative ? 0 - static_cast<std::uint64_t>(coefficient) : static_cast<std::uint64_t>(coefficient);
    if (text.empty()) {
      text = negative ? "-" : "";
    } else {
      text += negative ? " - " : " + ";
    }
    std::string product;
    if (magnitude != 1 || term.monomial.degree == 0) product = std::to_string(magnitude);
    for (std::size_t i = 0; i < term.monomial.degree; ++i) {
      if (!product.empty()) product += " * ";
      product += print(AtomId{term.monomial.atoms[i]});
    }
    text += product;
  }

  std::string print(AtomId id) const {
    // Parts are shared, so that the text may be exponentially longer than what it is about.
    if (depth_ == kDeepestText) return "...";
    ++depth_;
    std::string text = print_atom(id);
    --depth_;
    return text;
  }

  std::string print_atom(AtomId id) const {
    const Atom& atom = atoms_[id];
    switch (atom.kind) {
      case AtomKind::Variable:
      case AtomKind::Initial:
        return std::string(program_.variable_name(atom.variable));
      case AtomKind::Binomial:
        return "C(" + print(atom.arguments[0]) + ", " + std::to_string(atom.degree) + ")";
      case AtomKind::Whole:
        return "(" + print(atom.arguments[0]) + ")";
      case AtomKind::Operation:
        break;
    }
    const ast::OpInfo& info = ast::op_info(atom.op);
    if (Atoms::is_boolean(id) && (atom.op == ast::Op::ExtendU || atom.op == ast::Op::Wrap)) {
      return print(atom.arguments[0]);
    }
    if (info.op_class == ast::OpClass::Compare) {
      const std::string spelling = info.infix.empty() ? std::string(info.name) : std::string(info.infix);
      return "[" + print(atom.arguments[0]) + " " + spelling + " " + print(atom.arguments[1]) + "]";
    }
    std::string text = std::string(info.name) + "(" + print(atom.arguments[0]);
    if (atom.argument_count == 2) text += ", " + print(atom.arguments[1]);
    return text + ")";
  }

  static constexpr unsigned kDeepestText = 6;
  const ast::Program& program_;
  const Atoms& atoms_;
  mutable unsigned depth_ = 0;
};

class Explainer {
 public:
  explicit Explainer(const ast::Program& program) : program_(program) {}

  std::vector<LoopExplanation> explain() {
    block(program_.body(), 0);
    return std::move(result_);
  }

 private:
  void block(NodeId first, unsigned depth) {
    for (NodeId id = first; id.valid(); id = program_.node(id).next) {
      const Node& node = program_.node(id);
      if (node.kind == NodeKind::If) {
        block(node.child_b(), depth);
        block(node.child_c(), depth);
      } else if (node.kind == NodeKind::Loop || node.kind == NodeKind::While) {
        if (!loop(id, depth)) block(node.child_b(), depth + 1);
      }
    }
  }

  bool loop(NodeId id, unsigned depth) {
    Atoms atoms;
    const Solution solution = solve(program_, id, atoms, {});
    LoopExplanation one;
    one.depth = depth;
    one.report.loop = id;
    one.report.classes = solution.classes;
    one.report.reason = solution.failure;
    one.report.solved = !solution.failed();
    one.report.guarded = solution.shape == Shape::Guarded || solution.shape == Shape::Phased;
    if (one.report.solved) describe(solution, atoms, one);
    const bool solved = one.report.solved;
    result_.push_back(std::move(one));
    return solved;
  }

  void describe(const Solution& solution, const Atoms& atoms, LoopExplanation& one) const {
    const PolynomialPrinter printer(program_, atoms);
    const System& system = solution.system;
    for (std::size_t i = 0; i < solution.body.variables.size(); ++i) {
      const std::string variable(program_.variable_name(solution.body.variables[i]));
      one.recurrences.push_back(variable + " = " + describe(printer, variable, system, i));
    }
    for (const Polynomial& count : solution.trip.counts) one.trip_counts.push_back(printer.print(count));
    switch (solution.shape) {
      case Shape::Straight:
        one.shape = "the final values, without a guard";
        break;
      case Shape::Choice:
        one.shape = "the final values where there are many iterations, the loop where there are few";
        break;
      case Shape::Guarded:
        one.shape = "the values after that many iterations, and the loop for what may be left";
        break;
      case Shape::Phased:
        one.shape = "phase by phase, and the loop for what may be left";
        break;
    }
    if (system.period > 1) one.shape += "; " + std::to_string(system.period) + " iterations at a time";
    if (system.peeled) one.shape += "; behind one iteration";
  }

  static std::string describe(const PolynomialPrinter& printer, const std::string& variable, const System& system,
                              std::size_t index) {
    const Sequence& sequence = system.sequences[index];
    const auto chain = [&printer](const AddRecurrence& recurrence) {
      std::string text = "{";
      for (const Polynomial& coefficient : recurrence.coefficients) {
        if (text.size() > 1) text += ", +, ";
        text += printer.print(coefficient);
      }
      return text + "}";
    };
    const std::string op(ast::op_info(sequence.op).name);
    switch (sequence.kind) {
      case SequenceKind::AddRecurrence:
        return chain(sequence.recurrence);
      case SequenceKind::Last:
        return printer.print(sequence.operand) + " of the last iteration";
      case SequenceKind::Absorbing:
        return op + "(" + variable + ", " + printer.print(sequence.operand) + ") from the first iteration on";
      case SequenceKind::Idempotent:
        return printer.print(sequence.operand) + " from the first iteration on";
      case SequenceKind::Toggle:
        return "xor(" + variable + ", " + printer.print(sequence.operand) + ") after odd numbers of iterations";
      case SequenceKind::BitRange:
        return op + " of " + variable + " and all of " + chain(sequence.recurrence);
      case SequenceKind::Extremum:
        return "the one of " + variable + " and all of " + chain(sequence.recurrence) + " that is first by " + op;
      case SequenceKind::Linear:
        return "linear: " + printer.print(system.equations[index]) + " of the iteration before";
      case SequenceKind::Unsolved:
        break;
    }
    return "unknown";
  }

  const ast::Program& program_;
  std::vector<LoopExplanation> result_;
};

}  // namespace

std::vector<LoopExplanation> explain_loops(const ast::Program& program) { return Explainer(program).explain(); }

}  // namespace assay::scev
