// What proofs cost: each loop class of the catalogue at both widths (median_ms and worst_ms of a loop, obligations per
// second), and queries through the wrapper. Theorems are proved before the clock starts, as in every run but its first
// milliseconds.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "core/ast/text.h"
#include "core/opt/passes.h"
#include "smt/catalogue.h"
#include "smt/extract_loop.h"
#include "smt/loop_proof.h"

namespace assay::smt {
namespace {

using Clock = std::chrono::steady_clock;

constexpr ProofLimits kLimits{1000, false};

struct SolvedLoop {
  ast::Program before;
  ast::Program after;
  std::uint32_t classes = 0;
  bool wide = false;
};

// One process and one set of theorems for all benchmarks.
struct Provers {
  Solver solver;
  Theorems theorems{solver, kLimits};
};

Provers& provers() {
  static Provers all;
  return all;
}

const std::vector<SolvedLoop>& solved_catalogue() {
  static const std::vector<SolvedLoop> loops = [] {
    std::vector<SolvedLoop> solved;
    for (const CatalogueLoop& row : loop_catalogue()) {
      const auto program = ast::parse_program(row.text);
      if (!program) continue;
      SolvedLoop one;
      one.before = extract_loop(*program, loops_of(*program).front());
      opt::PassResult result = opt::solve_loops(one.before);
      if (result.loops.empty() || !result.loops.front().solved) continue;
      one.after = std::move(result.program);
      one.classes = result.loops.front().classes;
      one.wide = one.before.variable_type(ast::VarId{0}) == ast::Type::I64;
      solved.push_back(std::move(one));
    }
    return solved;
  }();
  return loops;
}

void prove_class(benchmark::State& state, scev::LoopClass wanted, bool wide) {
  std::vector<const SolvedLoop*> loops;
  for (const SolvedLoop& one : solved_catalogue()) {
    if (one.wide == wide && (one.classes >> static_cast<unsigned>(wanted) & 1U) != 0) loops.push_back(&one);
  }
  if (loops.empty()) {
    state.SkipWithError("the catalogue has no such loop");
    return;
  }
  Provers& all = provers();
  for (const SolvedLoop* const one : loops) {
    benchmark::DoNotOptimize(prove_solved_loop(one->before, one->after, all.solver, all.theorems, kLimits));
  }
  std::vector<double> milliseconds;
  double obligations = 0;
  double proved = 0;
  for (auto _ : state) {
    proved = 0;
    for (const SolvedLoop* const one : loops) {
      const Clock::time_point start = Clock::now();
      const Proof proof = prove_solved_loop(one->before, one->after, all.solver, all.theorems, kLimits);
      milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
      obligations += static_cast<double>(proof.obligations.size());
      if (proof.answer == Answer::Proved) ++proved;
    }
  }
  std::sort(milliseconds.begin(), milliseconds.end());
  state.counters["loops"] = static_cast<double>(loops.size());
  state.counters["proved"] = proved;
  state.counters["median_ms"] = milliseconds[milliseconds.size() / 2];
  state.counters["worst_ms"] = milliseconds.back();
  state.counters["obligations_per_second"] = benchmark::Counter(obligations, benchmark::Counter::kIsRate);
}

// Registered by name, so that a class that joins the table joins the benchmark.
const bool kRegistered = [] {
  for (std::size_t i = 0; i < scev::kLoopClassCount; ++i) {
    const auto one = static_cast<scev::LoopClass>(i);
    for (const bool wide : {false, true}) {
      const std::string name = "prove/" + std::string(scev::name(one)) + (wide ? "/64" : "/32");
      // The solver works in a process of its own: what counts is the time that passes.
      benchmark::RegisterBenchmark(name.c_str(),
                                   [one, wide](benchmark::State& state) { prove_class(state, one, wide); })
          ->Unit(benchmark::kMillisecond)
          ->UseRealTime();
    }
  }
  return true;
}();

void ask(benchmark::State& state, const char* script, Strategy strategy) {
  Solver& solver = provers().solver;
  double proved = 0;
  for (auto _ : state) {
    if (solver.check(script, strategy, kLimits.milliseconds).answer == Answer::Proved) ++proved;
  }
  if (proved != static_cast<double>(state.iterations())) state.SkipWithError("a query was not proved");
  state.counters["queries_per_second"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void query_bits(benchmark::State& state) {
  ask(state,
      "(set-logic QF_BV)\n(declare-const k (_ BitVec 64))\n"
      "(assert (not (= (bvand k (bvneg k)) (bvand k (bvadd (bvnot k) #x0000000000000001)))))\n(check-sat)\n",
      Strategy::Bits);
}
BENCHMARK(query_bits)->Unit(benchmark::kMicrosecond)->UseRealTime();

void query_ring(benchmark::State& state) {
  ask(state,
      "(set-logic QF_BV)\n(declare-const a (_ BitVec 64))\n(declare-const b (_ BitVec 64))\n"
      "(assert (not (= (bvmul (bvadd a b) (bvadd a b)) (bvadd (bvadd (bvmul a a) (bvmul b b)) (bvadd (bvmul a b) "
      "(bvmul a b))))))\n(check-sat)\n",
      Strategy::Ring);
}
BENCHMARK(query_ring)->Unit(benchmark::kMicrosecond)->UseRealTime();

void query_integers(benchmark::State& state) {
  ask(state,
      "(set-logic QF_LIA)\n(declare-const i Int)\n(declare-const n Int)\n(declare-const k Int)\n"
      "(assert (and (<= 0 i) (< i n) (< n 2147483648) (<= 0 k) (< k (- n i))))\n"
      "(assert (not (< (+ i k) n)))\n(check-sat)\n",
      Strategy::Integers);
}
BENCHMARK(query_integers)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace
}  // namespace assay::smt
