// The model of the machine does what this CPU does, instruction by instruction, in registers and defined flags; memory,
// the stack and branches do what the manual says; and what is not modelled is refused.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "core/jit/code_memory.h"
#include "smt/x86/bits.h"
#include "smt/x86/decode.h"
#include "smt/x86/execute.h"
#include "smt/x86/machine.h"

namespace assay::smt::x86 {
namespace {

using Bytes = std::vector<std::uint8_t>;

// What an instruction sees and leaves: RAX, RCX, RDX and RFLAGS.
struct Registers {
  std::uint64_t rax = 0, rcx = 0, rdx = 0, flags = 0;
};

constexpr std::uint64_t kCarry = 1U << 0;
constexpr std::uint64_t kParity = 1U << 2;
constexpr std::uint64_t kZero = 1U << 6;
constexpr std::uint64_t kSign = 1U << 7;
constexpr std::uint64_t kOverflow = 1U << 11;
constexpr std::uint64_t kStatus = kCarry | kParity | kZero | kSign | kOverflow;
constexpr std::uint64_t kAlwaysSet = 1U << 1;

// Loads `Registers` from RDI, runs one instruction, and stores them again.
class Cpu {
 public:
  explicit Cpu(const Bytes& instruction) : memory_(jit::CodeMemory::create(4096)) {
    Bytes code = {0xFF, 0x77, 0x18, 0x9D,   // push [rdi + 24]; popfq
                  0x48, 0x8B, 0x07,         // mov rax, [rdi]
                  0x48, 0x8B, 0x4F, 0x08,   // mov rcx, [rdi + 8]
                  0x48, 0x8B, 0x57, 0x10};  // mov rdx, [rdi + 16]
    code.insert(code.end(), instruction.begin(), instruction.end());
    const Bytes stores = {0x48, 0x89, 0x07, 0x48, 0x89, 0x4F, 0x08, 0x48,
                          0x89, 0x57, 0x10, 0x9C, 0x8F, 0x47, 0x18,  // pushfq; pop [rdi + 24]
                          0xC3};
    code.insert(code.end(), stores.begin(), stores.end());
    const void* const entry = memory_.ok() ? memory_.value().add(code) : nullptr;
    std::memcpy(&run_, &entry, sizeof run_);
  }

  [[nodiscard]] bool ready() const { return run_ != nullptr; }
  [[nodiscard]] Registers run(Registers in) const {
    in.flags |= kAlwaysSet;
    run_(&in);
    return in;
  }

