// Numbers and names of registers and conditions; see core/x64/registers.h.
#include "core/x64/registers.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <type_traits>

#include "core/x64/assembler.h"

namespace assay::x64 {
namespace {

template <class A, class B>
concept CanAdd = requires(Assembler assembler, A a, B b) { assembler.add(a, b); };

static_assert(CanAdd<Reg32, Reg32>);
static_assert(CanAdd<Reg64, Reg64>);
static_assert(!CanAdd<Reg32, Reg64>, "a wrong width must not compile");
static_assert(!CanAdd<Reg64, Reg32>, "a wrong width must not compile");
static_assert(!CanAdd<Reg64, Mem32>, "a wrong width must not compile");
static_assert(!std::is_convertible_v<Reg32, Reg64>);
static_assert(!std::is_convertible_v<int, Reg64>);

TEST(Registers, HaveTheArchitecturalNumbers) {
  EXPECT_EQ(number(RegId::Rax), 0);
  EXPECT_EQ(number(RegId::Rcx), 1);
  EXPECT_EQ(number(RegId::Rdx), 2);
  EXPECT_EQ(number(RegId::Rbx), 3);
  EXPECT_EQ(number(RegId::Rsp), 4);
  EXPECT_EQ(number(RegId::Rbp), 5);
  EXPECT_EQ(number(RegId::Rsi), 6);
  EXPECT_EQ(number(RegId::Rdi), 7);
  EXPECT_EQ(number(RegId::R8), 8);
  EXPECT_EQ(number(RegId::R15), 15);
}

TEST(Registers, AreNamedByWidth) {
  EXPECT_EQ(register_name(RegId::Rax, 64), "rax");
  EXPECT_EQ(register_name(RegId::Rax, 32), "eax");
  EXPECT_EQ(register_name(RegId::Rax, 16), "ax");
  EXPECT_EQ(register_name(RegId::Rax, 8), "al");
  EXPECT_EQ(register_name(RegId::R13, 64), "r13");
  EXPECT_EQ(register_name(RegId::R13, 32), "r13d");
  EXPECT_EQ(register_name(RegId::R13, 16), "r13w");
  EXPECT_EQ(register_name(RegId::R13, 8), "r13b");
}

TEST(Registers, ByteRegisters4To7AreTheLowOnes) {
  EXPECT_EQ(register_name(RegId::Rsp, 8), "spl");
  EXPECT_EQ(register_name(RegId::Rbp, 8), "bpl");
  EXPECT_EQ(register_name(RegId::Rsi, 8), "sil");
  EXPECT_EQ(register_name(RegId::Rdi, 8), "dil");
}

TEST(Registers, NoTwoShareAName) {
  std::set<std::string_view> names;
  for (int id = 0; id < kRegCount; ++id) {
    for (const int bits : {8, 16, 32, 64}) names.insert(register_name(static_cast<RegId>(id), bits));
  }
  EXPECT_EQ(names.size(), 4U * kRegCount);
}

// In the order of their numbers, Intel SDM volume 2, appendix B.1.4.7.
TEST(Conditions, AreNamedByNumber) {
  std::string names;
  for (int i = 0; i < 16; ++i) names += std::string(condition_name(static_cast<Cond>(i))) + " ";
  EXPECT_EQ(names, "o no b ae e ne be a s ns p np l ge le g ");
}

TEST(Conditions, InvertToTheirOpposite) {
  EXPECT_EQ(invert(Cond::E), Cond::Ne);
  EXPECT_EQ(invert(Cond::L), Cond::Ge);
  EXPECT_EQ(invert(Cond::Le), Cond::G);
  EXPECT_EQ(invert(Cond::B), Cond::Ae);
  EXPECT_EQ(invert(Cond::Be), Cond::A);
  for (int i = 0; i < 16; ++i) {
    const Cond cond = static_cast<Cond>(i);
    EXPECT_NE(invert(cond), cond);
    EXPECT_EQ(invert(invert(cond)), cond);
  }
}

}  // namespace
}  // namespace assay::x64
