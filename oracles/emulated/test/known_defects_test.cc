// Every row of the table of known defects, shown: when one of these fails, Unicorn has learned something.
//
// The rows that kill the host are shown in a process of their own by emulated_engine_test.cc, and UndefinedFlags, which
// takes a CPU to differ from, by oracles/instructions/test/check_test.cc.
#include "oracles/emulated/known_defects.h"

#include "oracles/emulated/test/blocks.h"

namespace assay::oracles::emulated {
namespace {

using jit::Convention;

TEST(KnownDefects, RowsAreInTheOrderOfTheEnumAndComplete) {
  for (std::size_t i = 0; i < known_defects().size(); ++i) {
    const DefectInfo& row = known_defects()[i];
    EXPECT_EQ(row.id, static_cast<Defect>(i));
    EXPECT_EQ(&defect_info(row.id), &row);
    EXPECT_FALSE(row.what.empty());
    EXPECT_FALSE(row.consequence.empty());
    EXPECT_TRUE(row.link.starts_with("https://")) << row.link;
  }
}

TEST(KnownDefects, PopcntIsAnInvalidInstruction) {
  Bench bench(Convention::SystemV);
  for (const Bytes& block :
       {Bytes{0x90, 0xF3, 0x0F, 0xB8, 0xC1, 0xC3}, Bytes{0x90, 0xF3, 0x48, 0x0F, 0xB8, 0xC1, 0xC3}}) {
    const Observation seen = bench.run(block);
    EXPECT_EQ(seen.end, RunEnd::Fault);
    EXPECT_EQ(seen.fault.kind, FaultKind::IllegalInstruction);
    EXPECT_EQ(seen.fault.code_offset, 1U);
    EXPECT_TRUE(is_unsupported_instruction(block.code(), seen.fault));
  }
}

TEST(KnownDefects, OtherInvalidInstructionsAreNotExcused) {
  const Fault fault{FaultKind::IllegalInstruction, 0, 0};
  EXPECT_FALSE(is_unsupported_instruction(Bytes{0x0F, 0x0B}.code(), fault));
  EXPECT_FALSE(is_unsupported_instruction(Bytes{0x0F, 0xB8, 0xC1}.code(), fault));
  EXPECT_FALSE(is_unsupported_instruction(Bytes{0xF3}.code(), fault));
  EXPECT_FALSE(is_unsupported_instruction({}, fault));
  const Fault unlocated{FaultKind::IllegalInstruction, kUnknownOffset, 0};
  EXPECT_FALSE(is_unsupported_instruction(Bytes{0xF3, 0x0F, 0xB8, 0xC1}.code(), unlocated));
  const Fault other{FaultKind::ReadMemory, 0, 0};
  EXPECT_FALSE(is_unsupported_instruction(Bytes{0xF3, 0x0F, 0xB8, 0x00}.code(), other));
}

TEST(KnownDefects, BitScanOfZeroClearsTheUpperHalf) {
  Bench bench(Convention::SystemV);
  for (const int opcode : {0xBC, 0xBD}) {
    // mov rax, -1; xor ecx, ecx; bsf/bsr eax, ecx; ret
    const Bytes block{0x48, 0xC7, 0xC0, 0xFF, 0xFF, 0xFF, 0xFF, 0x31, 0xC9, 0x0F, opcode, 0xC1, 0xC3};
    EXPECT_EQ(bench.run(block).result, 0xFFFF'FFFF) << opcode;
  }
}

TEST(KnownDefects, RexBeforeAPrefixIsHonoured) {
  Bench bench(Convention::SystemV);
  // mov rcx, 2^32; rex.w repz tzcnt eax, ecx in the wrong order; ret. A CPU gives 32.
  const Bytes block = Bytes{0x48, 0xB9}.imm64(1ULL << 32).add({0x48, 0xF3, 0x0F, 0xBC, 0xC1, 0xC3});
  EXPECT_EQ(bench.run(block).result, 32);
  // mov rcx, 2^40 tells the two apart: the 32-bit count of zero is 32, the 64-bit count is 40.
  const Bytes wide = Bytes{0x48, 0xB9}.imm64(1ULL << 40).add({0x48, 0xF3, 0x0F, 0xBC, 0xC1, 0xC3});
  EXPECT_EQ(bench.run(wide).result, 40);
}

TEST(KnownDefects, MisalignedMovapsIsAccepted) {
  Bench bench(Convention::SystemV);
  // movaps [rsp - 24], xmm0 with RSP 8 below a multiple of 16, so aligned; and [rsp - 32], which is not
  EXPECT_EQ(bench.run(Bytes{0x0F, 0x29, 0x44, 0x24, 0xE8}.give(0)).end, RunEnd::Finished);
  EXPECT_EQ(bench.run(Bytes{0x0F, 0x29, 0x44, 0x24, 0xE0}.give(0)).end, RunEnd::Finished);
}

TEST(KnownDefects, PrivilegedInstructionsAreCarriedOut) {
  Bench bench(Convention::SystemV);
  EXPECT_EQ(bench.run(Bytes{0xFA}.give(0)).end, RunEnd::Finished);        // cli
  EXPECT_EQ(bench.run(Bytes{0xE4, 0x60}.give(0)).end, RunEnd::Finished);  // in al, 0x60
}

TEST(KnownDefects, FarBranchesThroughRegistersAreFoundInCode) {
  EXPECT_EQ(find_fatal_to_translate(Bytes{0x90, 0xFF, 0xD8}.code()), 1U);
  EXPECT_EQ(find_fatal_to_translate(Bytes{0x90, 0x90, 0xFF, 0xE8, 0xC3}.code()), 2U);
  EXPECT_EQ(find_fatal_to_translate(Bytes{0x90, 0x48, 0xFF, 0xD8}.code()), 1U);
  EXPECT_EQ(find_fatal_to_translate(Bytes{0xFF, 0xD0, 0xFF, 0xE0, 0xFF, 0x18}.code()), std::nullopt);
  EXPECT_EQ(find_fatal_to_translate(Bytes{0xFF, 0xD8, 0xFF, 0xE8}.code()), std::nullopt) << "ambiguous";
  EXPECT_EQ(find_fatal_to_translate(Bytes{0xFF}.code()), std::nullopt);
}

}  // namespace
}  // namespace assay::oracles::emulated
