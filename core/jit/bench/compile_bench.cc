// Compile time per AST node over a stream of 1,000 distinct programs of about 56 nodes.
//
// A stream, because compiling one program again and again keeps every branch predicted and looks several times faster.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/verify.h"
#include "core/base/rng.h"
#include "core/jit/allocate.h"
#include "core/jit/compile.h"
#include "core/jit/convention_registers.h"
#include "core/jit/select.h"
#include "core/jit/test/random_program.h"

namespace assay::jit {
namespace {

struct Stream {
  std::vector<ast::Program> programs;
  std::uint64_t nodes = 0;
};

const Stream& stream() {
  static const Stream made = [] {
    Stream result;
    for (std::uint64_t i = 0; result.programs.size() < 1000; ++i) {
      base::Rng rng(base::derive_seed(1, i));
      ast::Program program;
      test::RandomProgram(rng).make({}, program);
      if (program.node_count() < 46 || program.node_count() > 66 || !ast::verify(program).ok()) continue;
      result.nodes += program.node_count();
      result.programs.push_back(std::move(program));
    }
    return result;
  }();
  return made;
}

// `time_per_node` prints as nanoseconds; in JSON it is in seconds.
void report(benchmark::State& state, std::uint64_t rounds) {
  state.counters["time_per_node"] = benchmark::Counter(static_cast<double>(stream().nodes * rounds),
                                                       benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["nodes_per_program"] =
      static_cast<double>(stream().nodes) / static_cast<double>(stream().programs.size());
}

void compile_stream(benchmark::State& state, CompileOptions options) {
  Compiler compiler;
  CompiledBlock block;
  std::uint64_t bytes = 0;
  for (const ast::Program& program : stream().programs) {
    compiler.compile(program, options, block);
    bytes += block.code.size();
  }
  std::uint64_t rounds = 0;
  for (auto _ : state) {
    for (const ast::Program& program : stream().programs) {
      compiler.compile(program, options, block);
      benchmark::DoNotOptimize(block.code.data());
    }
    ++rounds;
  }
  report(state, rounds);
  state.counters["bytes_per_node"] = static_cast<double>(bytes) / static_cast<double>(stream().nodes);
}

void select_stream(benchmark::State& state) {
  Selector selector;
  LirProgram lir;
  std::uint64_t rounds = 0;
  for (auto _ : state) {
    for (const ast::Program& program : stream().programs) {
      selector.select(program, lir);
      benchmark::DoNotOptimize(lir.code.data());
    }
    ++rounds;
  }
  report(state, rounds);
}

void select_and_allocate_stream(benchmark::State& state) {
  Selector selector;
  LirProgram lir;
  Allocator allocator;
  Allocation allocation;
  std::uint64_t rounds = 0;
  for (auto _ : state) {
    for (const ast::Program& program : stream().programs) {
      selector.select(program, lir);
      allocator.allocate(lir, convention_registers(Convention::SystemV).allocatable, allocation);
      benchmark::DoNotOptimize(allocation.locations.data());
    }
    ++rounds;
  }
  report(state, rounds);
}

// 100,000 nodes and 4,000 variables, all alive: what is not near linear shows here.
void compile_large(benchmark::State& state) {
  ast::Program program;
  ast::Builder builder(program);
  const ast::VarId slot = builder.slot("c", ast::Type::I64);
  std::vector<ast::NodeId> statements;
  std::vector<ast::VarId> locals;
  for (int i = 0; i < 4000; ++i) {
    const ast::NodeId value = builder.load(slot);
    locals.push_back(builder.local("l" + std::to_string(i), ast::Type::I64));
    statements.push_back(builder.let(locals.back(), value));
  }
  while (program.node_count() < 100000) {
    const ast::VarId one = locals[program.node_count() % locals.size()];
    statements.push_back(builder.store(slot, builder.binary(ast::Op::Xor, builder.load(slot), builder.load(one))));
  }
  program.set_body(builder.block(statements));
  Compiler compiler;
  CompiledBlock block;
  std::uint64_t rounds = 0;
  for (auto _ : state) {
    compiler.compile(program, {}, block);
    benchmark::DoNotOptimize(block.code.data());
    ++rounds;
  }
  state.counters["time_per_node"] = benchmark::Counter(static_cast<double>(program.node_count() * rounds),
                                                       benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

BENCHMARK_CAPTURE(compile_stream, sysv, CompileOptions{Convention::SystemV, {}, false});
BENCHMARK_CAPTURE(compile_stream, win64, CompileOptions{Convention::Microsoft, {}, false});
BENCHMARK_CAPTURE(compile_stream, host_features, CompileOptions{Convention::SystemV, x64::host_features(), false});
BENCHMARK_CAPTURE(compile_stream, recording, CompileOptions{Convention::SystemV, {}, true});
BENCHMARK(select_stream);
BENCHMARK(select_and_allocate_stream);
BENCHMARK(compile_large);

}  // namespace
}  // namespace assay::jit
