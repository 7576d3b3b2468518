// Programs judged per CPU-second, the CPU time of the worker processes included.
//
// Programs come ready-made, so the figure is that of the oracles; the campaign's own summary includes generation. Time
// is taken from the processes' CPU clocks because most of the work is done in workers, which Google Benchmark does not
// see.
#include <benchmark/benchmark.h>
#include <time.h>

#include "core/base/rng.h"
#include "fuzz/gen/generator.h"
#include "oracles/judge.h"

namespace assay::fuzz {
namespace {

using oracles::OracleId;

constexpr std::size_t kPrograms = 2048;
constexpr std::size_t kBatch = 256;

double cpu_seconds(const oracles::Judge& judge) {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9 +
         static_cast<double>(judge.helper_cpu_nanoseconds()) / 1e9;
}

const std::vector<GeneratedCase>& programs() {
  static const std::vector<GeneratedCase> cases = [] {
    std::vector<GeneratedCase> made(kPrograms);
    Generator generator;
    for (std::size_t i = 0; i < kPrograms; ++i) generator.generate(base::derive_seed(1, i), made[i]);
    return made;
  }();
  return cases;
}

void judge_programs(benchmark::State& state, std::initializer_list<OracleId> enabled) {
  oracles::JudgeConfig config;
  config.enabled.fill(false);
  for (const OracleId oracle : enabled) config.enabled[static_cast<std::size_t>(oracle)] = true;
  auto created = oracles::Judge::create(config, std::make_unique<oracles::JitBlockSource>());
  if (!created) {
    state.SkipWithError(created.error().describe().c_str());
    return;
  }
  oracles::Judge& judge = *created.value();
  const x64::CpuFeatures host = x64::host_features();
  std::vector<oracles::Subject> subjects;
  for (std::size_t i = 0; i < kPrograms; ++i) {
    const GeneratedCase& one = programs()[i];
    subjects.push_back({&one.program, one.inputs, x64::intersection(one.config.features, host), i % 16 == 0});
  }
  oracles::BatchReport report;
  oracles::JudgeCounts counts;
  std::size_t next = 0;
  const double before = cpu_seconds(judge);
  for (auto _ : state) {
    const auto done = judge.judge(std::span(subjects).subspan(next, kBatch), report);
    if (!done || !report.convictions.empty()) {
      state.SkipWithError("the batch was not judged cleanly");
      return;
    }
    counts.add(report.counts);
    next = (next + kBatch) % kPrograms;
  }
  const double seconds = cpu_seconds(judge) - before;
  state.counters["programs_per_cpu_s"] = static_cast<double>(counts.compared) / seconds;
  state.counters["runs_per_program"] = static_cast<double>(counts.runs) / static_cast<double>(counts.compared);
  state.counters["bytes_per_program"] = static_cast<double>(counts.code_bytes) / static_cast<double>(counts.compared);
}

void BM_InterpreterNativeEncoding(benchmark::State& state) {
  judge_programs(state, {OracleId::Encoding, OracleId::NativeSystemV});
}
BENCHMARK(BM_InterpreterNativeEncoding)->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);

void BM_InterpreterBothNativesEncoding(benchmark::State& state) {
  judge_programs(state, {OracleId::Encoding, OracleId::NativeSystemV, OracleId::NativeMicrosoft});
}
BENCHMARK(BM_InterpreterBothNativesEncoding)->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);

void BM_AllOracles(benchmark::State& state) {
  judge_programs(state, {OracleId::Encoding, OracleId::EmulatedSystemV, OracleId::EmulatedMicrosoft,
                         OracleId::NativeSystemV, OracleId::NativeMicrosoft, OracleId::Tiered});
}
BENCHMARK(BM_AllOracles)->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace assay::fuzz
