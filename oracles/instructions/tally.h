// Tally: how often each form was run, who agreed with the semantics, and what differed.
//
// Tested by oracles/instructions/test/check_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/x64/form.h"
#include "oracles/emulated/known_defects.h"

namespace assay::oracles::instructions {

struct FormTally {
  std::uint64_t runs = 0;  // each on the CPU and in the emulator
  std::uint64_t cpu_agrees = 0;
  std::uint64_t cpu_differs = 0;
  std::uint64_t emulator_agrees = 0;
  std::uint64_t emulator_differs = 0;  // for no known reason
  // Beside these: what the table of known defects explains, by emulated::Defect. All but UndefinedFlags exclude
  // agreement; undefined flags are nobody's fault and are counted only.
  std::array<std::uint64_t, emulated::kDefectCount> known{};
  std::uint64_t undefined_flags = 0;  // the set of those that differed
  // The CPU left a register that the manual calls undefined other than AMD documents: not a difference, and shown.
  std::uint64_t cpu_undefined_registers = 0;

  void add(const FormTally& other);
};

struct Finding {
  x64::Form form = x64::Form::Ud2;
  bool on_cpu = false;  // else in the emulator
  std::uint64_t run = 0;
  std::string text;  // several lines
};

struct Tally {
  // Of one form and engine; the rest is counted.
  static constexpr std::size_t kKeptFindings = 3;

  std::array<FormTally, x64::kFormCount> forms{};
  std::vector<Finding> findings;

  void add(const Tally& other);
  [[nodiscard]] bool keeps_finding(x64::Form form, bool on_cpu) const;
  // In order of the runs, and no more of them than one job would have kept.
  void sort_findings();
  [[nodiscard]] FormTally total() const;
};

}  // namespace assay::oracles::instructions
