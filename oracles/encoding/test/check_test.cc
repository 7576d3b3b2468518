// What the encoding oracle says of whole pieces of code: tiling, branches, disagreeing decoders, and that its cache
// changes nothing but the time.
#include "oracles/encoding/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>
#include <vector>

#include "core/base/rng.h"
#include "core/x64/assembler.h"
#include "oracles/encoding/sweep/operand_space.h"

namespace assay::oracles::encoding {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using x64::Assembler;
using x64::Cond;
using x64::Form;
using x64::Imm8;
using x64::Intent;
using x64::Reg32;
using x64::Reg64;
using x64::RegId;

constexpr Reg32 kEax{RegId::Rax};
constexpr Reg32 kEcx{RegId::Rcx};

struct Sample {
  std::vector<std::uint8_t> code;
  std::vector<Intent> intents;
};

Sample sample_of(Assembler& assembler) {
  assembler.finish();
  return {{assembler.code().begin(), assembler.code().end()}, {assembler.intents().begin(), assembler.intents().end()}};
}

// add, a loop around a shift, ret: 01 c8 / c1 e0 03 / 7c fb / c3
Sample small_loop() {
  Assembler assembler;
  assembler.record_intents(true);
  assembler.add(kEax, kEcx);
  const x64::Label again = assembler.new_label();
  assembler.bind(again);
  assembler.shl(kEax, Imm8{3});
  assembler.jcc(Cond::L, again);
  assembler.ret();
  return sample_of(assembler);
}

std::unique_ptr<EncodingChecker> make_checker(const CheckerOptions& options = {}) {
  auto checker = EncodingChecker::create(options);
  EXPECT_TRUE(checker) << checker.error().describe();
  return std::move(checker).value();
}

TEST(EncodingChecker, AcceptsCodeThatIsWhatWasIntended) {
  const Sample sample = small_loop();
  const auto checker = make_checker();
  EXPECT_FALSE(checker->check(sample.code, sample.intents));
  EXPECT_EQ(checker->instructions_checked(), 4U);
  EXPECT_EQ(checker->instructions_decoded(), 4U);
}

TEST(EncodingChecker, AcceptsNothingForNothing) { EXPECT_FALSE(make_checker()->check({}, {})); }

TEST(EncodingChecker, CodeWithoutIntentsIsAMismatch) {
  const Sample sample = small_loop();
  const auto mismatch = make_checker()->check(sample.code, {});
  ASSERT_TRUE(mismatch);
  EXPECT_EQ(mismatch->field, EncodingField::Tiling);
  EXPECT_EQ(mismatch->message, "8 bytes at 0x0 belong to no recorded instruction");
}

TEST(EncodingChecker, DecodesARepeatedInstructionOnce) {
  const Sample sample = small_loop();
  const auto checker = make_checker();
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(checker->check(sample.code, sample.intents));
  EXPECT_EQ(checker->instructions_checked(), 40U);
  EXPECT_EQ(checker->instructions_decoded(), 4U);
}

TEST(EncodingChecker, DecodesEveryTimeWithTheCacheOff) {
  const Sample sample = small_loop();
  const auto checker = make_checker({.cache_entries = 0});
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(checker->check(sample.code, sample.intents));
  EXPECT_EQ(checker->instructions_decoded(), 40U);
}

TEST(EncodingChecker, RemembersABranchByItsDistanceAndNotByItsPlace) {
  Assembler assembler;
  assembler.record_intents(true);
  for (int i = 0; i < 3; ++i) {
    const x64::Label next = assembler.new_label();
    assembler.jmp(next);
    assembler.ret();
    assembler.bind(next);
  }
  assembler.ret();
  const Sample sample = sample_of(assembler);
  const auto checker = make_checker();
  EXPECT_FALSE(checker->check(sample.code, sample.intents));
  EXPECT_EQ(checker->instructions_checked(), 7U);
  EXPECT_EQ(checker->instructions_decoded(), 2U);
}

TEST(EncodingChecker, ABranchDisplacementOffByFourIsTheImmediate) {
  Sample sample = small_loop();
  sample.code[6] = static_cast<std::uint8_t>(sample.code[6] + 4);
  const auto mismatch = make_checker()->check(sample.code, sample.intents);
  ASSERT_TRUE(mismatch);
  EXPECT_EQ(mismatch->field, EncodingField::Immediate);
  EXPECT_EQ(mismatch->instruction, 2U);
  EXPECT_EQ(mismatch->offset, 5U);
  EXPECT_THAT(mismatch->message, AllOf(HasSubstr("the branch displacement is -1 in 1 byte, intended -5 in 1 byte"),
                                       HasSubstr("intended `jl 0x2`"), HasSubstr("`jl 0x6`")));
}

// `distance` bytes between a near branch and its target.
Sample near_branch(Form form, std::int64_t distance, bool forward) {
  Sample sample;
  const std::size_t length = form == Form::JccRel32 ? 6 : 5;
  const auto fill = [&sample, distance] {
    for (std::int64_t i = 0; i < distance; ++i) {
      Intent ret;
      ret.form = Form::Ret;
      ret.length = 1;
      ret.offset = static_cast<std::uint32_t>(sample.code.size());
      sample.intents.push_back(ret);
      sample.code.push_back(0xC3);
    }
  };
  if (!forward) fill();
  Intent branch;
  branch.form = form;
  branch.length = static_cast<std::uint8_t>(length);
  branch.offset = static_cast<std::uint32_t>(sample.code.size());
  const std::int64_t end = branch.offset + static_cast<std::int64_t>(length);
  x64::Operand target;
  target.kind = x64::OperandKind::Rel32;
  target.immediate = forward ? end + distance : 0;
  if (form == Form::JccRel32) {
    branch.operands[0].kind = x64::OperandKind::Condition;
    branch.operands[0].reg = static_cast<std::uint8_t>(Cond::L);
    branch.operands[1] = target;
    sample.code.insert(sample.code.end(), {0x0F, 0x8C});
  } else {
    branch.operands[0] = target;
    sample.code.push_back(form == Form::JmpRel32 ? 0xE9 : 0xE8);
  }
  const auto displacement = static_cast<std::uint32_t>(target.immediate - end);
  for (int i = 0; i < 4; ++i) sample.code.push_back(static_cast<std::uint8_t>(displacement >> (8 * i)));
  sample.intents.push_back(branch);
  if (forward) fill();
  Intent last;
  last.form = Form::Ret;
  last.length = 1;
  last.offset = static_cast<std::uint32_t>(sample.code.size());
  sample.code.push_back(0xC3);
  sample.intents.push_back(last);
  return sample;
}

TEST(EncodingChecker, ANearBranchWhereAShortOneReachesIsTooLong) {
  const auto checker = make_checker();
  for (const Form form : {Form::JmpRel32, Form::JccRel32}) {
    // 126 bytes back and two bytes of the short branch itself are the 128 that it reaches.
    for (const auto& [distance, forward] : {std::pair(127, true), std::pair(0, true), std::pair(126, false)}) {
      const Sample sample = near_branch(form, distance, forward);
      const auto mismatch = checker->check(sample.code, sample.intents);
      ASSERT_TRUE(mismatch) << distance;
      EXPECT_EQ(mismatch->field, EncodingField::Length);
      EXPECT_THAT(mismatch->message, HasSubstr("a short branch reaches the target"));
    }
  }
}

TEST(EncodingChecker, ANearBranchBeyondTheReachOfAShortOneIsRight) {
  const auto checker = make_checker();
  for (const Form form : {Form::JmpRel32, Form::JccRel32}) {
    for (const auto& [distance, forward] : {std::pair(128, true), std::pair(127, false)}) {
      const Sample sample = near_branch(form, distance, forward);
      const auto mismatch = checker->check(sample.code, sample.intents);
      EXPECT_FALSE(mismatch) << mismatch->message;
    }
  }
}

TEST(EncodingChecker, ACallHasNoShortForm) {
  const Sample sample = near_branch(Form::CallRel32, 4, true);
  EXPECT_FALSE(make_checker()->check(sample.code, sample.intents));
}

TEST(EncodingChecker, AShortBranchThatDoesNotReachIsUnencodable) {
  Sample sample = small_loop();
  sample.intents[2].operands[1].immediate = 1000;
  const auto mismatch = make_checker()->check(sample.code, sample.intents);
  ASSERT_TRUE(mismatch);
  EXPECT_EQ(mismatch->field, EncodingField::Unencodable);
  EXPECT_THAT(mismatch->message, HasSubstr("993 bytes from the end of a short branch"));
}

TEST(EncodingChecker, AnIntentThatNoAssemblerCouldEncodeIsAMismatch) {
  const auto checker = make_checker();
  Sample sample = small_loop();
  sample.intents[0].operands[1].kind = x64::OperandKind::R64;  // add eax, rcx
  const auto mixed = checker->check(sample.code, sample.intents);
  ASSERT_TRUE(mixed);
  EXPECT_EQ(mixed->field, EncodingField::Unencodable);

  Intent load;
  load.form = Form::MovR32M32;
  load.length = 3;
  load.operands[0].kind = x64::OperandKind::R32;
  load.operands[1].kind = x64::OperandKind::M32;
  load.operands[1].address = x64::at(Reg64{RegId::Rbx}, Reg64{RegId::Rsp}, 1);
  const std::vector<std::uint8_t> code = {0x8B, 0x04, 0x23};
  const auto index = checker->check(code, std::span(&load, 1));
  ASSERT_TRUE(index);
  EXPECT_EQ(index->field, EncodingField::Unencodable);
}

TEST(EncodingChecker, ABranchIntoAnInstructionIsAMismatch) {
  Sample sample = small_loop();
  sample.intents[2].operands[1].immediate = 3;  // inside the shift, and the bytes agree
  sample.code[6] = 0xFC;
  const auto mismatch = make_checker()->check(sample.code, sample.intents);
  ASSERT_TRUE(mismatch);
  EXPECT_EQ(mismatch->field, EncodingField::BranchTarget);
  EXPECT_EQ(mismatch->message, "`jl 0x3` leads into the middle of an instruction");
}

TEST(EncodingChecker, ABranchOutOfTheCodeIsAMismatch) {
  for (const std::int64_t target : {8, 20, -1}) {
    Sample sample = small_loop();
    sample.intents[2].operands[1].immediate = target;
    sample.code[6] = static_cast<std::uint8_t>(target - 7);
    const auto mismatch = make_checker()->check(sample.code, sample.intents);
    ASSERT_TRUE(mismatch);
    EXPECT_EQ(mismatch->field, EncodingField::BranchTarget);
    EXPECT_THAT(mismatch->message, HasSubstr("leads out of the code"));
  }
}

TEST(EncodingChecker, AGapBetweenInstructionsIsAMismatch) {
  Sample sample = small_loop();
  sample.intents.erase(sample.intents.begin() + 1);
  const auto mismatch = make_checker()->check(sample.code, sample.intents);
  ASSERT_TRUE(mismatch);
  EXPECT_EQ(mismatch->field, EncodingField::Tiling);
  EXPECT_EQ(mismatch->instruction, 1U);
  EXPECT_EQ(mismatch->offset, 2U);
}

TEST(EncodingChecker, AnOverlapOrAnEmptyInstructionIsAMismatch) {
  const auto checker = make_checker();
  Sample overlap = small_loop();
  overlap.intents[1].offset = 1;
  Sample empty = small_loop();
  empty.intents[1].length = 0;
  Sample beyond = small_loop();
  beyond.intents[3].length = 2;
  for (const Sample& sample : {overlap, empty, beyond}) {
    const auto mismatch = checker->check(sample.code, sample.intents);
    ASSERT_TRUE(mismatch);
    EXPECT_EQ(mismatch->field, EncodingField::Tiling) << mismatch->message;
  }
}

TEST(EncodingChecker, AnInstructionThatSwallowsTheNextIsAMismatch) {
  Sample sample = small_loop();
  sample.code[0] = 0x05;  // add eax, imm32 takes five bytes
  const auto mismatch = make_checker()->check(sample.code, sample.intents);
  ASSERT_TRUE(mismatch);
  EXPECT_EQ(mismatch->field, EncodingField::Opcode);
  EXPECT_THAT(mismatch->message, HasSubstr("of 5 bytes"));
}

TEST(EncodingChecker, NoInstructionIsLongerThanFifteenBytes) {
  const std::vector<std::uint8_t> code(16, 0x66);
  Intent intent;
  intent.length = 16;
  const auto mismatch = make_checker()->check(code, std::span(&intent, 1));
  ASSERT_TRUE(mismatch);
  EXPECT_EQ(mismatch->field, EncodingField::Length);
}

TEST(EncodingChecker, ReportsAllMismatchesUpToTheLimit) {
  Sample sample = small_loop();
  sample.code[0] = 0x11;
  sample.code[4] = 4;
  sample.code[5] = 0x72;
  const auto checker = make_checker();
  const auto all = checker->check_all(sample.code, sample.intents, 10);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].instruction, 0U);
  EXPECT_EQ(all[1].instruction, 1U);
  EXPECT_EQ(all[2].instruction, 2U);
  EXPECT_EQ(checker->check_all(sample.code, sample.intents, 2).size(), 2U);
  EXPECT_TRUE(checker->check_all(sample.code, sample.intents, 0).empty());
}

