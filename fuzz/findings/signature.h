// Signature: the five parts that tell one fault from another, as text and apart.
//
// A signature is oracle/stage/node/form/difference; a part that is not known is "-". Two kinds of knowledge give the
// node: an instruction that is wrong in itself leads to the node it was made for, and then the form is known too; a
// wrong value has no instruction, and its node is found by making the program small (fuzz/triage/localise.h). The
// signature without the latter is what a single judgement sees.
//
// Tested by fuzz/findings/test/signature_test.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::fuzz {

inline constexpr std::string_view kNotKnown = "-";

struct SignatureParts {
  std::string oracle;      // "emulated-sysv"
  std::string stage;       // the guilty pass, or "codegen"
  std::string node;        // an operator or a kind of node; of localised ones also "several"
  std::string form;        // of the instruction
  std::string difference;  // the kind, with a detail behind a colon where it has one

  friend bool operator==(const SignatureParts&, const SignatureParts&) = default;
};

// Nothing for what has other than five parts, as the harness's own findings ("harness/hang").
[[nodiscard]] std::optional<SignatureParts> parse_signature(std::string_view signature);
[[nodiscard]] std::string print_signature(const SignatureParts& parts);

// Whether a node could be found by making the program small: what differs is a value or an end that any construct may
// be guilty of, and no instruction is named.
[[nodiscard]] bool can_be_localised(const SignatureParts& parts);

// As a single judgement sees it.
[[nodiscard]] std::string unlocalised(std::string_view signature);

// Whether a judgement that gave `seen` shows the fault that is recorded as `recorded`.
[[nodiscard]] bool same_fault(std::string_view recorded, std::string_view seen);

}  // namespace assay::fuzz
