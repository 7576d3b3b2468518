// The reviewed rows; see longer_on_purpose.h. Tested by oracles/encoding/test/longer_on_purpose_test.cc.
#include "oracles/encoding/sweep/longer_on_purpose.h"

#include <algorithm>
#include <limits>

#include "core/x64/form.h"

namespace assay::oracles::encoding::sweep {
namespace {

using x64::Form;
using x64::FormInfo;
using x64::Intent;
using x64::Operand;
using x64::OperandKind;

template <class T>
bool fits(std::int64_t value) {
  return value >= std::numeric_limits<T>::min() && value <= std::numeric_limits<T>::max();
}

const FormInfo& row_of(const Intent& intent) { return x64::form_info(intent.form); }

bool is_accumulator(const Operand& operand) { return is_register(operand.kind) && operand.reg == 0; }

const Operand* immediate_of(const Intent& intent) {
  for (const Operand& operand : intent.operands) {
    if (is_immediate(operand.kind)) return &operand;
  }
  return nullptr;
}

// add, or, and, sub, xor, cmp, imul and push, which have a form with a sign-extended byte too.
bool imm32_for_a_byte(const Intent& intent, std::size_t saved) {
  const FormInfo& row = row_of(intent);
  const Operand* const immediate = immediate_of(intent);
  return immediate != nullptr && immediate->kind == OperandKind::I32 && fits<std::int8_t>(immediate->immediate) &&
         saved == 3 && row.mnemonic != "mov" && row.mnemonic != "test";
}

// 05 id and its kind, A9 id.
bool accumulator_and_imm32(const Intent& intent, std::size_t saved) {
  const FormInfo& row = row_of(intent);
  return saved == 1 && row.encoding == x64::Encoding::MI && row.mnemonic != "mov" &&
         intent.operands[1].kind == OperandKind::I32 && is_accumulator(intent.operands[0]);
}

// D1 /digit.
bool shift_by_one(const Intent& intent, std::size_t saved) {
  const FormInfo& row = row_of(intent);
  return saved == 1 && row.encoding == x64::Encoding::MI && (row.opcode == 0xC1) && intent.operands[1].immediate == 1;
}

// C7 /0 id, sign-extended.
bool imm64_for_four_bytes(const Intent& intent, std::size_t saved) {
  return saved == 3 && intent.form == Form::MovR64I64 && fits<std::int32_t>(intent.operands[1].immediate);
}

// 90 alone is no exchange of EAX with itself, which would clear the upper half of RAX.
bool nop_for_an_exchange(const Intent& intent, std::size_t saved) {
  return saved == 1 && intent.form == Form::XchgR32R32 && is_accumulator(intent.operands[0]) &&
         is_accumulator(intent.operands[1]);
}

// 90+r.
bool exchange_with_the_accumulator(const Intent& intent, std::size_t saved) {
  return saved == 1 && (intent.form == Form::XchgR32R32 || intent.form == Form::XchgR64R64) &&
         (is_accumulator(intent.operands[0]) || is_accumulator(intent.operands[1]));
}

// 67 A0..A3: an absolute address of 32 bits, zero-extended.
bool absolute_move(const Intent& intent, std::size_t saved) {
  const bool loads = is_memory(intent.operands[1].kind);
  const Operand& memory = intent.operands[loads ? 1 : 0];
  return saved == 1 && row_of(intent).mnemonic == "mov" && is_memory(memory.kind) && !memory.address.has_base &&
         !memory.address.has_index && is_accumulator(intent.operands[loads ? 0 : 1]);
}

}  // namespace

const std::array<LongerRow, kLongerRows> kLongerOnPurpose = {{
    {"imm32-for-a-byte",
     "The width of an immediate is part of the form and so the caller's choice; core/jit takes the byte where it fits.",
     imm32_for_a_byte},
    {"accumulator-imm32", "insts.def leaves out forms for an accumulator: one row per operation and operand shape.",
     accumulator_and_imm32},
    {"shift-by-one", "insts.def has one row for every constant count; a form for the count 1 would save a byte.",
     shift_by_one},
    {"imm64-for-four-bytes",
     "The width of an immediate is part of the form; core/jit takes eight bytes only for what four do not hold.",
     imm64_for_four_bytes},
    {"nop-for-an-exchange",
     "Zydis offers 90, which is no operation: xchg eax, eax clears the upper half of rax. Ours is the shortest.",
     nop_for_an_exchange},
    {"exchange-accumulator", "insts.def leaves out forms for an accumulator: one row per operation and operand shape.",
     exchange_with_the_accumulator},
    {"absolute-move",
     "A move between an accumulator and an absolute address under an address-size prefix; no other form is like it.",
     absolute_move},
}};

std::optional<std::size_t> row_for(std::span<const LongerRow> rows, const Intent& intent, std::size_t saved) {
  const auto found = std::ranges::find_if(rows, [&](const LongerRow& row) { return row.covers(intent, saved); });
  if (found == rows.end()) return std::nullopt;
  return static_cast<std::size_t>(found - rows.begin());
}

}  // namespace assay::oracles::encoding::sweep
