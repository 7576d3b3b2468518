// Names of fields; see encoding_field.h. Tested by oracles/encoding/test/convictions_test.cc.
#include "oracles/encoding/encoding_field.h"

#include <array>

namespace assay::oracles::encoding {

std::string_view name(EncodingField field) {
  static constexpr std::array<std::string_view, kEncodingFieldCount> kNames = {
      "prefix",       "rex",       "rex.w",     "rex.r",         "rex.x",  "rex.b",       "vex",       "vex.vvvv",
      "opcode",       "modrm.mod", "modrm.reg", "modrm.rm",      "sib",    "sib.scale",   "sib.index", "sib.base",
      "displacement", "immediate", "length",    "branch-target", "tiling", "unencodable", "decoders"};
  const auto index = static_cast<std::size_t>(field);
  return index < kNames.size() ? kNames[index] : "?";
}

}  // namespace assay::oracles::encoding
