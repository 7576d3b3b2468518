// Generation speed over a stream of distinct programs. Counter: ns_per_node.
#include <benchmark/benchmark.h>

#include "core/base/rng.h"
#include "fuzz/gen/generator.h"

namespace assay::fuzz {
namespace {

void BM_Generate(benchmark::State& state) {
  Generator generator;
  GeneratedCase one;
  std::uint64_t index = 0;
  std::uint64_t nodes = 0;
  for (auto _ : state) {
    generator.generate(base::derive_seed(1, index++), one);
    nodes += one.program.node_count();
  }
  state.counters["nodes_per_program"] = static_cast<double>(nodes) / static_cast<double>(index);
  state.counters["ns_per_node"] =
      benchmark::Counter(static_cast<double>(nodes) * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_Generate);

}  // namespace
}  // namespace assay::fuzz
