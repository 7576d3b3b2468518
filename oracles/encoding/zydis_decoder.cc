// The only file that includes Zydis; see zydis_decoder.h.
//
// Tested by oracles/encoding/test/decoders_test.cc.
#include "oracles/encoding/zydis_decoder.h"

#include <Zydis/Zydis.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/x64/form.h"

namespace assay::oracles::encoding {
namespace {

using x64::Operand;
using x64::OperandKind;

// Zydis' endings of set, cmov and j, by condition number.
constexpr std::array<std::string_view, 16> kConditions = {"o", "no", "b", "nb", "z", "nz", "be", "nbe",
                                                          "s", "ns", "p", "np", "l", "nl", "le", "nle"};
constexpr std::uint8_t kNoCondition = 0xFF;

struct Name {
  std::string_view mnemonic;  // empty: not in the instruction table
  std::uint8_t condition = kNoCondition;
};

std::uint8_t register_number(ZydisRegister reg) {
  if (reg >= ZYDIS_REGISTER_AH && reg <= ZYDIS_REGISTER_BH) {
    return static_cast<std::uint8_t>(kHighByteBit | 4U | static_cast<unsigned>(reg - ZYDIS_REGISTER_AH));
  }
  // The 8-bit registers are numbered by name in Zydis, with AH..BH between BL and SPL.
  if (reg >= ZYDIS_REGISTER_SPL && reg <= ZYDIS_REGISTER_R15B) {
    return static_cast<std::uint8_t>(4 + (reg - ZYDIS_REGISTER_SPL));
  }
  switch (ZydisRegisterGetClass(reg)) {
    case ZYDIS_REGCLASS_GPR8:
    case ZYDIS_REGCLASS_GPR16:
    case ZYDIS_REGCLASS_GPR32:
    case ZYDIS_REGCLASS_GPR64:
      return static_cast<std::uint8_t>(ZydisRegisterGetId(reg));
    default:
      return kOtherRegister;
  }
}

std::uint8_t address_register(ZydisRegister reg) {
  if (reg == ZYDIS_REGISTER_RIP) return kInstructionPointer;
  return ZydisRegisterGetClass(reg) == ZYDIS_REGCLASS_GPR64 ? register_number(reg) : kOtherRegister;
}

Operand memory_operand(const ZydisDecodedOperand& in) {
  Operand out;
  out.kind = memory_kind(in.size);
  out.address.has_base = in.mem.base != ZYDIS_REGISTER_NONE;
  if (out.address.has_base) out.address.base = static_cast<x64::RegId>(address_register(in.mem.base));
  out.address.has_index = in.mem.index != ZYDIS_REGISTER_NONE;
  if (out.address.has_index) {
    out.address.index = static_cast<x64::RegId>(address_register(in.mem.index));
    out.address.scale = in.mem.scale;
  }
  out.address.displacement = static_cast<std::int32_t>(in.mem.disp.value);
  return out;
}

std::int64_t sign_extend_byte(std::uint64_t value) { return static_cast<std::int64_t>(value << 56) >> 56; }

Operand immediate_operand(const ZydisDecodedOperand& in) {
  Operand out;
  if (in.imm.is_relative) {
    out.kind = in.size == 8 ? OperandKind::Rel8 : in.size == 32 ? OperandKind::Rel32 : OperandKind::None;
  } else {
    out.kind = immediate_kind(in.size);
  }
  out.immediate = in.imm.value.s;
  // Counts of shifts are the one kind of immediate that is not sign-extended; an intent records the same eight bits.
  if (!in.imm.is_signed && in.size == 8) out.immediate = sign_extend_byte(in.imm.value.u);
  return out;
}

Operand convert(const ZydisDecodedOperand& in) {
  Operand out;
  switch (in.type) {
    case ZYDIS_OPERAND_TYPE_REGISTER:
      if (in.visibility == ZYDIS_OPERAND_VISIBILITY_IMPLICIT) {
        out.kind = in.reg.value == ZYDIS_REGISTER_CL ? OperandKind::Cl : OperandKind::None;
        return out;
      }
      out.kind = register_kind(in.size);
      out.reg = register_number(in.reg.value);
      return out;
    case ZYDIS_OPERAND_TYPE_MEMORY:
      return memory_operand(in);
    case ZYDIS_OPERAND_TYPE_IMMEDIATE:
      // The 1 of D1 is no byte of the instruction.
      return in.visibility == ZYDIS_OPERAND_VISIBILITY_EXPLICIT ? immediate_operand(in) : out;
    default:
      return out;
  }
}

constexpr ZyanU64 kAltering = ZYDIS_ATTRIB_HAS_LOCK | ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE |
                              ZYDIS_ATTRIB_HAS_REPNE | ZYDIS_ATTRIB_HAS_BND | ZYDIS_ATTRIB_HAS_XACQUIRE |
                              ZYDIS_ATTRIB_HAS_XRELEASE | ZYDIS_ATTRIB_HAS_NOTRACK | ZYDIS_ATTRIB_HAS_SEGMENT |
                              ZYDIS_ATTRIB_HAS_ADDRESSSIZE;

void copy_prefixes(const ZydisDecodedInstruction& in, Fields& out) {
  for (std::size_t i = 0; i < in.raw.prefix_count; ++i) {
    const auto& prefix = in.raw.prefixes[i];
    if ((prefix.value & 0xF0) == 0x40) {
      if (prefix.type == ZYDIS_PREFIX_TYPE_IGNORED) {
        out.has_stray_rex = true;
        out.stray_rex = prefix.value;
      }
      continue;
    }
    if (out.prefix_count < out.prefixes.size()) out.prefixes[out.prefix_count] = prefix.value;
    ++out.prefix_count;
  }
}

void copy_rex_or_vex(const ZydisDecodedInstruction& in, Fields& out) {
  if (in.encoding == ZYDIS_INSTRUCTION_ENCODING_VEX) {
    const auto& vex = in.raw.vex;
    out.vex = vex.size == 2 ? Vex::Two : Vex::Three;
    out.w = vex.W != 0;
    out.r = vex.R == 0;
    out.x = vex.X == 0;
    out.b = vex.B == 0;
    out.vvvv = static_cast<std::uint8_t>(~vex.vvvv & 0xF);
    out.vex_l = vex.L;
    out.vex_pp = vex.pp;
    out.map = vex.m_mmmm;
    return;
  }
  out.map = static_cast<std::uint8_t>(in.opcode_map);
  out.has_rex = (in.attributes & ZYDIS_ATTRIB_HAS_REX) != 0;
  if (!out.has_rex) return;
  out.w = in.raw.rex.W != 0;
  out.r = in.raw.rex.R != 0;
  out.x = in.raw.rex.X != 0;
  out.b = in.raw.rex.B != 0;
}

}  // namespace

struct ZydisDecoder::Tables {
  ::ZydisDecoder decoder{};
  ZydisFormatter formatter{};
  std::array<Name, ZYDIS_MNEMONIC_MAX_VALUE + 1> names{};
  // What was decoded last; kept here because clearing it anew costs as much as decoding.
  ZydisDecodedInstruction instruction{};
  std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands{};
  std::array<std::uint8_t, ZYDIS_MAX_INSTRUCTION_LENGTH> encoded{};

