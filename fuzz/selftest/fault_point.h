// Fault point: how the text of a fault says that it was reached. Put in front of the units of a variant by the build of
// the variant (`-include`), and of nothing else: the product does not know it.
//
// FAULT(right, wrong) is the wrong value; it counts that it was asked for, and whether the right one differs, so that a
// fault that nobody reaches can be told from one that is reached and changes nothing, and both from one that changes
// something and is not noticed. REACHED() counts alone, where there is no pair of values to compare. With
// ASSAY_SELFTEST_PLAIN nothing is counted: what is left is the fault itself, whose object code can be compared with
// that of the unit as it stands.
//
// Of several faults at once each has a number: FAULT_OF and REACHED_OF count in the file that ASSAY_FAULT_COUNTS names,
// as pairs of 8 bytes (reached, changed), which all processes of a campaign share. Without it nothing is counted.
//
// Tested by fuzz/selftest/test/variant_test.cc.
#pragma once

#ifdef ASSAY_SELFTEST_PLAIN

#define FAULT(right, wrong) (wrong)
#define REACHED() static_cast<void>(0)

#else

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
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

inline constexpr unsigned kMostCounted = 64;

struct Counts {
  unsigned long long reached;
  unsigned long long changed;
};

inline Counts* shared_counts() {
  static Counts* const counts = []() -> Counts* {
    const char* const path = std::getenv("ASSAY_FAULT_COUNTS");
    if (path == nullptr) return nullptr;
    const int file = ::open(path, O_RDWR | O_CREAT, 0644);
    constexpr unsigned long kSize = kMostCounted * sizeof(Counts);
    if (file < 0 || ::ftruncate(file, kSize) != 0) return nullptr;
    void* const memory = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    return memory == MAP_FAILED ? nullptr : static_cast<Counts*>(memory);
  }();
  return counts;
}

inline void reached(unsigned number) {
  if (Counts* const counts = shared_counts()) __atomic_fetch_add(&counts[number].reached, 1ULL, __ATOMIC_RELAXED);
}

template <class Right, class Wrong>
constexpr Right numbered_fault(unsigned number, Right right, Wrong wrong) {
  if (!std::is_constant_evaluated()) {
    reached(number);
    bool changed = true;
    if constexpr (requires { right == static_cast<Right>(wrong); }) changed = !(right == static_cast<Right>(wrong));
    Counts* const counts = changed ? shared_counts() : nullptr;
    if (counts != nullptr) __atomic_fetch_add(&counts[number].changed, 1ULL, __ATOMIC_RELAXED);
  }
  return static_cast<Right>(wrong);
}

}  // namespace assay_selftest

#define FAULT(right, wrong) (::assay_selftest::fault((right), (wrong)))
#define REACHED() static_cast<void>(++assay_selftest_reached)
#define FAULT_OF(number, right, wrong) (::assay_selftest::numbered_fault((number), (right), (wrong)))
#define REACHED_OF(number) (::assay_selftest::reached(number))

#endif
