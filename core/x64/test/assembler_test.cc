// Emission, and what is recorded of it; see core/x64/assembler.h. Bytes are encodings_test.cc's matter, branches
// labels_test.cc's.
#include "core/x64/assembler.h"

#include <gtest/gtest.h>

#include <vector>

namespace assay::x64 {
namespace {

constexpr Reg32 kEax{RegId::Rax};
constexpr Reg32 kR9d{RegId::R9};
constexpr Reg64 kRbx{RegId::Rbx};
constexpr Reg64 kR12{RegId::R12};
constexpr Reg64 kRsp{RegId::Rsp};

std::vector<std::uint8_t> bytes(const Assembler& assembler) {
  return {assembler.code().begin(), assembler.code().end()};
}

// Instructions of several lengths, with branches in between that are shortened.
void emit_something(Assembler& assembler) {
  const Label loop = assembler.new_label();
  const Label out = assembler.new_label();
  assembler.set_node(10);
  assembler.mov(kRbx, Imm64{0x123456789ABCDEF0});
  assembler.bind(loop);
  assembler.set_node(11);
  assembler.jcc(Cond::E, out);
  assembler.add(kEax, kR9d);
  assembler.jmp(loop);
  assembler.bind(out);
  assembler.set_node(12);
  assembler.ret();
}

TEST(Assembler, StartsEmpty) {
  Assembler assembler;
  EXPECT_TRUE(assembler.code().empty());
  EXPECT_TRUE(assembler.intents().empty());
  assembler.finish();
  EXPECT_TRUE(assembler.code().empty());
}

TEST(Assembler, AppendsInstructionsInOrder) {
  Assembler assembler;
  assembler.add(kEax, kR9d);
  assembler.ret();
  assembler.cqo();
  EXPECT_EQ(bytes(assembler), (std::vector<std::uint8_t>{0x44, 0x01, 0xC8, 0xC3, 0x48, 0x99}));
}

TEST(Assembler, RecordsNothingUnlessAsked) {
  Assembler assembler;
  emit_something(assembler);
  assembler.finish();
  EXPECT_TRUE(assembler.intents().empty());
}

TEST(Assembler, EmitsTheSameCodeWithRecordingOnAndOff) {
  Assembler silent;
  Assembler recording;
  recording.record_intents(true);
  emit_something(silent);
  emit_something(recording);
  EXPECT_EQ(bytes(silent), bytes(recording));
  silent.finish();
  recording.finish();
  EXPECT_EQ(bytes(silent), bytes(recording));
}

TEST(Assembler, RecordsFormAndOperands) {
  Assembler assembler;
  assembler.record_intents(true);
  assembler.add(kEax, kR9d);
  assembler.mov(Mem64{at(kRsp, kR12, 8, -16)}, kRbx);
  assembler.add(kRbx, Imm8{-1});
  assembler.setcc(Cond::Ge, Reg8{RegId::Rsi});
  ASSERT_EQ(assembler.intents().size(), 4U);

  const Intent& add = assembler.intents()[0];
  EXPECT_EQ(add.form, Form::AddR32R32);
  EXPECT_EQ(add.operands[0].kind, OperandKind::R32);
  EXPECT_EQ(add.operands[0].reg, 0);
  EXPECT_EQ(add.operands[1].kind, OperandKind::R32);
  EXPECT_EQ(add.operands[1].reg, 9);
  EXPECT_EQ(add.operands[2].kind, OperandKind::None);

  const Intent& store = assembler.intents()[1];
  EXPECT_EQ(store.form, Form::MovM64R64);
  EXPECT_EQ(store.operands[0].kind, OperandKind::M64);
  EXPECT_EQ(store.operands[0].address, at(kRsp, kR12, 8, -16));
  EXPECT_EQ(store.operands[1].reg, 3);

  const Intent& immediate = assembler.intents()[2];
  EXPECT_EQ(immediate.form, Form::AddR64I8);
  EXPECT_EQ(immediate.operands[1].kind, OperandKind::I8);
  EXPECT_EQ(immediate.operands[1].immediate, -1);

  const Intent& set = assembler.intents()[3];
  EXPECT_EQ(set.form, Form::SetccR8);
  EXPECT_EQ(set.operands[0].kind, OperandKind::Condition);
  EXPECT_EQ(set.operands[0].reg, static_cast<std::uint8_t>(Cond::Ge));
  EXPECT_EQ(set.operands[1].reg, 6);
}

void expect_intents_tile_the_code(const Assembler& assembler) {
  std::size_t next = 0;
  for (const Intent& intent : assembler.intents()) {
    EXPECT_EQ(intent.offset, next);
    EXPECT_GT(intent.length, 0);
    next = std::size_t{intent.offset} + intent.length;
  }
  EXPECT_EQ(next, assembler.code().size());
}

TEST(Assembler, IntentsTileTheCode) {
  Assembler assembler;
  assembler.record_intents(true);
  emit_something(assembler);
  expect_intents_tile_the_code(assembler);
  assembler.finish();
  expect_intents_tile_the_code(assembler);
}

TEST(Assembler, IntentsNameTheNodeTheyAreFor) {
  Assembler assembler;
  assembler.record_intents(true);
  assembler.push(kRbx);
  emit_something(assembler);
  assembler.finish();
  std::vector<std::uint32_t> nodes;
  for (const Intent& intent : assembler.intents()) nodes.push_back(intent.node);
  EXPECT_EQ(nodes, (std::vector<std::uint32_t>{0xFFFFFFFFU, 10, 11, 11, 11, 12}));
}

TEST(Assembler, ClearForgetsCodeLabelsIntentsAndNode) {
  Assembler assembler;
  assembler.record_intents(true);
  emit_something(assembler);
  assembler.finish();
  const std::vector<std::uint8_t> first = bytes(assembler);

  assembler.clear();
  EXPECT_TRUE(assembler.code().empty());
  EXPECT_TRUE(assembler.intents().empty());
  EXPECT_EQ(assembler.new_label().index, 0U);

  assembler.clear();
  assembler.push(kRbx);
  ASSERT_EQ(assembler.intents().size(), 1U);
  EXPECT_EQ(assembler.intents()[0].node, 0xFFFFFFFFU);

  assembler.clear();
  emit_something(assembler);
  assembler.finish();
  EXPECT_EQ(bytes(assembler), first);
}

TEST(Assembler, ClearKeepsRecordingAsItWas) {
  Assembler assembler;
  assembler.record_intents(true);
  assembler.clear();
  assembler.ret();
  EXPECT_EQ(assembler.intents().size(), 1U);
  assembler.record_intents(false);
  assembler.clear();
  assembler.ret();
  EXPECT_TRUE(assembler.intents().empty());
}

// Recording may cover a part of the code only; the branches of the other parts move it all the same.
TEST(Assembler, IntentsOfAPartStandWhereItsInstructionsEndUp) {
  Assembler assembler;
  const Label next = assembler.new_label();
  assembler.jmp(next);
  assembler.bind(next);
  assembler.record_intents(true);
  assembler.ret();
  assembler.finish();
  ASSERT_EQ(assembler.intents().size(), 1U);
  EXPECT_EQ(assembler.intents()[0].offset, 2U);
  EXPECT_EQ(assembler.intents()[0].length, 1);
  EXPECT_EQ(assembler.code()[2], 0xC3);
}

TEST(Assembler, GrowsAsNeeded) {
  Assembler assembler;
  assembler.record_intents(true);
  constexpr std::size_t kCount = 100'000;
  for (std::size_t i = 0; i < kCount; ++i) assembler.add(kEax, kR9d);
  ASSERT_EQ(assembler.code().size(), 3 * kCount);
  for (std::size_t i = 0; i < kCount; ++i) {
    ASSERT_EQ(assembler.code()[3 * i], 0x44);
    ASSERT_EQ(assembler.code()[3 * i + 2], 0xC8);
  }
  expect_intents_tile_the_code(assembler);
}

}  // namespace
}  // namespace assay::x64
