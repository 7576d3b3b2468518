// Counting registers of emitted instructions; see register_use.h. Tested by fuzz/campaign/test/summary_test.cc.
#include "fuzz/campaign/register_use.h"

#include <algorithm>

namespace assay::fuzz {

bool takes_registers(x64::Form form) {
  const auto& operands = x64::form_info(form).operands;
  return std::any_of(operands.begin(), operands.end(), x64::is_register);
}

void count_registers(const x64::Intent& intent, RegisterUse& use) {
  const bool computes_address = intent.form == x64::Form::LeaR32M || intent.form == x64::Form::LeaR64M;
  std::uint32_t seen = 0;
  for (const x64::Operand& operand : intent.operands) {
    if (x64::is_register(operand.kind)) seen |= 1U << operand.reg;
    if (!computes_address || !x64::is_memory(operand.kind)) continue;
    if (operand.address.has_base) seen |= 1U << x64::number(operand.address.base);
    if (operand.address.has_index) seen |= 1U << x64::number(operand.address.index);
  }
  auto& row = use[static_cast<std::size_t>(intent.form)];
  for (std::size_t i = 0; seen != 0 && i < row.size(); ++i, seen >>= 1U) row[i] += seen & 1U;
}

RegisterCells register_cells(const RegisterUse& use) {
  RegisterCells cells;
  for (std::size_t i = 0; i < use.size(); ++i) {
    if (!takes_registers(static_cast<x64::Form>(i))) continue;
    cells.all += use[i].size();
    cells.hit += use[i].size() - static_cast<std::size_t>(std::count(use[i].begin(), use[i].end(), std::uint64_t{0}));
  }
  return cells;
}

}  // namespace assay::fuzz
