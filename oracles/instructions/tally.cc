// Counting of runs; see tally.h. Tested by oracles/instructions/test/check_test.cc.
#include "oracles/instructions/tally.h"

#include <algorithm>
#include <utility>

namespace assay::oracles::instructions {

void FormTally::add(const FormTally& other) {
  runs += other.runs;
  cpu_agrees += other.cpu_agrees;
  cpu_differs += other.cpu_differs;
  emulator_agrees += other.emulator_agrees;
  emulator_differs += other.emulator_differs;
  for (std::size_t i = 0; i < known.size(); ++i) known[i] += other.known[i];
  undefined_flags |= other.undefined_flags;
  cpu_undefined_registers += other.cpu_undefined_registers;
}

void Tally::add(const Tally& other) {
  for (std::size_t i = 0; i < forms.size(); ++i) forms[i].add(other.forms[i]);
  findings.insert(findings.end(), other.findings.begin(), other.findings.end());
}

bool Tally::keeps_finding(x64::Form form, bool on_cpu) const {
  const auto same =
      std::ranges::count_if(findings, [&](const Finding& one) { return one.form == form && one.on_cpu == on_cpu; });
  return static_cast<std::size_t>(same) < kKeptFindings;
}

void Tally::sort_findings() {
  std::ranges::sort(findings, {}, [](const Finding& one) { return std::pair(one.run, one.on_cpu); });
  std::vector<Finding> all;
  all.swap(findings);
  for (Finding& one : all) {
    if (keeps_finding(one.form, one.on_cpu)) findings.push_back(std::move(one));
  }
}

FormTally Tally::total() const {
  FormTally sum;
  for (const FormTally& one : forms) sum.add(one);
  return sum;
}

}  // namespace assay::oracles::instructions
