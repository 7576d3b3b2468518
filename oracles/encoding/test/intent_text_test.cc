// Intents in words.
#include "oracles/encoding/intent_text.h"

#include <gtest/gtest.h>

#include "core/x64/assembler.h"

namespace assay::oracles::encoding {
namespace {

using x64::Assembler;
using x64::Reg32;
using x64::Reg64;
using x64::Reg8;
using x64::RegId;

constexpr Reg64 kRdi{RegId::Rdi};
constexpr Reg64 kRcx{RegId::Rcx};

template <class Emit>
std::string text_of(Emit emit) {
  Assembler assembler;
  assembler.record_intents(true);
  emit(assembler);
  assembler.finish();
  return describe(assembler.intents().back());
}

TEST(IntentText, NamesOperandsAndWidths) {
  EXPECT_EQ(text_of([](Assembler& a) { a.mov(Reg32{RegId::R12}, x64::Mem32{x64::at(kRdi, kRcx, 4, -8)}); }),
            "mov r12d, dword ptr [rdi + rcx*4 - 8]");
  EXPECT_EQ(text_of([](Assembler& a) { a.movzx(Reg32{RegId::Rax}, x64::Mem8{x64::at_index(kRcx, 2, 5)}); }),
            "movzx eax, byte ptr [rcx*2 + 5]");
  EXPECT_EQ(text_of([](Assembler& a) { a.sub(kRdi, x64::Imm32{-300}); }), "sub rdi, -300");
  EXPECT_EQ(text_of([](Assembler& a) { a.shl(kRdi, x64::Cl{}); }), "shl rdi, cl");
  EXPECT_EQ(text_of([](Assembler& a) { a.ret(); }), "ret");
}

TEST(IntentText, JoinsConditionsToTheirMnemonic) {
  EXPECT_EQ(text_of([](Assembler& a) { a.setcc(x64::Cond::E, Reg8{RegId::Rsi}); }), "sete sil");
  EXPECT_EQ(text_of([](Assembler& a) { a.cmovcc(x64::Cond::Ge, kRdi, kRcx); }), "cmovge rdi, rcx");
}

TEST(IntentText, ShowsWhereABranchLeads) {
  EXPECT_EQ(text_of([](Assembler& a) {
              const x64::Label here = a.new_label();
              a.ret();
              a.bind(here);
              a.jcc(x64::Cond::L, here);
            }),
            "jl 0x1");
}

TEST(IntentText, PrintsAbsoluteAddresses) { EXPECT_EQ(describe(x64::at_absolute(-16)), "[-16]"); }

TEST(IntentText, FindsWordsForIntentsThatMakeNoSense) {
  x64::Intent intent;
  intent.form = static_cast<x64::Form>(x64::kFormCount);  // NOLINT(*EnumCastOutOfRange)
  EXPECT_EQ(describe(intent), "(no form)");
  intent.form = x64::Form::SetccR8;
  intent.operands[0].kind = x64::OperandKind::Condition;
  intent.operands[0].reg = 99;
  intent.operands[1].kind = x64::OperandKind::R64;
  intent.operands[1].reg = 33;
  EXPECT_EQ(describe(intent), "set? (register 33)");
}

}  // namespace
}  // namespace assay::oracles::encoding