// Reads everything as what it is told to.
class LyingDecoder final : public Decoder {
 public:
  LyingDecoder(std::string_view name, Decoded lie) : name_(name), lie_(lie) {}
  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] Decoded decode(std::span<const std::uint8_t>) override { return lie_; }
  [[nodiscard]] std::string print(std::span<const std::uint8_t>, std::uint64_t) override { return "a lie"; }

 private:
  std::string_view name_;
  Decoded lie_;
};

struct OneAdd {
  Sample sample;
  Decoded truth;
  Decoded lie;
};

OneAdd one_add() {
  Assembler assembler;
  assembler.record_intents(true);
  assembler.add(kEax, kEcx);
  OneAdd made;
  made.sample = sample_of(assembler);
  made.truth.status = DecodeStatus::Decoded;
  made.truth.length = 2;
  made.truth.mnemonic = "add";
  made.truth.operands = made.sample.intents[0].operands;
  made.lie = made.truth;
  made.lie.operands[1].reg = 2;
  return made;
}

EncodingChecker checker_of(const Decoded& first, const Decoded& second, const CheckerOptions& options = {}) {
  return {std::make_unique<LyingDecoder>("first", first), std::make_unique<LyingDecoder>("second", second), options};
}

TEST(EncodingChecker, DecodersThatDisagreeAreAFindingOfTheirOwn) {
  const OneAdd add = one_add();
  for (const bool first_lies : {true, false}) {
    EncodingChecker checker = first_lies ? checker_of(add.lie, add.truth) : checker_of(add.truth, add.lie);
    const auto mismatch = checker.check(add.sample.code, add.sample.intents);
    ASSERT_TRUE(mismatch);
    EXPECT_EQ(mismatch->field, EncodingField::Decoders);
    EXPECT_THAT(mismatch->message, AllOf(HasSubstr(first_lies ? "first does not read" : "second does not read"),
                                         HasSubstr("the decoders disagree")));
  }
}

