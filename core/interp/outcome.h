// Outcome: everything that can be observed of a run, and so everything that engines are compared by.
//
// Tested by core/interp/test/interpreter_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/ast/program.h"
#include "core/ast/trap.h"
#include "core/ast/type.h"

namespace assay::interp {

enum class End : std::uint8_t { Completed, Returned, Trapped, OutOfFuel };

// Behind so many values the run is given up, as when its fuel is used up.
inline constexpr std::size_t kMaxPrinted = std::size_t{1} << 20U;

struct Printed {
  ast::Type type = ast::Type::I32;
  std::uint64_t bits = 0;  // zero-extended
  friend bool operator==(const Printed&, const Printed&) = default;
};

struct Outcome {
  End end = End::Completed;
  ast::TrapKind trap = ast::TrapKind::None;
  ast::NodeId trap_node;  // the node that trapped
  // One cell per slot. An i32 slot is the low half of its cell; the high half keeps what it held at the start.
  std::vector<std::uint64_t> frame;
  // One cell per value pushed during the run, oldest first; an i32 is zero-extended.
  std::vector<std::uint64_t> stack;
  std::vector<Printed> printed;
  std::uint64_t steps = 0;  // nodes executed, and one per loop iteration
};

}  // namespace assay::interp
