// Measuring kernels; see kernels_measure.h.
#include "core/jit/bench/kernels_measure.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <span>

#include "core/ast/text.h"
#include "core/interp/interpreter.h"
#include "core/opt/pipeline.h"
#include "core/x64/cpu_features.h"

namespace assay::jit::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kHeadlineText =
    "program headline(i32 i, i32 sum) { loop (1000000) { sum = sum + i; i = i + 1; } }";

constexpr std::size_t kInputSet = 0;
constexpr std::size_t kLot = 256;       // frames in a lot, 16 KB
constexpr std::size_t kFrameCells = 8;  // a frame is a cache line, so that none is split
constexpr double kRepetitionNs = 1e6;   // calls are repeated until a repetition takes this long
constexpr double kLongNs = 5e6;         // calls that take longer are made once more, and that is all
constexpr std::size_t kRepetitions = 9;

double elapsed_ns(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double, std::nano>(to - from).count();
}

struct alignas(64) Frame {
  std::array<std::uint64_t, kFrameCells> cells{};
};

// Never inlined, so that every peer is called by the same instructions.
[[gnu::noinline]] double time_lot(BlockFunction function, std::span<Frame> frames, std::uint64_t* stack) {
  const auto start = Clock::now();
  for (Frame& frame : frames) function(frame.cells.data(), stack, 0);
  return elapsed_ns(start, Clock::now());
}

Frame starting_frame(const ast::Program& program, std::uint64_t n) {
  Frame frame;
  const std::vector<std::uint64_t> cells = kernel_frame(program, n, kInputSet);
  std::copy(cells.begin(), cells.end(), frame.cells.begin());
  return frame;
}

struct Measured {
  double ns = 0;
  std::uint64_t calls = 0;
};

Measured time_calls(BlockFunction function, const Frame& start, double first_ns) {
  std::uint64_t stack[1] = {};
  std::vector<Frame> frames(kLot);
  Measured result{first_ns, 1};
  const auto lot = [&](std::size_t size) {
    std::fill_n(frames.begin(), size, start);
    const double ns = time_lot(function, std::span(frames).first(size), stack) / static_cast<double>(size);
    result.calls += size;
    return ns;
  };
  // The first call may have been slow for being the first.
  result.ns = std::min(result.ns, lot(1));
  if (result.ns > kLongNs) return result;
  const auto size = static_cast<std::size_t>(std::clamp(kRepetitionNs / result.ns, 1.0, static_cast<double>(kLot)));
  for (std::size_t i = 0; i < kRepetitions; ++i) {
    double sum = 0;
    std::size_t lots = 0;
    while (sum * static_cast<double>(size) < kRepetitionNs) {
      sum += lot(size);
      ++lots;
    }
    const double mean = sum / static_cast<double>(lots);
    result.ns = i == 0 ? mean : std::min(result.ns, mean);
  }
  return result;
}

// Null when the code memory is full.
BlockFunction compile(const ast::Program& program, Compiler& compiler, CodeMemory& memory, CompiledBlock& block) {
  compiler.compile(program, {Convention::SystemV, x64::host_features(), true}, block);
  return reinterpret_cast<BlockFunction>(reinterpret_cast<std::uintptr_t>(memory.add(block.code)));
}

base::Error memory_full() { return base::system_error("the code memory is too small"); }

}  // namespace

base::Result<Subject> make_subject(const Kernel& kernel, Compiler& compiler, CodeMemory& memory) {
  auto program = load_kernel(kernel);
  if (!program) return program.error();
  if (program->slot_count() > kFrameCells) return base::input_error("the kernel has too many slots");
  CompiledBlock block;
  const BlockFunction assay = compile(opt::optimize(*program), compiler, memory, block);
  if (assay == nullptr) return memory_full();
  Subject subject;
  subject.kernel = kernel;
  subject.program = std::move(*program);
  subject.peers = {assay, kernel.clang_o3, kernel.gcc_o3};
  return subject;
}

std::optional<std::string> first_calls(Subject& subject, std::size_t trips) {
  const Frame start = starting_frame(subject.program, kTripCounts[trips]);
  std::optional<Frame> expected;
  std::size_t expected_of = 0;
  for (std::size_t peer = 0; peer < kPeerCount; ++peer) {
    if (subject.peers[peer] == nullptr) continue;
    Frame frame = start;
    std::uint64_t stack[1] = {};
    subject.first_ns[peer][trips] = time_lot(subject.peers[peer], std::span(&frame, 1), stack);
    if (!expected) {
      expected = frame;
      expected_of = peer;
      continue;
    }
    for (std::uint32_t i = 0; i < subject.program.slot_count(); ++i) {
      if (frame.cells[i] == expected->cells[i]) continue;
      return std::string(subject.kernel.name) + ", n = " + std::string(kTripNames[trips]) + ": slot " +
             std::string(subject.program.variable_name(ast::VarId{i})) + " is " + std::to_string(frame.cells[i]) +
             " for " + std::string(kPeerNames[peer]) + " and " + std::to_string(expected->cells[i]) + " for " +
             std::string(kPeerNames[expected_of]);
    }
  }
  return std::nullopt;
}

double measure(Subject& subject, std::size_t peer, std::size_t trips, std::uint64_t& calls) {
  const Frame start = starting_frame(subject.program, kTripCounts[trips]);
  const Measured measured = time_calls(subject.peers[peer], start, subject.first_ns[peer][trips]);
  calls = measured.calls;
  subject.ns[peer][trips] = measured.ns;
  return measured.ns;
}

base::Result<Headline> measure_headline(Compiler& compiler, CodeMemory& memory) {
  const auto program = ast::parse_program(kHeadlineText);
  if (!program) return program.error();
  CompiledBlock block;
  const BlockFunction unsolved = compile(*program, compiler, memory, block);
  const BlockFunction solved = compile(opt::optimize(*program), compiler, memory, block);
  if (unsolved == nullptr || solved == nullptr) return memory_full();

  Headline headline;
  headline.total_instructions = block.intents.size();
  headline.instructions =
      static_cast<std::size_t>(std::count_if(block.intents.begin(), block.intents.end(), [](const x64::Intent& one) {
        return one.node != std::numeric_limits<std::uint32_t>::max();
      }));
  headline.interpreter_ns = std::numeric_limits<double>::max();
  interp::Outcome outcome;
  const std::vector<std::uint64_t> frame(program->slot_count(), 0);
  for (int i = 0; i < 5; ++i) {
    const auto start = Clock::now();
    interp::interpret(*program, frame, std::uint64_t{1} << 40U, outcome);
    headline.interpreter_ns = std::min(headline.interpreter_ns, elapsed_ns(start, Clock::now()));
  }
  for (const BlockFunction one : {unsolved, solved}) {
    Frame result;
    one(result.cells.data(), nullptr, 0);
    if (!std::equal(outcome.frame.begin(), outcome.frame.end(), result.cells.begin())) {
      return base::system_error("headline: the compiled program differs from the interpreter");
    }
  }
  constexpr double kUnknown = std::numeric_limits<double>::max();
  headline.unsolved_ns = time_calls(unsolved, {}, kUnknown).ns;
  headline.solved_ns = time_calls(solved, {}, kUnknown).ns;
  return headline;
}

}  // namespace assay::jit::bench
