// What a finding must say of the build and the machine it was made on.
//
// Tested by fuzz/findings/test/finding_test.cc.
#pragma once

#include <string>

namespace assay::fuzz {

// "assay 0.1.0, clang 19.1.7, build 391f19ddef21": version, compiler, and the first bytes of the build ID that the
// linker made from all that is in the program. Programs that say the same are the same.
[[nodiscard]] std::string build_description();

// The CPU's own brand string (CPUID leaves 0x80000002-4).
[[nodiscard]] std::string cpu_description();

}  // namespace assay::fuzz
