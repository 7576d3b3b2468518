// What one step of the interpreter costs, and one run of a small program from start to end.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "core/ast/text.h"
#include "core/interp/interpreter.h"

namespace assay::interp {
namespace {

void run(benchmark::State& state, std::string_view text, std::array<std::uint64_t, 3> frame) {
  auto parsed = ast::parse_program(text);
  if (!parsed) {
    state.SkipWithError(parsed.error().describe().c_str());
    return;
  }
  const ast::Program program = std::move(parsed).value();
  Outcome outcome;
  for (auto _ : state) {
    interpret(program, frame, 1'000'000, outcome);
    benchmark::DoNotOptimize(outcome.frame.data());
  }
  // An inverted rate is in seconds per step; counting in units of 1e-9 makes it nanoseconds.
  state.counters["ns_per_step"] =
      benchmark::Counter(static_cast<double>(outcome.steps) * 1e-9,
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void sum_in_a_while(benchmark::State& state) {
  run(state, "program p(i32 i, i32 n, i32 sum) { while (i < n) { sum = sum + i; i = i + 3; } }", {0, 3000, 0});
}
BENCHMARK(sum_in_a_while);

void wide_arithmetic_in_a_loop(benchmark::State& state) {
  run(state, "program p(i64 a, i64 b, i64 c) { loop (1000) { let i64 x = a * b ^ c; a = x + (b >> 3L); c = c - x; } }",
      {1, 3, 5});
}
BENCHMARK(wide_arithmetic_in_a_loop);

void a_few_statements(benchmark::State& state) {
  run(state,
      "program p(i64 a, i64 b, i64 c) { let i64 x = a + b; if (x < c) { a = x; } else { b = x * 5L; } c = a - b; }",
      {1, 3, 5});
}
BENCHMARK(a_few_statements);

}  // namespace
}  // namespace assay::interp
