// The seed of the random tests. Tested by core/jit/test/tiered_test.cc, which prints it when it fails.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace assay::jit::test {

// Fixed unless ASSAY_TEST_SEED is set.
[[nodiscard]] inline std::uint64_t test_seed() {
  const char* const given = std::getenv("ASSAY_TEST_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 0) : 20240501;
}

}  // namespace assay::jit::test
