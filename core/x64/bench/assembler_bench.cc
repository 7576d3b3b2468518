// What one instruction costs to emit, with the intents recorded and without. The counter ns_per_instruction is the one
// to watch: a block of 100 instructions has to cost next to nothing beside running it.
#include <benchmark/benchmark.h>

#include "core/x64/assembler.h"

namespace assay::x64 {
namespace {

constexpr Reg64 kRax{RegId::Rax};
constexpr Reg64 kRbx{RegId::Rbx};
constexpr Reg32 kEcx{RegId::Rcx};
constexpr Reg32 kR9d{RegId::R9};
constexpr Reg64 kR12{RegId::R12};

constexpr int kGroup = 10;  // instructions in one call of the function below

// The mix of compiled code: register operations, slots in memory, immediates, a comparison and its branch.
void emit_group(Assembler& assembler, Label target) {
  assembler.mov(kRax, Mem64{at(kR12, 16)});
  assembler.add(kRax, kRbx);
  assembler.mov(kEcx, Mem32{at(kR12, 200)});
  assembler.imul(kEcx, kR9d);
  assembler.add(kR9d, Imm8{1});
  assembler.xor_(kEcx, Imm32{0x12345678});
  assembler.lea(kRbx, Mem64{at(kRax, kRbx, 4, -8)});
  assembler.mov(Mem32{at(kR12, 200)}, kEcx);
  assembler.cmp(kRax, kRbx);
  assembler.jcc(Cond::L, target);
}

void report(benchmark::State& state, double instructions) {
  state.counters["ns_per_instruction"] = benchmark::Counter(
      instructions * 1e-9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

// The argument: whether intents are recorded.
void emit_block(benchmark::State& state) {
  constexpr int kGroups = 10;
  Assembler assembler;
  assembler.record_intents(state.range(0) != 0);
  for (auto _ : state) {
    assembler.clear();
    const Label target = assembler.new_label();
    assembler.bind(target);
    for (int i = 0; i < kGroups; ++i) emit_group(assembler, target);
    assembler.finish();
    benchmark::DoNotOptimize(assembler.code().data());
  }
  report(state, kGroups * kGroup);
}
BENCHMARK(emit_block)->ArgName("record")->Arg(0)->Arg(1);

// Relaxation alone: nothing but branches, half of them too far for the short form.
void emit_branches(benchmark::State& state) {
  constexpr int kBranches = 100;
  Assembler assembler;
  for (auto _ : state) {
    assembler.clear();
    const Label target = assembler.new_label();
    assembler.bind(target);
    for (int i = 0; i < kBranches; ++i) assembler.jcc(Cond::Ne, target);
    assembler.finish();
    benchmark::DoNotOptimize(assembler.code().data());
  }
  report(state, kBranches);
}
BENCHMARK(emit_branches);

}  // namespace
}  // namespace assay::x64
