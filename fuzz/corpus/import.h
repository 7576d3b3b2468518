// Import: inputs of the libFuzzer targets that read bytes (their corpus, or what made one crash), written as text.
//
// Text is what everything else reads: `assay replay`, `assay reduce`, `assay corpus merge`. So what coverage-guided
// fuzzing finds, and what campaigns find, ends in one corpus.
//
// Tested by fuzz/corpus/test/import_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace assay::fuzz {

struct Imported {
  std::uint64_t inputs = 0;
  std::uint64_t programs = 0;  // of those; the others are bytes that are no program, which fuzzers keep as well
  std::uint64_t texts = 0;     // different ones among those: two inputs may be one program
};

// Writes each program into `out`, which is made, under a name made from its text. `from` are files, or folders of
// files. An input error when one cannot be read, and then nothing is written.
[[nodiscard]] base::Result<Imported> import_inputs(const std::string& out, const std::vector<std::string>& from);

}  // namespace assay::fuzz
