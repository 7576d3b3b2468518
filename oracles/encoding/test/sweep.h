// All the operands worth trying for a form: every register in every place, every condition, every base x index x scale
// x displacement class, and the edges of every immediate.
//
// Complete where it is small (forms without memory get the whole product); where it is not, every address meets two
// settings of the other operands, and every setting of them meets every base.
//
// Tested by oracles/encoding/test/encoding_sweep_test.cc, which counts what was covered.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/x64/form.h"
#include "core/x64/operand.h"

namespace assay::oracles::encoding::sweep {

using Operands = std::array<x64::Operand, 3>;

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
inline constexpr std::array<std::int64_t, 6> kImmediates8 = {0, 1, -1, 31, 127, -128};
inline constexpr std::array<std::int64_t, 10> kImmediates32 = {0,
                                                               1,
                                                               -1,
                                                               127,
                                                               128,
                                                               -128,
                                                               -129,
                                                               255,
                                                               std::numeric_limits<std::int32_t>::max(),
                                                               std::numeric_limits<std::int32_t>::min()};
inline constexpr std::array<std::int64_t, 8> kImmediates64 = {0,
                                                              -1,
                                                              0x80,
                                                              0x7FFFFFFF,
                                                              0x80000000,
                                                              0xFFFFFFFF,
                                                              std::numeric_limits<std::int64_t>::max(),
                                                              std::numeric_limits<std::int64_t>::min()};

// Every base or none, every index or none with every scale, every displacement.
inline std::vector<x64::Address> all_addresses() {
  std::vector<x64::Address> addresses;
  for (int base = -1; base < x64::kRegCount; ++base) {
    for (int index = -1; index < x64::kRegCount; ++index) {
      if (index == static_cast<int>(x64::RegId::Rsp)) continue;
      for (int scale = 1; scale <= (index < 0 ? 1 : 8); scale *= 2) {
        for (const std::int32_t displacement : kDisplacements) {
          x64::Address address;
          address.has_base = base >= 0;
          if (base >= 0) address.base = static_cast<x64::RegId>(base);
          address.has_index = index >= 0;
          if (index >= 0) address.index = static_cast<x64::RegId>(index);
          address.scale = static_cast<std::uint8_t>(scale);
          address.displacement = displacement;
          addresses.push_back(address);
        }
      }
    }
  }
  return addresses;
}

// The values of one operand; of memory, one address for each base.
inline std::vector<x64::Operand> values_of(x64::OperandKind kind) {
  std::vector<x64::Operand> values;
  x64::Operand value;
  value.kind = kind;
  const auto add_immediates = [&](const auto& immediates) {
    for (const std::int64_t immediate : immediates) {
      value.immediate = immediate;
      values.push_back(value);
    }
  };
  if (is_register(kind) || kind == x64::OperandKind::Condition) {
    for (std::uint8_t reg = 0; reg < 16; ++reg) {
      value.reg = reg;
      values.push_back(value);
    }
  } else if (is_memory(kind)) {
    for (int base = 0; base < x64::kRegCount; ++base) {
      value.address = x64::at(x64::Reg64{static_cast<x64::RegId>(base)}, 8 * base);
      values.push_back(value);
    }
  } else if (kind == x64::OperandKind::I8) {
    add_immediates(kImmediates8);
  } else if (kind == x64::OperandKind::I32) {
    add_immediates(kImmediates32);
  } else if (kind == x64::OperandKind::I64) {
    add_immediates(kImmediates64);
  } else {
    values.push_back(value);
  }
  return values;
}

// Calls visit(Operands) for all of them. Not for branches, whose operands depend on where they stand.
template <class Visit>
void for_each_operands(x64::Form form, const std::vector<x64::Address>& addresses, Visit visit) {
  const x64::FormInfo& row = x64::form_info(form);
  std::array<std::vector<x64::Operand>, 3> values;
  int memory = -1;
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = values_of(row.operands[i]);
    if (is_memory(row.operands[i])) memory = static_cast<int>(i);
  }
  for (const x64::Operand& a : values[0]) {
    for (const x64::Operand& b : values[1]) {
      for (const x64::Operand& c : values[2]) visit(Operands{a, b, c});
    }
  }
  if (memory < 0) return;
  std::size_t turn = 0;
  for (const x64::Address& address : addresses) {
    for (int repeat = 0; repeat < 2; ++repeat, ++turn) {
      Operands operands;
      for (std::size_t i = 0; i < operands.size(); ++i) operands[i] = values[i][turn * (2 * i + 1) % values[i].size()];
      operands[static_cast<std::size_t>(memory)].address = address;
      visit(operands);
    }
  }
}

inline bool is_branch(x64::Form form) { return x64::form_info(form).encoding == x64::Encoding::D; }

}  // namespace assay::oracles::encoding::sweep
