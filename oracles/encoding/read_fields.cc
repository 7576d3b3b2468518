// Bytes into fields and back; see fields.h.
//
// Tested by oracles/encoding/test/fields_test.cc and encoder_sweep_test.cc.
#include <algorithm>

#include "oracles/encoding/fields.h"

namespace assay::oracles::encoding {
namespace {

bool is_legacy_prefix(std::uint8_t byte) {
  constexpr std::array<std::uint8_t, 11> kPrefixes = {0x66, 0x67, 0xF0, 0xF2, 0xF3, 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65};
  return std::find(kPrefixes.begin(), kPrefixes.end(), byte) != kPrefixes.end();
}

bool is_rex(std::uint8_t byte) { return (byte & 0xF0) == 0x40; }

bool has_modrm(x64::Encoding encoding) {
  switch (encoding) {
    case x64::Encoding::O:
    case x64::Encoding::OI:
    case x64::Encoding::I:
    case x64::Encoding::D:
    case x64::Encoding::ZO:
      return false;
    default:
      return true;
  }
}

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  [[nodiscard]] bool done() const { return position_ == bytes_.size(); }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - position_; }
  [[nodiscard]] bool ran_out() const { return ran_out_; }
  [[nodiscard]] std::uint8_t peek(std::size_t ahead = 0) const {
    return position_ + ahead < bytes_.size() ? bytes_[position_ + ahead] : 0;
  }
  std::uint8_t next() {
    if (done()) {
      ran_out_ = true;
      return 0;
    }
    return bytes_[position_++];
  }
  // Little-endian, sign-extended from its last byte. Precondition: count <= 8.
  std::int64_t integer(std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value |= std::uint64_t{next()} << (8 * i);
    const std::size_t unused = 64 - 8 * count;
    return count == 0 ? 0 : static_cast<std::int64_t>(value << unused) >> unused;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t position_ = 0;
  bool ran_out_ = false;
};

void read_prefixes(Reader& reader, Fields& fields) {
  while (!reader.done()) {
    const std::uint8_t byte = reader.peek();
    if (is_rex(byte)) {
      const std::uint8_t after = reader.peek(1);
      reader.next();
      if (!is_legacy_prefix(after) && !is_rex(after)) {
        fields.has_rex = true;
        fields.w = (byte & 8) != 0;
        fields.r = (byte & 4) != 0;
        fields.x = (byte & 2) != 0;
        fields.b = (byte & 1) != 0;
        return;
      }
      fields.has_stray_rex = true;
      fields.stray_rex = byte;
    } else if (is_legacy_prefix(byte)) {
      if (fields.prefix_count < fields.prefixes.size()) fields.prefixes[fields.prefix_count] = byte;
      ++fields.prefix_count;
      reader.next();
    } else {
      return;
    }
  }
}

// Section 2.3.5. In 64-bit mode C4 and C5 are always VEX.
void read_vex(Reader& reader, Fields& fields) {
  fields.vex = reader.next() == 0xC5 ? Vex::Two : Vex::Three;
  const std::uint8_t second = reader.next();
  fields.r = (second & 0x80) == 0;
  fields.map = 1;
  std::uint8_t last = second;
  if (fields.vex == Vex::Three) {
    fields.x = (second & 0x40) == 0;
    fields.b = (second & 0x20) == 0;
    fields.map = second & 0x1F;
    last = reader.next();
    fields.w = (last & 0x80) != 0;
  }
  fields.vvvv = static_cast<std::uint8_t>((~last >> 3) & 0xF);
  fields.vex_l = (last >> 2) & 1;
  fields.vex_pp = last & 3;
}

void read_escape(Reader& reader, Fields& fields) {
  if (reader.peek() != 0x0F) return;
  reader.next();
  fields.map = 1;
  if (reader.peek() == 0x38) fields.map = 2;
  if (reader.peek() == 0x3A) fields.map = 3;
  if (fields.map != 1) reader.next();
}

void read_modrm(Reader& reader, Fields& fields) {
  fields.has_modrm = true;
  const std::uint8_t modrm = reader.next();
  fields.mod = modrm >> 6;
  fields.reg = (modrm >> 3) & 7;
  fields.rm = modrm & 7;
  if (fields.mod == 3) return;
  if (fields.rm == 4) {
    fields.has_sib = true;
    const std::uint8_t sib = reader.next();
    fields.scale = sib >> 6;
    fields.index = (sib >> 3) & 7;
    fields.base = sib & 7;
  }
  const bool baseless = fields.mod == 0 && (fields.rm == 5 || (fields.has_sib && fields.base == 5));
  fields.displacement_bytes = fields.mod == 1 ? 1 : fields.mod == 2 || baseless ? 4 : 0;
  fields.displacement = reader.integer(fields.displacement_bytes);
}

void append(Bytes& bytes, std::uint8_t byte) { bytes.data[bytes.size++] = byte; }

void append_integer(Bytes& bytes, std::int64_t value, std::uint8_t count) {
  for (std::uint8_t i = 0; i < count; ++i) {
    append(bytes, static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i)));
  }
}

