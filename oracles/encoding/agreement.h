// Agreement: whether what a decoder read is what the assembler was asked for.
//
// Every part is compared that the intent determines: mnemonic, condition, kind and value of each operand, length.
// Nothing is normalised here; a decoder translates into the table's terms or is found to disagree.
//
// Tested by oracles/encoding/test/agreement_test.cc.
#pragma once

#include "core/x64/intent.h"
#include "oracles/encoding/decoded.h"

namespace assay::oracles::encoding {

// `relative_intent` is as given by `relative` (fields.h).
[[nodiscard]] bool agrees(const x64::Intent& relative_intent, const Decoded& decoded);

// Whether two decoders read the same. Two that find no instruction agree. Where one has no name of the table for what
// it found, only lengths can be compared.
[[nodiscard]] bool same_reading(const Decoded& a, const Decoded& b);

}  // namespace assay::oracles::encoding
