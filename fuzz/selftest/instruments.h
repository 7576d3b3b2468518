// Instruments: what judges a variant and is not one of the judge's oracles, by the name that `--without` knows.
//
// Tested by fuzz/selftest/test/driver_test.cc.
#pragma once

namespace assay::fuzz::selftest {

// The prover, which is asked about faults of the passes and of the loop solver.
inline constexpr const char* kSmt = "smt";
// The watch that every engine keeps over the rules of the calling convention and of memory.
inline constexpr const char* kAbi = "abi";

}  // namespace assay::fuzz::selftest
