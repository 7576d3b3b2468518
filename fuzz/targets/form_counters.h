// A small coverage map for libFuzzer: which instruction forms were emitted with which kind of registers.
//
// libFuzzer sees the compiler's own edges; it does not see that `add` with an extended register has never been emitted.
// Each form has a few bins by the registers of its operands. The map stays small because libFuzzer reads all of it
// after each run.
//
// Tested by fuzz/targets/test/targets_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/x64/form.h"
#include "core/x64/intent.h"

namespace assay::fuzz {

// Which REX bits the operands ask for, and whether there is memory: 16 bins.
inline constexpr std::size_t kRegisterClasses = 16;
inline constexpr std::size_t kFormBins = x64::kFormCount * kRegisterClasses;
static_assert(kFormBins <= 4096);

// Which bin an instruction belongs to.
[[nodiscard]] std::size_t form_bin(const x64::Intent& intent);

// Counts in the map that libFuzzer reads; does nothing where there is none.
void count_forms(std::span<const x64::Intent> intents);

[[nodiscard]] std::span<const std::uint8_t> form_counters();

}  // namespace assay::fuzz
