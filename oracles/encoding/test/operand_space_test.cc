// The operand space of a form is the whole product of its operands' values, each exactly once.
#include "oracles/encoding/sweep/operand_space.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace assay::oracles::encoding::sweep {
namespace {

using x64::Form;
using x64::OperandKind;

std::vector<Form> straight_forms() {
  std::vector<Form> forms;
  for (std::size_t i = 0; i < x64::kFormCount; ++i) {
    if (!is_branch(static_cast<Form>(i))) forms.push_back(static_cast<Form>(i));
  }
  return forms;
}

std::set<std::int64_t> immediates(Form form, std::size_t operand) {
  std::set<std::int64_t> found;
  for (const x64::Operand& value : OperandSpace(form).values(operand)) found.insert(value.immediate);
  return found;
}

TEST(OperandSpace, EveryOperandOfEveryFormIsOfItsKind) {
  for (const Form form : straight_forms()) {
    const OperandSpace space(form);
    for (std::size_t i = 0; i < 3; ++i) {
      for (const x64::Operand& value : space.values(i)) ASSERT_EQ(value.kind, x64::form_info(form).operands[i]);
    }
  }
}

TEST(OperandSpace, EveryRegisterAndConditionStandsInEveryPlace) {
  for (const Form form : straight_forms()) {
    const OperandSpace space(form);
    for (std::size_t i = 0; i < 3; ++i) {
      const OperandKind kind = x64::form_info(form).operands[i];
      if (!is_register(kind) && kind != OperandKind::Condition) continue;
      std::set<int> numbers;
      for (const x64::Operand& value : space.values(i)) numbers.insert(value.reg);
      EXPECT_EQ(numbers.size(), 16U) << x64::form_info(form).id;
    }
  }
}

TEST(OperandSpace, EveryAddressShapeStandsInEveryMemoryOperand) {
  for (const Form form : straight_forms()) {
    for (std::size_t i = 0; i < 3; ++i) {
      if (!is_memory(x64::form_info(form).operands[i])) continue;
      std::set<std::tuple<int, int, int, std::int32_t>> shapes;
      for (const x64::Operand& value : OperandSpace(form).values(i)) {
        const x64::Address& address = value.address;
        EXPECT_FALSE(address.has_index && address.index == x64::RegId::Rsp);
        shapes.emplace(address.has_base ? number(address.base) : -1, address.has_index ? number(address.index) : -1,
                       address.scale, address.displacement);
      }
      EXPECT_EQ(shapes.size(), kAddressCount);
      EXPECT_EQ(kAddressCount, 10'370U);
    }
  }
}

TEST(OperandSpace, TheNumbersOfAFormGiveTheWholeProduct) {
  const OperandSpace space(Form::MovsxR64M16);
  ASSERT_EQ(space.size(), 16 * kAddressCount);
  std::set<std::tuple<int, int, int, int, int, std::int32_t>> seen;
  for (std::uint64_t i = 0; i < space.size(); ++i) {
    const Operands operands = space.at(i);
    const x64::Address& address = operands[1].address;
    seen.emplace(operands[0].reg, address.has_base ? number(address.base) : -1,
                 address.has_index ? number(address.index) : -1, address.scale, operands[2].reg, address.displacement);
  }
  EXPECT_EQ(seen.size(), space.size());
}

TEST(OperandSpace, AByteImmediateTakesEveryValueWhereThereIsNoMemory) {
  EXPECT_EQ(immediates(Form::AddR64I8, 1).size(), 256U);
  EXPECT_EQ(immediates(Form::RorxR64R64I8, 2).size(), 256U);
}

TEST(OperandSpace, ImmediatesMeetTheEdgesOfEveryWidth) {
  for (const std::int64_t edge : {0LL, 1LL, -1LL, 127LL, 128LL, -128LL, -129LL, 255LL, 2147483647LL, -2147483648LL}) {
    EXPECT_TRUE(immediates(Form::SubR64I32, 1).contains(edge)) << edge;
    EXPECT_TRUE(immediates(Form::SubM64I32, 1).contains(edge)) << edge;
    EXPECT_TRUE(immediates(Form::MovR64I64, 1).contains(edge)) << edge;
  }
  for (const std::int64_t edge : {2147483648LL, 4294967295LL, 4294967296LL, -2147483649LL}) {
    EXPECT_TRUE(immediates(Form::MovR64I64, 1).contains(edge)) << edge;
  }
}

}  // namespace
}  // namespace assay::oracles::encoding::sweep
