// The generator: from a seed to a valid program, its inputs, and the way to compile it.
//
// Programs are valid by construction, and built so that they end soon and show what they computed. The same seed gives
// the same program on every machine and compiler: all choices come from base::Rng, one draw per statement, in a fixed
// order.
//
// Tested by fuzz/gen/test/generator_test.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/ast/program.h"
#include "fuzz/gen/swarm.h"

namespace assay::fuzz {

struct GeneratedCase {
  ast::Program program;
  std::vector<std::vector<std::uint64_t>> inputs;  // whole frame cells; the high half of an i32 slot's is garbage
  SwarmConfig config;
};

// Raised when a change makes a seed give another program.
inline constexpr int kGeneratorVersion = 8;

// Reusable: no allocation once warm. One per thread.
class Generator {
 public:
  Generator();
  ~Generator();
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;

  // `out` is overwritten and its memory reused.
  void generate(std::uint64_t seed, GeneratedCase& out);

  // The same with the configuration given instead of drawn.
  void generate(std::uint64_t seed, const SwarmConfig& config, GeneratedCase& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::fuzz
