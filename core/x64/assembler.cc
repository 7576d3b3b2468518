// Emission and patching; see assembler.h. Tested by core/x64/test/assembler_test.cc and labels_test.cc.
#include "core/x64/assembler.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "core/x64/encoder.h"

namespace assay::x64 {
namespace {

constexpr std::size_t kFirstCapacity = 4096;

Operand condition_operand(std::uint8_t condition) {
  Operand operand;
  operand.kind = OperandKind::Condition;
  operand.reg = condition;
  return operand;
}

Operand branch_operand(OperandKind kind) {
  Operand operand;
  operand.kind = kind;
  return operand;
}

}  // namespace

void Assembler::clear() {
  length_ = 0;
  intents_.clear();
  labels_.clear();
  branches_.clear();
  node_ = kNoNode;
}

Label Assembler::new_label() {
  labels_.emplace_back();
  return {static_cast<std::uint32_t>(labels_.size() - 1)};
}

void Assembler::bind(Label label) {
  assert(labels_[label.index].offset == kUnboundLabel);
  labels_[label.index] = {static_cast<std::uint32_t>(length_), static_cast<std::uint32_t>(branches_.size())};
}

void Assembler::reserve_instruction() {
  if (buffer_.size() - length_ >= kMaxInstructionBytes) return;
  buffer_.resize(std::max(kFirstCapacity, buffer_.size() * 2));
}

void Assembler::emit(Form form, const Operand& a, const Operand& b, const Operand& c) {
  reserve_instruction();
  if (recording_) intents_.push_back({form, 0, static_cast<std::uint32_t>(length_), node_, {a, b, c}});
  const int bytes = encode(form_info(form), a, b, c, buffer_.data() + length_);
  if (recording_) intents_.back().length = static_cast<std::uint8_t>(bytes);
  length_ += static_cast<std::size_t>(bytes);
}

void Assembler::branch(Form near_form, std::uint8_t condition, Label target) {
  const auto intent = recording_ ? static_cast<std::uint32_t>(intents_.size()) : kNoIntent;
  branches_.push_back({static_cast<std::uint32_t>(length_), target.index, intent, near_form, condition, false});
  if (near_form == Form::JccRel32) {
    emit(near_form, condition_operand(condition), branch_operand(OperandKind::Rel32), {});
  } else {
    emit(near_form, branch_operand(OperandKind::Rel32), {}, {});
  }
}

void Assembler::jmp(Label target) { branch(Form::JmpRel32, 0, target); }
void Assembler::jcc(Cond condition, Label target) {
  branch(Form::JccRel32, static_cast<std::uint8_t>(condition), target);
}
void Assembler::call(Label target) { branch(Form::CallRel32, 0, target); }

std::uint32_t Assembler::offset(Label label) const {
  const LabelPlace& place = labels_[label.index];
  return place.offset - (saved_.empty() ? 0 : saved_[place.branches_before]);
}

void Assembler::finish() {
  relax(branches_, labels_, saved_);
  move_intents();
  // Everything moves towards the start, so one pass from the front is enough.
  std::size_t from = 0;
  std::size_t to = 0;
  for (std::size_t i = 0; i < branches_.size(); ++i) {
    const Branch& one = branches_[i];
    const std::size_t straight = one.offset - from;
    if (to != from) std::memmove(buffer_.data() + to, buffer_.data() + from, straight);
    to += straight;
    from = one.offset + near_length(one.near_form);
    to += write_branch(one, to);
  }
  if (to != from) std::memmove(buffer_.data() + to, buffer_.data() + from, length_ - from);
  length_ = to + (length_ - from);
}

std::size_t Assembler::write_branch(const Branch& one, std::size_t at) {
  const Form form = one.is_short ? short_form(one.near_form) : one.near_form;
  const OperandKind kind = one.is_short ? OperandKind::Rel8 : OperandKind::Rel32;
  const bool conditional = one.near_form == Form::JccRel32;
  std::array<std::uint8_t, kMaxInstructionBytes> bytes{};
  const int length =
      conditional ? encode(form_info(form), condition_operand(one.condition), branch_operand(kind), {}, bytes.data())
                  : encode(form_info(form), branch_operand(kind), {}, {}, bytes.data());
  const auto end = static_cast<std::uint32_t>(at) + static_cast<std::uint32_t>(length);
  const std::uint32_t displacement = offset({one.label}) - end;
  const int size = one.is_short ? 1 : 4;
  std::memcpy(bytes.data() + length - size, &displacement, static_cast<std::size_t>(size));
  std::memcpy(buffer_.data() + at, bytes.data(), static_cast<std::size_t>(length));
  return static_cast<std::size_t>(length);
}

void Assembler::move_intents() {
  std::size_t passed = 0;  // branches that start before the intent
  for (std::size_t i = 0; i < intents_.size(); ++i) {
    Intent& intent = intents_[i];
    // Branches made while recording was off have no intent, but move those behind them.
    while (passed != branches_.size() && branches_[passed].offset < intent.offset) ++passed;
    const bool is_branch = passed != branches_.size() && branches_[passed].intent == i;
    intent.offset -= saved_[passed];
    if (!is_branch) continue;
    const Branch& one = branches_[passed++];
    Operand& target = intent.operands[one.near_form == Form::JccRel32 ? 1 : 0];
    target.immediate = offset({one.label});
    if (!one.is_short) continue;
    target.kind = OperandKind::Rel8;
    intent.form = short_form(one.near_form);
    intent.length = static_cast<std::uint8_t>(intent.length - short_saving(one.near_form));
  }
}

}  // namespace assay::x64