TEST(EncodingChecker, BothDecodersAgainstTheTableConvictItsRow) {
  const OneAdd add = one_add();
  EncodingChecker checker = checker_of(add.lie, add.lie);
  const auto mismatch = checker.check(add.sample.code, add.sample.intents);
  ASSERT_TRUE(mismatch);
  EXPECT_EQ(mismatch->field, EncodingField::Opcode);
  EXPECT_THAT(mismatch->message, HasSubstr("the row of the instruction table does not mean what its name says"));
}

TEST(EncodingChecker, OnlyAReviewedRowExcusesADecoder) {
  const OneAdd add = one_add();
  const std::vector<KnownDifference> other = {{Form::SubR32R32, "second", "reason", "link"},
                                              {Form::AddR32R32, "first", "reason", "link"}};
  const std::vector<KnownDifference> row = {{Form::AddR32R32, "second", "reason", "link"}};
  EXPECT_TRUE(checker_of(add.truth, add.lie, {.known_differences = other}).check(add.sample.code, add.sample.intents));
  EXPECT_FALSE(checker_of(add.truth, add.lie, {.known_differences = row}).check(add.sample.code, add.sample.intents));
}

TEST(EncodingChecker, TheFirstMismatchOfADecoderNeverReachesTheCache) {
  const OneAdd add = one_add();
  EncodingChecker checker = checker_of(add.truth, add.lie);
  EXPECT_TRUE(checker.check(add.sample.code, add.sample.intents));
  EXPECT_TRUE(checker.check(add.sample.code, add.sample.intents));
  EXPECT_EQ(checker.instructions_decoded(), 2U);
}

