// Branch relaxation; see labels.h. Tested by core/x64/test/labels_test.cc.
#include "core/x64/labels.h"

#include <cassert>
#include <cstddef>

namespace assay::x64 {

std::uint32_t near_length(Form near_form) { return near_form == Form::JccRel32 ? 6 : 5; }

std::uint32_t short_saving(Form near_form) {
  if (near_form == Form::CallRel32) return 0;
  return near_length(near_form) - 2;
}

Form short_form(Form near_form) { return near_form == Form::JccRel32 ? Form::JccRel8 : Form::JmpRel8; }

namespace {

void sum_savings(const std::vector<Branch>& branches, std::vector<std::uint32_t>& saved) {
  saved.resize(branches.size() + 1);
  saved[0] = 0;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    saved[i + 1] = saved[i] + (branches[i].is_short ? short_saving(branches[i].near_form) : 0);
  }
}

bool reaches(const Branch& branch, std::size_t index, const std::vector<LabelPlace>& labels,
             const std::vector<std::uint32_t>& saved) {
  const LabelPlace& label = labels[branch.label];
  const std::int64_t target = std::int64_t{label.offset} - saved[label.branches_before];
  const std::int64_t end = std::int64_t{branch.offset} + near_length(branch.near_form) - saved[index + 1];
  return target - end >= -128 && target - end <= 127;
}

}  // namespace

void relax(std::vector<Branch>& branches, const std::vector<LabelPlace>& labels, std::vector<std::uint32_t>& saved) {
  for (Branch& branch : branches) {
    assert(labels[branch.label].offset != kUnboundLabel);
    branch.is_short = short_saving(branch.near_form) != 0;
  }
  bool changed = true;
  while (changed) {
    sum_savings(branches, saved);
    changed = false;
    for (std::size_t i = 0; i < branches.size(); ++i) {
      if (!branches[i].is_short || reaches(branches[i], i, labels, saved)) continue;
      branches[i].is_short = false;
      changed = true;
    }
  }
}

}  // namespace assay::x64
