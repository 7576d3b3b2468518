// What the emulator costs: programs per second by code size and number of inputs, in process and through the engine.
//
// Random straight code with forward branches about every ten bytes over the frame, the mix that compiled programs have;
// every program is new, as in a campaign. `items_per_second` counts programs.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/rng.h"
#include "oracles/emulated/emulated_engine.h"

namespace assay::oracles::emulated {
namespace {

constexpr std::uint32_t kSlots = 8;

// System V code of at least `bytes` bytes that loads, computes, compares, branches and stores.
std::vector<std::uint8_t> random_code(base::Rng& rng, std::size_t bytes) {
  std::vector<std::uint8_t> code;
  const auto put = [&code](std::initializer_list<unsigned> list) {
    for (const unsigned byte : list) code.push_back(static_cast<std::uint8_t>(byte));
  };
  while (code.size() < bytes) {
    const unsigned a = rng.below(3);  // eax, ecx, edx
    const unsigned b = 8 + rng.below(4);
    const unsigned slot = 8 * rng.below(kSlots);
    switch (rng.below(8)) {
      case 0:
        put({0x8B, 0x47 | a << 3, slot});  // mov a, [rdi + slot]
        break;
      case 1:
        put({0x89, 0x47 | a << 3, slot});  // mov [rdi + slot], a
        break;
      case 2:
        put({0x01, 0xC0 | a << 3 | (a + 1) % 3});  // add
        break;
      case 3:
        put({0x41, 0x89, 0xC0 | a << 3 | (b & 7)});  // mov b, a
        break;
      case 4:
        put({0x44, 0x31, 0xC0 | a | (b & 7) << 3});  // xor a, b
        break;
      case 5:
        put({0x39, 0xC8 | a, 0x0F, 0x9C, 0xC0 | a, 0x0F, 0xB6, 0xC0 | a << 3 | a});  // cmp; setl; movzx
        break;
      case 6:
        put({0x41, 0xC1, 0xE0 | (b & 7), 1 + rng.below(31)});  // shl b, imm
        break;
      default:
        put({0x85, 0xC9, 0x74, 0x03, 0x0F, 0xAF, 0xCA});  // test ecx, ecx; jz +3; imul ecx, edx
    }
  }
  put({0x31, 0xC0, 0xC3});  // xor eax, eax; ret
  return code;
}

// range(0): code bytes; range(1): inputs.
void run_in_process(benchmark::State& state) {
  auto emulator = Emulator::create(jit::Convention::SystemV);
  if (!emulator) return state.SkipWithError(emulator.error().describe().c_str());
  base::Rng rng(1);
  std::vector<std::vector<std::uint8_t>> programs;
  for (int i = 0; i < 1000; ++i) programs.push_back(random_code(rng, static_cast<std::size_t>(state.range(0))));
  std::vector<std::uint64_t> frame(kSlots);
  std::size_t next = 0;
  for (auto _ : state) {
    if (!(*emulator)->load(programs[next++ % programs.size()], {kSlots, 0, 256})) return state.SkipWithError("load");
    for (std::int64_t i = 0; i < state.range(1); ++i) {
      for (std::uint64_t& cell : frame) cell = rng.next();
      auto seen = (*emulator)->run(frame);
      if (!seen || seen->end != RunEnd::Finished) return state.SkipWithError("run");
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(run_in_process)->ArgsProduct({{64, 128, 250, 500, 1000}, {1, 4}})->Unit(benchmark::kMicrosecond);

// Batches of 256 programs; range as above. CPU time is the worker's and ours together.
void run_batches(benchmark::State& state) {
  auto engine = create_emulated_engine(jit::Convention::SystemV);
  if (!engine) return state.SkipWithError(engine.error().describe().c_str());
  base::Rng rng(1);
  constexpr std::size_t kBatch = 256;
  std::vector<jit::CompiledBlock> blocks(kBatch);
  for (jit::CompiledBlock& block : blocks) block.code = random_code(rng, static_cast<std::size_t>(state.range(0)));
  std::vector<Frame> inputs(static_cast<std::size_t>(state.range(1)), Frame(kSlots));
  for (Frame& frame : inputs) {
    for (std::uint64_t& cell : frame) cell = rng.next();
  }
  std::vector<Case> cases(kBatch);
  for (std::size_t i = 0; i < kBatch; ++i) {
    cases[i].block = &blocks[i];
    cases[i].inputs = inputs;
  }
  std::vector<Run> runs;
  const std::uint64_t helper_before = (*engine)->helper_cpu_nanoseconds();
  for (auto _ : state) {
    if (!(*engine)->run(cases, runs) || runs.back().end != RunEnd::Finished) return state.SkipWithError("run");
  }
  const auto programs = static_cast<double>(state.iterations()) * kBatch;
  state.SetItemsProcessed(static_cast<std::int64_t>(programs));
  state.counters["worker_us_per_program"] =
      static_cast<double>((*engine)->helper_cpu_nanoseconds() - helper_before) / 1000.0 / programs;
}
BENCHMARK(run_batches)->ArgsProduct({{250}, {1, 4}})->Unit(benchmark::kMicrosecond)->UseRealTime();

// The price of convicting a block: one fault located by a second, watched run.
void locate_a_fault(benchmark::State& state) {
  auto emulator = Emulator::create(jit::Convention::SystemV);
  if (!emulator) return state.SkipWithError(emulator.error().describe().c_str());
  base::Rng rng(1);
  std::vector<std::uint8_t> code = random_code(rng, 250);
  code.insert(code.end() - 1, {0x0F, 0x0B});  // ud2 before the return
  const std::vector<std::uint64_t> frame(kSlots);
  for (auto _ : state) {
    if (!(*emulator)->load(code, {kSlots, 0, 256})) return state.SkipWithError("load");
    auto seen = (*emulator)->run(frame);
    if (!seen || seen->end != RunEnd::Fault) return state.SkipWithError("run");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(locate_a_fault)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace assay::oracles::emulated
