// The encoder; see encoder.h. Tested by core/x64/test/encodings_test.cc.
#include "core/x64/encoder.h"

#include <cassert>
#include <cstring>

namespace assay::x64 {
namespace {

constexpr std::uint8_t kRexBase = 0x40;
constexpr std::uint8_t kRmSib = 4;    // ModR/M.rm that announces a SIB byte
constexpr std::uint8_t kNoIndex = 4;  // SIB.index without an index register
constexpr std::uint8_t kNoBase = 5;   // SIB.base without a base register (with mod 00)
constexpr std::uint8_t kModDisp8 = 1;
constexpr std::uint8_t kModDisp32 = 2;
constexpr std::uint8_t kModRegister = 3;

constexpr std::uint8_t low3(unsigned reg) { return reg & 7; }
constexpr std::uint8_t high1(unsigned reg) { return (reg >> 3) & 1; }

// Which operand goes where; null where the encoding has no such place.
struct Places {
  const Operand* reg = nullptr;   // ModR/M.reg
  const Operand* rm = nullptr;    // ModR/M.rm or memory
  const Operand* vvvv = nullptr;  // VEX.vvvv
  const Operand* opcode = nullptr;
  const Operand* immediate = nullptr;
  const Operand* relative = nullptr;
};

Places place(Encoding encoding, const Operand& a, const Operand& b, const Operand& c) {
  switch (encoding) {
    case Encoding::MR:
      return {.reg = &b, .rm = &a};
    case Encoding::RM:
      return {.reg = &a, .rm = &b};
    case Encoding::M:
      return {.rm = &a};
    case Encoding::MI:
      return {.rm = &a, .immediate = &b};
    case Encoding::RMI:
    case Encoding::VexRMI:
      return {.reg = &a, .rm = &b, .immediate = &c};
    case Encoding::O:
      return {.opcode = &a};
    case Encoding::OI:
      return {.opcode = &a, .immediate = &b};
    case Encoding::I:
      return {.immediate = &a};
    case Encoding::D:
      return {.relative = &a};
    case Encoding::ZO:
      return {};
    case Encoding::VexRMV:
      return {.reg = &a, .rm = &b, .vvvv = &c};
    case Encoding::VexRVM:
      return {.reg = &a, .rm = &c, .vvvv = &b};
  }
  return {};
}

constexpr bool is_vex(Encoding encoding) {
  return encoding == Encoding::VexRMV || encoding == Encoding::VexRVM || encoding == Encoding::VexRMI;
}

// SPL, BPL, SIL and DIL exist only under a REX prefix; without one their numbers mean AH, CH, DH and BH.
bool needs_empty_rex(const Operand* operand) {
  return operand != nullptr && operand->kind == OperandKind::R8 && operand->reg >= 4 && operand->reg < 8;
}

class Writer {
 public:
  explicit Writer(std::uint8_t* out) : begin_(out), out_(out) {}

  void byte(unsigned value) { *out_++ = static_cast<std::uint8_t>(value); }
  void little_endian(std::uint64_t value, int bytes) {
    std::memcpy(out_, &value, static_cast<std::size_t>(bytes));
    out_ += bytes;
  }
  [[nodiscard]] int length() const { return static_cast<int>(out_ - begin_); }

