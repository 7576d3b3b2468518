// The loop kernels: closed or not, and ns per call, by Assay, clang -O3 and g++ -O3; and the headline.
//
//   core_jit_kernels_bench [--kernel=NAME] [--json=FILE] [options of Google Benchmark]
//
// A call takes 2 ns or 0.3 s, so each figure is one "iteration" of Google Benchmark with a time of its own making; see
// measure(). Before anybody is measured all make one call, and if frames differ the program ends with exit code 1.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/file.h"
#include "core/jit/bench/kernels_measure.h"
#include "core/jit/bench/kernels_report.h"

namespace {

using namespace assay;
using namespace assay::jit::bench;

struct Run {
  std::vector<Subject> subjects;
  std::string difference;  // of frames; nothing is measured any more
};

void measure_one(benchmark::State& state, Run& run, std::size_t index, std::size_t peer, std::size_t trips) {
  Subject& subject = run.subjects[index];
  if (run.difference.empty() && subject.first_ns[peer][trips] <= 0) {
    run.difference = first_calls(subject, trips).value_or("");
  }
  if (!run.difference.empty()) {
    state.SkipWithError("frames differ");
    return;
  }
  std::uint64_t calls = 0;
  for (auto _ : state) state.SetIterationTime(measure(subject, peer, trips, calls) * 1e-9);
  state.counters["calls"] = static_cast<double>(calls);
}

void register_all(Run& run) {
  for (std::size_t index = 0; index < run.subjects.size(); ++index) {
    for (std::size_t trips = 0; trips < kTripCounts.size(); ++trips) {
      for (std::size_t peer = 0; peer < kPeerCount; ++peer) {
        if (run.subjects[index].peers[peer] == nullptr) continue;
        const std::string name = std::string(run.subjects[index].kernel.name) + "/" + std::string(kPeerNames[peer]) +
                                 "/n:" + std::string(kTripNames[trips]);
        benchmark::RegisterBenchmark(
            name.c_str(),
            [&run, index, peer, trips](benchmark::State& state) { measure_one(state, run, index, peer, trips); })
            ->Iterations(1)
            ->UseManualTime();
      }
    }
  }
}

// Takes --NAME=VALUE out of the arguments.
std::string take_option(int& argc, char** argv, std::string_view name) {
  const std::string start = "--" + std::string(name) + "=";
  std::string value;
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]).starts_with(start)) {
      value = argv[i] + start.size();
    } else {
      argv[kept++] = argv[i];
    }
  }
  argc = kept;
  return value;
}

int fail(const base::Error& error) {
  std::fprintf(stderr, "core_jit_kernels_bench: %s\n", error.describe().c_str());
  return error.kind == base::ErrorKind::System ? 3 : 2;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string only = take_option(argc, argv, "kernel");
  const std::string json_file = take_option(argc, argv, "json");
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;

  auto memory = jit::CodeMemory::create(std::size_t{8} << 20U);
  if (!memory) return fail(memory.error());
  jit::Compiler compiler;
  Run run;
  for (const Kernel& kernel : kernels()) {
    if (!only.empty() && kernel.name != only) continue;
    auto subject = make_subject(kernel, compiler, *memory);
    if (!subject) return fail(subject.error());
    run.subjects.push_back(std::move(*subject));
  }
  if (run.subjects.empty()) return fail(base::input_error("there is no kernel " + only));
  register_all(run);
  benchmark::RunSpecifiedBenchmarks();
  if (!run.difference.empty()) {
    std::fprintf(stderr, "core_jit_kernels_bench: frames differ: %s\n", run.difference.c_str());
    return 1;
  }

  const auto headline = measure_headline(compiler, *memory);
  if (!headline) return fail(headline.error());
  std::printf("\n%s\n%s", table(run.subjects).c_str(), sentence(*headline).c_str());
  if (!json_file.empty()) {
    const auto written = base::write_file_atomically(json_file, json(run.subjects, *headline));
    if (!written) return fail(written.error());
  }
  return 0;
}
