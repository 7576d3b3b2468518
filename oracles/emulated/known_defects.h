// Known defects of the emulator, from known_defects.def, and what the harness can do about each.
//
// A disagreement is a bug in some party, and the emulator is one of them. Differences in single instructions are looked
// up here (oracles/instructions/known.h). Campaigns have no use for it: code for the emulator leaves out what it
// refuses, and no compiled block may depend on the rest (oracles/instructions/README.md says why that is no gap).
//
// Tested by oracles/emulated/test/known_defects_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "oracles/run.h"

namespace assay::oracles::emulated {

enum class Defect : std::uint8_t {
#define ASSAY_EMULATOR_DEFECT(Id, ...) Id,
#include "oracles/emulated/known_defects.def"
};

// NOLINTBEGIN(bugprone-macro-parentheses): the rows are summed.
inline constexpr std::size_t kDefectCount = 0
#define ASSAY_EMULATOR_DEFECT(...) +1
#include "oracles/emulated/known_defects.def"
    ;
// NOLINTEND(bugprone-macro-parentheses)

enum class DefectEffect : std::uint8_t { Refused, KillsHost, WrongResult, TooLenient, Undefined };

struct DefectInfo {
  Defect id;
  std::string_view name;  // "BitScanOfZero"
  DefectEffect effect;
  std::string_view what;
  std::string_view consequence;
  std::string_view link;
};

[[nodiscard]] std::span<const DefectInfo> known_defects();
[[nodiscard]] const DefectInfo& defect_info(Defect defect);

// Whether the fault is the emulator's refusal of an instruction that the CPU has.
[[nodiscard]] bool is_unsupported_instruction(std::span<const std::uint8_t> code, const Fault& fault);

// The offset of the one instruction in `code` that Unicorn cannot survive translating; none when there is no such
// instruction or more than one.
[[nodiscard]] std::optional<std::uint32_t> find_fatal_to_translate(std::span<const std::uint8_t> code);

}  // namespace assay::oracles::emulated