 private:
  std::uint8_t* begin_;
  std::uint8_t* out_;
};

struct Extension {
  std::uint8_t w, r, x, b;
};

Extension extension_of(const FormInfo& form, const Places& places) {
  Extension extension{static_cast<std::uint8_t>(form.rex_w ? 1 : 0), 0, 0, 0};
  if (places.reg != nullptr) extension.r = high1(places.reg->reg);
  if (places.opcode != nullptr) extension.b = high1(places.opcode->reg);
  if (places.rm != nullptr) {
    if (is_memory(places.rm->kind)) {
      const Address& address = places.rm->address;
      if (address.has_base) extension.b = high1(number(address.base));
      if (address.has_index) extension.x = high1(number(address.index));
    } else {
      extension.b = high1(places.rm->reg);
    }
  }
  return extension;
}

void write_legacy_prefixes(Writer& out, const FormInfo& form, const Places& places) {
  switch (form.prefix) {
    case Prefix::No:
      break;
    case Prefix::P66:
      out.byte(0x66);
      break;
    case Prefix::PF2:
      out.byte(0xF2);
      break;
    case Prefix::PF3:
      out.byte(0xF3);
      break;
  }
  // REX comes last, right before the opcode: anywhere else the CPU ignores it.
  const Extension e = extension_of(form, places);
  const unsigned bits = e.w * 8U + e.r * 4U + e.x * 2U + e.b;
  if (bits != 0 || needs_empty_rex(places.reg) || needs_empty_rex(places.rm)) out.byte(kRexBase + bits);
  switch (form.map) {
    case OpcodeMap::One:
      break;
    case OpcodeMap::Two:
      out.byte(0x0F);
      break;
    case OpcodeMap::Three38:
      out.byte(0x0F);
      out.byte(0x38);
      break;
    case OpcodeMap::Three3A:
      out.byte(0x0F);
      out.byte(0x3A);
      break;
  }
}

// The three-byte form always: the two-byte form serves map 0F only, and no VEX row of the table is in it.
void write_vex(Writer& out, const FormInfo& form, const Places& places) {
  const Extension e = extension_of(form, places);
  const unsigned map = form.map == OpcodeMap::Three38 ? 2 : 3;
  const unsigned prefix = form.prefix == Prefix::P66   ? 1
                          : form.prefix == Prefix::PF3 ? 2
                          : form.prefix == Prefix::PF2 ? 3
                                                       : 0;
  const unsigned vvvv = places.vvvv != nullptr ? places.vvvv->reg : 0U;
  out.byte(0xC4);
  // R, X, B and vvvv are stored inverted.
  out.byte(((e.r ^ 1U) << 7) | ((e.x ^ 1U) << 6) | ((e.b ^ 1U) << 5) | map);
  out.byte((static_cast<unsigned>(e.w) << 7) | ((~vvvv & 15U) << 3) | prefix);
}

void write_memory(Writer& out, unsigned reg_field, const Address& address) {
  const auto modrm = [&](unsigned mod, unsigned rm) { out.byte((mod << 6) | (reg_field << 3) | rm); };
  const auto displacement = static_cast<std::uint32_t>(address.displacement);
  const unsigned index = address.has_index ? low3(number(address.index)) : kNoIndex;
  assert(!address.has_index || address.index != RegId::Rsp);
  const unsigned scale = address.scale == 8 ? 3U : address.scale == 4 ? 2U : address.scale == 2 ? 1U : 0U;
  const unsigned index_bits = ((address.has_index ? scale : 0U) << 6) | (index << 3);
  if (!address.has_base) {
    // Without SIB, mod 00 rm 101 would be relative to RIP.
    modrm(0, kRmSib);
    out.byte(index_bits | kNoBase);
    out.little_endian(displacement, 4);
    return;
  }
  const unsigned base = low3(number(address.base));
  // RBP and R13 share the number that means "no base" under mod 00, so they always carry a displacement.
  const bool none = address.displacement == 0 && base != kNoBase;
  const bool short_form = address.displacement >= -128 && address.displacement <= 127;
  const unsigned mod = none ? 0U : short_form ? kModDisp8 : kModDisp32;
  // RSP and R12 share the number that announces SIB, so they always carry one.
  if (address.has_index || base == kRmSib) {
    modrm(mod, kRmSib);
    out.byte(index_bits | base);
  } else {
    modrm(mod, base);
  }
  if (mod == kModDisp8) out.little_endian(displacement, 1);
  if (mod == kModDisp32) out.little_endian(displacement, 4);
}

}  // namespace

int encode(const FormInfo& form, const Operand& a, const Operand& b, const Operand& c, std::uint8_t* out) {
  Writer writer(out);
  // A condition is part of the opcode and takes no place of its own.
  const bool conditional = a.kind == OperandKind::Condition;
  const Places places = conditional ? place(form.encoding, b, c, kNoOperand) : place(form.encoding, a, b, c);
  if (is_vex(form.encoding)) {
    write_vex(writer, form, places);
  } else {
    write_legacy_prefixes(writer, form, places);
  }
  unsigned opcode = form.opcode;
  if (conditional) opcode += a.reg;
  if (places.opcode != nullptr) opcode += low3(places.opcode->reg);
  writer.byte(opcode);
  if (places.rm != nullptr) {
    const unsigned reg_field = places.reg != nullptr ? low3(places.reg->reg) : form.digit;
    if (is_memory(places.rm->kind)) {
      write_memory(writer, reg_field, places.rm->address);
    } else {
      writer.byte((kModRegister << 6U) | (reg_field << 3) | low3(places.rm->reg));
    }
  }
  if (places.immediate != nullptr) {
    writer.little_endian(static_cast<std::uint64_t>(places.immediate->immediate),
                         operand_bits(places.immediate->kind) / 8);
  }
  if (places.relative != nullptr) writer.little_endian(0, places.relative->kind == OperandKind::Rel8 ? 1 : 4);
  return writer.length();
}

}  // namespace assay::x64
