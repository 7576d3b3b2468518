// Addresses and the classes and widths of operands; see core/x64/operand.h.
#include "core/x64/operand.h"

#include <gtest/gtest.h>

namespace assay::x64 {
namespace {

constexpr Reg64 kRbx{RegId::Rbx};
constexpr Reg64 kR9{RegId::R9};

TEST(Address, OfABaseHasNothingElse) {
  const Address address = at(kRbx, -8);
  EXPECT_TRUE(address.has_base);
  EXPECT_FALSE(address.has_index);
  EXPECT_EQ(address.base, RegId::Rbx);
  EXPECT_EQ(address.displacement, -8);
  EXPECT_EQ(at(kRbx), at(kRbx, 0));
}

TEST(Address, OfBaseAndIndexHasBoth) {
  const Address address = at(kRbx, kR9, 4, 100);
  EXPECT_TRUE(address.has_base);
  EXPECT_TRUE(address.has_index);
  EXPECT_EQ(address.base, RegId::Rbx);
  EXPECT_EQ(address.index, RegId::R9);
  EXPECT_EQ(address.scale, 4);
  EXPECT_EQ(address.displacement, 100);
}

TEST(Address, OfAnIndexHasNoBase) {
  const Address address = at_index(kR9, 8, 1);
  EXPECT_FALSE(address.has_base);
  EXPECT_TRUE(address.has_index);
  EXPECT_EQ(address.scale, 8);
}

TEST(Address, MayBeADisplacementAlone) {
  const Address address = at_absolute(0x1000);
  EXPECT_FALSE(address.has_base);
  EXPECT_FALSE(address.has_index);
  EXPECT_EQ(address.displacement, 0x1000);
}

TEST(Address, DiffersByEveryPart) {
  const Address one = at(kRbx, kR9, 4, 100);
  EXPECT_NE(one, at(kR9, kR9, 4, 100));
  EXPECT_NE(one, at(kRbx, kRbx, 4, 100));
  EXPECT_NE(one, at(kRbx, kR9, 2, 100));
  EXPECT_NE(one, at(kRbx, kR9, 4, 101));
  EXPECT_NE(one, at_index(kR9, 4, 100));
  EXPECT_NE(at(kRbx, 100), at_absolute(100));
}

TEST(OperandKind, EachIsOfAtMostOneClass) {
  using enum OperandKind;
  for (const OperandKind kind : {R8, R16, R32, R64}) {
    EXPECT_TRUE(is_register(kind) && !is_memory(kind) && !is_immediate(kind));
  }
  for (const OperandKind kind : {M8, M16, M32, M64}) {
    EXPECT_TRUE(!is_register(kind) && is_memory(kind) && !is_immediate(kind));
  }
  for (const OperandKind kind : {I8, I32, I64}) {
    EXPECT_TRUE(!is_register(kind) && !is_memory(kind) && is_immediate(kind));
  }
  for (const OperandKind kind : {None, Cl, Condition, Rel8, Rel32}) {
    EXPECT_TRUE(!is_register(kind) && !is_memory(kind) && !is_immediate(kind));
  }
}

TEST(OperandKind, HasTheWidthInItsName) {
  using enum OperandKind;
  for (const OperandKind kind : {R8, M8, I8, Cl, Rel8}) EXPECT_EQ(operand_bits(kind), 8);
  for (const OperandKind kind : {R16, M16}) EXPECT_EQ(operand_bits(kind), 16);
  for (const OperandKind kind : {R32, M32, I32, Rel32}) EXPECT_EQ(operand_bits(kind), 32);
  for (const OperandKind kind : {R64, M64, I64}) EXPECT_EQ(operand_bits(kind), 64);
  for (const OperandKind kind : {None, Condition}) EXPECT_EQ(operand_bits(kind), 0);
}

}  // namespace
}  // namespace assay::x64
