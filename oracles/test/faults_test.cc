// Deliberate faults: every one is convicted by the oracles named, and no oracle that runs the code says it agrees.
//
// Each block is made by hand for a small program. A control shows that the unspoiled block satisfies every oracle, so
// that a conviction is about the fault and nothing else. Oracles are asked one at a time: an early conviction must not
// hide that a later oracle would have been blind.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "core/ast/text.h"
#include "oracles/blame.h"
#include "oracles/explain.h"
#include "oracles/judge.h"
#include "oracles/test/planted_block.h"

namespace assay::oracles {
namespace {

using planted::encode_wrongly;
using planted::FixedSource;
using planted::frame_register;
using planted::stack_register;
using testing::Contains;
using testing::HasSubstr;
using x64::Cond;
using x64::Imm32;
using x64::Imm8;
using x64::Mem32;
using x64::Mem64;
using x64::Reg32;
using x64::Reg64;
using x64::Reg8;
using x64::RegId;

constexpr Reg64 kRsp{RegId::Rsp};

struct Planted {
  const char* source;
  FixedSource::Emit emit;
  FixedSource::Spoil spoil;
};

struct Spoken {
  std::array<Verdict, kOracleCount> verdicts{};
  std::array<Conviction, kOracleCount> convictions;
};

std::vector<Frame> inputs_for(const ast::Program& program) {
  std::vector<Frame> inputs;
  for (const std::uint64_t seed : {5ULL, 0xFFFFFFFF80000001ULL}) {
    Frame frame;
    for (std::uint32_t slot = 0; slot < program.slot_count(); ++slot) frame.push_back(seed + slot * 0x100000003ULL);
    inputs.push_back(frame);
  }
  return inputs;
}

// Puts the program with its planted block before each oracle alone.
Spoken ask_all(const Planted& planted, bool spoiled) {
  auto program = ast::parse_program(planted.source);
  EXPECT_TRUE(program) << program.error().describe();
  const std::vector<Frame> inputs = inputs_for(*program);
  Spoken spoken;
  for (const OracleId oracle : kAllOracles) {
    if (oracle == OracleId::Tiered) continue;  // runs its own compiler's code
    JudgeConfig config;
    config.enabled.fill(false);
    config.enabled[static_cast<std::size_t>(oracle)] = true;
    // The decoders look at whatever some engine will run.
    if (oracle == OracleId::Encoding) config.enabled[static_cast<std::size_t>(OracleId::EmulatedSystemV)] = true;
    auto judge = Judge::create(config, std::make_unique<FixedSource>(planted.emit, spoiled ? planted.spoil : nullptr));
    EXPECT_TRUE(judge) << judge.error().describe();
    BatchReport report;
    const std::array subjects = {Subject{&*program, inputs, {}, false}};
    const auto done = judge.value()->judge(subjects, report);
    EXPECT_TRUE(done) << done.error().describe();
    for (std::size_t verdict = 0; verdict < kVerdictCount; ++verdict) {
      if (report.counts.verdicts[static_cast<std::size_t>(oracle)][verdict] != 0) {
        spoken.verdicts[static_cast<std::size_t>(oracle)] = static_cast<Verdict>(verdict);
      }
    }
    for (const Conviction& conviction : report.convictions) {
      if (conviction.oracle == oracle) spoken.convictions[static_cast<std::size_t>(oracle)] = conviction;
    }
  }
  return spoken;
}

Verdict said(const Spoken& spoken, OracleId oracle) { return spoken.verdicts[static_cast<std::size_t>(oracle)]; }
const Conviction& conviction_of(const Spoken& spoken, OracleId oracle) {
  return spoken.convictions[static_cast<std::size_t>(oracle)];
}

constexpr std::array kRunning = {OracleId::EmulatedSystemV, OracleId::EmulatedMicrosoft, OracleId::NativeSystemV,
                                 OracleId::NativeMicrosoft};

// All oracles agree with the unspoiled block.
void expect_control(const Planted& planted) {
  const Spoken spoken = ask_all(planted, false);
  EXPECT_EQ(said(spoken, OracleId::Encoding), Verdict::Agree) << conviction_of(spoken, OracleId::Encoding).message;
  for (const OracleId oracle : kRunning) EXPECT_EQ(said(spoken, oracle), Verdict::Agree) << name(oracle);
}

// The decoders convict, with a message that holds all of `words`.
void expect_encoding_convicts(const Spoken& spoken, std::initializer_list<const char*> words) {
  EXPECT_EQ(said(spoken, OracleId::Encoding), Verdict::Diverge);
  for (const char* const word : words) {
    EXPECT_THAT(conviction_of(spoken, OracleId::Encoding).message, HasSubstr(word));
  }
}

// All four engines that run the block convict, with that verdict and that kind of difference first.
void expect_engines_convict(const Spoken& spoken, Verdict verdict, DifferenceKind kind) {
  for (const OracleId oracle : kRunning) {
    EXPECT_EQ(said(spoken, oracle), verdict) << name(oracle);
    const Conviction& conviction = conviction_of(spoken, oracle);
    ASSERT_FALSE(conviction.differences.empty()) << name(oracle);
    EXPECT_EQ(conviction.differences.front().kind, kind)
        << name(oracle) << " says " << name(conviction.differences.front().kind);
  }
}

void expect_engines_convict_somehow(const Spoken& spoken) {
  for (const OracleId oracle : kRunning) EXPECT_TRUE(is_finding(said(spoken, oracle))) << name(oracle);
}

void expect_fault(const Spoken& spoken, FaultKind fault, std::uint32_t instruction) {
  expect_engines_convict(spoken, Verdict::Crash, DifferenceKind::Fault);
  for (const OracleId oracle : kRunning) {
    const Conviction& conviction = conviction_of(spoken, oracle);
    EXPECT_EQ(conviction.got.fault.kind, fault) << name(oracle) << ": " << name(conviction.got.fault.kind);
    EXPECT_EQ(conviction.code_offset, conviction.block.intents[instruction].offset) << name(oracle);
  }
}

void expect_violation(const Spoken& spoken, Violation violation) {
  expect_engines_convict(spoken, Verdict::Diverge, DifferenceKind::Violation);
  for (const OracleId oracle : kRunning) {
    EXPECT_TRUE(has(conviction_of(spoken, oracle).got.violations, violation)) << name(oracle);
  }
}

void leave(x64::Assembler& assembler) {
  assembler.xor_(Reg32{RegId::Rax}, Reg32{RegId::Rax});
  assembler.ret();
}

// Copies slot 0 to slot 1 through R12D, which it saves.
constexpr const char* kCopy = "program copy(i32 a, i32 b) { b = a; }";
void emit_copy_through_r12(x64::Assembler& assembler, jit::Convention convention) {
  const Reg64 frame = frame_register(convention);
  assembler.push(Reg64{RegId::R12});                           // 0
  assembler.mov(Reg32{RegId::R12}, Mem32{x64::at(frame)});     // 1
  assembler.mov(Mem32{x64::at(frame, 8)}, Reg32{RegId::R12});  // 2
  assembler.pop(Reg64{RegId::R12});                            // 3
  leave(assembler);
}

// The same with the frame's address in `base` (a callee-saved register).
FixedSource::Emit copy_with_base(RegId base) {
  return [base](x64::Assembler& assembler, jit::Convention convention) {
    assembler.push(Reg64{base});                                       // 0
    assembler.mov(Reg64{base}, frame_register(convention));            // 1
    assembler.mov(Reg32{RegId::Rax}, Mem32{x64::at(Reg64{base})});     // 2
    assembler.mov(Mem32{x64::at(Reg64{base}, 8)}, Reg32{RegId::Rax});  // 3
    assembler.pop(Reg64{base});                                        // 4
    leave(assembler);
  };
}

TEST(PlantedFault, Imm8ThatAdds128ToTheStackPointer) {
  const Planted planted{kCopy,
                        [](x64::Assembler& assembler, jit::Convention convention) {
                          const Reg64 frame = frame_register(convention);
                          assembler.sub(kRsp, Imm32{128});                              // 0
                          assembler.mov(Reg32{RegId::Rax}, Mem32{x64::at(frame)});      // 1
                          assembler.mov(Mem64{x64::at(kRsp, 120)}, Reg64{RegId::Rax});  // 2: a spill
                          assembler.mov(Reg64{RegId::R8}, Mem64{x64::at(kRsp, 120)});   // 3
                          assembler.mov(Mem32{x64::at(frame, 8)}, Reg32{RegId::R8});    // 4
                          assembler.add(kRsp, Imm32{128});                              // 5
                          leave(assembler);
                        },
                        [](jit::CompiledBlock& block) {
                          encode_wrongly(block, 5, {0x48, 0x83, 0xC4, 0x80});
                          encode_wrongly(block, 0, {0x48, 0x83, 0xEC, 0x80});
                        }};
  expect_control(planted);
  const Spoken spoken = ask_all(planted, true);
  expect_encoding_convicts(spoken, {"-128", "128"});
  expect_violation(spoken, Violation::CallerStack);
}

TEST(PlantedFault, RexRAndRexBSwappedInALoad) {
  const Planted planted{kCopy, emit_copy_through_r12, [](jit::CompiledBlock& block) {
                          block.code[block.intents[1].offset] = 0x41;  // REX.B for REX.R
                        }};
  expect_control(planted);
  const Spoken spoken = ask_all(planted, true);
  expect_encoding_convicts(spoken, {"REX.R is 0, intended 1", "r12d"});
  expect_engines_convict_somehow(spoken);
}

TEST(PlantedFault, RexRAndRexBSwappedInAStore) {
  const Planted planted{kCopy, emit_copy_through_r12,
                        [](jit::CompiledBlock& block) { block.code[block.intents[2].offset] = 0x41; }};
  expect_control(planted);
  const Spoken spoken = ask_all(planted, true);
  expect_encoding_convicts(spoken, {"REX.R is 0, intended 1", "r12d"});
  expect_engines_convict_somehow(spoken);
}

TEST(PlantedFault, NoSibForAnR12Base) {
  const Planted planted{kCopy, copy_with_base(RegId::R12),
                        [](jit::CompiledBlock& block) { encode_wrongly(block, 2, {0x41, 0x8B, 0x04}); }};
  expect_control(planted);
  const Spoken spoken = ask_all(planted, true);
  EXPECT_EQ(said(spoken, OracleId::Encoding), Verdict::Diverge);
  expect_engines_convict_somehow(spoken);
}

TEST(PlantedFault, NoDisplacementForAnR13Base) {
  const Planted planted{kCopy, copy_with_base(RegId::R13),
                        [](jit::CompiledBlock& block) { encode_wrongly(block, 2, {0x41, 0x8B, 0x05}); }};
  expect_control(planted);
  const Spoken spoken = ask_all(planted, true);
  EXPECT_EQ(said(spoken, OracleId::Encoding), Verdict::Diverge);
  expect_engines_convict_somehow(spoken);
}

TEST(PlantedFault, SeteSilWithoutRexSetsDh) {
  const Planted planted{"program p(i32 a, i32 b) { b = a == a; }",
                        [](x64::Assembler& assembler, jit::Convention convention) {
                          const Reg64 frame{RegId::R11};
                          assembler.mov(frame, frame_register(convention));            // 0
                          assembler.push(Reg64{RegId::Rsi});                           // 1
                          assembler.mov(Reg32{RegId::Rsi}, Imm32{0});                  // 2
                          assembler.cmp(Reg32{RegId::Rax}, Reg32{RegId::Rax});         // 3
                          assembler.setcc(Cond::E, Reg8{RegId::Rsi});                  // 4
                          assembler.mov(Mem32{x64::at(frame, 8)}, Reg32{RegId::Rsi});  // 5
                          assembler.pop(Reg64{RegId::Rsi});                            // 6
                          leave(assembler);
                        },
                        [](jit::CompiledBlock& block) { encode_wrongly(block, 4, {0x0F, 0x94, 0xC6}); }};
  expect_control(planted);
  const Spoken spoken = ask_all(planted, true);
  expect_encoding_convicts(spoken, {"sil", "dh"});
  expect_engines_convict(spoken, Verdict::Diverge, DifferenceKind::Slot);
}

TEST(PlantedFault, ASavedRegisterNotRestored) {
  const auto faulty = [](x64::Assembler& assembler, jit::Convention convention) {
    const Reg64 frame = frame_register(convention);
    assembler.push(Reg64{RegId::R12});
    assembler.mov(Reg32{RegId::R12}, Mem32{x64::at(frame)});
    assembler.mov(Mem32{x64::at(frame, 8)}, Reg32{RegId::R12});
    assembler.add(kRsp, Imm8{8});
    leave(assembler);
  };
  expect_control({kCopy, emit_copy_through_r12, nullptr});
  const Spoken spoken = ask_all({kCopy, faulty, nullptr}, false);
  EXPECT_EQ(said(spoken, OracleId::Encoding), Verdict::Agree);  // the bytes are what was asked for
  expect_violation(spoken, Violation::CalleeSavedRegister);
  for (const OracleId oracle : kRunning)
    EXPECT_EQ(conviction_of(spoken, oracle).got.register_number, 12) << name(oracle);
}

TEST(PlantedFault, TheHighHalfOfAnI32SlotOverwritten) {
  const auto faulty = [](x64::Assembler& assembler, jit::Convention convention) {
    const Reg64 frame = frame_register(convention);
    assembler.mov(Reg32{RegId::Rax}, Mem32{x64::at(frame)});
    assembler.mov(Mem64{x64::at(frame, 8)}, Reg64{RegId::Rax});
    leave(assembler);
  };
  const Spoken spoken = ask_all({kCopy, faulty, nullptr}, false);
  EXPECT_EQ(said(spoken, OracleId::Encoding), Verdict::Agree);
  // One of the inputs has 0 in the high half already, so the other one convicts.
  expect_engines_convict(spoken, Verdict::Diverge, DifferenceKind::HighHalf);
}

FixedSource::Emit less_than(Cond skip_condition) {
  return [skip_condition](x64::Assembler& assembler, jit::Convention convention) {
    const Reg64 frame = frame_register(convention);
    const x64::Label less = assembler.new_label();
    assembler.mov(Reg32{RegId::Rax}, Mem32{x64::at(frame)});  // 0
    assembler.cmp(Reg32{RegId::Rax}, Imm8{0});                // 1
    assembler.mov(Reg32{RegId::Rax}, Imm32{1});               // 2
    assembler.jcc(skip_condition, less);                      // 3
    assembler.mov(Reg32{RegId::Rax}, Imm32{0});               // 4
    assembler.bind(less);
    assembler.mov(Mem32{x64::at(frame, 8)}, Reg32{RegId::Rax});  // 5
    leave(assembler);
  };
}
constexpr const char* kLessThan = "program less(i32 a, i32 b) { if (a < 0) { b = 1; } else { b = 0; } }";

TEST(PlantedFault, JlEncodedAsJb) {
  const Planted planted{kLessThan, less_than(Cond::L),
                        [](jit::CompiledBlock& block) { block.code[block.intents[3].offset] = 0x72; }};
  expect_control(planted);
  const Spoken spoken = ask_all(planted, true);
  EXPECT_EQ(said(spoken, OracleId::Encoding), Verdict::Diverge);
  expect_engines_convict(spoken, Verdict::Diverge, DifferenceKind::Slot);
}

TEST(PlantedFault, JbSelectedForJl) {
  const Spoken spoken = ask_all({kLessThan, less_than(Cond::B), nullptr}, false);
  EXPECT_EQ(said(spoken, OracleId::Encoding), Verdict::Agree);  // jb was asked for and jb was given
  expect_engines_convict(spoken, Verdict::Diverge, DifferenceKind::Slot);
}

TEST(PlantedFault, ANestedVariableWrittenBackAsZero) {
  const auto faulty = [](x64::Assembler& assembler, jit::Convention convention) {
    const Reg64 frame = frame_register(convention);
    const x64::Label skip = assembler.new_label();
    assembler.mov(Reg32{RegId::R9}, Imm32{0});  // b's register, met too late to be loaded
    assembler.cmp(Mem32{x64::at(frame)}, Imm8{0});
    assembler.jcc(Cond::Ge, skip);
    assembler.mov(Reg32{RegId::R9}, Imm32{1});
    assembler.bind(skip);
    assembler.mov(Mem32{x64::at(frame, 8)}, Reg32{RegId::R9});
    leave(assembler);
  };
  const Spoken spoken = ask_all({"program nested(i32 a, i32 b) { if (a < 0) { b = 1; } }", faulty, nullptr}, false);
  EXPECT_EQ(said(spoken, OracleId::Encoding), Verdict::Agree);
  expect_engines_convict(spoken, Verdict::Diverge, DifferenceKind::Slot);
}

TEST(PlantedFault, AnInfiniteLoop) {
  const auto faulty = [](x64::Assembler& assembler, jit::Convention) {
    const x64::Label again = assembler.new_label();
    assembler.bind(again);
    assembler.jmp(again);
    leave(assembler);
  };
  const Spoken spoken = ask_all({kCopy, faulty, nullptr}, false);
  expect_engines_convict(spoken, Verdict::Timeout, DifferenceKind::Runaway);
}

TEST(PlantedFault, AWildJump) {
  const auto faulty = [](x64::Assembler& assembler, jit::Convention) {
    assembler.mov(Reg64{RegId::Rax}, x64::Imm64{0x123456789000});
    assembler.jmp(Reg64{RegId::Rax});
  };
  const Spoken spoken = ask_all({kCopy, faulty, nullptr}, false);
  expect_engines_convict(spoken, Verdict::Crash, DifferenceKind::Fault);
  for (const OracleId oracle : kRunning) {
    EXPECT_EQ(conviction_of(spoken, oracle).got.fault.kind, FaultKind::ExecuteMemory) << name(oracle);
  }
  // The CPU does not tell where a jump came from. The emulator does, and it is asked first.
  for (const OracleId oracle : {OracleId::EmulatedSystemV, OracleId::EmulatedMicrosoft}) {
    const Conviction& conviction = conviction_of(spoken, oracle);
    EXPECT_EQ(conviction.code_offset, conviction.block.intents[1].offset) << name(oracle);
  }
}

TEST(PlantedFault, AWildWrite) {
  const auto faulty = [](x64::Assembler& assembler, jit::Convention) {
    assembler.mov(Reg64{RegId::Rax}, x64::Imm64{0x123456789000});
    assembler.mov(Mem64{x64::at(Reg64{RegId::Rax})}, Reg64{RegId::Rax});
    leave(assembler);
  };
  expect_fault(ask_all({kCopy, faulty, nullptr}, false), FaultKind::WriteMemory, 1);
}

TEST(PlantedFault, ASystemCall) {
  // `syscall` is no form of the assembler's table; a broken encoder emits it in place of the two bytes of ud2.
  const Planted planted{kCopy,
                        [](x64::Assembler& assembler, jit::Convention) {
                          assembler.mov(Reg32{RegId::Rax}, Imm32{39});
                          assembler.ud2();
                          leave(assembler);
                        },
                        [](jit::CompiledBlock& block) { encode_wrongly(block, 1, {0x0F, 0x05}); }};
  const Spoken spoken = ask_all(planted, true);
  EXPECT_EQ(said(spoken, OracleId::Encoding), Verdict::Diverge);
  expect_fault(spoken, FaultKind::SystemCall, 1);
}

TEST(PlantedFault, AnOperandStackOverrun) {
  // The program needs two cells: one push and one return.
  const auto faulty = [](x64::Assembler& assembler, jit::Convention convention) {
    const Reg64 stack = stack_register(convention);
    assembler.mov(Reg32{RegId::Rax}, Imm32{1});
    for (int cell = 0; cell < 3; ++cell) assembler.mov(Mem64{x64::at(stack, cell * 8)}, Reg64{RegId::Rax});
    assembler.mov(Reg32{RegId::Rax}, Imm32{2});
    assembler.ret();
  };
  const Spoken spoken = ask_all({"program two(i32 a) { push 1; return 1; }", faulty, nullptr}, false);
  expect_fault(spoken, FaultKind::WriteMemory, 3);
}

TEST(PlantedFault, AFindingNamesTheInstructionAndTheNode) {
  const auto faulty = [](x64::Assembler& assembler, jit::Convention) {
    assembler.mov(Reg64{RegId::Rax}, x64::Imm64{0x123456789000});
    assembler.mov(Mem64{x64::at(Reg64{RegId::Rax})}, Reg64{RegId::Rax});
    leave(assembler);
  };
  const Spoken spoken = ask_all({kCopy, faulty, nullptr}, false);
  const auto program = ast::parse_program(kCopy);
  ASSERT_TRUE(program);
  for (const OracleId oracle : kRunning) {
    const Conviction& conviction = conviction_of(spoken, oracle);
    const Blame guilty = blame(conviction, *program);
    EXPECT_EQ(guilty.form, "MovM64R64");
    EXPECT_FALSE(guilty.node.empty());
    const std::vector<Frame> inputs = inputs_for(*program);
    EXPECT_THAT(explain(conviction, *program, inputs), Contains(HasSubstr("MovM64R64")));
  }
}

}  // namespace
}  // namespace assay::oracles