TEST(EncodingChecker, WorksInAForkedChild) {
  const Sample sample = small_loop();
  const auto checker = make_checker();
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) _exit(checker->check(sample.code, sample.intents) ? 1 : 0);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_FALSE(checker->check(sample.code, sample.intents));
}

std::uint64_t test_seed() {
  const char* const text = std::getenv("ASSAY_TEST_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 0) : 0x5EED;
}

// Each random single-bit error of random code is found with a cache that is warm with the right code, and without one.
TEST(EncodingChecker, FindsEveryFlippedBitWithAWarmCacheAndWithout) {
  SCOPED_TRACE(testing::Message() << "ASSAY_TEST_SEED=" << test_seed());
  base::Rng rng(test_seed());
  const auto cached = make_checker();
  const auto uncached = make_checker({.cache_entries = 0});
  for (int round = 0; round < 300; ++round) {
    Assembler assembler;
    assembler.record_intents(true);
    while (assembler.intents().size() < 8) {
      const auto form = static_cast<Form>(rng.below(x64::kFormCount));
      if (sweep::is_branch(form)) continue;
      const sweep::OperandSpace space(form);
      const sweep::Operands operands = space.at(rng.below(static_cast<std::uint32_t>(space.size())));
      assembler.emit(form, operands[0], operands[1], operands[2]);
    }
    Sample sample = sample_of(assembler);
    ASSERT_FALSE(cached->check(sample.code, sample.intents));
    const std::uint32_t byte = rng.below(static_cast<std::uint32_t>(sample.code.size()));
    sample.code[byte] = static_cast<std::uint8_t>(sample.code[byte] ^ (1U << rng.below(8)));
    const auto with = cached->check(sample.code, sample.intents);
    const auto without = uncached->check(sample.code, sample.intents);
    ASSERT_TRUE(with);
    ASSERT_TRUE(without);
    EXPECT_EQ(with->message, without->message);
    EXPECT_EQ(with->field, without->field);
    const Intent& guilty = sample.intents[with->instruction];
    EXPECT_TRUE(byte >= guilty.offset && byte < guilty.offset + guilty.length) << with->message;
  }
}

}  // namespace
}  // namespace assay::oracles::encoding
