// Assembler: typed methods in, bytes out.
//
// One method per row of insts.def, overloaded by operand type, so that `add(Reg32, Reg64)` does not compile. Nothing
// here chooses: which form is shortest for an immediate is the caller's decision, except for branches, whose length
// depends on where their label ends up and which `finish` relaxes to the short form wherever it reaches.
//
// The code is position independent. Methods cannot fail; memory grows as needed.
//
// Tested by core/x64/test/assembler_test.cc, encodings_test.cc and labels_test.cc.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/x64/form.h"
#include "core/x64/intent.h"
#include "core/x64/labels.h"
#include "core/x64/operand.h"
#include "core/x64/registers.h"

namespace assay::x64 {

struct Label {
  std::uint32_t index;
};

class Assembler {
 public:
  // Forgets code, labels and intents, keeps the memory. Recording stays as it was.
  void clear();

  // Off at first. When off, recording costs one predictable branch per instruction.
  void record_intents(bool on) { recording_ = on; }
  // The AST node that the following instructions are made for.
  void set_node(std::uint32_t node) { node_ = node; }

  [[nodiscard]] Label new_label();
  void bind(Label label);

#define X64_INST0(Id, method, ...) \
  void method() { emit(Form::Id, kNoOperand, kNoOperand, kNoOperand); }
#define X64_INST1(Id, method, mnemonic, encoding, prefix, map, opcode, digit, rexw, feature, A) \
  void method(A a) { emit(Form::Id, operand(a), kNoOperand, kNoOperand); }
#define X64_INST2(Id, method, mnemonic, encoding, prefix, map, opcode, digit, rexw, feature, A, B) \
  void method(A a, B b) { emit(Form::Id, operand(a), operand(b), kNoOperand); }
#define X64_INST3(Id, method, mnemonic, encoding, prefix, map, opcode, digit, rexw, feature, A, B, C) \
  void method(A a, B b, C c) { emit(Form::Id, operand(a), operand(b), operand(c)); }
#include "core/x64/insts.def"

  void jmp(Label target);
  void jcc(Cond condition, Label target);
  void call(Label target);

  // Emits any form of the table but branches from untyped operands: for sweeps and tests.
  // Precondition: the operands' kinds are the form's, and no address has RSP as its index.
  void emit(Form form, const Operand& a, const Operand& b, const Operand& c);

  // Relaxes and patches the branches. Precondition: every label that a branch uses is bound. Nothing may be emitted
  // afterwards before `clear`.
  void finish();

  [[nodiscard]] std::span<const std::uint8_t> code() const { return std::span(buffer_).first(length_); }
  [[nodiscard]] std::span<const Intent> intents() const { return intents_; }
  // Where the label is bound, valid after finish().
  [[nodiscard]] std::uint32_t offset(Label label) const;

 private:
  static constexpr std::uint32_t kNoNode = 0xFFFFFFFFU;

  template <int Bits>
  static Operand make(OperandKind kind, Reg<Bits> reg) {
    Operand made;
    made.kind = kind;
    made.reg = number(reg.id);
    return made;
  }
  static Operand make(OperandKind kind, const Address& address) {
    Operand made;
    made.kind = kind;
    made.address = address;
    return made;
  }
  static Operand make(OperandKind kind, std::int64_t immediate) {
    Operand made;
    made.kind = kind;
    made.immediate = immediate;
    return made;
  }
  static Operand operand(Reg8 a) { return make(OperandKind::R8, a); }
  static Operand operand(Reg16 a) { return make(OperandKind::R16, a); }
  static Operand operand(Reg32 a) { return make(OperandKind::R32, a); }
  static Operand operand(Reg64 a) { return make(OperandKind::R64, a); }
  static Operand operand(const Mem8& a) { return make(OperandKind::M8, a.address); }
  static Operand operand(const Mem16& a) { return make(OperandKind::M16, a.address); }
  static Operand operand(const Mem32& a) { return make(OperandKind::M32, a.address); }
  static Operand operand(const Mem64& a) { return make(OperandKind::M64, a.address); }
  static Operand operand(Imm8 a) { return make(OperandKind::I8, a.value); }
  static Operand operand(Imm32 a) { return make(OperandKind::I32, a.value); }
  static Operand operand(Imm64 a) { return make(OperandKind::I64, a.value); }
  static Operand operand(Cl) { return make(OperandKind::Cl, std::int64_t{0}); }
  static Operand operand(Cond a) { return make(OperandKind::Condition, Reg8{static_cast<RegId>(a)}); }

  void reserve_instruction();
  void branch(Form near_form, std::uint8_t condition, Label target);
  std::size_t write_branch(const Branch& one, std::size_t at);
  void move_intents();

  std::vector<std::uint8_t> buffer_;  // its first length_ bytes are the code
  std::size_t length_ = 0;
  std::vector<Intent> intents_;
  std::vector<LabelPlace> labels_;
  std::vector<Branch> branches_;
  std::vector<std::uint32_t> saved_;
  std::uint32_t node_ = kNoNode;
  bool recording_ = false;
};

}  // namespace assay::x64
