// Swarm: which parts of the language one program may use, and how much of each.
//
// A generator that uses everything everywhere makes programs that all look alike. Leaving out features at random,
// program by program, reaches more (Groce et al., "Swarm Testing", ISSTA 2012).
//
// Tested by fuzz/gen/test/generator_test.cc.
#pragma once

#include <array>
#include <cstdint>

#include "core/ast/op.h"
#include "core/base/rng.h"
#include "core/x64/cpu_features.h"

namespace assay::fuzz {

struct SwarmConfig {
  std::array<bool, ast::kOpCount> ops{};  // operators that may appear
  std::uint32_t nodes = 50;               // size aimed at
  std::uint32_t live_values = 4;          // register pressure: variables kept alive from start to end, 1 to 30
  std::uint32_t slots = 3;                // of these, how many are frame slots
  std::uint32_t expression_depth = 3;
  std::uint32_t wide_percent = 50;       // i64 among types
  std::uint32_t constant_percent = 30;   // among leaves
  std::uint32_t recurrence_percent = 0;  // of loops: those that have, or nearly have, a closed form
  std::uint32_t trap_percent = 0;        // divisions whose divisor may be anything
  bool branches = true;
  bool loops = true;
  bool selects = true;
  bool pushes = true;
  bool returns = false;
  bool prints = false;
  bool dead_code = false;
  bool plain = false;         // no edge values, no operands that have to do with each other, no idioms
  x64::CpuFeatures features;  // to compile with
};

[[nodiscard]] SwarmConfig draw_swarm(base::Rng& rng);

// What a fuzzer without these ideas would use for every program: everything everywhere, in middling amounts, and values
// drawn uniformly. The peer that the self-test compares with.
[[nodiscard]] SwarmConfig naive_swarm();

}  // namespace assay::fuzz
