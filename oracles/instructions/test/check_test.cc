// That the comparison convicts: wrong semantics, wrong bytes; and that it excuses what is known, by name, only.
#include "oracles/instructions/check.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/rng.h"
#include "oracles/instructions/test/instruction.h"

namespace assay::oracles::instructions {
namespace {

using emulated::Defect;
using x64::Assembler;
using x64::Form;

constexpr std::uint64_t kOnes = ~std::uint64_t{0};

std::vector<Trial> draw(const std::vector<Form>& forms, int each) {
  base::Rng rng(47);
  std::vector<Trial> trials;
  for (int i = 0; i < each; ++i) {
    for (const Form form : forms) trials.push_back(draw_trial(form, 4, rng));
  }
  return trials;
}

Tally check(std::vector<Trial> trials, const Judged& judged = the_product()) {
  Tally tally;
  auto checker = Checker::create(judged);
  if (!checker) {
    ADD_FAILURE() << checker.error().describe();
    return tally;
  }
  const auto done = (*checker)->check(trials, tally);
  EXPECT_TRUE(done) << done.error().describe();
  tally.sort_findings();
  return tally;
}

const FormTally& of(const Tally& tally, Form form) { return tally.forms[static_cast<std::size_t>(form)]; }
std::uint64_t times(const FormTally& form, Defect defect) { return form.known[static_cast<std::size_t>(defect)]; }

void expect_agreement(const FormTally& form) {
  EXPECT_GT(form.runs, 0U);
  EXPECT_EQ(form.cpu_agrees, form.runs);
  EXPECT_EQ(form.emulator_agrees, form.runs);
}

// The product's encoder, but for one form.
Judged encoding_wrongly(Form form, std::function<void(std::vector<std::uint8_t>&)> spoil) {
  Judged judged = the_product();
  judged.encode = [right = judged.encode, form, spoil = std::move(spoil)](const Instruction& one) {
    std::vector<std::uint8_t> bytes = right(one);
    if (one.form == form) spoil(bytes);
    return bytes;
  };
  return judged;
}

TEST(Check, WrongSemanticsAreConvictedByBothEngines) {
  Judged judged = the_product();
  judged.semantics = [](const Instruction& one, const State& before) {
    Effect effect = execute(one, before);
    if (one.form == Form::SubR64R64) effect.after.flags ^= kCarry;
    return effect;
  };
  const Tally tally = check(draw({Form::SubR64R64, Form::AddR64R64}, 20), judged);
  EXPECT_EQ(of(tally, Form::SubR64R64).cpu_differs, 80U);
  EXPECT_EQ(of(tally, Form::SubR64R64).emulator_differs, 80U);
  expect_agreement(of(tally, Form::AddR64R64));
  ASSERT_EQ(tally.findings.size(), 2 * Tally::kKeptFindings);
  EXPECT_NE(tally.findings.front().text.find("flags: expected"), std::string::npos) << tally.findings.front().text;
}

TEST(Check, FlagsThatAreUndefinedConvictNobody) {
  Judged judged = the_product();
  judged.semantics = [](const Instruction& one, const State& before) {
    Effect effect = execute(one, before);
    effect.after.flags ^= effect.undefined_flags;
    return effect;
  };
  const Tally tally = check(draw({Form::ShlR32Cl, Form::MulR64}, 20), judged);
  expect_agreement(of(tally, Form::ShlR32Cl));
  expect_agreement(of(tally, Form::MulR64));
}

TEST(Check, ASemanticsThatForgetsTheUpperHalfIsConvicted) {
  Judged judged = the_product();
  judged.semantics = [](const Instruction& one, const State& before) {
    Effect effect = execute(one, before);
    const std::size_t to = one.operands[0].reg;
    if (one.form == Form::MovR32R32) effect.after.registers[to] |= before.registers[to] & ~std::uint64_t{0xFFFF'FFFF};
    return effect;
  };
  EXPECT_GT(of(check(draw({Form::MovR32R32}, 20), judged), Form::MovR32R32).cpu_differs, 0U);
}

TEST(Check, WrongBytesAreConvictedAndTheirNeighboursAreNot) {
  struct Mistake {
    const char* what;
    Form form;
    std::function<void(std::vector<std::uint8_t>&)> spoil;
  };
  const Mistake mistakes[] = {
      {"REX.W dropped", Form::AddR64R64, [](auto& bytes) { bytes[0] &= 0xF7; }},
      {"REX.R and REX.B swapped", Form::MovR64R64,
       [](auto& bytes) {
         const unsigned rex = bytes[0];
         bytes[0] = static_cast<std::uint8_t>((rex & 0xFAU) | (rex & 1U) << 2 | (rex & 4U) >> 2);
       }},
      {"the wrong digit", Form::AndR64I8, [](auto& bytes) { bytes[2] ^= 0x28; }},
      {"the opposite condition", Form::SetccR8, [](auto& bytes) { bytes[bytes.size() - 2] ^= 1; }},
      {"the opposite condition of a short branch", Form::JccRel8, [](auto& bytes) { bytes[0] ^= 1; }},
      {"a near branch one byte short", Form::JmpRel32, [](auto& bytes) { --bytes[1]; }},
      {"a short branch one byte far", Form::JmpRel8, [](auto& bytes) { ++bytes[1]; }},
      {"a displacement off by one", Form::MovR64M64, [](auto& bytes) { bytes.back() ^= 1; }},
      {"sar for shr", Form::ShrR64Cl, [](auto& bytes) { bytes[2] |= 0x10; }},
      {"an instruction too long", Form::CmpR64R64, [](auto& bytes) { bytes.push_back(0x50); }},
      {"no instruction at all", Form::NegR64, [](auto& bytes) { bytes = {0x0F, 0x0B}; }},
      {"a jump out of the block", Form::NotR64, [](auto& bytes) { bytes = {0xE9, 0, 0, 0, 0x10}; }},
      {"a return", Form::IncR64, [](auto& bytes) { bytes = {0xC3}; }},
  };
  for (const Mistake& mistake : mistakes) {
    SCOPED_TRACE(mistake.what);
    const Tally tally =
        check(draw({mistake.form, Form::OrR32M32, Form::XorM64R64}, 12), encoding_wrongly(mistake.form, mistake.spoil));
    EXPECT_GT(of(tally, mistake.form).cpu_differs, 0U);
    EXPECT_GT(of(tally, mistake.form).emulator_differs, 0U);
    expect_agreement(of(tally, Form::OrR32M32));
    expect_agreement(of(tally, Form::XorM64R64));
    const bool all = std::ranges::all_of(tally.findings, [&](const Finding& one) { return one.form == mistake.form; });
    EXPECT_TRUE(all);
  }
}

TEST(Check, ADivideErrorIsWhatIsExpectedOfADivisionByZero) {
  std::vector<Trial> trials = {trial_of(made([](Assembler& a) { a.div(rcx); }), {7, 0, 0}),
                               trial_of(made([](Assembler& a) { a.idiv(ecx); }), {7, 0, 0}),
                               trial_of(made([](Assembler& a) { a.idiv(rcx); }), {1ULL << 63, kOnes, kOnes})};
  const Tally tally = check(std::move(trials));
  expect_agreement(of(tally, Form::DivR64));
  expect_agreement(of(tally, Form::IdivR32));
  expect_agreement(of(tally, Form::IdivR64));
}

TEST(Check, ASemanticsThatForgetsADivideErrorIsConvicted) {
  Judged judged = the_product();
  judged.semantics = [](const Instruction& one, const State& before) {
    Effect effect = execute(one, before);
    effect.ending = Ending::Done;
    return effect;
  };
  const Tally tally = check({trial_of(made([](Assembler& a) { a.div(rcx); }), {7, 0, 0})}, judged);
  EXPECT_EQ(of(tally, Form::DivR64).cpu_differs, 1U);
  EXPECT_EQ(of(tally, Form::DivR64).emulator_differs, 1U);
}

TEST(Check, PopcntIsExplainedAndIsNoAgreement) {
  const Tally tally = check(draw({Form::PopcntR32M32, Form::PopcntR64R64}, 5));
  for (const Form form : {Form::PopcntR32M32, Form::PopcntR64R64}) {
    const FormTally& counts = of(tally, form);
    EXPECT_EQ(counts.cpu_agrees, 20U);
    EXPECT_EQ(counts.emulator_agrees, 0U);
    EXPECT_EQ(times(counts, Defect::Popcnt), 20U);
    EXPECT_EQ(counts.emulator_differs, 0U);
  }
}

TEST(Check, A32BitScanOfZeroIsExplainedAndIsNoAgreement) {
  std::vector<Trial> trials = {trial_of(made([](Assembler& a) { a.bsf(eax, ecx); }), {kOnes, 0}),
                               trial_of(made([](Assembler& a) { a.bsr(eax, ecx); }), {kOnes, 4}),
                               trial_of(made([](Assembler& a) { a.bsr(rax, rcx); }), {kOnes, 0})};
  const Tally tally = check(std::move(trials));
  EXPECT_EQ(times(of(tally, Form::BsfR32R32), Defect::BitScanOfZero), 1U);
  EXPECT_EQ(of(tally, Form::BsfR32R32).emulator_agrees, 0U);
  EXPECT_EQ(of(tally, Form::BsfR32R32).cpu_agrees, 1U);
  expect_agreement(of(tally, Form::BsrR32R32));
  expect_agreement(of(tally, Form::BsrR64R64));
}

TEST(Check, TheIdivThatKillsTheEmulatorIsExplainedAndTheRestGoesOn) {
  std::vector<Trial> trials = {trial_of(made([](Assembler& a) { a.idiv(ecx); }), {0, kOnes, 0x8000'0000}),
                               trial_of(made([](Assembler& a) { a.idiv(ecx); }), {9, 2, 0})};
  const Tally tally = check(std::move(trials));
  const FormTally& counts = of(tally, Form::IdivR32);
  EXPECT_EQ(counts.cpu_agrees, 2U);
  EXPECT_EQ(counts.emulator_agrees, 1U);
  EXPECT_EQ(times(counts, Defect::IdivOverflow), 1U);
}

TEST(Check, UndefinedFlagsThatDifferAreCountedAndNamed) {
  const Tally tally = check(draw({Form::MulR64, Form::AddR64R64}, 50));
  EXPECT_GT(times(of(tally, Form::MulR64), Defect::UndefinedFlags), 0U);
  EXPECT_NE(of(tally, Form::MulR64).undefined_flags, 0U);
  EXPECT_EQ(of(tally, Form::MulR64).undefined_flags & (kCarry | kOverflow), 0U) << "these are defined";
  EXPECT_EQ(of(tally, Form::AddR64R64).undefined_flags, 0U);
}

TEST(Check, ACaseThatCannotBeRunIsTheHarnesssFailure) {
  std::vector<Trial> trials = {trial_of(made([](Assembler& a) { a.mov(rax, x64::Mem64{x64::at(rdi, 64)}); }), {})};
  trials[0].pointers = {{kRdi, 1, 0}};
  auto checker = Checker::create(the_product());
  ASSERT_TRUE(checker) << checker.error().describe();
  Tally tally;
  EXPECT_FALSE((*checker)->check(trials, tally));
}

}  // namespace
}  // namespace assay::oracles::instructions
