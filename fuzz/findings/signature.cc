// Signatures taken apart; see signature.h. Tested by fuzz/findings/test/signature_test.cc.
#include "fuzz/findings/signature.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace assay::fuzz {

std::optional<SignatureParts> parse_signature(std::string_view signature) {
  SignatureParts parts;
  const std::array<std::string*, 5> fields = {&parts.oracle, &parts.stage, &parts.node, &parts.form, &parts.difference};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t end = signature.find('/');
    if ((end == std::string_view::npos) != (i + 1 == fields.size())) return std::nullopt;
    *fields[i] = signature.substr(0, end);
    if (fields[i]->empty()) return std::nullopt;
    signature = end == std::string_view::npos ? std::string_view{} : signature.substr(end + 1);
  }
  return parts;
}

std::string print_signature(const SignatureParts& parts) {
  return fmt::format("{}/{}/{}/{}/{}", parts.oracle, parts.stage, parts.node, parts.form, parts.difference);
}

bool can_be_localised(const SignatureParts& parts) {
  // Broken rules of the ABI are about the block, invalid programs and wrong bytes say themselves what is wrong.
  static constexpr std::array<std::string_view, 8> kKinds = {"end",        "trap",    "slot",    "stack-depth",
                                                             "stack-cell", "printed", "runaway", "process-died"};
  return parts.form == kNotKnown && std::find(kKinds.begin(), kKinds.end(), parts.difference) != kKinds.end();
}

std::string unlocalised(std::string_view signature) {
  auto parts = parse_signature(signature);
  if (!parts || !can_be_localised(*parts)) return std::string(signature);
  parts->node = kNotKnown;
  return print_signature(*parts);
}

bool same_fault(std::string_view recorded, std::string_view seen) {
  return recorded == seen || unlocalised(recorded) == seen;
}

}  // namespace assay::fuzz
