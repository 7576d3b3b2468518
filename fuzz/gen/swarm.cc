// Drawing swarm configurations; see swarm.h. Tested by fuzz/gen/test/generator_test.cc.
#include "fuzz/gen/swarm.h"

#include <algorithm>

namespace assay::fuzz {
namespace {

// A range of sizes and how many in a hundred thousand programs fall into it. Programs come out somewhat larger: the
// mean is about 60 nodes.
struct SizeClass {
  std::uint32_t share;
  std::uint32_t least;
  std::uint32_t most;
};
constexpr std::array kSizes = {SizeClass{78'000, 4, 34}, SizeClass{18'500, 34, 90}, SizeClass{3'200, 90, 400},
                               SizeClass{300, 400, 2000}};
constexpr std::uint32_t kFewSlots = 8;
constexpr std::uint32_t kMostSlots = 30;  // as many as there are live values
constexpr std::uint32_t kShares = 100'000;

std::uint32_t draw_size(base::Rng& rng) {
  std::uint32_t ticket = rng.below(kShares);
  for (const SizeClass& one : kSizes) {
    if (ticket < one.share) return rng.between(one.least, one.most);
    ticket -= one.share;
  }
  return kSizes.front().least;
}

}  // namespace

SwarmConfig draw_swarm(base::Rng& rng) {
  SwarmConfig config;
  // A quarter of the programs use every operator, the others about two thirds of them.
  const bool every_op = rng.chance(1, 4);
  for (bool& op : config.ops) op = every_op || rng.chance(2, 3);
  config.nodes = draw_size(rng);
  // Few values most of the time, more than there are registers in some programs.
  config.live_values = rng.chance(1, 5) ? rng.between(10, 30) : rng.between(1, 9);
  // Seldom more slots than registers, and offsets into the frame that take more than a byte.
  const std::uint32_t most_slots = rng.chance(1, 3) ? kMostSlots : kFewSlots;
  config.slots = rng.between(1, std::min(config.live_values, most_slots));
  config.expression_depth = rng.between(1, 5);
  config.wide_percent = rng.chance(1, 4) ? (rng.chance(1, 2) ? 0 : 100) : rng.between(20, 80);
  config.constant_percent = rng.between(10, 60);
  config.recurrence_percent = rng.chance(2, 3) ? rng.between(20, 100) : 0;
  config.trap_percent = rng.chance(1, 2) ? rng.between(20, 90) : 0;
  config.branches = rng.chance(3, 4);
  config.loops = rng.chance(3, 5);
  config.selects = rng.chance(2, 3);
  config.pushes = rng.chance(1, 2);
  config.returns = rng.chance(1, 3);
  config.prints = rng.chance(1, 64);
  config.dead_code = rng.chance(1, 16);
  config.features.popcnt = rng.chance(1, 2);
  config.features.lzcnt = rng.chance(1, 2);
  config.features.bmi1 = rng.chance(1, 2);
  config.features.bmi2 = rng.chance(1, 2);
  return config;
}

SwarmConfig naive_swarm() {
  SwarmConfig config;
  config.ops.fill(true);
  config.trap_percent = 100;
  config.features = {.popcnt = true, .lzcnt = true, .bmi1 = true, .bmi2 = true};
  config.plain = true;
  return config;
}

}  // namespace assay::fuzz
