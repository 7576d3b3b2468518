// Keys and slots; see verdict_cache.h. Tested by oracles/encoding/test/verdict_cache_test.cc.
#include "oracles/encoding/verdict_cache.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/x64/form.h"

namespace assay::oracles::encoding {
namespace {

using x64::Operand;
using x64::OperandKind;

// Where a form has its memory operand and its immediate, so that a key is made without looking at operand kinds. The
// kinds themselves are part of the key.
struct Shape {
  std::size_t memory = 0;
  std::size_t immediate = 0;
  std::uint64_t memory_mask = 0;     // all ones when there is one
  std::uint64_t immediate_mask = 0;  // likewise
  std::uint64_t relative_mask = 0;   // all ones when the immediate is a branch target
};

Shape shape_of(const x64::FormInfo& row) {
  Shape shape;
  for (std::size_t i = 0; i < row.operands.size(); ++i) {
    const OperandKind kind = row.operands[i];
    const bool is_relative = kind == OperandKind::Rel8 || kind == OperandKind::Rel32;
    if (is_memory(kind)) {
      shape.memory = i;
      shape.memory_mask = ~std::uint64_t{0};
    } else if (is_immediate(kind) || is_relative) {
      shape.immediate = i;
      shape.immediate_mask = ~std::uint64_t{0};
      if (is_relative) shape.relative_mask = ~std::uint64_t{0};
    }
  }
  return shape;
}

const std::array<Shape, x64::kFormCount>& shapes() {
  static const std::array<Shape, x64::kFormCount> table = [] {
    std::array<Shape, x64::kFormCount> made;
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = shape_of(x64::form_info(static_cast<x64::Form>(i)));
    return made;
  }();
  return table;
}

static_assert(std::endian::native == std::endian::little, "keys are made by loading fields as words");
static_assert(offsetof(Operand, kind) == 0 && offsetof(Operand, reg) == 1);
static_assert(offsetof(x64::Address, base) == 0 && offsetof(x64::Address, has_index) == 4 &&
              offsetof(x64::Address, displacement) == 8);
constexpr std::uint64_t kAddressBytes = (std::uint64_t{1} << 40) - 1;  // base, index, scale, has_base, has_index

std::uint64_t load(const void* from, std::size_t bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, from, bytes);
  return value;
}

// The lowest `bytes` bytes.
std::uint64_t keep(std::uint64_t word, std::size_t bytes) {
  return bytes >= 8 ? word : word & ((std::uint64_t{1} << (8 * bytes)) - 1);
}

}  // namespace

void make_key(const x64::Intent& intent, std::span<const std::uint8_t> code, VerdictKey& key) {
  const Shape& shape = shapes()[static_cast<std::size_t>(intent.form)];
  const auto& operands = intent.operands;
  const std::size_t length = intent.length;
  key.words[0] = static_cast<std::uint64_t>(intent.form) | load(&operands[0], 2) << 16 | load(&operands[1], 2) << 32 |
                 load(&operands[2], 2) << 48;
  const x64::Address& address = operands[shape.memory].address;
  key.words[1] = (load(&address, 8) & kAddressBytes & shape.memory_mask) | std::uint64_t{length} << 40;
  key.words[2] = static_cast<std::uint32_t>(address.displacement) & shape.memory_mask;
  key.words[3] = (static_cast<std::uint64_t>(operands[shape.immediate].immediate) & shape.immediate_mask) -
                 ((std::uint64_t{intent.offset} + length) & shape.relative_mask);
  const std::uint8_t* const bytes = code.data() + intent.offset;
  if (intent.offset + std::size_t{16} <= code.size()) {
    key.words[4] = keep(load(bytes, 8), length);
    key.words[5] = length > 8 ? keep(load(bytes + 8, 8), length - 8) : 0;
  } else {
    std::array<std::uint8_t, 16> last{};
    std::memcpy(last.data(), bytes, length);
    key.words[4] = load(last.data(), 8);
    key.words[5] = load(last.data() + 8, 8);
  }
}

VerdictCache::VerdictCache(std::size_t entries)
    : slots_(std::bit_ceil(std::max<std::size_t>(entries, 2))), shift_(65 - std::countr_zero(slots_.size())) {}

std::size_t VerdictCache::set_of(const VerdictKey& key) const {
  // Multiply-add with fixed odd numbers (the digits of pi); the top bits are the well-mixed ones.
  const auto& w = key.words;
  std::uint64_t sum = w[0] * 0x243F6A8885A308D3ULL + w[1] * 0x13198A2E03707345ULL + w[2] * 0xA4093822299F31D1ULL +
                      w[3] * 0x082EFA98EC4E6C89ULL + w[4] * 0x452821E638D01377ULL + w[5] * 0xBE5466CF34E90C6DULL;
  sum ^= sum >> 32;
  sum *= 0xC0AC29B7C97C50DDULL;
  return shift_ == 64 ? 0 : static_cast<std::size_t>(sum >> shift_) * 2;
}

}  // namespace assay::oracles::encoding
