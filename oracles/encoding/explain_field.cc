// Naming the wrong field; see explain_field.h. Tested by oracles/encoding/test/convictions_test.cc.
#include "oracles/encoding/explain_field.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "core/x64/form.h"
#include "core/x64/registers.h"
#include "oracles/encoding/fields.h"
#include "oracles/encoding/intent_text.h"

namespace assay::oracles::encoding {
namespace {

using x64::Operand;
using x64::OperandKind;

std::string byte_count(std::size_t count) { return fmt::format("{} byte{}", count, count == 1 ? "" : "s"); }

// One reading of the bytes beside the intended one.
class Comparison {
 public:
  Comparison(const x64::Intent& intent, const Fields& intended, const Fields& actual)
      : row_(x64::form_info(intent.form)), places_(places_of(intent)), intended_(intended), actual_(actual) {}

  void compare() {
    compare_prefixes();
    compare_rex();
    compare_vex();
    compare_opcode();
    // With the register in the opcode, other high bits are another instruction, whose parts mean something else.
    if (places_.opcode != nullptr && ((actual_.opcode ^ intended_.opcode) & 0xF8) != 0) return;
    compare_modrm();
    compare_sib();
    compare_displacement();
    compare_immediate();
    if (actual_.truncated) add(EncodingField::Length, "the instruction ends before its last part");
  }

  [[nodiscard]] bool found_any() const { return !found_.empty(); }

  [[nodiscard]] Explanation result() const {
    Explanation explanation{primary(), {}};
    for (const auto& [field, sentence] : found_) {
      if (!explanation.sentence.empty()) explanation.sentence += "; ";
      explanation.sentence += sentence;
    }
    return explanation;
  }

 private:
  void add(EncodingField field, std::string sentence) { found_.emplace_back(field, std::move(sentence)); }

  [[nodiscard]] bool found(EncodingField field) const {
    return std::any_of(found_.begin(), found_.end(), [field](const auto& entry) { return entry.first == field; });
  }

  // The first in the order of the bytes, but for an immediate of the wrong size, which brings another opcode with it.
  [[nodiscard]] EncodingField primary() const {
    const bool wrong_size = found_.size() == 2 && found(EncodingField::Opcode) && found(EncodingField::Immediate) &&
                            actual_.immediate_bytes != intended_.immediate_bytes;
    return wrong_size ? EncodingField::Immediate : found_.front().first;
  }

  // What a register number means at a place: 4..7 of a byte operand depend on the presence of a REX byte.
  [[nodiscard]] std::string register_text(const Fields& fields, OperandKind kind, unsigned number) const {
    constexpr std::array<std::string_view, 4> kHighBytes = {"ah", "ch", "dh", "bh"};
    const int bits = is_memory(kind) ? 64 : x64::operand_bits(kind);
    if (bits == 8 && !fields.has_rex && number >= 4 && number < 8) return std::string(kHighBytes[number - 4]);
    return std::string(x64::register_name(static_cast<x64::RegId>(number & 15U), bits));
  }

  // ": r12d was encoded as esp", or nothing where the place holds no register.
  [[nodiscard]] std::string encoded_as(const Operand* operand, unsigned intended, unsigned actual) const {
    if (operand == nullptr) return {};
    const std::string wanted = register_text(intended_, operand->kind, intended);
    const std::string got = register_text(actual_, operand->kind, actual);
    return wanted == got ? std::string{} : fmt::format(": {} was encoded as {}", wanted, got);
  }
  [[nodiscard]] std::string reg_encoded_as() const {
    return encoded_as(places_.reg, reg_number(intended_), reg_number(actual_));
  }
  [[nodiscard]] std::string b_encoded_as() const {
    if (places_.opcode != nullptr) {
      return encoded_as(places_.opcode, opcode_number(intended_), opcode_number(actual_));
    }
    if (places_.rm == nullptr) return {};
    if (is_memory(places_.rm->kind) && !places_.rm->address.has_base) return {};
    return encoded_as(places_.rm, b_number(intended_), b_number(actual_));
  }
  [[nodiscard]] std::string index_encoded_as() const {
    if (places_.rm == nullptr || !is_memory(places_.rm->kind) || !places_.rm->address.has_index) return {};
    constexpr unsigned kNoIndex = 4;
    const unsigned actual = index_number(actual_);
    if (actual == kNoIndex)
      return fmt::format(": the index {} was lost",
                         register_text(intended_, OperandKind::R64, index_number(intended_)));
    return encoded_as(places_.rm, index_number(intended_), actual);
  }
  static unsigned with_high(bool high, unsigned low) { return (high ? 8U : 0U) + (low & 7U); }
  static unsigned reg_number(const Fields& fields) { return with_high(fields.r, fields.reg); }
  static unsigned index_number(const Fields& fields) { return with_high(fields.x, fields.index); }
  static unsigned b_number(const Fields& fields) {
    return with_high(fields.b, fields.has_sib ? fields.base : fields.rm);
  }
  static unsigned opcode_number(const Fields& fields) { return with_high(fields.b, fields.opcode); }

