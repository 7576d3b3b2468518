// The encoder against golden bytes for every form; see encodings.inc for where they come from.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "core/x64/assembler.h"
#include "core/x64/encoder.h"

namespace assay::x64 {
namespace {

// The names that the calls in encodings.inc use.
#define REGISTER(n64, n32, n16, n8, Id)            \
  constexpr Reg64 n64{RegId::Id};                  \
  constexpr Reg32 n32{RegId::Id};                  \
  [[maybe_unused]] constexpr Reg16 n16{RegId::Id}; \
  constexpr Reg8 n8{RegId::Id};
REGISTER(rax, eax, ax, al, Rax)
REGISTER(rcx, ecx, cx, cl, Rcx)
REGISTER(rdx, edx, dx, dl, Rdx)
REGISTER(rbx, ebx, bx, bl, Rbx)
REGISTER(rsp, esp, sp, spl, Rsp)
REGISTER(rbp, ebp, bp, bpl, Rbp)
REGISTER(rsi, esi, si, sil, Rsi)
REGISTER(rdi, edi, di, dil, Rdi)
REGISTER(r8, r8d, r8w, r8b, R8)
REGISTER(r9, r9d, r9w, r9b, R9)
REGISTER(r10, r10d, r10w, r10b, R10)
REGISTER(r11, r11d, r11w, r11b, R11)
REGISTER(r12, r12d, r12w, r12b, R12)
REGISTER(r13, r13d, r13w, r13b, R13)
REGISTER(r14, r14d, r14w, r14b, R14)
REGISTER(r15, r15d, r15w, r15b, R15)
#undef REGISTER

constexpr Cl cl_count{};
constexpr std::int32_t kMin32 = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kMin64 = std::numeric_limits<std::int64_t>::min();

Mem8 m8(const Address& address) { return {address}; }
Mem16 m16(const Address& address) { return {address}; }
Mem32 m32(const Address& address) { return {address}; }
Mem64 m64(const Address& address) { return {address}; }
Imm8 i8(std::int8_t value) { return {value}; }
Imm32 i32(std::int32_t value) { return {value}; }
Imm64 i64(std::int64_t value) { return {value}; }

std::string hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    if (!text.empty()) text += ' ';
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

struct Row {
  Form form;
  std::string_view bytes;
  std::string_view text;
  void (*emit)(Assembler& assembler);
};

const Row kRows[] = {
#define ENCODING(form, bytes, text, call) {Form::form, bytes, text, [](Assembler& assembler) { assembler.call; }},
#include "core/x64/test/encodings.inc"
};

TEST(Encodings, AreThoseOfAnIndependentAssembler) {
  Assembler assembler;
  for (const Row& row : kRows) {
    assembler.clear();
    row.emit(assembler);
    EXPECT_EQ(hex(assembler.code()), row.bytes) << row.text;
  }
}

TEST(Encodings, MethodsChooseTheFormOfTheirOperandTypes) {
  Assembler assembler;
  assembler.record_intents(true);
  for (const Row& row : kRows) {
    assembler.clear();
    row.emit(assembler);
    ASSERT_EQ(assembler.intents().size(), 1U);
    EXPECT_EQ(form_info(assembler.intents()[0].form).id, form_info(row.form).id) << row.text;
  }
}

// What a method was called with and what it recorded give the same bytes: sweeps may start from either.
TEST(Encodings, FromRecordedOperandsAreTheSame) {
  Assembler assembler;
  assembler.record_intents(true);
  for (const Row& row : kRows) {
    assembler.clear();
    row.emit(assembler);
    const Intent intent = assembler.intents()[0];
    std::array<std::uint8_t, kMaxInstructionBytes> out{};
    const int length =
        encode(form_info(intent.form), intent.operands[0], intent.operands[1], intent.operands[2], out.data());
    EXPECT_EQ(hex(std::span(out).first(static_cast<std::size_t>(length))), row.bytes) << row.text;
  }
}

bool is_branch(Form form) {
  switch (form) {
#define X64_BRANCH1(Id, ...) case Form::Id:
#define X64_BRANCH2(Id, ...) case Form::Id:
#include "core/x64/insts.def"
    return true;
    default:
      return false;
  }
}

// A new row of insts.def has to bring its golden bytes. Branches need a target; they have a test of their own below.
TEST(Encodings, ExistForEveryForm) {
  std::array<int, kFormCount> rows{};
  for (const Row& row : kRows) ++rows[static_cast<std::size_t>(row.form)];
  for (std::size_t i = 0; i < kFormCount; ++i) {
    const bool branch = is_branch(static_cast<Form>(i));
    EXPECT_EQ(rows[i] == 0, branch) << form_info(static_cast<Form>(i)).id;
  }
}

// By hand from the Intel SDM, volume 2: opcodes EB, E9, E8, 70+cc and 0F 80+cc, and the displacement from the end.
TEST(Encodings, OfBranchesAreThoseOfAnIndependentAssembler) {
  constexpr std::array<std::string_view, 16> kShort = {"70 00", "71 00", "72 00", "73 00", "74 00", "75 00",
                                                       "76 00", "77 00", "78 00", "79 00", "7A 00", "7B 00",
                                                       "7C 00", "7D 00", "7E 00", "7F 00"};
  constexpr std::array<std::string_view, 16> kNear = {
      "0F 80 C8 00 00 00", "0F 81 C8 00 00 00", "0F 82 C8 00 00 00", "0F 83 C8 00 00 00",
      "0F 84 C8 00 00 00", "0F 85 C8 00 00 00", "0F 86 C8 00 00 00", "0F 87 C8 00 00 00",
      "0F 88 C8 00 00 00", "0F 89 C8 00 00 00", "0F 8A C8 00 00 00", "0F 8B C8 00 00 00",
      "0F 8C C8 00 00 00", "0F 8D C8 00 00 00", "0F 8E C8 00 00 00", "0F 8F C8 00 00 00"};
  enum class Kind : std::uint8_t { Jmp, Call, Jcc };
  const auto bytes = [](Kind kind, Cond condition, int between) {
    Assembler assembler;
    const Label target = assembler.new_label();
    if (kind == Kind::Jmp) assembler.jmp(target);
    if (kind == Kind::Call) assembler.call(target);
    if (kind == Kind::Jcc) assembler.jcc(condition, target);
    for (int i = 0; i < between; ++i) assembler.ret();
    assembler.bind(target);
    assembler.finish();
    return hex(assembler.code().first(assembler.code().size() - static_cast<std::size_t>(between)));
  };
  EXPECT_EQ(bytes(Kind::Jmp, Cond::O, 0), "EB 00");
  EXPECT_EQ(bytes(Kind::Jmp, Cond::O, 200), "E9 C8 00 00 00");
  EXPECT_EQ(bytes(Kind::Call, Cond::O, 0), "E8 00 00 00 00");
  EXPECT_EQ(bytes(Kind::Call, Cond::O, 200), "E8 C8 00 00 00");
  for (std::size_t i = 0; i < 16; ++i) {
    EXPECT_EQ(bytes(Kind::Jcc, static_cast<Cond>(i), 0), kShort[i]);
    EXPECT_EQ(bytes(Kind::Jcc, static_cast<Cond>(i), 200), kNear[i]);
  }
}

// 48 83 EC 80 adds 128 to RSP: one byte of immediate is sign-extended. The types leave no way to write 128 in one byte.
TEST(Encodings, SubtractionOf128TakesFourBytesOfImmediate) {
  Assembler assembler;
  assembler.sub(rsp, i32(128));
  EXPECT_EQ(hex(assembler.code()), "48 81 EC 80 00 00 00");
  assembler.clear();
  assembler.sub(rsp, i8(-128));
  EXPECT_EQ(hex(assembler.code()), "48 83 EC 80");
}

// Small values in wide immediates keep their width: assemblers shorten them, so the golden rows cannot hold these.
TEST(Encodings, WideImmediatesAreNotNarrowed) {
  Assembler assembler;
  assembler.add(ecx, i32(1));
  EXPECT_EQ(hex(assembler.code()), "81 C1 01 00 00 00");
  assembler.clear();
  assembler.mov(rcx, i64(1));
  EXPECT_EQ(hex(assembler.code()), "48 B9 01 00 00 00 00 00 00 00");
  assembler.clear();
  assembler.push(i32(1));
  EXPECT_EQ(hex(assembler.code()), "68 01 00 00 00");
}

}  // namespace
}  // namespace assay::x64
