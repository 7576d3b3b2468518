// Looking for a difference by running; see counterexample.h. Tested by smt/test/loop_proof_test.cc and
// pass_proof_test.cc.
#include "smt/counterexample.h"

#include <array>

#include "core/base/rng.h"
#include "core/interp/interpreter.h"
#include "smt/terms.h"

namespace assay::smt {
namespace {

constexpr std::uint64_t kSeed = 0x5EED;
// Many short runs, some of a few dozen iterations, then a few long ones: some mistakes show only where a product passes
// 2^32.
enum class Reach : std::uint8_t { Any, Near, Far };
struct Round {
  unsigned tries;
  std::uint64_t fuel;
  Reach reach;
};
constexpr std::array<Round, 3> kRounds = {
    {{4'000, 20'000, Reach::Any}, {1'000, 20'000, Reach::Near}, {12, 1'500'000, Reach::Far}}};
constexpr std::uint64_t kSolvedFuelFactor = 16;

constexpr std::array<std::uint64_t, 10> kEdges = {
    0,           1,           2,           ~std::uint64_t{0},        0x7FFF'FFFF,
    0x8000'0000, 0x7FFF'FFFE, 0xFFFF'FFFD, 0x7FFF'FFFF'FFFF'FFFFULL, 0x8000'0000'0000'0000ULL};

// One slot is far from the others in turn: a long run needs a bound far from its start.
std::uint64_t draw_far(base::Rng& rng, bool far) {
  const std::uint64_t bits = rng.next();
  return far ? 66'000 + bits % 4'000 : bits % 2;
}

std::uint64_t draw(base::Rng& rng) {
  const std::uint32_t kind = rng.below(4);
  const std::uint64_t bits = rng.next();
  if (kind == 0) return kEdges[bits % kEdges.size()];
  if (kind == 1) return bits;
  const std::uint64_t small = bits % 24;
  return kind == 2 ? small : small - 12;
}

bool agree(const ast::Program& before, const ast::Program& after, const Frame& frame, std::uint64_t fuel) {
  interp::Outcome left;
  interp::Outcome right;
  interp::interpret(before, frame, fuel, left);
  if (left.end == interp::End::OutOfFuel) return true;
  interp::interpret(after, frame, kSolvedFuelFactor * fuel, right);
  return left.end == right.end && left.trap == right.trap && left.frame == right.frame && left.stack == right.stack &&
         left.printed == right.printed;
}

}  // namespace

bool agree_on(const ast::Program& before, const ast::Program& after, const Frame& frame) {
  return agree(before, after, frame, kRounds.back().fuel);
}

std::optional<Frame> find_counterexample(const ast::Program& before, const ast::Program& after,
                                         const std::vector<Frame>& hints) {
  for (const Frame& hint : hints) {
    if (!agree_on(before, after, hint)) return hint;
  }
  base::Rng rng(kSeed);
  Frame frame(before.slot_count());
  for (const Round& round : kRounds) {
    for (unsigned i = 0; i < round.tries; ++i) {
      for (std::uint32_t slot = 0; slot < before.slot_count(); ++slot) {
        const bool far = slot == i % before.slot_count();
        const std::uint64_t bits = round.reach == Reach::Any    ? draw(rng)
                                   : round.reach == Reach::Near ? rng.next() % 128 - 16
                                                                : draw_far(rng, far);
        // Many a loop is left, or entered, where two slots are equal.
        const bool like_another = round.reach == Reach::Any && slot > 0 && rng.below(8) == 0;
        const std::uint64_t value = like_another ? frame[rng.below(slot)] : bits;
        frame[slot] = value & mask_of(ast::bit_width(before.variable_type(ast::VarId{slot})));
      }
      if (!agree(before, after, frame, round.fuel)) return frame;
    }
  }
  return std::nullopt;
}

}  // namespace assay::smt
