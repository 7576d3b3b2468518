// Compiled code is proved to do what its program means; code with a byte changed is refuted by a frame on which it
// really ends differently, and what cannot be said is unknown.
#include "smt/x86/compiled_proof.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/ast/text.h"
#include "core/jit/compile.h"

namespace assay::smt::x86 {
namespace {

using Bytes = std::vector<std::uint8_t>;
using jit::Convention;

ast::Program parsed(const std::string& body) {
  auto program = ast::parse_program("program p(i32 x, i32 y, i64 z) { " + body + " }");
  EXPECT_TRUE(program.ok()) << program.error().describe();
  return std::move(program).value();
}

Bytes compiled(const ast::Program& program, Convention convention = Convention::SystemV) {
  jit::Compiler compiler;
  jit::CompiledBlock block;
  jit::CompileOptions options;
  options.convention = convention;
  compiler.compile(program, options, block);
  return block.code;
}

Proof prove(const ast::Program& program, const Bytes& code, Convention convention = Convention::SystemV) {
  Solver solver;
  return prove_compiled(program, code, convention, solver, {3000, false});
}

void expect_refuted(const ast::Program& program, const Bytes& code) {
  const Proof proof = prove(program, code);
  ASSERT_EQ(proof.answer, Answer::Refuted) << proof.reason;
  EXPECT_EQ(agrees_on(program, code, Convention::SystemV, proof.counterexample), false);
}

// The code with the first occurrence of `from` replaced.
Bytes patched(Bytes code, const Bytes& from, const Bytes& to) {
  const auto at = std::search(code.begin(), code.end(), from.begin(), from.end());
  EXPECT_NE(at, code.end()) << "the code no longer has the instruction that this test changes";
  if (at != code.end()) std::copy(to.begin(), to.end(), at);
  return code;
}

// What a block returns is its third argument: mov rax, rdx; ret.
const Bytes kReturns = {0x48, 0x89, 0xD0, 0xC3};

// The bytes in front of a correct return.
Bytes before_return(Bytes code) {
  code.insert(code.end(), kReturns.begin(), kReturns.end());
  return code;
}

TEST(CompiledProof, ProvesWhatTheJitMakesInBothConventions) {
  const ast::Program program = parsed("x = (x + y) * y; if (x < y) { z = z - extend_s(x); } else { z = z / 7L; }");
  for (const Convention convention : {Convention::SystemV, Convention::Microsoft}) {
    const Proof proof = prove(program, compiled(program, convention), convention);
    EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;
    EXPECT_TRUE(proof.counterexample.empty());
  }
}

TEST(CompiledProof, ProvesTheTrapsOfADivision) {
  const ast::Program program = parsed("x = div_s(x, y);");
  EXPECT_EQ(prove(program, compiled(program)).answer, Answer::Proved);
}

TEST(CompiledProof, RefutesCodeForTheOtherConvention) {
  const ast::Program program = parsed("x = x + y;");
  EXPECT_NE(prove(program, compiled(program, Convention::Microsoft), Convention::SystemV).answer, Answer::Proved);
}

TEST(CompiledProof, RefutesAnotherOperation) {
  const ast::Program program = parsed("x = x ^ y;");
  // mov eax, [rdi]; or eax, [rdi + 8]; mov [rdi], eax
  expect_refuted(program, before_return({0x8B, 0x07, 0x0B, 0x47, 0x08, 0x89, 0x07}));
  // The same with xor is right.
  EXPECT_EQ(prove(program, before_return({0x8B, 0x07, 0x33, 0x47, 0x08, 0x89, 0x07})).answer, Answer::Proved);
}

TEST(CompiledProof, RefutesAStoreThatTouchesTheHighHalfOfANarrowSlot) {
  const ast::Program program = parsed("x = y;");
  // mov eax, [rdi + 8]; mov [rdi], rax
  expect_refuted(program, before_return({0x8B, 0x47, 0x08, 0x48, 0x89, 0x07}));
}

TEST(CompiledProof, RefutesALostRegister) {
  const ast::Program program = parsed("x = y;");
  // mov ebx, [rdi + 8]; mov [rdi], ebx: RBX belongs to the caller
  const Proof proof = prove(program, before_return({0x8B, 0x5F, 0x08, 0x89, 0x1F}));
  EXPECT_EQ(proof.answer, Answer::Refuted) << proof.reason;
}

TEST(CompiledProof, RefutesAStackPointerThatIsOff) {
  const ast::Program program = parsed("x = x;");
  // sub rsp, -128 is an addition; the epilogue that takes it back would hide it, so there is none
  EXPECT_EQ(prove(program, before_return({0x48, 0x83, 0xEC, 0x80})).answer, Answer::Refuted);
}

TEST(CompiledProof, RefutesAnotherReturnValue) {
  const ast::Program program = parsed("x = x;");
  EXPECT_EQ(prove(program, {0x31, 0xC0, 0xC3}).answer, Answer::Refuted);  // xor eax, eax; ret
}

TEST(CompiledProof, RefutesADivisionThatFaultsInsteadOfTrapping) {
  const ast::Program program = parsed("x = div_u(x, y);");
  // push rdx; mov eax, [rdi]; xor edx, edx; div dword [rdi + 8]; mov [rdi], eax; pop rdx
  expect_refuted(program, before_return({0x52, 0x8B, 0x07, 0x31, 0xD2, 0xF7, 0x77, 0x08, 0x89, 0x07, 0x5A}));
}

TEST(CompiledProof, RefutesASignedConditionForAnUnsignedOne) {
  const ast::Program program = parsed("x = lt_u(x, y);");
  const Bytes code = compiled(program);
  expect_refuted(program, patched(code, {0x0F, 0x92}, {0x0F, 0x9C}));  // setb, setl
}

TEST(CompiledProof, IsUnknownForWhatItCannotSay) {
  const ast::Program loop = parsed("loop (x) { y = y + 1; }");
  EXPECT_EQ(prove(loop, compiled(loop)).answer, Answer::Unknown);
  const ast::Program pushes = parsed("push x;");
  const Proof proof = prove(pushes, compiled(pushes));
  EXPECT_EQ(proof.answer, Answer::Unknown);
  EXPECT_EQ(proof.reason, "the program pushes");
  const ast::Program copy = parsed("x = y;");
  EXPECT_EQ(prove(copy, {0x0F, 0x0B}).answer, Answer::Unknown);  // ud2
  EXPECT_EQ(agrees_on(copy, Bytes{0x0F, 0x0B}, Convention::SystemV, std::vector<std::uint64_t>{1, 2, 3}), std::nullopt);
}

}  // namespace
}  // namespace assay::smt::x86
