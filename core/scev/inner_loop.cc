// Summaries of inner loops; see inner_loop.h. Tested by core/scev/test/solve_test.cc.
#include "core/scev/inner_loop.h"

#include <algorithm>
#include <utility>

#include "core/scev/body.h"
#include "core/scev/closed_form.h"
#include "core/scev/system.h"
#include "core/scev/trip.h"

namespace assay::scev {
namespace {

// Each level reads all the levels below it; the bound keeps the whole linear.
constexpr unsigned kMaxNesting = 3;

}  // namespace

InnerLoop summarise(const ast::Program& program, ast::NodeId id, Atoms& atoms, unsigned nesting,
                    const std::vector<ast::VarId>& constant_starts) {
  InnerLoop result;
  const auto declined = [&result](Decline reason) {
    result.failure = reason;
    return result;
  };
  if (nesting > kMaxNesting) return declined(Decline::TooLarge);
  const Body body = read_body(program, id, atoms, nesting);
  if (body.failed()) return declined(body.failure);
  const System system = solve_system(body, atoms);
  if (system.failed()) return declined(system.failure);
  const Trip trip = find_trip(body, system, body.count, atoms, constant_starts);
  if (trip.failure != Decline::None) return declined(trip.failure);
  const bool left_at_the_head =
      std::all_of(body.exits.begin(), body.exits.end(), [](const Exit& exit) { return !exit.statement.valid(); });
  if (trip.counts.size() != 1 || !trip.exact || system.period != 1 || system.peeled || system.has_linear_part() ||
      !left_at_the_head) {
    return declined(Decline::InnerLoop);
  }
  result.variables = body.variables;
  result.values = final_values(body, system, trip.counts[0], atoms, ValuesFor::Analysis);
  result.classes = body.classes | system.classes | trip.classes;
  if (std::any_of(result.values.begin(), result.values.end(), [](const Polynomial& value) { return value.poisoned; })) {
    return declined(Decline::TooLarge);
  }
  return result;
}

}  // namespace assay::scev