  [[nodiscard]] bool decode(std::span<const std::uint8_t> bytes) {
    const std::size_t size = std::min(bytes.size(), kMaxInstructionBytes);
    return ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, bytes.data(), size, &instruction, operands.data()));
  }

  // Records what Zydis calls `zydis_name` under the table's name for it.
  [[nodiscard]] base::Result<void> add(std::string_view zydis_name, Name name) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const char* const known = ZydisMnemonicGetString(static_cast<ZydisMnemonic>(i));
      if (known == nullptr || zydis_name != known) continue;
      names[i] = name;
      return {};
    }
    return base::system_error(fmt::format("Zydis knows no instruction named {}", zydis_name));
  }

  [[nodiscard]] base::Result<void> add_form(const x64::FormInfo& row) {
    if (row.operands[0] != OperandKind::Condition) return add(row.mnemonic, {row.mnemonic, kNoCondition});
    for (std::size_t i = 0; i < kConditions.size(); ++i) {
      auto added =
          add(std::string(row.mnemonic) + std::string(kConditions[i]), {row.mnemonic, static_cast<std::uint8_t>(i)});
      if (!added) return added;
    }
    return {};
  }
};

ZydisDecoder::ZydisDecoder(std::unique_ptr<Tables> tables) : tables_(std::move(tables)) {}
ZydisDecoder::~ZydisDecoder() = default;

base::Result<std::unique_ptr<ZydisDecoder>> ZydisDecoder::create() {
  if (ZYDIS_VERSION_MAJOR(ZydisGetVersion()) != ZYDIS_VERSION_MAJOR(ZYDIS_VERSION)) {
    return base::system_error(fmt::format("Zydis at run time is {}, not what this was built for", zydis_version()));
  }
  auto tables = std::make_unique<Tables>();
  if (ZYAN_FAILED(ZydisDecoderInit(&tables->decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64)) ||
      ZYAN_FAILED(ZydisFormatterInit(&tables->formatter, ZYDIS_FORMATTER_STYLE_INTEL)) ||
      ZYAN_FAILED(ZydisFormatterSetProperty(&tables->formatter, ZYDIS_FORMATTER_PROP_IMM_SIGNEDNESS,
                                            ZYDIS_SIGNEDNESS_SIGNED)) ||
      ZYAN_FAILED(
          ZydisFormatterSetProperty(&tables->formatter, ZYDIS_FORMATTER_PROP_FORCE_RELATIVE_RIPREL, ZYAN_TRUE)) ||
      ZYAN_FAILED(ZydisFormatterSetProperty(&tables->formatter, ZYDIS_FORMATTER_PROP_ADDR_PADDING_ABSOLUTE,
                                            ZYDIS_PADDING_DISABLED))) {
    return base::system_error("Zydis cannot be initialised");
  }
  std::string_view done;
  for (std::size_t i = 0; i < x64::kFormCount; ++i) {
    const x64::FormInfo& row = x64::form_info(static_cast<x64::Form>(i));
    if (row.mnemonic == done) continue;  // forms of one mnemonic stand together
    if (auto added = tables->add_form(row); !added) return added.error();
    done = row.mnemonic;
  }
  return std::unique_ptr<ZydisDecoder>(new ZydisDecoder(std::move(tables)));
}

