// CPUID; see cpu_features.h. Tested by core/x64/test/cpu_features_test.cc.
#include "core/x64/cpu_features.h"

#include <cpuid.h>

namespace assay::x64 {
namespace {

// Intel SDM volume 2, CPUID; LZCNT is AMD's ABM bit.
constexpr unsigned kPopcntBit = 1U << 23;  // leaf 1, ECX
constexpr unsigned kBmi1Bit = 1U << 3;     // leaf 7, EBX
constexpr unsigned kBmi2Bit = 1U << 8;     // leaf 7, EBX
constexpr unsigned kLzcntBit = 1U << 5;    // leaf 0x80000001, ECX

}  // namespace

CpuFeatures host_features() {
  CpuFeatures features;
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) != 0) features.popcnt = (ecx & kPopcntBit) != 0;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0) {
    features.bmi1 = (ebx & kBmi1Bit) != 0;
    features.bmi2 = (ebx & kBmi2Bit) != 0;
  }
  if (__get_cpuid(0x80000001U, &eax, &ebx, &ecx, &edx) != 0) features.lzcnt = (ecx & kLzcntBit) != 0;
  return features;
}

CpuFeatures intersection(CpuFeatures a, CpuFeatures b) {
  return {a.popcnt && b.popcnt, a.lzcnt && b.lzcnt, a.bmi1 && b.bmi1, a.bmi2 && b.bmi2};
}

std::string describe(CpuFeatures features) {
  std::string text;
  const auto add = [&text](bool present, const char* name) {
    if (!present) return;
    if (!text.empty()) text += ',';
    text += name;
  };
  add(features.popcnt, "popcnt");
  add(features.lzcnt, "lzcnt");
  add(features.bmi1, "bmi1");
  add(features.bmi2, "bmi2");
  return text.empty() ? "baseline" : text;
}

}  // namespace assay::x64
