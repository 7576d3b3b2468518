// The map of instruction forms; see form_counters.h. Tested by fuzz/targets/test/targets_test.cc.
#include "fuzz/targets/form_counters.h"

#include <array>

namespace assay::fuzz {
namespace {

// libFuzzer finds the section by its name (https://llvm.org/docs/LibFuzzer.html, "extra counters").
__attribute__((section("__libfuzzer_extra_counters"), used)) std::array<std::uint8_t, kFormBins> counters;

constexpr std::size_t kHighFirst = 1;   // an extended register in the first place
constexpr std::size_t kHighSecond = 2;  // or a later one
constexpr std::size_t kHighBase = 4;
constexpr std::size_t kHighIndex = 8;

bool is_high(std::uint8_t reg) { return reg >= 8; }

}  // namespace

std::size_t form_bin(const x64::Intent& intent) {
  std::size_t register_class = 0;
  for (std::size_t i = 0; i < intent.operands.size(); ++i) {
    const x64::Operand& operand = intent.operands[i];
    if (x64::is_register(operand.kind) && is_high(operand.reg)) register_class |= i == 0 ? kHighFirst : kHighSecond;
    if (!x64::is_memory(operand.kind)) continue;
    if (operand.address.has_base && is_high(x64::number(operand.address.base))) register_class |= kHighBase;
    if (operand.address.has_index && is_high(x64::number(operand.address.index))) register_class |= kHighIndex;
  }
  return static_cast<std::size_t>(intent.form) * kRegisterClasses + register_class;
}

void count_forms(std::span<const x64::Intent> intents) {
  for (const x64::Intent& intent : intents) {
    std::uint8_t& counter = counters[form_bin(intent)];
    if (counter != 0xFF) ++counter;
  }
}

std::span<const std::uint8_t> form_counters() { return counters; }

}  // namespace assay::fuzz
