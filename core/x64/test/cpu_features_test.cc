// What the host offers, and sets of features; see core/x64/cpu_features.h.
#include "core/x64/cpu_features.h"

#include <gtest/gtest.h>

namespace assay::x64 {
namespace {

TEST(CpuFeatures, AreAbsentUnlessAsked) { EXPECT_EQ(describe(CpuFeatures{}), "baseline"); }

TEST(CpuFeatures, AreNamedInAFixedOrder) {
  EXPECT_EQ(describe({.popcnt = true, .lzcnt = true, .bmi1 = true, .bmi2 = true}), "popcnt,lzcnt,bmi1,bmi2");
  EXPECT_EQ(describe({.popcnt = true, .bmi2 = true}), "popcnt,bmi2");
  EXPECT_EQ(describe({.lzcnt = true}), "lzcnt");
  EXPECT_EQ(describe({.bmi1 = true}), "bmi1");
}

TEST(CpuFeatures, IntersectionHoldsWhatBothHold) {
  constexpr CpuFeatures kAll{true, true, true, true};
  EXPECT_EQ(intersection(kAll, kAll), kAll);
  EXPECT_EQ(intersection(kAll, {}), CpuFeatures{});
  EXPECT_EQ(intersection({.popcnt = true, .bmi1 = true}, {.lzcnt = true, .bmi1 = true}), CpuFeatures{.bmi1 = true});
  EXPECT_EQ(intersection({.popcnt = true, .lzcnt = true, .bmi2 = true}, {.popcnt = true, .bmi1 = true, .bmi2 = true}),
            (CpuFeatures{.popcnt = true, .bmi2 = true}));
}

// The compiler's run-time library asks the CPU in its own code.
TEST(CpuFeatures, OfTheHostAreThoseTheCompilersRuntimeSees) {
  __builtin_cpu_init();
  const CpuFeatures host = host_features();
  EXPECT_EQ(host.popcnt, __builtin_cpu_supports("popcnt") != 0);
  EXPECT_EQ(host.lzcnt, __builtin_cpu_supports("lzcnt") != 0);
  EXPECT_EQ(host.bmi1, __builtin_cpu_supports("bmi") != 0);
  EXPECT_EQ(host.bmi2, __builtin_cpu_supports("bmi2") != 0);
}

TEST(CpuFeatures, OfTheHostDoNotChange) { EXPECT_EQ(host_features(), host_features()); }

}  // namespace
}  // namespace assay::x64
