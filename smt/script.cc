// Printing SMT-LIB 2; see script.h. Tested by smt/test/meaning_test.cc.
#include "smt/script.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace assay::smt {
namespace {

std::string sort_of(unsigned width) { return width == 0 ? "Bool" : "(_ BitVec " + std::to_string(width) + ")"; }

std::string_view operator_name(Kind kind) {
  switch (kind) {
    case Kind::Add:
      return "bvadd";
    case Kind::Mul:
      return "bvmul";
    case Kind::And:
      return "bvand";
    case Kind::Or:
      return "bvor";
    case Kind::Xor:
      return "bvxor";
    case Kind::Shl:
      return "bvshl";
    case Kind::LShr:
      return "bvlshr";
    case Kind::AShr:
      return "bvashr";
    case Kind::UDiv:
      return "bvudiv";
    case Kind::URem:
      return "bvurem";
    case Kind::SDiv:
      return "bvsdiv";
    case Kind::SRem:
      return "bvsrem";
    case Kind::Ult:
      return "bvult";
    case Kind::Slt:
      return "bvslt";
    case Kind::Equal:
      return "=";
    case Kind::Ite:
      return "ite";
    case Kind::Both:
      return "and";
    case Kind::Not:
      return "not";
    default:
      return "";
  }
}

class Printer {
 public:
  Printer(const Terms& terms, std::string& text) : terms_(terms), text_(text) {}

  void define(TermId id) {
    if (!done_.insert(id.value).second) return;
    const Term& term = terms_[id];
    for (const TermId argument : term.arguments) {
      if (argument.valid()) define(argument);
    }
    if (term.kind == Kind::Constant) return;
    const std::string sort = sort_of(term.width);
    if (term.kind == Kind::Symbol) {
      names_.emplace(id.value, "|" + name_in_script(terms_.symbol_name(id), symbols_++) + "|");
      text_ += "(declare-const " + names_.at(id.value) + " " + sort + ")\n";
      return;
    }
    names_.emplace(id.value, "t" + std::to_string(defined_++));
    text_ += "(define-fun " + names_.at(id.value) + " () " + sort + " (";
    text_ += head(term);
    for (const TermId argument : term.arguments) {
      if (argument.valid()) text_ += " " + reference(argument);
    }
    text_ += "))\n";
  }

  [[nodiscard]] std::string reference(TermId id) const {
    const Term& term = terms_[id];
    if (term.kind != Kind::Constant) return names_.at(id.value);
    if (term.width == 0) return term.value != 0 ? "true" : "false";
    return "(_ bv" + std::to_string(term.value) + " " + std::to_string(term.width) + ")";
  }

 private:
  [[nodiscard]] std::string head(const Term& term) const {
    const unsigned inner = terms_[term.arguments[0]].width;
    switch (term.kind) {
      case Kind::ZeroExtend:
        return "(_ zero_extend " + std::to_string(term.width - inner) + ")";
      case Kind::SignExtend:
        return "(_ sign_extend " + std::to_string(term.width - inner) + ")";
      case Kind::Truncate:
        return "(_ extract " + std::to_string(term.width - 1) + " 0)";
      default:
        return std::string(operator_name(term.kind));
    }
  }

  const Terms& terms_;
  std::string& text_;
  std::unordered_set<std::uint32_t> done_;
  std::unordered_map<std::uint32_t, std::string> names_;
  unsigned symbols_ = 0;
  unsigned defined_ = 0;
};

}  // namespace

std::string_view plain_name(std::string_view symbol) { return symbol.substr(0, symbol.rfind('.')); }

std::string name_in_script(std::string_view symbol, unsigned number) {
  return std::string(plain_name(symbol)) + "." + std::to_string(number);
}

std::string_view without_comments(std::string_view script) {
  while (script.starts_with(';')) script.remove_prefix(std::min(script.find('\n'), script.size() - 1) + 1);
  return script;
}

std::string print_script(const Terms& terms, const std::vector<TermId>& assertions, std::string_view title) {
  std::string comment(title);
  std::replace(comment.begin(), comment.end(), '\n', ' ');
  std::string text = "; " + comment + "\n; Proved when unsat.\n(set-logic QF_BV)\n";
  Printer printer(terms, text);
  for (const TermId assertion : assertions) {
    printer.define(assertion);
    text += "(assert " + printer.reference(assertion) + ")\n";
  }
  return text + "(check-sat)\n";
}

}  // namespace assay::smt
