// Instruction forms as an enum, and the row of the table for each. Generated from insts.def.
//
// Tested by core/x64/test/form_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/x64/cpu_features.h"
#include "core/x64/operand.h"

namespace assay::x64 {

enum class Form : std::uint16_t {
#define X64_INST0(Id, ...) Id,
#define X64_INST1(Id, ...) Id,
#define X64_INST2(Id, ...) Id,
#define X64_INST3(Id, ...) Id,
#define X64_BRANCH1(Id, ...) Id,
#define X64_BRANCH2(Id, ...) Id,
#include "core/x64/insts.def"
};

// NOLINTBEGIN(bugprone-macro-parentheses): the rows are summed.
inline constexpr std::size_t kFormCount = 0
#define X64_INST0(...) +1
#define X64_INST1(...) +1
#define X64_INST2(...) +1
#define X64_INST3(...) +1
#define X64_BRANCH1(...) +1
#define X64_BRANCH2(...) +1
#include "core/x64/insts.def"
    ;
// NOLINTEND(bugprone-macro-parentheses)

enum class Encoding : std::uint8_t { MR, RM, M, MI, RMI, O, OI, I, D, ZO, VexRMV, VexRVM, VexRMI };
enum class Prefix : std::uint8_t { No, P66, PF2, PF3 };
enum class OpcodeMap : std::uint8_t { One, Two, Three38, Three3A };
enum class Feature : std::uint8_t { Base, Popcnt, Lzcnt, Bmi1, Bmi2 };

struct FormInfo {
  std::string_view id;        // "AddR32M32"
  std::string_view mnemonic;  // "add"; without the condition for set, cmov and j
  Encoding encoding;
  Prefix prefix;
  OpcodeMap map;
  std::uint8_t opcode;
  std::uint8_t digit;
  bool rex_w;
  Feature feature;
  std::array<OperandKind, 3> operands;  // OperandKind::None behind the last
};

[[nodiscard]] const FormInfo& form_info(Form form);

// Whether a CPU of these features has what forms of that one need.
[[nodiscard]] bool provides(CpuFeatures features, Feature feature);

}  // namespace assay::x64
