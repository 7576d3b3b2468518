// Registration of variables: everything is known before selection begins.
#include "core/jit/variables.h"

#include <gtest/gtest.h>

#include <string_view>

#include "core/ast/text.h"

namespace assay::jit {
namespace {

class Registration : public testing::Test {
 protected:
  void read(std::string_view text) {
    auto program = ast::parse_program(text);
    ASSERT_TRUE(program.ok()) << (program.ok() ? "" : program.error().describe());
    program_ = std::move(program).value();
    pre_register_variables(program_, lir_, registers_);
  }
  [[nodiscard]] const VRegInfo& info(std::uint32_t variable) const { return lir_.vregs[registers_[variable].value]; }

  ast::Program program_;
  LirProgram lir_;
  std::vector<VReg> registers_;
};

TEST_F(Registration, FindsLocalsOfEveryNestedScope) {
  read("program p(i32 c) { if (c) { let i64 x = 1; while (c) { let i32 y = 2; c = y; } } else { let i32 z = 3; } }");
  ASSERT_EQ(registers_.size(), 4U);
  for (const VReg reg : registers_) EXPECT_TRUE(reg.valid());
  EXPECT_EQ(info(1).width, 64);
  EXPECT_EQ(info(2).width, 32);
  EXPECT_EQ(info(3).slot, -1);
}

TEST_F(Registration, ASlotThatIsOnlyReadIsNotWrittenBack) {
  read("program p(i32 a, i32 b) { b = a; }");
  EXPECT_TRUE(info(0).loaded_at_entry);
  EXPECT_FALSE(info(0).stored_at_exit);
  EXPECT_TRUE(info(1).stored_at_exit);
}

TEST_F(Registration, ASlotThatIsOnlyStoredIsLoadedTooForThePathsThatDoNotStoreIt) {
  read("program p(i32 a, i32 b) { if (a) { b = 1; } }");
  EXPECT_TRUE(info(1).loaded_at_entry);
}

TEST_F(Registration, ASlotThatIsNotUsedGetsNothing) {
  read("program p(i32 a, i32 b) { b = 1; }");
  EXPECT_FALSE(registers_[0].valid());
  EXPECT_EQ(lir_.vregs.size(), 1U);
}

TEST_F(Registration, AUseInALoopWeighsEightTimesAsMuch) {
  read("program p(i32 a, i32 b, i32 c) { a = 1; loop (a) { b = 1; loop (3) { c = 1; } } }");
  EXPECT_EQ(info(0).weight, 2U) << "the count is evaluated once";
  EXPECT_EQ(info(1).weight, 8U);
  EXPECT_EQ(info(2).weight, 64U);
}

TEST_F(Registration, AConditionOfAWhileIsInsideItsLoop) {
  read("program p(i32 a) { while (a) { } }");
  EXPECT_EQ(info(0).weight, 8U);
}

TEST(LoopWeight, IsCapped) {
  EXPECT_EQ(loop_weight(0), 1U);
  EXPECT_EQ(loop_weight(5), 32768U);
  EXPECT_EQ(loop_weight(200), 32768U);
}

}  // namespace
}  // namespace assay::jit