 private:
  base::Result<jit::CodeMemory> memory_;
  void (*run_)(Registers*) = nullptr;
};

struct Modelled {
  Registers registers;
  bool faults = false;
  std::string refusal;
};

// The same in the model, where whatever is undefined is all zeros or all ones.
Modelled run_model(const Bytes& instruction, const Registers& in, bool undefined) {
  Terms terms;
  MachineState state;
  for (TermId& one : state.registers) one = terms.constant(64, 0);
  state.registers[kRax] = terms.constant(64, in.rax);
  state.registers[kRcx] = terms.constant(64, in.rcx);
  state.registers[kRdx] = terms.constant(64, in.rdx);
  const std::pair<TermId*, std::uint64_t> flags[] = {{&state.flags.carry, kCarry},
                                                     {&state.flags.parity, kParity},
                                                     {&state.flags.zero, kZero},
                                                     {&state.flags.sign, kSign},
                                                     {&state.flags.overflow, kOverflow}};
  for (const auto& [flag, bit] : flags) *flag = terms.truth((in.flags & bit) != 0);
  state.path = terms.truth(true);
  Machine machine(terms, {terms.symbol(64, "frame"), terms.symbol(64, "rsp")}, undefined);
  Modelled result;
  if (!machine.step(decode(instruction, 0), state)) {
    result.refusal = machine.refusal();
    return result;
  }
  const auto number = [&](TermId id) {
    EXPECT_TRUE(terms.is_constant(id));
    return terms[id].value;
  };
  result.faults = number(machine.faults()) != 0;
  result.registers = {number(state.registers[kRax]), number(state.registers[kRcx]), number(state.registers[kRdx]), 0};
  for (const auto& [flag, bit] : flags) result.registers.flags |= number(*flag) != 0 ? bit : 0;
  return result;
}

// Where the model says what happens, the CPU does it. `defined` counts the bits that were compared.
testing::AssertionResult agree(const Bytes& modelled, const Cpu& cpu, const Registers& in, std::uint64_t& defined) {
  const Modelled low = run_model(modelled, in, false);
  const Modelled high = run_model(modelled, in, true);
  if (!low.refusal.empty()) return testing::AssertionFailure() << low.refusal;
  if (low.faults || high.faults) return testing::AssertionSuccess();
  const Registers out = cpu.run(in);
  const auto same = [&](std::uint64_t one, std::uint64_t other, std::uint64_t actual, std::uint64_t bits) {
    const std::uint64_t known = ~(one ^ other) & bits;
    defined += static_cast<std::uint64_t>(__builtin_popcountll(known));
    return ((one ^ actual) & known) == 0;
  };
  const bool all = same(low.registers.rax, high.registers.rax, out.rax, ~0ULL) &&
                   same(low.registers.rcx, high.registers.rcx, out.rcx, ~0ULL) &&
                   same(low.registers.rdx, high.registers.rdx, out.rdx, ~0ULL) &&
                   same(low.registers.flags, high.registers.flags, out.flags, kStatus);
  if (all) return testing::AssertionSuccess();
  return testing::AssertionFailure() << std::hex << "rax " << in.rax << " rcx " << in.rcx << " rdx " << in.rdx
                                     << " flags " << in.flags << ": the model has rax " << low.registers.rax << " rdx "
                                     << low.registers.rdx << " flags " << low.registers.flags << ", the CPU rax "
                                     << out.rax << " rdx " << out.rdx << " flags " << out.flags;
}

enum class Needs : std::uint8_t { Nothing, Bmi1, Bmi2, Lzcnt, Popcnt };

bool has(Needs feature) {
  switch (feature) {
    case Needs::Nothing:
      return true;
    case Needs::Bmi1:
      return __builtin_cpu_supports("bmi") != 0;
    case Needs::Bmi2:
      return __builtin_cpu_supports("bmi2") != 0;
    case Needs::Lzcnt:
      return __builtin_cpu_supports("lzcnt") != 0;
    case Needs::Popcnt:
      return __builtin_cpu_supports("popcnt") != 0;
  }
  return false;
}

struct Case {
  const char* text;
  Bytes bytes;
  Needs needs = Needs::Nothing;
};

const std::vector<Case> kCases = {
    {"mov eax, ecx", {0x89, 0xC8}},
    {"mov al, cl", {0x88, 0xC8}},
    {"mov ax, cx", {0x66, 0x89, 0xC8}},
    {"mov rax, -2", {0x48, 0xC7, 0xC0, 0xFE, 0xFF, 0xFF, 0xFF}},
    {"movzx eax, cl", {0x0F, 0xB6, 0xC1}},
    {"movzx eax, cx", {0x0F, 0xB7, 0xC1}},
    {"movsx eax, cl", {0x0F, 0xBE, 0xC1}},
    {"movsx rax, cx", {0x48, 0x0F, 0xBF, 0xC1}},
    {"movsxd rax, ecx", {0x48, 0x63, 0xC1}},
    {"lea eax, [rcx + rdx * 4 - 5]", {0x8D, 0x44, 0x91, 0xFB}},
    {"lea rax, [rcx + rdx * 4 - 5]", {0x48, 0x8D, 0x44, 0x91, 0xFB}},
    {"cdq", {0x99}},
    {"cqo", {0x48, 0x99}},
    {"add eax, ecx", {0x01, 0xC8}},
    {"add rax, rcx", {0x48, 0x01, 0xC8}},
    {"add eax, -128", {0x83, 0xC0, 0x80}},
    {"sub eax, ecx", {0x29, 0xC8}},
    {"sub rax, rcx", {0x48, 0x29, 0xC8}},
    {"cmp eax, ecx", {0x39, 0xC8}},
    {"cmp rax, rcx", {0x48, 0x39, 0xC8}},
    {"inc eax", {0xFF, 0xC0}},
    {"dec rax", {0x48, 0xFF, 0xC8}},
    {"neg eax", {0xF7, 0xD8}},
    {"neg rax", {0x48, 0xF7, 0xD8}},
    {"and eax, ecx", {0x21, 0xC8}},
    {"or rax, rcx", {0x48, 0x09, 0xC8}},
    {"xor eax, ecx", {0x31, 0xC8}},
    {"test eax, ecx", {0x85, 0xC8}},
    {"not eax", {0xF7, 0xD0}},
    {"not rax", {0x48, 0xF7, 0xD0}},
    {"andn eax, ecx, edx", {0xC4, 0xE2, 0x70, 0xF2, 0xC2}, Needs::Bmi1},
    {"andn rax, rcx, rdx", {0xC4, 0xE2, 0xF0, 0xF2, 0xC2}, Needs::Bmi1},
    {"imul eax, ecx", {0x0F, 0xAF, 0xC1}},
    {"imul rax, rcx", {0x48, 0x0F, 0xAF, 0xC1}},
    {"imul eax, ecx, -7", {0x6B, 0xC1, 0xF9}},
    {"div ecx", {0xF7, 0xF1}},
    {"div rcx", {0x48, 0xF7, 0xF1}},
    {"idiv ecx", {0xF7, 0xF9}},
    {"idiv rcx", {0x48, 0xF7, 0xF9}},
    {"shl eax, cl", {0xD3, 0xE0}},
    {"shl rax, cl", {0x48, 0xD3, 0xE0}},
    {"shl eax, 5", {0xC1, 0xE0, 0x05}},
    {"shr eax, cl", {0xD3, 0xE8}},
    {"shr rax, cl", {0x48, 0xD3, 0xE8}},
    {"shr eax, 1", {0xD1, 0xE8}},
    {"sar eax, cl", {0xD3, 0xF8}},
    {"sar rax, cl", {0x48, 0xD3, 0xF8}},
    {"rol eax, cl", {0xD3, 0xC0}},
    {"rol rax, cl", {0x48, 0xD3, 0xC0}},
    {"ror eax, cl", {0xD3, 0xC8}},
    {"ror rax, 31", {0x48, 0xC1, 0xC8, 0x1F}},
    {"shlx eax, edx, ecx", {0xC4, 0xE2, 0x71, 0xF7, 0xC2}, Needs::Bmi2},
    {"shlx rax, rdx, rcx", {0xC4, 0xE2, 0xF1, 0xF7, 0xC2}, Needs::Bmi2},
    {"shrx eax, edx, ecx", {0xC4, 0xE2, 0x73, 0xF7, 0xC2}, Needs::Bmi2},
    {"shrx rax, rdx, rcx", {0xC4, 0xE2, 0xF3, 0xF7, 0xC2}, Needs::Bmi2},
    {"sarx eax, edx, ecx", {0xC4, 0xE2, 0x72, 0xF7, 0xC2}, Needs::Bmi2},
    {"sarx rax, rdx, rcx", {0xC4, 0xE2, 0xF2, 0xF7, 0xC2}, Needs::Bmi2},
    {"rorx eax, edx, 11", {0xC4, 0xE3, 0x7B, 0xF0, 0xC2, 0x0B}, Needs::Bmi2},
    {"rorx rax, rdx, 11", {0xC4, 0xE3, 0xFB, 0xF0, 0xC2, 0x0B}, Needs::Bmi2},
    {"popcnt eax, ecx", {0xF3, 0x0F, 0xB8, 0xC1}, Needs::Popcnt},
    {"popcnt rax, rcx", {0xF3, 0x48, 0x0F, 0xB8, 0xC1}, Needs::Popcnt},
    {"lzcnt eax, ecx", {0xF3, 0x0F, 0xBD, 0xC1}, Needs::Lzcnt},
    {"lzcnt rax, rcx", {0xF3, 0x48, 0x0F, 0xBD, 0xC1}, Needs::Lzcnt},
    {"tzcnt eax, ecx", {0xF3, 0x0F, 0xBC, 0xC1}, Needs::Bmi1},
    {"tzcnt rax, rcx", {0xF3, 0x48, 0x0F, 0xBC, 0xC1}, Needs::Bmi1},
    {"bsf eax, ecx", {0x0F, 0xBC, 0xC1}},
    {"bsf rax, rcx", {0x48, 0x0F, 0xBC, 0xC1}},
    {"bsr eax, ecx", {0x0F, 0xBD, 0xC1}},
    {"bsr rax, rcx", {0x48, 0x0F, 0xBD, 0xC1}},
};

constexpr std::uint64_t kValues[] = {0,           1,           33,         0x7FFF'FFFF,
                                     0x8000'0000, 0xFFFF'FFFF, 1ULL << 63, 0x0123'4567'89AB'CDEF};
constexpr std::uint64_t kOthers[] = {0, 5, ~0ULL};

// Every pair of values, with every third value and both settings of the flags.
template <typename Function>
void for_each_state(Function&& visit) {
  for (const std::uint64_t rax : kValues) {
    for (const std::uint64_t rcx : kValues) {
      for (const std::uint64_t rdx : kOthers) {
        visit(Registers{rax, rcx, rdx, 0});
        visit(Registers{rax, rcx, rdx, kStatus});
      }
    }
  }
}

TEST(MachineStep, IsWhatTheCpuDoes) {
  for (const Case& one : kCases) {
    if (!has(one.needs)) continue;
    const Cpu cpu(one.bytes);
    ASSERT_TRUE(cpu.ready());
    std::uint64_t defined = 0;
    for_each_state([&](const Registers& in) { ASSERT_TRUE(agree(one.bytes, cpu, in, defined)) << one.text; });
    EXPECT_GT(defined, 64U) << one.text << ": nearly nothing is defined";
  }
}

TEST(MachineStep, ReadsEveryConditionAsTheCpuDoes) {
  for (std::uint8_t condition = 0; condition < 16; ++condition) {
    const Bytes set = {0x0F, static_cast<std::uint8_t>(0x90 + condition), 0xC0};
    const Bytes move = {0x0F, static_cast<std::uint8_t>(0x40 + condition), 0xC1};
    for (const Bytes& bytes : {set, move}) {
      const Cpu cpu(bytes);
      ASSERT_TRUE(cpu.ready());
      std::uint64_t defined = 0;
      for (unsigned number = 0; number < 32; ++number) {
        std::uint64_t flags = 0;
        const std::uint64_t bits[] = {kCarry, kParity, kZero, kSign, kOverflow};
        for (unsigned i = 0; i < 5; ++i) flags |= (number >> i & 1U) != 0 ? bits[i] : 0;
        const Registers in = {0x1111'2222'3333'4444, 0x5555'6666'7777'8888, 0, flags};
        ASSERT_TRUE(agree(bytes, cpu, in, defined)) << "condition " << int{condition};
      }
      EXPECT_EQ(defined, 32U * (3 * 64 + 5));
    }
  }
}

TEST(MachineStep, IsNotWhatTheCpuDoesForAnotherInstruction) {
  const std::pair<Bytes, Bytes> mistakes[] = {
      {{0x11, 0xC8}, {0x01, 0xC8}},              // adc for add: not modelled
      {{0x01, 0xC8}, {0x29, 0xC8}},              // add for sub
      {{0x01, 0xC8}, {0x48, 0x01, 0xC8}},        // 32 bits for 64
      {{0xD3, 0xE8}, {0xD3, 0xF8}},              // shr for sar
      {{0xFF, 0xC0}, {0x83, 0xC0, 0x01}},        // inc leaves CF, add sets it
      {{0x0F, 0xB6, 0xC1}, {0x0F, 0xBE, 0xC1}},  // zeros for the sign
      {{0xF7, 0xF1}, {0xF7, 0xF9}},              // div for idiv
      {{0x88, 0xC8}, {0x89, 0xC8}},              // 8 bits keep the rest
  };
  for (const auto& [modelled, real] : mistakes) {
    const Cpu cpu(real);
    ASSERT_TRUE(cpu.ready());
    bool convicted = false;
    for_each_state([&](const Registers& in) {
      const Modelled faulting = run_model(real, in, false);
      if (convicted || faulting.faults) return;
      std::uint64_t defined = 0;
      convicted = !agree(modelled, cpu, in, defined);
    });
    EXPECT_TRUE(convicted) << decode(real, 0).text;
  }
}

TEST(MachineStep, SaysWhereADivisionFaults) {
  const Bytes div = {0xF7, 0xF1};
  const Bytes idiv = {0x48, 0xF7, 0xF9};
  EXPECT_TRUE(run_model(div, {1, 0, 0, 0}, false).faults);   // by zero
  EXPECT_TRUE(run_model(div, {0, 1, 1, 0}, false).faults);   // 2^32 / 1
  EXPECT_FALSE(run_model(div, {0, 2, 1, 0}, false).faults);  // 2^32 / 2
  EXPECT_TRUE(run_model(idiv, {1ULL << 63, ~0ULL, ~0ULL, 0}, false).faults);
  EXPECT_FALSE(run_model(idiv, {1ULL << 63, 1, ~0ULL, 0}, false).faults);
}

// A machine on symbols, with a frame of two cells.
struct Symbolic {
  Symbolic() {
    for (TermId& one : state.registers) one = terms.symbol(64, "register");
    addresses = {state.registers[7], state.registers[kRsp]};
    state.frame = {terms.symbol(64, "a"), terms.symbol(64, "b")};
    state.path = terms.truth(true);
    for (TermId* const flag :
         {&state.flags.carry, &state.flags.parity, &state.flags.zero, &state.flags.sign, &state.flags.overflow}) {
      *flag = terms.nonzero(terms.symbol(1, "flag"));
    }
  }
  // "" if all of it was executed, and otherwise what was refused.
  std::string run(const Bytes& code) {
    Machine machine(terms, addresses);
    for (std::size_t at = 0; at < code.size();) {
      const Instruction one = decode(code, at);
      if (!machine.step(one, state)) return machine.refusal();
      at += one.length;
    }
    return "";
  }

  Terms terms;
  MachineState state;
  Addresses addresses;
};

TEST(MachineMemory, KeepsTheHighHalfOfACellThatIsWrittenWith32Bits) {
  Symbolic one;
  const TermId before = one.state.frame[1];
  ASSERT_EQ(one.run({0x89, 0x47, 0x08}), "");  // mov [rdi + 8], eax
  const TermId low = low_bits(one.terms, 32, one.state.registers[kRax]);
  EXPECT_EQ(one.state.frame[1], with_low_bits(one.terms, before, low));
  ASSERT_EQ(one.run({0x8B, 0x4F, 0x08}), "");  // mov ecx, [rdi + 8]
  EXPECT_EQ(low_bits(one.terms, 32, one.state.registers[kRcx]), low);
}

TEST(MachineMemory, PopsWhatWasPushed) {
  Symbolic one;
  const TermId rbx = one.state.registers[3];
  const TermId rsp = one.state.registers[kRsp];
  ASSERT_EQ(one.run({0x53, 0x31, 0xDB}), "");  // push rbx; xor ebx, ebx
  EXPECT_NE(one.state.registers[3], rbx);
  EXPECT_NE(one.state.registers[kRsp], rsp);
  ASSERT_EQ(one.run({0x5B}), "");  // pop rbx
  EXPECT_EQ(one.state.registers[3], rbx);
  EXPECT_EQ(one.state.registers[kRsp], rsp);
}

TEST(MachineMemory, RefusesWhatIsNotModelled) {
  EXPECT_EQ(Symbolic().run({0x8B, 0x47, 0x04}), "an access within a cell");                // mov eax, [rdi + 4]
  EXPECT_EQ(Symbolic().run({0x8B, 0x47, 0x10}), "an access beside the frame");             // mov eax, [rdi + 16]
  EXPECT_EQ(Symbolic().run({0x8B, 0x47, 0xF8}), "an access beside the frame");             // mov eax, [rdi - 8]
  EXPECT_EQ(Symbolic().run({0x8B, 0x44, 0x24, 0x08}), "an access to the caller's stack");  // mov eax, [rsp + 8]
  EXPECT_EQ(Symbolic().run({0x8B, 0x06}), "an access to memory that is not modelled");     // mov eax, [rsi]
  EXPECT_EQ(Symbolic().run({0xD2, 0xE0}), "a shift of 8 or 16 bits");                      // shl al, cl
  EXPECT_EQ(Symbolic().run({0x0F, 0x0B}), "an instruction that is not modelled: ud2");
}

TEST(MachineMemory, FindsAnythingWhereItDidNotWrite) {
  Symbolic one;
  ASSERT_EQ(one.run({0x48, 0x8B, 0x44, 0x24, 0xF8}), "");  // mov rax, [rsp - 8]
  EXPECT_EQ(one.terms[one.state.registers[kRax]].kind, Kind::Symbol);
  EXPECT_NE(one.state.registers[kRax], one.state.registers[3]);
}

Execution executed(Symbolic& one, const Bytes& code) {
  Machine machine(one.terms, one.addresses);
  return execute(one.terms, code, one.state, machine);
}

TEST(Execute, GoesBothWaysOfABranch) {
  Symbolic one;
  // cmp eax, ecx; jl +1; ret; ret
  const Execution run = executed(one, {0x39, 0xC8, 0x7C, 0x01, 0xC3, 0xC3});
  ASSERT_EQ(run.refusal, "");
  ASSERT_EQ(run.exits.size(), 2U);
  EXPECT_EQ(run.exits[0].path, one.terms.negation(run.exits[1].path));
}

TEST(Execute, DoesNotGoWhereAnEarlierBranchExcludesIt) {
  Symbolic one;
  // test eax, eax; je +3; je +0 (never taken); ret; ret
  const Execution run = executed(one, {0x85, 0xC0, 0x74, 0x03, 0x74, 0x00, 0xC3, 0xC3});
  ASSERT_EQ(run.refusal, "");
  EXPECT_EQ(run.exits.size(), 2U);
}

TEST(Execute, RefusesLoopsAndJumpsOutOfTheCode) {
  Symbolic loops;
  EXPECT_EQ(executed(loops, {0xEB, 0xFE}).refusal, "too many instructions: there may be a loop");
  Symbolic backwards;
  EXPECT_EQ(executed(backwards, {0xEB, 0xF0}).refusal, "a jump out of the code");
  Symbolic behind;
  EXPECT_NE(executed(behind, {0xEB, 0x10}).refusal, "");
  Symbolic falls;
  EXPECT_NE(executed(falls, {0x31, 0xC0}).refusal, "");
}

TEST(Bits, SeeThroughWhatIsWrittenToTheWholeRegister) {
  Terms terms;
  const TermId whole = terms.symbol(64, "whole");
  const TermId low = terms.symbol(32, "low");
  EXPECT_EQ(low_bits(terms, 32, terms.resize(Kind::ZeroExtend, 64, low)), low);
  EXPECT_EQ(low_bits(terms, 8, low_bits(terms, 32, whole)), low_bits(terms, 8, whole));
  const TermId sum = terms.add(terms.resize(Kind::SignExtend, 64, low), terms.constant(64, 1));
  EXPECT_EQ(low_bits(terms, 32, sum), terms.add(low, terms.constant(32, 1)));
  EXPECT_EQ(with_low_bits(terms, whole, whole), whole);
  EXPECT_NE(with_low_bits(terms, whole, low), terms.resize(Kind::ZeroExtend, 64, low));
}

TEST(Bits, OfAConstantAreItsBits) {
  Terms terms;
  EXPECT_TRUE(terms.is_constant(has_bit(terms, terms.constant(32, 0x8000'0000), 31), 1));
  EXPECT_TRUE(terms.is_constant(has_bit(terms, terms.constant(32, 0x8000'0000), 30), 0));
  EXPECT_TRUE(terms.is_constant(with_low_bits(terms, terms.constant(64, ~0ULL), terms.constant(8, 0)), ~0xFFULL));
}

}  // namespace
}  // namespace assay::smt::x86
