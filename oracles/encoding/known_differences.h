// The one table of instructions that a decoder is known to read wrongly.
//
// A decoder is as fallible as an encoder. Where it is the decoder that is wrong, and only then, a reviewed row here
// makes the oracle go by the other decoder for that form; nothing else may excuse a disagreement.
//
// Tested by oracles/encoding/test/check_test.cc.
#pragma once

#include <span>
#include <string_view>

#include "core/x64/form.h"

namespace assay::oracles::encoding {

struct KnownDifference {
  x64::Form form;
  std::string_view decoder;  // Decoder::name() of the one that is wrong
  std::string_view reason;   // a sentence
  std::string_view link;     // to the report at the decoder's project
};

// Empty today: Zydis 4.0.0 and LLVM 19.1.7 read every form of the table alike in every shape of the sweep
// (`assay verify --encoder`).
inline constexpr std::span<const KnownDifference> kKnownDifferences = {};

[[nodiscard]] constexpr bool is_known(std::span<const KnownDifference> table, x64::Form form,
                                      std::string_view decoder) {
  for (const KnownDifference& row : table) {
    if (row.form == form && row.decoder == decoder) return true;
  }
  return false;
}

}  // namespace assay::oracles::encoding
