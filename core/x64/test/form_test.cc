// The table insts.def as data: every row is reachable and consistent in itself; see core/x64/form.h.
#include "core/x64/form.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

namespace assay::x64 {
namespace {

const FormInfo& info(std::size_t index) { return form_info(static_cast<Form>(index)); }

bool has_kind(const FormInfo& form, bool (*matches)(OperandKind)) {
  return std::any_of(form.operands.begin(), form.operands.end(), matches);
}

TEST(Form, IsARowOfTheTable) {
  const FormInfo& add = form_info(Form::AddR32M32);
  EXPECT_EQ(add.id, "AddR32M32");
  EXPECT_EQ(add.mnemonic, "add");
  EXPECT_EQ(add.encoding, Encoding::RM);
  EXPECT_EQ(add.prefix, Prefix::No);
  EXPECT_EQ(add.map, OpcodeMap::One);
  EXPECT_EQ(add.opcode, 0x03);
  EXPECT_FALSE(add.rex_w);
  EXPECT_EQ(add.feature, Feature::Base);
  EXPECT_EQ(add.operands, (std::array{OperandKind::R32, OperandKind::M32, OperandKind::None}));

  const FormInfo& jump = form_info(Form::JccRel8);
  EXPECT_EQ(jump.operands, (std::array{OperandKind::Condition, OperandKind::Rel8, OperandKind::None}));

  const FormInfo& rorx = form_info(Form::RorxR64R64I8);
  EXPECT_EQ(rorx.encoding, Encoding::VexRMI);
  EXPECT_TRUE(rorx.rex_w);
  EXPECT_EQ(rorx.feature, Feature::Bmi2);
  EXPECT_EQ(rorx.operands, (std::array{OperandKind::R64, OperandKind::R64, OperandKind::I8}));
}

TEST(Form, HasAnIdOfItsOwn) {
  std::set<std::string_view> ids;
  for (std::size_t i = 0; i < kFormCount; ++i) EXPECT_TRUE(ids.insert(info(i).id).second) << info(i).id;
}

TEST(Form, HasItsOperandsInFront) {
  for (std::size_t i = 0; i < kFormCount; ++i) {
    const auto& operands = info(i).operands;
    const auto end = std::find(operands.begin(), operands.end(), OperandKind::None);
    EXPECT_TRUE(std::all_of(end, operands.end(), [](OperandKind kind) { return kind == OperandKind::None; }))
        << info(i).id;
  }
}

// Ids are built as <Mnemonic><operand kinds>, conditions and widths of addresses left out.
TEST(Form, IsNamedAfterItsMnemonic) {
  for (std::size_t i = 0; i < kFormCount; ++i) {
    std::string start(info(i).id.substr(0, info(i).mnemonic.size()));
    start[0] = static_cast<char>(start[0] - 'A' + 'a');
    EXPECT_EQ(start, info(i).mnemonic) << info(i).id;
  }
}

TEST(Form, HasAnOpcodeDigitOnlyWhereAnEncodingHasRoomForIt) {
  for (std::size_t i = 0; i < kFormCount; ++i) {
    EXPECT_LT(info(i).digit, 8) << info(i).id;
    const bool room = info(i).encoding == Encoding::M || info(i).encoding == Encoding::MI;
    EXPECT_TRUE(room || info(i).digit == 0) << info(i).id;
  }
}

TEST(Form, HasAnImmediateWhereItsEncodingHasOne) {
  for (std::size_t i = 0; i < kFormCount; ++i) {
    const Encoding encoding = info(i).encoding;
    const bool expected = encoding == Encoding::MI || encoding == Encoding::RMI || encoding == Encoding::OI ||
                          encoding == Encoding::I || encoding == Encoding::VexRMI;
    EXPECT_EQ(has_kind(info(i), is_immediate), expected) << info(i).id;
  }
}

TEST(Form, WithAnOperandOf32BitsOnlyHasNoRexW) {
  for (std::size_t i = 0; i < kFormCount; ++i) {
    const auto& operands = info(i).operands;
    const bool wide = std::find(operands.begin(), operands.end(), OperandKind::R64) != operands.end() ||
                      std::find(operands.begin(), operands.end(), OperandKind::M64) != operands.end();
    const bool no_operand = operands[0] == OperandKind::None;  // cdq and cqo differ by REX.W alone
    EXPECT_TRUE(wide || no_operand || !info(i).rex_w) << info(i).id;
  }
}

TEST(Form, NoTwoHaveTheSameEncodingAndOperandClasses) {
  std::map<std::tuple<Encoding, Prefix, OpcodeMap, int, int, bool, bool>, std::string_view> seen;
  for (std::size_t i = 0; i < kFormCount; ++i) {
    const FormInfo& form = info(i);
    const auto key = std::tuple(form.encoding, form.prefix, form.map, int{form.opcode}, int{form.digit}, form.rex_w,
                                has_kind(form, is_memory));
    const auto [place, inserted] = seen.emplace(key, form.id);
    EXPECT_TRUE(inserted) << form.id << " and " << place->second;
  }
}

}  // namespace
}  // namespace assay::x64