  void compare_prefixes() {
    if (actual_.has_stray_rex) {
      add(EncodingField::RexPresence,
          fmt::format("the CPU ignores the REX byte {:02x}, because it does not stand right before the opcode",
                      actual_.stray_rex));
    }
    const auto text = [](const Fields& fields) -> std::string {
      const std::size_t kept = std::min<std::size_t>(fields.prefix_count, fields.prefixes.size());
      if (kept == 0) return "none";
      return describe(std::span(fields.prefixes).first(kept)) + (fields.prefix_count > kept ? " and more" : "");
    };
    if (actual_.prefix_count != intended_.prefix_count || actual_.prefixes != intended_.prefixes) {
      add(EncodingField::Prefix, fmt::format("prefixes are {}, intended {}", text(actual_), text(intended_)));
    }
  }

  void compare_bit(EncodingField field, char bit, bool actual, bool intended, const std::string& meaning) {
    if (actual == intended) return;
    const std::string_view prefix = intended_.vex != Vex::None ? "VEX" : "REX";
    const bool absent = intended_.vex == Vex::None && !actual_.has_rex;
    add(field, fmt::format("{}.{} is {}, intended {}{}{}", prefix, bit, actual ? 1 : 0, intended ? 1 : 0,
                           absent ? " (there is no REX byte)" : "", meaning));
  }

  void compare_rex() {
    const std::string width =
        fmt::format(": the operation is {} bits wide, not {}", actual_.w ? 64 : 32, intended_.w ? 64 : 32);
    compare_bit(EncodingField::RexW, 'W', actual_.w, intended_.w, width);
    compare_bit(EncodingField::RexR, 'R', actual_.r, intended_.r, reg_encoded_as());
    compare_bit(EncodingField::RexX, 'X', actual_.x, intended_.x, index_encoded_as());
    compare_bit(EncodingField::RexB, 'B', actual_.b, intended_.b, b_encoded_as());
    if (actual_.has_rex == intended_.has_rex) return;
    if (actual_.has_rex) {
      if (!found_bit()) add(EncodingField::RexPresence, "a REX byte stands where none is needed");
      return;
    }
    // The byte register that cannot be named without REX, wherever it stands.
    for (const Operand* const operand : {places_.reg, places_.rm}) {
      if (operand == nullptr || operand->kind != OperandKind::R8 || operand->reg < 4 || operand->reg > 7) continue;
      add(EncodingField::RexPresence, "the REX byte is missing" + encoded_as(operand, operand->reg, operand->reg));
      return;
    }
  }
  [[nodiscard]] bool found_bit() const {
    return found(EncodingField::RexW) || found(EncodingField::RexR) || found(EncodingField::RexX) ||
           found(EncodingField::RexB);
  }

  void compare_vex() {
    const auto text = [](Vex vex) { return vex == Vex::None ? "absent" : vex == Vex::Two ? "2 bytes" : "3 bytes"; };
    if (actual_.vex != intended_.vex) {
      add(EncodingField::Vex, fmt::format("the VEX prefix is {}, intended {}", text(actual_.vex), text(intended_.vex)));
    }
    if (actual_.vex_l != intended_.vex_l || actual_.vex_pp != intended_.vex_pp) {
      add(EncodingField::Vex, fmt::format("VEX.L is {} and VEX.pp {}, intended {} and {}", actual_.vex_l,
                                          actual_.vex_pp, intended_.vex_l, intended_.vex_pp));
    }
    if (actual_.vvvv != intended_.vvvv) {
      add(EncodingField::VexVvvv, fmt::format("VEX.vvvv is {}, intended {}{}", actual_.vvvv, intended_.vvvv,
                                              encoded_as(places_.vvvv, intended_.vvvv, actual_.vvvv)));
    }
  }

  void compare_opcode() {
    if (actual_.map == intended_.map && actual_.opcode == intended_.opcode) return;
    const auto text = [](const Fields& fields) {
      constexpr std::array<std::string_view, 4> kEscapes = {"", "0f ", "0f 38 ", "0f 3a "};
      return fields.map < kEscapes.size() ? fmt::format("{}{:02x}", kEscapes[fields.map], fields.opcode)
                                          : fmt::format("{:02x} of map {}", fields.opcode, fields.map);
    };
    const std::string meaning =
        places_.opcode != nullptr && ((actual_.opcode ^ intended_.opcode) & 0xF8) == 0 && actual_.b == intended_.b
            ? b_encoded_as()
            : std::string{};
    add(EncodingField::Opcode, fmt::format("the opcode is {}, intended {}{}", text(actual_), text(intended_), meaning));
  }

