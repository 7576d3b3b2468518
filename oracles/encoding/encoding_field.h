// EncodingField: the part of an instruction's bytes that is wrong. Stable: signatures of findings hold its name.
//
// Tested by oracles/encoding/test/convictions_test.cc and check_test.cc, which provoke every one of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace assay::oracles::encoding {

enum class EncodingField : std::uint8_t {
  Prefix,       // legacy prefixes
  RexPresence,  // a REX byte too many, too few or where the CPU ignores it
  RexW,
  RexR,
  RexX,
  RexB,
  Vex,  // presence, length, L or pp of the VEX prefix; its W, R, X and B go by the names of REX
  VexVvvv,
  Opcode,
  ModRmMod,
  ModRmReg,  // a register or the opcode's extension
  ModRmRm,
  SibPresence,
  SibScale,
  SibIndex,
  SibBase,
  Displacement,
  Immediate,     // branch displacements too
  Length,        // too long or too short, every part for itself being right
  BranchTarget,  // a branch into the middle of an instruction or out of the code
  Tiling,        // the intents do not cover the code without gap and overlap
  Unencodable,   // what was asked for has no encoding in its form
  Decoders,      // the decoders disagree and nothing else is wrong
};
inline constexpr std::size_t kEncodingFieldCount = 23;

// "rex.r", "modrm.mod", ...
[[nodiscard]] std::string_view name(EncodingField field);

}  // namespace assay::oracles::encoding
