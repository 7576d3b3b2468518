// System: the recurrences of a loop, solved.
//
// From the equations of one iteration (body.h) to a sequence for every variable. Where it helps, the equations are
// first put in a form that can be solved: conditions that change once are frozen at their value at the start of a
// phase, a body that repeats itself after p iterations is composed p times, and one iteration is peeled for variables
// that only follow others.
//
// Tested by core/scev/test/solve_test.cc.
#pragma once

#include <vector>

#include "core/scev/body.h"
#include "core/scev/recurrence.h"
#include "core/scev/recurrence_finder.h"
#include "core/scev/stay.h"

namespace assay::scev {

enum class SequenceKind : std::uint8_t {
  Unsolved,
  AddRecurrence,  // `recurrence`
  Last,           // `operand` in terms of the others, one iteration before
  Absorbing,      // v = v op operand, invariant, and or or: the first iteration is the last that counts
  Idempotent,     // v = f(v), f invariant and f(f(v)) = f(v): the same; `operand` is f of the initial value
  Toggle,         // v = v xor operand, invariant
  BitRange,       // v = v op x for a linear x with a step of a power of two
  Extremum,       // the least or greatest of v and a linear or invariant x
  Linear,         // a linear combination of the Linear ones and of add recurrences: linear_system.h
};

struct Sequence {
  SequenceKind kind = SequenceKind::Unsolved;
  AddRecurrence recurrence;  // the sequence itself, or that of x
  Polynomial operand;
  ast::Op op = ast::Op::And;  // of an Extremum: the comparison `x op v` under which x replaces v
};

// A value that must keep its truth or must not wrap while the closed forms are used.
struct PhaseLimit {
  enum class Kind : std::uint8_t { Truth, UnsignedWrap, SignedWrap };
  Kind kind = Kind::Truth;
  ast::Op op = ast::Op::Ne;  // Truth: `operand` op `bound` keeps its value, whichever it is
  AddRecurrence operand;
  Polynomial bound;
};

// That it does not wrap.
[[nodiscard]] PhaseLimit limit_of(const RecurrenceFinder::Unwrapped& unwrapped);

struct System {
  std::vector<Sequence> sequences;    // by the body's variables; of `period` iterations at once
  std::vector<Polynomial> equations;  // the same variables: what `sequences` was made from
  unsigned period = 1;
  bool peeled = false;             // one iteration is run before
  std::vector<PhaseLimit> limits;  // by single iterations
  KnownRecurrences single;         // of one iteration, for exits
  std::uint32_t classes = 0;
  Decline failure = Decline::None;

  [[nodiscard]] bool failed() const { return failure != Decline::None; }
  [[nodiscard]] bool has_linear_part() const;
};

[[nodiscard]] System solve_system(const Body& body, Atoms& atoms);

// Finds the recurrences of values of the loop, by single iterations: knows `System::single`. What it needs not to wrap
// is among `System::limits` only as far as the variables need it.
[[nodiscard]] RecurrenceFinder finder_of_values(const Body& body, const System& system, Atoms& atoms);

}  // namespace assay::scev
