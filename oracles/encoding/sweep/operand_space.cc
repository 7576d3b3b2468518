// Lists of values by kind, made once; see operand_space.h.
//
// Tested by oracles/encoding/test/operand_space_test.cc.
#include "oracles/encoding/sweep/operand_space.h"

#include <algorithm>
#include <vector>

namespace assay::oracles::encoding::sweep {
namespace {

using x64::Address;
using x64::Operand;
using x64::OperandKind;

using Values = std::vector<Operand>;

constexpr std::array<std::int64_t, 8> kEdges8 = {0, 1, -1, 31, 63, 127, -127, -128};
constexpr std::array<std::int64_t, 12> kEdges32 = {0,
                                                   1,
                                                   -1,
                                                   127,
                                                   128,
                                                   -128,
                                                   -129,
                                                   255,
                                                   0x12345678,
                                                   -0x12345678,
                                                   std::numeric_limits<std::int32_t>::max(),
                                                   std::numeric_limits<std::int32_t>::min()};

Values of_immediates(OperandKind kind, std::span<const std::int64_t> immediates) {
  Values values;
  for (const std::int64_t immediate : immediates) {
    Operand& value = values.emplace_back();
    value.kind = kind;
    value.immediate = immediate;
  }
  return values;
}

// Every power of two, its neighbours, and the same below zero.
std::vector<std::int64_t> powers(int bits) {
  const std::int64_t most = bits == 64 ? std::numeric_limits<std::int64_t>::max() : (std::int64_t{1} << (bits - 1)) - 1;
  std::vector<std::int64_t> found = {0, most, -most, -most - 1};
  for (int bit = 0; bit < bits - 1; ++bit) {
    const std::int64_t power = std::int64_t{1} << bit;
    for (const std::int64_t value : {power - 1, power, power + 1}) {
      found.push_back(value);
      found.push_back(-value);
      found.push_back(-value - 1);
    }
  }
  std::ranges::sort(found);
  const auto repeated = std::ranges::unique(found);
  found.erase(repeated.begin(), repeated.end());
  return found;
}

std::vector<std::int64_t> all_bytes() {
  std::vector<std::int64_t> bytes;
  for (int value = -128; value <= 127; ++value) bytes.push_back(value);
  return bytes;
}

Values of_registers(OperandKind kind) {
  Values values(x64::kRegCount);  // as many as conditions
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i].kind = kind;
    values[i].reg = static_cast<std::uint8_t>(i);
  }
  return values;
}

Values of_addresses(OperandKind kind) {
  Values values;
  values.reserve(kAddressCount);
  Operand value;
  value.kind = kind;
  Address& address = value.address;
  for (int base = -1; base < x64::kRegCount; ++base) {
    address.has_base = base >= 0;
    address.base = static_cast<x64::RegId>(std::max(base, 0));
    for (int index = -1; index < x64::kRegCount; ++index) {
      if (index == static_cast<int>(x64::RegId::Rsp)) continue;
      address.has_index = index >= 0;
      address.index = static_cast<x64::RegId>(std::max(index, 0));
      for (std::uint8_t scale = 1; scale <= (index < 0 ? 1 : 8); scale = static_cast<std::uint8_t>(scale * 2)) {
        address.scale = scale;
        for (const std::int32_t displacement : kDisplacements) {
          address.displacement = displacement;
          values.push_back(value);
        }
      }
    }
  }
  return values;
}

constexpr std::size_t kKinds = static_cast<std::size_t>(OperandKind::Rel32) + 1;

struct Lists {
  std::array<Values, kKinds> alone;
  std::array<Values, kKinds> beside_memory;  // of immediates only

  Lists() {
    for (std::size_t i = 0; i < kKinds; ++i) {
      const auto kind = static_cast<OperandKind>(i);
      if (is_register(kind) || kind == OperandKind::Condition) {
        alone[i] = of_registers(kind);
      } else if (is_memory(kind)) {
        alone[i] = of_addresses(kind);
      } else if (kind == OperandKind::I8) {
        alone[i] = of_immediates(kind, all_bytes());
        beside_memory[i] = of_immediates(kind, kEdges8);
      } else if (kind == OperandKind::I32) {
        alone[i] = of_immediates(kind, powers(32));
        beside_memory[i] = of_immediates(kind, kEdges32);
      } else if (kind == OperandKind::I64) {
        alone[i] = of_immediates(kind, powers(64));
      } else {
        alone[i].resize(1);
        alone[i].front().kind = kind;
      }
    }
  }
};

const Lists& lists() {
  static const Lists made;
  return made;
}

}  // namespace

OperandSpace::OperandSpace(x64::Form form) {
  const auto& kinds = x64::form_info(form).operands;
  const bool has_memory = std::ranges::any_of(kinds, x64::is_memory);
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const auto kind = static_cast<std::size_t>(kinds[i]);
    const Values& edges = lists().beside_memory[kind];
    values_[i] = has_memory && !edges.empty() ? edges : lists().alone[kind];
  }
}

std::uint64_t OperandSpace::size() const {
  return std::uint64_t{values_[0].size()} * values_[1].size() * values_[2].size();
}

}  // namespace assay::oracles::encoding::sweep
