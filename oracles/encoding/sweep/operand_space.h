// All the operands of a form that are worth an encoding: every register in every place, every condition, every base,
// index and scale with every class of displacement, and every class of immediate, each with each.
//
// Complete in what an encoder has cases for. Where a form has no memory operand, an 8-bit immediate takes all 256
// values and a wider one every power of two and its neighbours; beside an address, which has 10,370 values of its own,
// an immediate takes the edges of its width and of the next smaller one.
//
// Tested by oracles/encoding/test/operand_space_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>

#include "core/x64/form.h"
#include "core/x64/operand.h"

namespace assay::oracles::encoding::sweep {

using Operands = std::array<x64::Operand, 3>;

// Zero, the edges of one byte, a value of all four bytes, and the edges of four.
inline constexpr std::array<std::int32_t, 10> kDisplacements = {0,
                                                                1,
                                                                -1,
                                                                127,
                                                                128,
                                                                -128,
                                                                -129,
                                                                0x12345678,
                                                                std::numeric_limits<std::int32_t>::max(),
                                                                std::numeric_limits<std::int32_t>::min()};

// Seventeen bases (one is none), and fifteen indices in four scales or none, in every displacement.
inline constexpr std::size_t kAddressCount = std::size_t{17} * (1 + 15 * 4) * kDisplacements.size();

[[nodiscard]] inline bool is_branch(x64::Form form) { return x64::form_info(form).encoding == x64::Encoding::D; }

// The operands of one form by number. From any thread.
class OperandSpace {
 public:
  // Precondition: no branch, whose operand depends on where it stands (branch_space.h).
  explicit OperandSpace(x64::Form form);

  [[nodiscard]] std::uint64_t size() const;
  // Precondition: index < size(). Each index gives other operands.
  [[nodiscard]] Operands at(std::uint64_t index) const {
    const std::uint64_t without_last = index / values_[2].size();
    return {values_[0][without_last / values_[1].size()], values_[1][without_last % values_[1].size()],
            values_[2][index % values_[2].size()]};
  }
  // The values of one operand; of one that the form does not have, a single empty one.
  [[nodiscard]] std::span<const x64::Operand> values(std::size_t operand) const { return values_[operand]; }

 private:
  std::array<std::span<const x64::Operand>, 3> values_;
};

}  // namespace assay::oracles::encoding::sweep
