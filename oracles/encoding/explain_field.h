// From wrong bytes to the field that is wrong, in a sentence.
//
// "REX.R is 0, intended 1: r12d was encoded as esp" is what a person who broke an encoder has to know, and the field's
// name is what makes two findings the same bug. The intended fields come from the intent and the table by the manual's
// rules (fields.h), never from the assembler's encoder.
//
// Tested by oracles/encoding/test/convictions_test.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/x64/intent.h"
#include "oracles/encoding/encoding_field.h"

namespace assay::oracles::encoding {

struct Explanation {
  EncodingField field = EncodingField::Length;  // the one that stands for all
  std::string sentence;                         // names every field that is wrong
};

// Precondition: is_encodable(relative_intent), and `bytes` are not to_bytes(intended_fields(relative_intent)).
[[nodiscard]] Explanation explain_fields(const x64::Intent& relative_intent, std::span<const std::uint8_t> bytes);

}  // namespace assay::oracles::encoding
