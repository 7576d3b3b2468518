// Who is measured on a loop kernel, and how.
//
// Tested by running core_jit_kernels_bench; what is measured is held to be right by core/jit/test/kernels_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ast/program.h"
#include "core/base/result.h"
#include "core/jit/bench/kernel_set.h"
#include "core/jit/code_memory.h"
#include "core/jit/compile.h"

namespace assay::jit::bench {

inline constexpr std::array<std::uint64_t, 4> kTripCounts{10, 1'000, 1'000'000, 100'000'000};
inline constexpr std::array<std::string_view, 4> kTripNames{"10", "1e3", "1e6", "1e8"};

enum PeerId : std::size_t { kAssay, kClang, kGcc, kPeerCount };
inline constexpr std::array<std::string_view, kPeerCount> kPeerNames{"assay", "clang", "gcc"};

struct Subject {
  Kernel kernel;
  ast::Program program;  // as written
  std::array<BlockFunction, kPeerCount> peers{};
  // ns per call by peer and trip count; 0 where nothing was measured (yet).
  std::array<std::array<double, kTripCounts.size()>, kPeerCount> ns{};
  // The first calls with a trip count, which all peers make before any is measured.
  std::array<std::array<double, kTripCounts.size()>, kPeerCount> first_ns{};

  // A closed form does not care for n: with a hundred times the trips it takes less than three times as long.
  [[nodiscard]] bool measured(std::size_t peer) const { return ns[peer][2] > 0 && ns[peer][3] > 0; }
  [[nodiscard]] bool closed(std::size_t peer) const { return measured(peer) && ns[peer][3] < 3 * ns[peer][2]; }
};

// Parses, optimizes and compiles the kernel; its code stays in `memory`.
[[nodiscard]] base::Result<Subject> make_subject(const Kernel& kernel, Compiler& compiler, CodeMemory& memory);

// Lets every peer make one call and compares whole frames. A sentence on the first difference.
[[nodiscard]] std::optional<std::string> first_calls(Subject& subject, std::size_t trips);

// Nanoseconds per call, the least of some repetitions; sets subject.ns. Frames are reset in lots, outside the time that
// counts, so that no call waits for the stores of its own arguments. Precondition: first_calls().
double measure(Subject& subject, std::size_t peer, std::size_t trips, std::uint64_t& calls);

// The interpreter over the solved program, for `loop (1000000) { sum = sum + i; i = i + 1; }`.
struct Headline {
  double interpreter_ns = 0;
  double unsolved_ns = 0;  // the JIT without the optimizer
  double solved_ns = 0;
  std::size_t instructions = 0;        // of the solved block, between the loads of the slots and their stores
  std::size_t total_instructions = 0;  // of the whole block
};
[[nodiscard]] base::Result<Headline> measure_headline(Compiler& compiler, CodeMemory& memory);

}  // namespace assay::jit::bench