  void compare_modrm() {
    if (actual_.mod != intended_.mod) {
      std::string meaning;
      if (actual_.mod == 0 && actual_.rm == 5) meaning = ": the address was encoded relative to RIP";
      if (actual_.mod == 3) meaning = ": memory was encoded as a register";
      if (intended_.mod == 3) meaning = ": a register was encoded as memory";
      add(EncodingField::ModRmMod, fmt::format("ModR/M.mod is {}, intended {}{}", actual_.mod, intended_.mod, meaning));
    }
    if (actual_.reg != intended_.reg) {
      const std::string meaning =
          places_.reg != nullptr ? reg_encoded_as() : fmt::format(", the opcode extension of {}", row_.mnemonic);
      add(EncodingField::ModRmReg, fmt::format("ModR/M.reg is {}, intended {}{}", actual_.reg, intended_.reg, meaning));
    }
    if (actual_.rm != intended_.rm) {
      const bool comparable = actual_.has_sib == intended_.has_sib && !actual_.has_sib && actual_.mod == intended_.mod;
      add(EncodingField::ModRmRm, fmt::format("ModR/M.rm is {}, intended {}{}", actual_.rm, intended_.rm,
                                              comparable ? b_encoded_as() : std::string{}));
    }
  }

  void compare_sib() {
    if (actual_.has_sib != intended_.has_sib) {
      add(EncodingField::SibPresence,
          actual_.has_sib ? "a SIB byte stands where none is needed" : "the SIB byte is missing");
      return;
    }
    if (!intended_.has_sib) return;
    if (actual_.scale != intended_.scale) {
      add(EncodingField::SibScale,
          fmt::format("SIB.scale is {}, intended {}: the index is multiplied by {}, not by {}", actual_.scale,
                      intended_.scale, 1 << actual_.scale, 1 << intended_.scale));
    }
    if (actual_.index != intended_.index) {
      add(EncodingField::SibIndex,
          fmt::format("SIB.index is {}, intended {}{}", actual_.index, intended_.index, index_encoded_as()));
    }
    if (actual_.base != intended_.base) {
      add(EncodingField::SibBase,
          fmt::format("SIB.base is {}, intended {}{}", actual_.base, intended_.base, b_encoded_as()));
    }
  }

  void compare_displacement() {
    if (actual_.displacement_bytes == intended_.displacement_bytes && actual_.displacement == intended_.displacement) {
      return;
    }
    add(EncodingField::Displacement, fmt::format("the displacement is {} in {}, intended {} in {}",
                                                 actual_.displacement, byte_count(actual_.displacement_bytes),
                                                 intended_.displacement, byte_count(intended_.displacement_bytes)));
  }

  void compare_immediate() {
    if (actual_.immediate_bytes == intended_.immediate_bytes && actual_.immediate == intended_.immediate) return;
    if (intended_.immediate_bytes == 0) {
      add(EncodingField::Length, byte_count(actual_.immediate_bytes) + " too many at the end");
      return;
    }
    const bool is_branch = row_.encoding == x64::Encoding::D;
    add(EncodingField::Immediate,
        fmt::format("the {} is {} in {}, intended {} in {}", is_branch ? "branch displacement" : "immediate",
                    actual_.immediate, byte_count(actual_.immediate_bytes), intended_.immediate,
                    byte_count(intended_.immediate_bytes)));
  }

  const x64::FormInfo& row_;
  Places places_;
  const Fields& intended_;
  const Fields& actual_;
  std::vector<std::pair<EncodingField, std::string>> found_;
};

bool is_exactly(const Fields& fields, std::span<const std::uint8_t> bytes) {
  const Bytes expected = to_bytes(fields);
  return std::ranges::equal(expected.span(), bytes);
}

}  // namespace

Explanation explain_fields(const x64::Intent& relative_intent, std::span<const std::uint8_t> bytes) {
  const Fields intended = intended_fields(relative_intent);
  // A part left out shifts what follows, and comparing field by field would then blame the rest.
  if (intended.has_sib) {
    Fields without = intended;
    without.has_sib = false;
    if (is_exactly(without, bytes)) {
      return {EncodingField::SibPresence, fmt::format("the SIB byte is missing, which {} cannot be encoded without",
                                                      describe(places_of(relative_intent).rm->address))};
    }
  }
  if (intended.displacement_bytes != 0) {
    Fields without = intended;
    without.displacement_bytes = 0;
    if (is_exactly(without, bytes)) {
      return {EncodingField::Displacement, fmt::format("the displacement is missing, intended {} in {}",
                                                       intended.displacement, byte_count(intended.displacement_bytes))};
    }
  }
  const Fields actual = read_fields(bytes, relative_intent.form);
  Comparison comparison(relative_intent, intended, actual);
  comparison.compare();
  if (comparison.found_any()) return comparison.result();
  return {EncodingField::Length, fmt::format("the instruction has {}, intended {}", byte_count(bytes.size()),
                                             byte_count(to_bytes(intended).size))};
}

}  // namespace assay::oracles::encoding
