// Branches around the border of the short form: both directions, every condition, alone and two that need each other.
//
// What is expected of a branch is reckoned here from the distances alone and without the assembler's relaxation: its
// form, its length and where it leads.
//
// Tested by oracles/encoding/test/branch_space_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/x64/intent.h"

namespace assay::oracles::encoding::sweep {

// jcc by condition number, then jmp and call.
using BranchKind = std::uint8_t;
inline constexpr BranchKind kJmp = 16;
inline constexpr BranchKind kCall = 17;
inline constexpr BranchKind kBranchKinds = 18;

// Where a branch of a case leads.
enum class Target : std::uint8_t {
  Start,  // before the first branch
  End,    // behind the last gap
  Far,    // so far behind the end that no short branch reaches
};

// The first branch, a gap, and perhaps a second branch and another gap.
struct BranchCase {
  struct One {
    BranchKind kind = kJmp;
    Target target = Target::End;
    std::uint32_t gap = 0;  // bytes behind the branch
  };
  std::array<One, 2> branches;
  std::uint8_t count = 1;
  std::uint32_t lead = 0;  // bytes between the start and the first branch
};

[[nodiscard]] const std::vector<BranchCase>& branch_cases();

// The branches of a case in order, as they have to come out: form, offset, length and the offset they lead to.
[[nodiscard]] std::vector<x64::Intent> expected_branches(const BranchCase& one);

// The same, from the assembler.
struct AssembledBranch {
  x64::Intent recorded;
  std::vector<std::uint8_t> bytes;  // those that were recorded as its own
};
[[nodiscard]] std::vector<AssembledBranch> assemble_branches(const BranchCase& one);

}  // namespace assay::oracles::encoding::sweep
