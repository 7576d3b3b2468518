// Fault point: how the text of a fault says that it was reached. Put in front of the units of a variant by the build of
// the variant (`-include`), and of nothing else: the product does not know it.
//
// FAULT(right, wrong) is the wrong value; it counts that it was asked for, and whether the right one differs, so that a
// fault that nobody reaches can be told from one that is reached and changes nothing, and both from one that changes
// something and is not noticed. REACHED() counts alone, where there is no pair of values to compare. With
// ASSAY_SELFTEST_PLAIN nothing is counted: what is left is the fault itself, whose object code can be compared with
// that of the unit as it stands.
//
// Tested by fuzz/selftest/test/variant_test.cc.
#pragma once

#ifdef ASSAY_SELFTEST_PLAIN

#define FAULT(right, wrong) (wrong)
#define REACHED() static_cast<void>(0)

#else

#include <type_traits>

// Weak: all units of a variant share one, and the probe of an unchanged build has none.
extern "C" {
__attribute__((weak)) unsigned long long assay_selftest_reached = 0;
__attribute__((weak)) unsigned long long assay_selftest_changed = 0;
}

namespace assay_selftest {

template <class Right, class Wrong>
constexpr Right fault(Right right, Wrong wrong) {
  if (!std::is_constant_evaluated()) {
    ++assay_selftest_reached;
    if constexpr (requires { right == static_cast<Right>(wrong); }) {
      if (!(right == static_cast<Right>(wrong))) ++assay_selftest_changed;
    } else {
      ++assay_selftest_changed;
    }
  }
  return static_cast<Right>(wrong);
}

}  // namespace assay_selftest

#define FAULT(right, wrong) (::assay_selftest::fault((right), (wrong)))
#define REACHED() static_cast<void>(++assay_selftest_reached)

#endif
