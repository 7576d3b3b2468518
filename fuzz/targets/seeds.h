// Seeds: the programs of a corpus in binary form, for the libFuzzer targets that read it.
//
// The corpus is text, so that people can read it; `binary_codec` and `differential` mutate bytes. Seeds are made when
// the targets are built, so no second copy of the corpus can grow old.
//
// Tested by fuzz/targets/test/seeds_test.cc.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace assay::fuzz {

// Writes each program (.nda) into the folder, which is made, under its name without the ending; gives how many there
// were. An input error when one cannot be read or two have one name, and then nothing is written.
[[nodiscard]] base::Result<std::size_t> encode_seeds(const std::string& folder, const std::vector<std::string>& files);

}  // namespace assay::fuzz
