// Cost of a native run, all in: packing, the turn, the run with its checks, and reading it back. Wall time; the counter
// cpu_ns_per_run adds the worker's CPU time to this process's.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <ctime>
#include <memory>
#include <vector>

#include "oracles/native/native_engine.h"

namespace assay::oracles {
namespace {

constexpr int kInputsPerProgram = 4;

std::uint64_t own_cpu_nanoseconds() {
  timespec time = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

// 180 bytes of `lea eax, [rax + 1]`, a loop of ten, and a store to slot 0 (System V).
jit::CompiledBlock typical_block() {
  jit::CompiledBlock block;
  for (int i = 0; i < 56; ++i) block.code.insert(block.code.end(), {0x8D, 0x40, 0x01});
  // mov ecx, 10; dec ecx; jnz; mov [rdi], rax; mov rax, rdx; ret
  block.code.insert(block.code.end(), {0xB9, 0x0A, 0x00, 0x00, 0x00, 0xFF, 0xC9, 0x75, 0xFC});
  block.code.insert(block.code.end(), {0x48, 0x89, 0x07, 0x48, 0x89, 0xD0, 0xC3});
  block.machine_stack_bytes = 96;
  return block;
}

std::unique_ptr<NativeEngine> start(benchmark::State& state) {
  auto engine = NativeEngine::create(jit::Convention::SystemV);
  if (engine) return std::move(engine).value();
  state.SkipWithError(engine.error().describe().c_str());
  return nullptr;
}

// Argument 0: programs per batch. Argument 1: one program in this many is an undefined instruction (0: none).
void run_batches(benchmark::State& state) {
  const auto engine = start(state);
  if (engine == nullptr) return;
  const auto programs = static_cast<std::size_t>(state.range(0));
  const auto every = static_cast<std::size_t>(state.range(1));
  const std::vector<Frame> inputs(kInputsPerProgram, Frame(8, 1));
  std::vector<jit::CompiledBlock> blocks(programs, typical_block());
  std::vector<Case> cases(programs);
  for (std::size_t i = 0; i < programs; ++i) {
    if (every != 0 && i % every == 0) blocks[i].code = {0x0F, 0x0B};
    cases[i].block = &blocks[i];
    cases[i].inputs = inputs;
    cases[i].stack_capacity = 2;
  }
  std::vector<Run> runs;
  const std::uint64_t before = own_cpu_nanoseconds() + engine->helper_cpu_nanoseconds();
  for (auto _ : state) {
    if (!engine->run(cases, runs)) state.SkipWithError("the engine failed");
    benchmark::DoNotOptimize(runs.data());
  }
  const std::uint64_t spent = own_cpu_nanoseconds() + engine->helper_cpu_nanoseconds() - before;
  const auto total = static_cast<double>(state.iterations()) * static_cast<double>(programs) * kInputsPerProgram;
  state.SetItemsProcessed(static_cast<std::int64_t>(total));
  state.counters["cpu_ns_per_run"] = static_cast<double>(spent) / total;
}
BENCHMARK(run_batches)
    ->ArgNames({"programs", "crash_every"})
    ->Args({1, 0})
    ->Args({16, 0})
    ->Args({64, 0})
    ->Args({256, 0})
    ->Args({1024, 0})
    ->Args({256, 20})
    ->UseRealTime();

void start_and_stop_an_engine(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(start(state));
}
BENCHMARK(start_and_stop_an_engine)->UseRealTime();

// What a dead worker costs on top of its run.
void replace_a_worker(benchmark::State& state) {
  auto sandbox = native::Sandbox::create(jit::Convention::SystemV, std::chrono::milliseconds(20));
  if (!sandbox) {
    state.SkipWithError(sandbox.error().describe().c_str());
    return;
  }
  for (auto _ : state) {
    if (!sandbox.value()->respawn()) state.SkipWithError("no respawn");
  }
}
BENCHMARK(replace_a_worker)->UseRealTime();

}  // namespace
}  // namespace assay::oracles