std::uint8_t bits(bool value, int position) { return static_cast<std::uint8_t>(value ? 1 << position : 0); }

void append_vex(Bytes& bytes, const Fields& fields) {
  const auto last = static_cast<std::uint8_t>(((~fields.vvvv & 0xF) << 3) | (fields.vex_l << 2) | fields.vex_pp);
  if (fields.vex == Vex::Two) {
    append(bytes, 0xC5);
    append(bytes, static_cast<std::uint8_t>(bits(!fields.r, 7) | last));
    return;
  }
  append(bytes, 0xC4);
  append(bytes, static_cast<std::uint8_t>(bits(!fields.r, 7) | bits(!fields.x, 6) | bits(!fields.b, 5) | fields.map));
  append(bytes, static_cast<std::uint8_t>(bits(fields.w, 7) | last));
}

void append_rex_and_escape(Bytes& bytes, const Fields& fields) {
  if (fields.has_rex) {
    append(bytes, static_cast<std::uint8_t>(0x40 | bits(fields.w, 3) | bits(fields.r, 2) | bits(fields.x, 1) |
                                            bits(fields.b, 0)));
  }
  if (fields.map != 0) append(bytes, 0x0F);
  if (fields.map == 2) append(bytes, 0x38);
  if (fields.map == 3) append(bytes, 0x3A);
}

}  // namespace

Fields read_fields(std::span<const std::uint8_t> bytes, x64::Form form) {
  Fields fields;
  Reader reader(bytes);
  read_prefixes(reader, fields);
  if (reader.peek() == 0xC4 || reader.peek() == 0xC5) {
    read_vex(reader, fields);
  } else {
    read_escape(reader, fields);
  }
  fields.opcode = reader.next();
  if (has_modrm(x64::form_info(form).encoding)) read_modrm(reader, fields);
  fields.immediate_bytes = static_cast<std::uint8_t>(std::min<std::size_t>(reader.left(), 8));
  fields.immediate = reader.integer(fields.immediate_bytes);
  fields.truncated = reader.ran_out();
  return fields;
}

Bytes to_bytes(const Fields& fields) {
  Bytes bytes;
  const std::size_t prefixes = std::min<std::size_t>(fields.prefix_count, fields.prefixes.size());
  for (std::size_t i = 0; i < prefixes; ++i) append(bytes, fields.prefixes[i]);
  if (fields.vex == Vex::None) {
    append_rex_and_escape(bytes, fields);
  } else {
    append_vex(bytes, fields);
  }
  append(bytes, fields.opcode);
  if (fields.has_modrm) append(bytes, static_cast<std::uint8_t>((fields.mod << 6) | (fields.reg << 3) | fields.rm));
  if (fields.has_sib) {
    append(bytes, static_cast<std::uint8_t>((fields.scale << 6) | (fields.index << 3) | fields.base));
  }
  append_integer(bytes, fields.displacement, fields.displacement_bytes);
  append_integer(bytes, fields.immediate, fields.immediate_bytes);
  return bytes;
}

}  // namespace assay::oracles::encoding
