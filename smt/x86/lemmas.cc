// Proving and using the lemmas; see lemmas.h. Tested by smt/x86/test/lemmas_test.cc.
#include "smt/x86/lemmas.h"

#include <algorithm>
#include <string>
#include <utility>

#include "smt/script.h"
#include "smt/x86/machine.h"

namespace assay::smt::x86 {
namespace {

constexpr std::uint64_t kSumOfBytes = 0x0101'0101'0101'0101ULL;

TermId byte_of(Terms& terms, TermId whole, unsigned number) {
  const unsigned width = terms[whole].width;
  const TermId shifted = terms.binary(Kind::LShr, whole, terms.constant(width, 8 * number));
  return terms.binary(Kind::And, shifted, terms.constant(width, 0xFF));
}

// The sum of bits `first` to `last`, both included, at the width of x.
TermId sum_of_bits(Terms& terms, TermId x, unsigned first, unsigned last) {
  const unsigned width = terms[x].width;
  TermId sum = terms.constant(width, 0);
  for (unsigned i = first; i <= last; ++i) {
    const TermId shifted = terms.binary(Kind::LShr, x, terms.constant(width, i));
    sum = terms.add(sum, terms.binary(Kind::And, shifted, terms.constant(width, 1)));
  }
  return sum;
}

}  // namespace

std::vector<Obligation> prove_flag_lemmas(Solver& solver, const ProofLimits& limits) {
  std::vector<Obligation> result;
  for (const unsigned width : {32U, 64U}) {
    Terms terms;
    MachineState state;
    for (TermId& one : state.registers) one = terms.symbol(64, "register");
    state.path = terms.truth(true);
    Machine machine(terms, {state.registers[kRsp], state.registers[kRsp]});
    Instruction compare;
    compare.operation = Operation::Cmp;
    for (std::size_t i = 0; i < 2; ++i) {
      compare.operands[i].kind = OperandKind::Register;
      compare.operands[i].bits = static_cast<std::uint8_t>(width);
      compare.operands[i].reg = i == 0 ? kRax : kRcx;
    }
    const bool known = machine.step(compare, state);
    const Flags said = state.flags;
    state.flags.less = state.flags.less_or_equal = state.flags.below_or_equal = TermId{};
    const std::pair<const char*, std::pair<TermId, std::uint8_t>> lemmas[] = {
        {"SF != OF is less", {said.less, std::uint8_t{0xC}}},
        {"ZF or SF != OF is less or equal", {said.less_or_equal, std::uint8_t{0xE}}},
        {"CF or ZF is below or equal", {said.below_or_equal, std::uint8_t{0x6}}}};
    for (const auto& [name, lemma] : lemmas) {
      const TermId same = terms.equal(lemma.first, machine.condition(lemma.second, state));
      const std::string title = std::string(name) + ", " + std::to_string(width) + " bits";
      Obligation one{title, print_script(terms, {terms.negation(same)}, title), Strategy::Bits, {}, {}};
      if (known) static_cast<void>(discharge(solver, one, limits));
      result.push_back(std::move(one));
    }
  }
  return result;
}

bool all_proved(const std::vector<Obligation>& obligations) {
  return std::all_of(obligations.begin(), obligations.end(), [](const Obligation& one) {
    return one.first.answer == Answer::Proved && (!one.second || one.second->answer == Answer::Proved);
  });
}

bool PopulationLemma::holds(std::string name, const std::vector<TermId>& assertions) {
  std::string script = print_script(terms_, assertions, name);
  obligations_.push_back({std::move(name), std::move(script), Strategy::Bits, {}, {}});
  return discharge(solver_, obligations_.back(), limits_) == Answer::Proved;
}

bool PopulationLemma::counts_bytes(TermId counts, TermId x) {
  const unsigned width = terms_[x].width;
  for (unsigned i = 0; i < width / 8; ++i) {
    const TermId ones = sum_of_bits(terms_, x, 8 * i, 8 * i + 7);
    const TermId same = terms_.equal(byte_of(terms_, counts, i), ones);
    if (!holds("ones of byte " + std::to_string(i), {terms_.negation(same)})) return false;
  }
  return true;
}

bool PopulationLemma::adds_bytes(unsigned width) {
  const TermId counts = terms_.symbol(width, "counts");
  std::vector<TermId> assertions;
  TermId sum = terms_.constant(width, 0);
  for (unsigned i = 0; i < width / 8; ++i) {
    const TermId byte = byte_of(terms_, counts, i);
    assertions.push_back(terms_.binary(Kind::Ult, byte, terms_.constant(width, 9)));
    sum = terms_.add(sum, byte);
  }
  const TermId product = terms_.mul(counts, terms_.constant(width, kSumOfBytes));
  const TermId top = terms_.binary(Kind::LShr, product, terms_.constant(width, width - 8));
  assertions.push_back(terms_.negation(terms_.equal(top, sum)));
  return holds("the product's top byte is the sum of bytes", assertions);
}

TermId PopulationLemma::rewrite(TermId term, TermId x) {
  const unsigned width = terms_[x].width;
  std::vector<TermId> open = {term};
  std::vector<bool> seen(terms_.size(), false);
  while (!open.empty()) {
    const TermId id = open.back();
    open.pop_back();
    if (seen[id.value]) continue;
    seen[id.value] = true;
    const Term one = terms_[id];
    for (const TermId argument : one.arguments) {
      if (argument.valid()) open.push_back(argument);
    }
    if (one.kind != Kind::LShr || one.width != width || !terms_.is_constant(one.arguments[1], width - 8)) continue;
    const Term product = terms_[one.arguments[0]];
    if (product.kind != Kind::Mul || !terms_.is_constant(product.arguments[1], kSumOfBytes & mask_of(width))) continue;
    // Each sum of eight bits is at most 8, as the second lemma supposes of its bytes.
    if (!counts_bytes(product.arguments[0], x) || !adds_bytes(width)) return term;
    return terms_.substitute(term, {{id.value, sum_of_bits(terms_, x, 0, width - 1)}});
  }
  return term;
}

}  // namespace assay::smt::x86
