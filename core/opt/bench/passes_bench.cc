// What each pass costs, in nanoseconds per node that goes in, and how that grows with the program.
//
// The stream is 1,000 distinct programs: the text of a fixed set of statements, drawn by seed, some with loops that the
// solver takes. Each pass is measured on programs as the front end gives them. `Growth` runs the whole pipeline on one
// program of about 400 nodes and on one of about 4,000, built the same way; `SolveLoops` counts only the nodes of
// loops.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "core/ast/text.h"
#include "core/base/rng.h"
#include "core/opt/pipeline.h"
#include "core/scev/test/random_loop.h"

namespace {

using namespace assay;

// Straight-line code, branches and small loops over the slots n, s, k, i, a, b, c: `count` groups of statements.
std::string statements(base::Rng& rng, unsigned count, bool loops) {
  static constexpr const char* kPieces[] = {"a = (a + 3) * b + c % 7;",
                                            "b = select(a < n, b * 8, c / 4);",
                                            "if (a > b) { c = c + 1; } else { c = c - k; }",
                                            "k = 5; s = k * 3 + (n << 2);",
                                            "a = (b * c) ^ (b * c); b = b * c + 0;",
                                            "c = div_u(a, 10) + rem_u(a, 10);",
                                            "if (n & 1) { a = 1; } b = a + 1;",
                                            "s = s - s + (i & -1);"};
  static constexpr const char* kLoops[] = {"loop (n & 7) { a = a + i * k; i = i + 1; }",
                                           "while (i < n) { b = b + i; i = i + 1; }",
                                           "loop (n & 15) { a = a * 3 + s * k; c = c ^ a; }"};
  std::string text;
  for (unsigned i = 0; i < count; ++i) {
    text += loops && rng.chance(1, 6) ? kLoops[rng.below(3)] : kPieces[rng.below(8)];
  }
  return text;
}

ast::Program program_of(base::Rng& rng, unsigned groups, bool loops) {
  const std::string text =
      "program p(i32 n, i32 s, i32 k, i32 i, i32 a, i32 b, i32 c) { " + statements(rng, groups, loops) + " }";
  auto program = ast::parse_program(text);
  if (!program) std::abort();
  return std::move(program).value();
}

const std::vector<ast::Program>& stream() {
  static const std::vector<ast::Program> programs = [] {
    std::vector<ast::Program> result;
    base::Rng rng(1);
    for (int i = 0; i < 1000; ++i) result.push_back(program_of(rng, 4 + rng.below(4), true));
    return result;
  }();
  return programs;
}

void report(benchmark::State& state, std::uint64_t nodes, const char* name) {
  state.counters[name] =
      benchmark::Counter(static_cast<double>(nodes) * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void Pass(benchmark::State& state) {
  const opt::PassInfo& pass = opt::pass_info(static_cast<opt::PassId>(state.range(0)));
  state.SetLabel(std::string(pass.name));
  std::uint64_t nodes = 0;
  for (auto _ : state) {
    for (const ast::Program& program : stream()) {
      benchmark::DoNotOptimize(pass.run(program));
      nodes += program.node_count();
    }
  }
  report(state, nodes, "ns_per_node");
}

void SolveLoops(benchmark::State& state) {
  std::vector<ast::Program> loops;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    base::Rng rng(i);
    loops.push_back(std::move(ast::parse_program(scev::random_loop(rng))).value());
  }
  std::uint64_t nodes = 0;
  for (auto _ : state) {
    for (const ast::Program& program : loops) {
      benchmark::DoNotOptimize(opt::solve_loops(program));
      nodes += program.node_count();
    }
  }
  report(state, nodes, "ns_per_loop_node");
}

void Growth(benchmark::State& state) {
  base::Rng rng(7);
  const ast::Program program = program_of(rng, static_cast<unsigned>(state.range(0)), true);
  for (auto _ : state) benchmark::DoNotOptimize(opt::optimize(program));
  state.counters["nodes"] = program.node_count();
}

BENCHMARK(Pass)->DenseRange(0, opt::kPassCount - 1);
BENCHMARK(SolveLoops);
BENCHMARK(Growth)->Arg(36)->Arg(360);

}  // namespace
