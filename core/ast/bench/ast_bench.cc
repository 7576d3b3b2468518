// What the language's forms cost, in ns per node, over a stream of 1,000 distinct programs.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

#include "core/ast/codec.h"
#include "core/ast/compact.h"
#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "core/base/rng.h"

namespace assay::ast {
namespace {

// Programs from random bytes, of 40 to 80 nodes.
const std::vector<Program>& stream() {
  static const std::vector<Program> programs = [] {
    std::vector<Program> result;
    base::Rng rng(1);
    while (result.size() < 1'000) {
      std::vector<std::uint8_t> bytes{kCodecVersion, static_cast<std::uint8_t>(2 + rng.below(10))};
      for (int i = 0; i < 150; ++i) bytes.push_back(static_cast<std::uint8_t>(rng.below(256)));
      Program program = decode(bytes).value();
      if (program.node_count() >= 40 && program.node_count() <= 80) result.push_back(std::move(program));
    }
    return result;
  }();
  return programs;
}

// Calls `work` on one program of the stream after another and reports the time per node.
template <class Work>
void per_node(benchmark::State& state, Work work) {
  const std::vector<Program>& programs = stream();
  std::uint64_t nodes = 0;
  std::size_t next = 0;
  for (auto _ : state) {
    work(next);
    nodes += programs[next].node_count();
    next = (next + 1) % programs.size();
  }
  state.counters["per_node"] =
      benchmark::Counter(static_cast<double>(nodes), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void bm_verify(benchmark::State& state) {
  per_node(state, [](std::size_t i) { benchmark::DoNotOptimize(verify(stream()[i]).ok()); });
}
BENCHMARK(bm_verify);

void bm_compact(benchmark::State& state) {
  Program copy;
  per_node(state, [&copy](std::size_t i) { compact(stream()[i], copy); });
}
BENCHMARK(bm_compact);

void bm_encode(benchmark::State& state) {
  per_node(state, [](std::size_t i) { benchmark::DoNotOptimize(encode(stream()[i]).data()); });
}
BENCHMARK(bm_encode);

void bm_decode(benchmark::State& state) {
  std::vector<std::vector<std::uint8_t>> encoded;
  for (const Program& program : stream()) encoded.push_back(encode(program));
  per_node(state, [&encoded](std::size_t i) { benchmark::DoNotOptimize(decode(encoded[i]).ok()); });
}
BENCHMARK(bm_decode);

void bm_print(benchmark::State& state) {
  per_node(state, [](std::size_t i) { benchmark::DoNotOptimize(print_program(stream()[i]).data()); });
}
BENCHMARK(bm_print);

void bm_parse(benchmark::State& state) {
  std::vector<std::string> texts;
  for (const Program& program : stream()) texts.push_back(print_program(program));
  per_node(state, [&texts](std::size_t i) { benchmark::DoNotOptimize(parse_program(texts[i]).ok()); });
}
BENCHMARK(bm_parse);

}  // namespace
}  // namespace assay::ast
