// Edits of what a program is judged with: inputs, passes, CPU features; and smaller values. See edits.h.
//
// Tested by fuzz/reduce/test/edits_test.cc.
#include <algorithm>
#include <cstddef>

#include "fuzz/reduce/edits.h"
#include "fuzz/reduce/size.h"

namespace assay::fuzz {
namespace {

constexpr std::uint64_t kLowHalf = 0xFFFFFFFFU;

template <class List>
void drop(List& list, std::size_t index) {
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(index));
}

template <class List>
void keep_only(List& list, std::size_t index) {
  list = List{list[index]};
}

}  // namespace

void list_input_edits(const Finding& finding, Edits& edits) {
  const std::size_t count = finding.inputs.size();
  if (count < 2) return;
  for (std::size_t i = 0; i < count; ++i) edits.emplace_back([i](Finding& to) { keep_only(to.inputs, i); });
  for (std::size_t i = 0; i < count; ++i) edits.emplace_back([i](Finding& to) { drop(to.inputs, i); });
}

void list_pass_edits(const Finding& finding, Edits& edits) {
  const std::size_t count = finding.pipeline->size();
  if (count > 0) edits.emplace_back([](Finding& to) { to.pipeline->clear(); });
  for (std::size_t i = 0; i < count; ++i) edits.emplace_back([i](Finding& to) { keep_only(*to.pipeline, i); });
  for (std::size_t i = 0; i < count; ++i) edits.emplace_back([i](Finding& to) { drop(*to.pipeline, i); });
  edits.emplace_back([](Finding& to) { to.features = {}; });
  edits.emplace_back([](Finding& to) { to.features.popcnt = false; });
  edits.emplace_back([](Finding& to) { to.features.lzcnt = false; });
  edits.emplace_back([](Finding& to) { to.features.bmi1 = false; });
  edits.emplace_back([](Finding& to) { to.features.bmi2 = false; });
}

void list_cell_edits(const Finding& finding, Edits& edits) {
  for (std::size_t input = 0; input < finding.inputs.size(); ++input) {
    for (std::size_t slot = 0; slot < finding.inputs[input].size(); ++slot) {
      const std::uint64_t cell = finding.inputs[input][slot];
      const auto set = [&edits, input, slot](std::uint64_t bits) {
        edits.emplace_back([input, slot, bits](Finding& to) { to.inputs[input][slot] = bits; });
      };
      const ast::Type type = finding.program.variable_type(ast::VarId{static_cast<std::uint32_t>(slot)});
      if (type == ast::Type::I64) {
        for (const std::uint64_t bits : smaller_values(cell, type)) set(bits);
        continue;
      }
      for (const std::uint64_t low : smaller_values(cell & kLowHalf, type)) set((cell & ~kLowHalf) | low);
      for (const std::uint64_t high : smaller_values(cell >> 32, type)) set((high << 32) | (cell & kLowHalf));
    }
  }
}

std::vector<std::uint64_t> smaller_values(std::uint64_t bits, ast::Type type) {
  const std::uint64_t mask = type == ast::Type::I32 ? kLowHalf : ~std::uint64_t{0};
  const auto [distance, negative] = distance_from_zero(bits, type);
  std::vector<std::uint64_t> values;
  const Distance own{distance, negative};
  const auto add = [&](std::uint64_t value) {
    value &= mask;
    const bool listed = std::find(values.begin(), values.end(), value) != values.end();
    if (!listed && distance_from_zero(value, type) < own) values.push_back(value);
  };
  add(0);
  add(1);
  add(mask);
  add(~bits + 1);
  for (const std::uint64_t low : {std::uint64_t{0xFF}, std::uint64_t{0xFFFF}, kLowHalf}) add(bits & low);
  for (std::uint64_t step = distance / 2; step > 0; step /= 2) {
    add(negative ? ~(distance - step) + 1 : distance - step);
  }
  // Of an odd value the halves do not end at one less by themselves.
  if (distance > 1) add(negative ? ~(distance - 1) + 1 : distance - 1);
  return values;
}

}  // namespace assay::fuzz
