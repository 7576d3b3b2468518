// Phases: what changes once, and what comes back.
//
// A condition on a linear value changes its truth once and then keeps it for a long time: the loop falls into phases in
// each of which it is invariant. A value like i & 1 or i % 3 comes back after a few iterations.
//
// Tested by core/scev/test/solve_test.cc.
#pragma once

#include <vector>

#include "core/scev/recurrence_finder.h"
#include "core/scev/system.h"

namespace assay::scev {

struct PhaseChanges {
  std::vector<AtomId> frozen;    // comparisons that keep their truth within a phase
  std::vector<AtomId> periodic;  // operations that repeat after `period` iterations
  unsigned period = 1;
  std::vector<PhaseLimit> limits;
  std::uint32_t classes = 0;
};

[[nodiscard]] PhaseChanges find_phase_changes(const Body& body, Atoms& atoms, RecurrenceFinder& finder);

// The body's equations with every frozen comparison in its truth at the start of the phase.
[[nodiscard]] std::vector<Polynomial> freeze_changes(const Body& body, Atoms& atoms, const PhaseChanges& changes);

}  // namespace assay::scev
