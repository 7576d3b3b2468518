// The one table of encodings that are longer than they could be, and why each may be.
//
// The encoding oracle holds every instruction to the shortest encoding of its form (fields.h). Another form of the same
// instruction may be shorter still: an immediate in fewer bytes, an accumulator that is not named. The sweep learns of
// these from Zydis' encoder, which knows all of x86 and not our table; what it finds shorter, by so many bytes, must be
// in a reviewed row here.
//
// "The same instruction" keeps mnemonic, width, registers, and the parts of an address as they were asked for. What
// changes these ([rax*2] into [rax + rax], 64 bits into 32 where the upper half is zero anyway) is another instruction,
// and choosing among instructions is the work of core/jit.
//
// Tested by oracles/encoding/test/longer_on_purpose_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "core/x64/intent.h"

namespace assay::oracles::encoding::sweep {

struct LongerRow {
  std::string_view name;
  std::string_view reason;  // a sentence
  // Whether an encoding that is shorter by so many bytes is that of this row.
  bool (*covers)(const x64::Intent& intent, std::size_t saved);
};

inline constexpr std::size_t kLongerRows = 7;
extern const std::array<LongerRow, kLongerRows> kLongerOnPurpose;

// The first row that covers it.
[[nodiscard]] std::optional<std::size_t> row_for(std::span<const LongerRow> rows, const x64::Intent& intent,
                                                 std::size_t saved);

}  // namespace assay::oracles::encoding::sweep
