// Bytes of instructions: as the assembler gives them, and branches over their mark.
#include "oracles/instructions/encode.h"

#include <gtest/gtest.h>

#include "oracles/instructions/test/instruction.h"

namespace assay::oracles::instructions {
namespace {

using x64::Form;

TEST(Encode, AnInstructionIsItsBytes) {
  EXPECT_EQ(encode(made([](x64::Assembler& a) { a.sub(rsp, x64::Imm8{-128}); })),
            (std::vector<std::uint8_t>{0x48, 0x83, 0xEC, 0x80}));
}

TEST(Encode, AShortBranchGoesOverItsMark) {
  Instruction jump;
  jump.form = Form::JccRel8;
  jump.operands[0].kind = x64::OperandKind::Condition;
  jump.operands[0].reg = static_cast<std::uint8_t>(x64::Cond::L);
  EXPECT_EQ(encode(jump),
            (std::vector<std::uint8_t>{0x7C, 10, 0x90, 0x48, 0xC7, 0x44, 0x24, kMarkPlace, kNotTaken, 0, 0, 0}));
}

TEST(Encode, ANearBranchIsFarEnoughAwayToBeOne) {
  Instruction jump;
  jump.form = Form::JmpRel32;
  const std::vector<std::uint8_t> bytes = encode(jump);
  ASSERT_EQ(bytes.size(), 5U + 140U);
  EXPECT_EQ(bytes[0], 0xE9);
  EXPECT_EQ(bytes[1], 140);
  EXPECT_EQ(bytes[5], 0x90);
}

}  // namespace
}  // namespace assay::oracles::instructions
