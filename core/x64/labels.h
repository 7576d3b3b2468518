// Labels and branches: where they stand in the code, and how long each branch must be.
//
// Branches are emitted in the near form and shortened at the end. The search starts from "all short" and lengthens what
// does not reach, which finds the smallest code; a branch that grows can push another out of reach, so it repeats until
// nothing changes.
//
// Tested by core/x64/test/labels_test.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "core/x64/form.h"

namespace assay::x64 {

inline constexpr std::uint32_t kUnboundLabel = 0xFFFFFFFFU;
inline constexpr std::uint32_t kNoIntent = 0xFFFFFFFFU;

// Offsets are those of the unrelaxed code.
struct LabelPlace {
  std::uint32_t offset = kUnboundLabel;
  std::uint32_t branches_before = 0;  // number of branches emitted before the label was bound
};

struct Branch {
  std::uint32_t offset = 0;
  std::uint32_t label = 0;
  std::uint32_t intent = kNoIntent;  // index of its record
  Form near_form = Form::JmpRel32;
  std::uint8_t condition = 0;  // of a jcc
  bool is_short = false;
};

// Bytes of a branch in the near form, and what the short form saves (0 where there is none, as for call).
[[nodiscard]] std::uint32_t near_length(Form near_form);
[[nodiscard]] std::uint32_t short_saving(Form near_form);
[[nodiscard]] Form short_form(Form near_form);

// Decides `is_short` of every branch. `saved` gets, for each number of branches, the bytes that so many first ones
// save; one entry more than there are branches. Precondition: every label used is bound.
void relax(std::vector<Branch>& branches, const std::vector<LabelPlace>& labels, std::vector<std::uint32_t>& saved);

}  // namespace assay::x64
