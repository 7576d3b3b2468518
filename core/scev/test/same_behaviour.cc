// Comparing programs by interpretation; see same_behaviour.h.
#include "core/scev/test/same_behaviour.h"

#include <gtest/gtest.h>

#include <sstream>
#include <vector>

#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "core/interp/interpreter.h"

namespace assay::scev {
namespace {

constexpr std::uint64_t kFuel = 5000;
// The costliest closed form takes some hundred times what an iteration takes, and may stand in a loop that seldom needs
// it.
constexpr std::uint64_t kFuelFactor = 500;

std::uint64_t draw_cell(base::Rng& rng) {
  const std::uint64_t small = rng.below(12);
  switch (rng.below(10)) {
    case 0:
      return 0 - small;
    case 1:
      return 0x7FFF'FFFF - small;
    case 2:
      return 0x8000'0000 + small;
    case 3:
      return 0x7FFF'FFFF'FFFF'FFFF - small;
    case 4:
      return 0x8000'0000'0000'0000 + small;
    case 5:
      return 0xFFFF'FFFF - small;
    case 6:
      return rng.below(70);
    case 7:
      return rng.below(10) == 0 ? rng.next() : rng.below(300);
    default:
      return small;
  }
}

std::string print_frame(const std::vector<std::uint64_t>& frame) {
  std::ostringstream text;
  for (const std::uint64_t cell : frame) text << " 0x" << std::hex << cell;
  return text.str();
}

}  // namespace

unsigned agreed_runs(const ast::Program& before, const ast::Program& after, unsigned count, base::Rng& rng) {
  const auto valid = ast::verify(after);
  if (!valid) {
    ADD_FAILURE() << "not valid: " << valid.error().message << "\nfrom\n" << ast::print_program(before);
    return 0;
  }
  unsigned agreed = 0;
  std::vector<std::uint64_t> frame(before.slot_count());
  interp::Outcome expected;
  interp::Outcome got;
  for (unsigned i = 0; i < count; ++i) {
    for (std::uint64_t& cell : frame) cell = draw_cell(rng);
    interp::interpret(before, frame, kFuel, expected);
    if (expected.end == interp::End::OutOfFuel) continue;
    interp::interpret(after, frame, kFuelFactor * (expected.steps + 1), got);
    if (got.end != expected.end || got.frame != expected.frame || got.stack != expected.stack) {
      ADD_FAILURE() << "from" << print_frame(frame) << "\nexpected" << print_frame(expected.frame) << "\ngot     "
                    << print_frame(got.frame) << "\n"
                    << ast::print_program(before) << "became\n"
                    << ast::print_program(after);
      return agreed;
    }
    ++agreed;
  }
  return agreed;
}

}  // namespace assay::scev
