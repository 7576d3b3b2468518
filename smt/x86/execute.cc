// Following code; see execute.h. Tested by smt/x86/test/step_test.cc and compiled_proof_test.cc.
#include "smt/x86/execute.h"

#include "smt/iteration.h"
#include "smt/x86/decode.h"

namespace assay::smt::x86 {
namespace {

constexpr std::size_t kMostInstructions = 20'000;
constexpr std::size_t kMostExits = 64;

struct Way {
  MachineState state;
  std::int64_t at = 0;
};

}  // namespace

Terms::Replacements known_on(Terms& terms, TermId path) {
  Terms::Replacements known = assume(terms, path);
  Terms::Replacements constants;
  for (const auto& [truth, value] : known) {
    const Term term = terms[TermId{truth}];
    if (!terms.is_constant(value, 1) || term.kind != Kind::Equal || !terms.is_constant(term.arguments[1])) continue;
    constants.emplace(term.arguments[0].value, term.arguments[1]);
  }
  known.insert(constants.begin(), constants.end());
  return known;
}

Execution execute(Terms& terms, std::span<const std::uint8_t> code, const MachineState& start, Machine& machine) {
  Execution result;
  std::vector<Way> open = {{start, 0}};
  std::size_t instructions = 0;
  while (!open.empty() && result.refusal.empty()) {
    Way way = std::move(open.back());
    open.pop_back();
    bool ended = false;
    while (!ended && result.refusal.empty()) {
      if (way.at < 0 || ++instructions > kMostInstructions) {
        result.refusal = way.at < 0 ? "a jump out of the code" : "too many instructions: there may be a loop";
        break;
      }
      const Instruction one = decode(code, static_cast<std::size_t>(way.at));
      const std::int64_t next = way.at + one.length;
      switch (one.operation) {
        case Operation::Return:
          result.exits.push_back(way.state);
          if (result.exits.size() > kMostExits) result.refusal = "too many ways through the code";
          ended = true;
          break;
        case Operation::Jump:
          way.at = one.target;
          break;
        case Operation::JumpIf: {
          const auto known = known_on(terms, way.state.path);
          const TermId taken = terms.substitute(machine.condition(one.condition, way.state), known);
          Way other = way;
          other.at = one.target;
          other.state.path = terms.both(way.state.path, taken);
          way.at = next;
          way.state.path = terms.both(way.state.path, terms.negation(taken));
          if (!terms.is_constant(other.state.path, 0)) open.push_back(std::move(other));
          ended = terms.is_constant(way.state.path, 0);
          break;
        }
        default:
          if (!machine.step(one, way.state)) result.refusal = machine.refusal();
          way.at = next;
          break;
      }
    }
  }
  result.faults = machine.faults();
  result.outside = machine.outside();
  return result;
}

}  // namespace assay::smt::x86