Decoded ZydisDecoder::decode(std::span<const std::uint8_t> bytes) {
  Decoded result;
  const ZydisDecodedInstruction& in = tables_->instruction;
  const auto& operands = tables_->operands;
  if (!tables_->decode(bytes)) return result;
  result.length = in.length;
  result.altered = (in.attributes & kAltering) != 0;
  const Name& name = tables_->names[in.mnemonic];
  const std::size_t first = name.condition == kNoCondition ? 0 : 1;
  result.status = DecodeStatus::Foreign;
  if (name.mnemonic.empty() || first + in.operand_count_visible > result.operands.size()) return result;
  result.status = DecodeStatus::Decoded;
  result.mnemonic = name.mnemonic;
  if (first == 1) {
    result.operands[0].kind = OperandKind::Condition;
    result.operands[0].reg = name.condition;
  }
  for (std::size_t i = 0; i < in.operand_count_visible; ++i) {
    result.operands[first + i] = convert(operands[i]);
    // An operand that no form has, such as the implied 1 of D1 or 16 bits of immediate.
    if (result.operands[first + i].kind == OperandKind::None) result.status = DecodeStatus::Foreign;
  }
  return result;
}

std::span<const std::uint8_t> ZydisDecoder::encode_again() {
  Tables& tables = *tables_;
  ZydisEncoderRequest request;
  ZyanUSize size = tables.encoded.size();
  if (ZYAN_FAILED(ZydisEncoderDecodedInstructionToEncoderRequest(&tables.instruction, tables.operands.data(),
                                                                 tables.instruction.operand_count_visible, &request)) ||
      ZYAN_FAILED(ZydisEncoderEncodeInstruction(&request, tables.encoded.data(), &size))) {
    return {};
  }
  return std::span(tables.encoded).first(size);
}

std::string ZydisDecoder::print(std::span<const std::uint8_t> bytes, std::uint64_t offset) {
  const ZydisDecodedInstruction& in = tables_->instruction;
  const auto& operands = tables_->operands;
  std::array<char, 128> text{};
  if (!tables_->decode(bytes) ||
      ZYAN_FAILED(ZydisFormatterFormatInstruction(&tables_->formatter, &in, operands.data(), in.operand_count_visible,
                                                  text.data(), text.size(), offset, nullptr))) {
    return "(no instruction)";
  }
  return text.data();
}

bool ZydisDecoder::raw_fields(std::span<const std::uint8_t> bytes, Fields& fields) {
  const ZydisDecodedInstruction& in = tables_->instruction;
  if (!tables_->decode(bytes)) return false;
  fields = Fields{};
  copy_prefixes(in, fields);
  copy_rex_or_vex(in, fields);
  fields.opcode = in.opcode;
  fields.has_modrm = (in.attributes & ZYDIS_ATTRIB_HAS_MODRM) != 0;
  if (fields.has_modrm) {
    fields.mod = in.raw.modrm.mod;
    fields.reg = in.raw.modrm.reg;
    fields.rm = in.raw.modrm.rm;
  }
  fields.has_sib = (in.attributes & ZYDIS_ATTRIB_HAS_SIB) != 0;
  if (fields.has_sib) {
    fields.scale = in.raw.sib.scale;
    fields.index = in.raw.sib.index;
    fields.base = in.raw.sib.base;
  }
  fields.displacement_bytes = in.raw.disp.size / 8;
  fields.displacement = in.raw.disp.value;
  fields.immediate_bytes = in.raw.imm[0].size / 8;
  fields.immediate = in.raw.imm[0].value.s;
  if (!in.raw.imm[0].is_signed && fields.immediate_bytes == 1) {
    fields.immediate = sign_extend_byte(in.raw.imm[0].value.u);
  }
  return true;
}

std::string zydis_version() {
  const ZyanU64 version = ZydisGetVersion();
  return fmt::format("Zydis {}.{}.{}", ZYDIS_VERSION_MAJOR(version), ZYDIS_VERSION_MINOR(version),
                     ZYDIS_VERSION_PATCH(version));
}

}  // namespace assay::oracles::encoding
