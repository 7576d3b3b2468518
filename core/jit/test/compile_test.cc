// The frame of a compiled block: what it saves, how far it moves the stack pointer, and what is recorded of it. What
// the code does is tested by operator, statement, pressure and random program beside this.
#include "core/jit/compile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/ast/text.h"
#include "core/jit/convention_registers.h"
#include "core/x64/form.h"

namespace assay::jit {
namespace {

using x64::Form;
using x64::RegId;

constexpr std::array<Convention, 2> kBoth = {Convention::SystemV, Convention::Microsoft};

std::set<RegId> saved_registers(Convention convention) {
  std::set<RegId> saved;
  for (int i = 0; i < x64::kRegCount; ++i) {
    const auto id = static_cast<RegId>(i);
    if ((convention_registers(convention).callee_saved & register_bit(id)) != 0) saved.insert(id);
  }
  return saved;
}

CompiledBlock compile(std::string_view text, Convention convention) {
  auto program = ast::parse_program(text);
  EXPECT_TRUE(program.ok()) << (program.ok() ? "" : program.error().describe());
  Compiler compiler;
  CompiledBlock block;
  if (program.ok()) compiler.compile(*program, {convention, {}, true}, block);
  return block;
}

std::vector<RegId> registers_of(const CompiledBlock& block, Form form) {
  std::vector<RegId> registers;
  for (const x64::Intent& one : block.intents) {
    if (one.form == form) registers.push_back(static_cast<RegId>(one.operands[0].reg));
  }
  return registers;
}

constexpr std::string_view kCrowded =
    R"(program p(i64 a, i64 b, i64 c, i64 d, i64 e, i64 f, i64 g, i64 h, i64 i, i64 j, i64 k, i64 l) {
  a = b + c; b = c * d; c = d - e; d = e ^ f; e = f | g; f = g & h; g = h + i; h = i + j; i = j + k; j = k + l; k = l + a; l = a + b;
})";

// All locals are alive at once.
std::string program_with_locals(int count) {
  std::string text = "program p(i64 a) { ";
  std::string uses;
  for (int i = 0; i < count; ++i) {
    text += "let i64 v" + std::to_string(i) + " = a + " + std::to_string(i) + "; ";
    uses += "a = a ^ v" + std::to_string(i) + "; ";
  }
  return text + uses + "}";
}

TEST(CompiledBlockFrame, PushesWhatItUsesAndPopsItInReverse) {
  for (const Convention convention : kBoth) {
    const CompiledBlock block = compile(kCrowded, convention);
    std::vector<RegId> pushed = registers_of(block, Form::PushR64);
    const std::vector<RegId> popped = registers_of(block, Form::PopR64);
    EXPECT_EQ(std::set<RegId>(pushed.begin(), pushed.end()), saved_registers(convention));
    std::reverse(pushed.begin(), pushed.end());
    EXPECT_EQ(pushed, popped);
  }
}

TEST(CompiledBlockFrame, SavesNothingItDoesNotUse) {
  for (const Convention convention : kBoth) {
    const CompiledBlock block = compile("program p(i32 a) { a = a + 1; }", convention);
    EXPECT_TRUE(registers_of(block, Form::PushR64).empty());
    EXPECT_EQ(block.machine_stack_bytes, 0U);
  }
}

// RSP was 8 below a multiple of 16 at entry. Where there are only saved registers it is not moved further for that.
TEST(CompiledBlockFrame, KeepsTheStackAligned) {
  for (int locals = 1; locals <= 40; ++locals) {
    for (const Convention convention : kBoth) {
      const CompiledBlock block = compile(program_with_locals(locals), convention);
      const std::size_t saved = registers_of(block, Form::PushR64).size();
      EXPECT_TRUE(block.machine_stack_bytes == 8 * saved || block.machine_stack_bytes % 16 == 8) << locals;
    }
  }
}

// 128 does not fit in a signed byte: `sub rsp, imm8` would move RSP up.
TEST(CompiledBlockFrame, MovesTheStackPointerDownByEverySize) {
  std::set<std::int64_t> sizes;
  for (int locals = 1; locals <= 40; ++locals) {
    for (const Convention convention : kBoth) {
      const CompiledBlock block = compile(program_with_locals(locals), convention);
      std::int64_t down = 0;
      std::int64_t up = 0;
      for (const x64::Intent& one : block.intents) {
        const bool on_rsp = one.operands[0].reg == x64::number(RegId::Rsp);
        if (on_rsp && (one.form == Form::SubR64I8 || one.form == Form::SubR64I32)) down += one.operands[1].immediate;
        if (on_rsp && (one.form == Form::AddR64I8 || one.form == Form::AddR64I32)) up += one.operands[1].immediate;
      }
      EXPECT_GE(down, 0);
      EXPECT_EQ(down, up);
      EXPECT_EQ(block.machine_stack_bytes, down + 8 * std::ssize(registers_of(block, Form::PushR64)));
      sizes.insert(down);
    }
  }
  EXPECT_TRUE(sizes.contains(120) || sizes.contains(112));
  EXPECT_TRUE(sizes.contains(128) || sizes.contains(136));
}

TEST(CompiledBlockFrame, IsTheSameForTheSameProgram) {
  Compiler compiler;
  const auto program = ast::parse_program(kCrowded);
  ASSERT_TRUE(program.ok());
  CompiledBlock first;
  CompiledBlock second;
  compiler.compile(*program, {Convention::SystemV, {}, true}, first);
  compiler.compile(*program, {Convention::Microsoft, x64::host_features(), false}, second);
  EXPECT_TRUE(second.intents.empty()) << "they were not asked for";
  compiler.compile(*program, {Convention::SystemV, {}, true}, second);
  EXPECT_EQ(first.code, second.code);
}

TEST(CompiledBlockFrame, EveryInstructionOfTheBodyNamesItsNode) {
  const CompiledBlock block =
      compile("program p(i32 a, i32 b) { loop (b) { a = a / b; } push a; }", Convention::SystemV);
  std::uint32_t unnamed = 0;
  for (const x64::Intent& one : block.intents) {
    if (one.node == 0xFFFFFFFFU) ++unnamed;
  }
  EXPECT_LT(unnamed, block.intents.size() / 2);
  EXPECT_GT(unnamed, 0U) << "entry and exit belong to no node";
}

}  // namespace
}  // namespace assay::jit
