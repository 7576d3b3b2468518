// Known defects of the emulator; see known_defects.h. Tested by oracles/emulated/test/known_defects_test.cc.
#include "oracles/emulated/known_defects.h"

#include <array>
#include <cstddef>

namespace assay::oracles::emulated {
namespace {

constexpr std::array kDefects = {
#define ASSAY_EMULATOR_DEFECT(Id, effect, what, consequence, link) \
  DefectInfo{Defect::Id, #Id, DefectEffect::effect, what, consequence, link},
#include "oracles/emulated/known_defects.def"
};

constexpr bool is_rex(std::uint8_t byte) { return (byte & 0xF0) == 0x40; }

}  // namespace

std::span<const DefectInfo> known_defects() { return kDefects; }

const DefectInfo& defect_info(Defect defect) { return kDefects[static_cast<std::size_t>(defect)]; }

bool is_unsupported_instruction(std::span<const std::uint8_t> code, const Fault& fault) {
  if (fault.kind != FaultKind::IllegalInstruction || fault.code_offset >= code.size()) return false;
  // popcnt: [66] F3 [REX] 0F B8
  std::span<const std::uint8_t> bytes = code.subspan(fault.code_offset);
  const auto skip = [&bytes](auto matches) {
    const bool found = !bytes.empty() && matches(bytes.front());
    if (found) bytes = bytes.subspan(1);
    return found;
  };
  skip([](std::uint8_t byte) { return byte == 0x66; });
  if (!skip([](std::uint8_t byte) { return byte == 0xF3; })) return false;
  skip(is_rex);
  return bytes.size() >= 2 && bytes[0] == 0x0F && bytes[1] == 0xB8;
}

std::optional<std::uint32_t> find_fatal_to_translate(std::span<const std::uint8_t> code) {
  std::optional<std::uint32_t> found;
  for (std::size_t i = 0; i + 1 < code.size(); ++i) {
    const std::uint8_t modrm = code[i + 1];
    const unsigned digit = (modrm >> 3) & 7U;
    if (code[i] != 0xFF || modrm < 0xC0 || (digit != 3 && digit != 5)) continue;
    if (found) return std::nullopt;
    found = static_cast<std::uint32_t>(i > 0 && is_rex(code[i - 1]) ? i - 1 : i);
  }
  return found;
}

}  // namespace assay::oracles::emulated
