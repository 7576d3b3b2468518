// Which optional instructions compiled code may use.
//
// An input of compilation rather than a property of the machine, so that both the fast forms and their plain x86-64
// fallbacks are compiled, run and judged wherever the tests run.
//
// Tested by core/x64/test/cpu_features_test.cc.
#pragma once

#include <string>

namespace assay::x64 {

struct CpuFeatures {
  bool popcnt = false;
  bool lzcnt = false;
  bool bmi1 = false;  // tzcnt, andn
  bool bmi2 = false;  // shlx, shrx, sarx, rorx

  friend bool operator==(const CpuFeatures&, const CpuFeatures&) = default;
};

// What the CPU this runs on supports (CPUID leaves 1, 7 and 0x80000001).
[[nodiscard]] CpuFeatures host_features();

// The features in both.
[[nodiscard]] CpuFeatures intersection(CpuFeatures a, CpuFeatures b);

// "popcnt,lzcnt", or "baseline".
[[nodiscard]] std::string describe(CpuFeatures features);

}  // namespace assay::x64
