// Comparing code with its program; see compiled_proof.h. Tested by smt/x86/test/compiled_proof_test.cc.
#include "smt/x86/compiled_proof.h"

#include <array>
#include <string>
#include <utility>

#include "core/interp/interpreter.h"
#include "smt/ring.h"
#include "smt/script.h"
#include "smt/symbolic_run.h"
#include "smt/x86/bits.h"
#include "smt/x86/execute.h"
#include "smt/x86/lemmas.h"

namespace assay::smt::x86 {
namespace {

constexpr std::uint64_t kFuel = 100'000;

// Where arguments are and what is kept (AMD64 ABI, 3.2.1 and 3.2.3; "x64 calling convention"), by register number.
struct Agreed {
  std::uint8_t frame, stack, index;
  std::array<std::uint8_t, 8> kept;  // filled up with RBX
};
constexpr Agreed kSystemV = {7, 6, 2, {3, 5, 12, 13, 14, 15, 3, 3}};
constexpr Agreed kMicrosoft = {1, 2, 8, {3, 5, 6, 7, 12, 13, 14, 15}};

const Agreed& agreed(jit::Convention convention) {
  return convention == jit::Convention::SystemV ? kSystemV : kMicrosoft;
}

struct Entry {
  MachineState state;
  Addresses addresses;
  TermId index;
};

// The machine as it is called, with `frame` and whatever else in its registers.
Entry enter(Terms& terms, const Agreed& convention, std::vector<TermId> frame, std::optional<bool> garbage) {
  Entry entry;
  for (TermId& one : entry.state.registers) {
    one = garbage ? terms.constant(64, *garbage ? ~std::uint64_t{0} : 0) : terms.symbol(64, "register");
  }
  Flags& flags = entry.state.flags;
  for (TermId* const flag : {&flags.carry, &flags.parity, &flags.zero, &flags.sign, &flags.overflow}) {
    *flag = garbage ? terms.truth(*garbage) : terms.nonzero(terms.symbol(1, "flag"));
  }
  entry.addresses = {terms.symbol(64, "frame"), terms.symbol(64, "rsp")};
  entry.index = terms.symbol(64, "index");
  entry.state.registers[convention.frame] = entry.addresses.frame;
  entry.state.registers[convention.stack] = terms.symbol(64, "stack");
  entry.state.registers[convention.index] = entry.index;
  entry.state.registers[kRsp] = entry.addresses.stack_pointer;
  entry.state.frame = std::move(frame);
  entry.state.path = terms.truth(true);
  return entry;
}

using Pairs = std::vector<std::pair<TermId, TermId>>;

// What must be equal at a return.
Pairs observe(const Agreed& convention, const Entry& entry, const MachineState& exit, TermId result,
              const std::vector<TermId>& frame) {
  Pairs pairs = {{exit.registers[kRax], result}, {exit.registers[kRsp], entry.state.registers[kRsp]}};
  for (const std::uint8_t one : convention.kept) pairs.emplace_back(exit.registers[one], entry.state.registers[one]);
  for (std::size_t i = 0; i < frame.size(); ++i) pairs.emplace_back(exit.frame[i], frame[i]);
  return pairs;
}

TermId number_of(Terms& terms, Ended how) { return terms.constant(8, static_cast<std::uint64_t>(how)); }

struct Meant {
  TermId result;
  std::vector<TermId> frame;
};

std::vector<TermId> symbols_of_frame(Terms& terms, const ast::Program& program) {
  std::vector<TermId> frame;
  for (std::uint32_t i = 0; i < program.slot_count(); ++i) {
    frame.push_back(terms.symbol(64, program.variable_name(ast::VarId{i})));
  }
  return frame;
}

bool run_program(Terms& terms, const ast::Program& program, const Entry& entry, Meant& meant, Proof& proof) {
  std::vector<TermId> variables;
  for (std::uint32_t i = 0; i < program.slot_count(); ++i) {
    const unsigned width = ast::bit_width(program.variable_type(ast::VarId{i}));
    variables.push_back(low_bits(terms, width, entry.state.frame[i]));
  }
  SymbolicRun run(terms, program);
  SymbolicState state = run.start_from(variables);
  if (!run.run(program.body(), state) || !state.stack.empty()) {
    proof.reason = run.refusal().empty() ? "the program pushes" : run.refusal();
    return false;
  }
  const auto trapped = [&](ast::TrapKind kind) {
    return terms.constant(64, 0 - std::uint64_t{static_cast<std::uint8_t>(kind)});
  };
  const TermId overflowed = terms.equal(state.ended, number_of(terms, Ended::Overflowed));
  const TermId by_zero = terms.equal(state.ended, number_of(terms, Ended::DividedByZero));
  meant.result = terms.ite(overflowed, trapped(ast::TrapKind::IntegerOverflow), entry.index);
  meant.result = terms.ite(by_zero, trapped(ast::TrapKind::DivideByZero), meant.result);
  for (std::uint32_t i = 0; i < program.slot_count(); ++i) {
    meant.frame.push_back(with_low_bits(terms, entry.state.frame[i], state.variables[i]));
  }
  return true;
}

// Counting ones by halving becomes a sum of bits, of whichever input it is.
void rewrite_counts(Terms& terms, const Entry& entry, const ast::Program& program, PopulationLemma& lemma,
                    std::vector<MachineState>& exits) {
  for (MachineState& exit : exits) {
    for (TermId& cell : exit.frame) {
      for (std::uint32_t i = 0; i < program.slot_count(); ++i) {
        const unsigned width = ast::bit_width(program.variable_type(ast::VarId{i}));
        cell = lemma.rewrite(cell, low_bits(terms, width, entry.state.frame[i]));
      }
    }
  }
}

// The pairs that are not plainly equal on the path, as one truth: some of them differ.
TermId differs(Terms& terms, Ring& ring, const Pairs& pairs, TermId path) {
  const auto known = known_on(terms, path);
  TermId result = terms.truth(false);
  for (const auto& [one, other] : pairs) {
    if (one == other) continue;
    const TermId left = ring.normal(terms.substitute(one, known));
    const TermId right = ring.normal(terms.substitute(other, known));
    result = terms.either(result, terms.negation(terms.equal(left, right)));
  }
  return result;
}

std::vector<std::uint64_t> frame_of(const Terms& terms, const Entry& entry, const SolverReply& reply) {
  std::vector<std::uint64_t> frame;
  for (const TermId cell : entry.state.frame) {
    std::uint64_t value = 0;
    for (const auto& [name, bits] : reply.model) {
      if (plain_name(name) == plain_name(terms.symbol_name(cell))) value = bits;  // scripts have numbers of their own
    }
    frame.push_back(value);
  }
  return frame;
}

// Numbers at which operators change what they do; pairs of them are tried where the solvers found nothing.
constexpr std::array<std::uint64_t, 12> kEdges = {
    0, 1, 2, 31, 0x7F, 0x80, 0x7FFF'FFFF, 0x8000'0000, ~0ULL, 1ULL << 63, 0x8000'8000'8000'8000, 0x0123'4567'89AB'CDEF};

std::optional<std::vector<std::uint64_t>> find_difference(const ast::Program& program,
                                                          std::span<const std::uint8_t> code,
                                                          jit::Convention convention) {
  std::vector<std::uint64_t> frame(program.slot_count(), 0x5555'5555'5555'5555ULL);
  for (const std::uint64_t first : kEdges) {
    for (const std::uint64_t second : kEdges) {
      if (!frame.empty()) frame[0] = first;
      if (frame.size() > 1) frame[1] = second;
      if (agrees_on(program, code, convention, frame) == false) return frame;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<bool> agrees_on(const ast::Program& program, std::span<const std::uint8_t> code,
                              jit::Convention convention, std::span<const std::uint64_t> frame) {
  interp::Outcome expected;
  interp::interpret(program, frame, kFuel, expected);
  if (expected.end == interp::End::OutOfFuel) return std::nullopt;
  // What the manual leaves undefined may be anything; both extremes are tried.
  for (const bool undefined : {false, true}) {
    Terms terms;
    std::vector<TermId> cells;
    std::vector<TermId> meant;
    for (const std::uint64_t cell : frame) cells.push_back(terms.constant(64, cell));
    for (const std::uint64_t cell : expected.frame) meant.push_back(terms.constant(64, cell));
    const Entry entry = enter(terms, agreed(convention), cells, undefined);
    Machine machine(terms, entry.addresses, undefined);
    const Execution run = execute(terms, code, entry.state, machine);
    if (!run.refusal.empty()) return std::nullopt;
    if (!terms.is_constant(run.faults, 0)) return false;
    if (run.exits.size() != 1) return std::nullopt;
    const std::uint64_t trap = 0 - std::uint64_t{static_cast<std::uint8_t>(expected.trap)};
    const TermId result = expected.end == interp::End::Trapped ? terms.constant(64, trap) : entry.index;
    for (const auto& [one, other] : observe(agreed(convention), entry, run.exits[0], result, meant)) {
      if (one != other) return false;
    }
  }
  return true;
}

Proof prove_compiled(const ast::Program& program, std::span<const std::uint8_t> code, jit::Convention convention,
                     Solver& solver, const ProofLimits& limits) {
  Proof proof;
  Terms terms;
  const Entry entry = enter(terms, agreed(convention), symbols_of_frame(terms, program), std::nullopt);
  Meant meant;
  if (!run_program(terms, program, entry, meant, proof)) return proof;
  Machine machine(terms, entry.addresses);
  Execution run = execute(terms, code, entry.state, machine);
  if (!run.refusal.empty() || run.exits.empty()) {
    proof.reason = run.refusal.empty() ? "no way through the code returns" : run.refusal;
    return proof;
  }

  PopulationLemma lemma(terms, solver, limits);
  rewrite_counts(terms, entry, program, lemma, run.exits);
  proof.obligations = lemma.obligations();
  Ring ring(terms);
  std::vector<std::pair<std::string, std::vector<TermId>>> open = {{"a division faults", {run.faults}},
                                                                   {"a dividend is not extended", {run.outside}}};
  for (std::size_t i = 0; i < run.exits.size(); ++i) {
    const MachineState& exit = run.exits[i];
    const TermId different =
        differs(terms, ring, observe(agreed(convention), entry, exit, meant.result, meant.frame), exit.path);
    open.emplace_back("exit " + std::to_string(i + 1), std::vector<TermId>{exit.path, different});
  }
  proof.answer = Answer::Proved;
  for (const auto& [name, assertions] : open) {
    if (terms.is_constant(assertions.back(), 0)) continue;
    Obligation obligation{name, print_script(terms, assertions, program.name() + ": " + name), Strategy::Bits, {}, {}};
    const Answer answer = discharge(solver, obligation, limits);
    if (answer != Answer::Proved) {
      proof.answer = Answer::Unknown;
      proof.reason = name + (obligation.first.reason.empty() ? " is not excluded" : ": " + obligation.first.reason);
    }
    if (obligation.first.answer == Answer::Refuted) {
      const auto frame = frame_of(terms, entry, obligation.first);
      if (proof.counterexample.empty() && agrees_on(program, code, convention, frame) == false) {
        proof.counterexample = frame;
      }
    }
    proof.obligations.push_back(std::move(obligation));
  }
  if (proof.answer == Answer::Proved) return proof;
  if (proof.counterexample.empty()) {
    if (const auto frame = find_difference(program, code, convention)) proof.counterexample = *frame;
  }
  if (!proof.counterexample.empty()) proof.answer = Answer::Refuted;
  return proof;
}

}  // namespace assay::smt::x86
