// Fields: the bytes of an instruction taken apart, as Intel SDM volume 2, chapter 2 names the parts.
//
// Three functions that know nothing of the assembler: what an intent asks for, what bytes say, and back to bytes. The
// first is a second reading of the manual beside the assembler's, so that a mistake has to be made twice to go unseen;
// the decoders are the third and fourth.
//
// Tested by oracles/encoding/test/fields_test.cc and encoder_sweep_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/x64/form.h"
#include "core/x64/intent.h"

namespace assay::oracles::encoding {

inline constexpr std::size_t kMaxInstructionBytes = 15;  // Intel SDM 2, section 2.3.11

enum class Vex : std::uint8_t { None, Two, Three };

struct Fields {
  // Legacy prefixes in order; of more than four only the count is kept.
  std::array<std::uint8_t, 4> prefixes{};
  std::uint8_t prefix_count = 0;
  // A REX byte that the CPU ignores because another prefix follows it (section 2.2.1).
  bool has_stray_rex = false;
  std::uint8_t stray_rex = 0;
  bool has_rex = false;
  Vex vex = Vex::None;
  // Of the REX or VEX byte, 0 when there is none; in VEX stored inverted, here not.
  bool w = false;
  bool r = false;
  bool x = false;
  bool b = false;
  std::uint8_t vvvv = 0;  // not inverted
  std::uint8_t vex_l = 0;
  std::uint8_t vex_pp = 0;  // 0 none, 1 66, 2 F3, 3 F2
  std::uint8_t map = 0;     // as mmmmm of VEX: 0 one byte, 1 0F, 2 0F 38, 3 0F 3A, else reserved
  std::uint8_t opcode = 0;
  bool has_modrm = false;
  std::uint8_t mod = 0;
  std::uint8_t reg = 0;  // three bits, without REX
  std::uint8_t rm = 0;
  bool has_sib = false;
  std::uint8_t scale = 0;  // the two bits: log2
  std::uint8_t index = 0;
  std::uint8_t base = 0;
  std::uint8_t displacement_bytes = 0;
  std::uint8_t immediate_bytes = 0;  // a branch displacement counts as an immediate, as in the manual's tables
  std::int64_t displacement = 0;     // sign-extended
  std::int64_t immediate = 0;        // sign-extended
  // The bytes ended before the parts that the ones before call for.
  bool truncated = false;

  friend bool operator==(const Fields&, const Fields&) = default;
};

// An intent with its branch target, if it has one, relative to the end of the instruction: where code lies does not
// matter to what its bytes mean. Its `offset` and `node` are unused.
[[nodiscard]] x64::Intent relative(const x64::Intent& intent);

// Whether the operands are of the form's kinds and can be encoded at all.
[[nodiscard]] bool is_encodable(const x64::Intent& intent);

// Which operand goes to which place of the encoding; null where the form has no such place.
struct Places {
  const x64::Operand* reg = nullptr;        // ModR/M.reg
  const x64::Operand* rm = nullptr;         // ModR/M.rm, or memory
  const x64::Operand* vvvv = nullptr;       // VEX.vvvv
  const x64::Operand* opcode = nullptr;     // the low three bits of the opcode
  const x64::Operand* immediate = nullptr;  // or branch displacement
};

// The places point into `intent`.
[[nodiscard]] Places places_of(const x64::Intent& intent);

// The shortest fields that say what the intent (with a relative target) asks for in its row of the table.
// Precondition: is_encodable.
[[nodiscard]] Fields intended_fields(const x64::Intent& relative_intent);

// Takes bytes apart, supposing that the opcode is followed by what `form` has: decides where a wrong instruction goes
// wrong, so it must not give up where a decoder does. All bytes behind the displacement are the immediate, up to eight.
[[nodiscard]] Fields read_fields(std::span<const std::uint8_t> bytes, x64::Form form);

struct Bytes {
  std::array<std::uint8_t, 24> data{};
  std::size_t size = 0;
  [[nodiscard]] std::span<const std::uint8_t> span() const { return {data.data(), size}; }
};

[[nodiscard]] Bytes to_bytes(const Fields& fields);

}  // namespace assay::oracles::encoding
