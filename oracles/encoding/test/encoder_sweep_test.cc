// A part of the operand space of every form is encoded as both decoders and the manual say, and the sweep tells what it
// judged. The whole of it is `assay verify --encoder`; that a sweep convicts is in sweep_faults_test.cc.
#include "oracles/encoding/sweep/encoder_sweep.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "oracles/encoding/fields.h"
#include "oracles/encoding/intent_text.h"
#include "oracles/encoding/zydis_decoder.h"

namespace assay::oracles::encoding::sweep {
namespace {

constexpr std::uint64_t kEvery = 23;  // no divisor of any number of values

SweepResult result_of(const SweepOptions& options) {
  auto result = sweep_encoder(options);
  EXPECT_TRUE(result) << result.error().describe();
  return std::move(result).value();
}

TEST(EncoderSweep, EveryFormIsReadBackByBothDecoders) {
  const SweepResult result = result_of({.jobs = 2, .every = kEvery});
  for (const SweepMismatch& one : result.first) ADD_FAILURE() << x64::form_info(one.form).id << ": " << one.message;
  EXPECT_EQ(result.mismatches, 0U);
  EXPECT_EQ(result.forms.size(), x64::kFormCount);
  for (const FormTally& one : result.forms) {
    EXPECT_GT(one.encodings, 0U) << x64::form_info(one.form).id;
    EXPECT_EQ(one.encodings, one.planned) << x64::form_info(one.form).id;
  }
  EXPECT_TRUE(result.is_sound());
  EXPECT_FALSE(result.complete);
  EXPECT_EQ(result.decoded, result.encodings);
  EXPECT_GT(result.encodings, 1'000'000U);
  std::printf("%zu forms, %zu encodings, each by two decoders\n", result.forms.size(),
              static_cast<std::size_t>(result.encodings));
}

TEST(EncoderSweep, EveryBranchAtTheBordersOfItsReach) {
  const SweepResult result = result_of({.jobs = 2, .forms = "J*,Call*"});
  for (const SweepMismatch& one : result.first) ADD_FAILURE() << x64::form_info(one.form).id << ": " << one.message;
  EXPECT_EQ(result.mismatches, 0U);
  EXPECT_GT(result.encodings, 10'000U);
}

TEST(EncoderSweep, TheWholeIsMoreThanTwentyMillionEncodings) {
  std::uint64_t planned = 0;
  for (const FormTally& one : plan_sweep({})) planned += one.planned;
  EXPECT_GT(planned, 20'000'000U);
}

TEST(EncoderSweep, ItsThreadsDoNotChangeTheResult) {
  const SweepOptions options = {.forms = "Imul*", .every = 101, .longer = {}};  // with mismatches
  SweepOptions threads = options;
  threads.jobs = 5;
  const SweepResult one = result_of(options);
  const SweepResult five = result_of(threads);
  EXPECT_GT(one.mismatches, 0U);
  EXPECT_EQ(one.mismatches, five.mismatches);
  EXPECT_EQ(one.encodings, five.encodings);
  EXPECT_EQ(one.by_field, five.by_field);
  ASSERT_EQ(one.first.size(), five.first.size());
  for (std::size_t i = 0; i < one.first.size(); ++i) EXPECT_EQ(one.first[i].message, five.first[i].message);
}

TEST(EncoderSweep, CompleteIsOnlyWhatLeavesNothingOut) {
  EXPECT_FALSE(result_of({.forms = "Cqo"}).complete);
  EXPECT_FALSE(result_of({.every = 100'003}).complete);
}

TEST(EncoderSweep, NoSuchFormIsAnErrorOfTheUser) {
  const auto result = sweep_encoder({.forms = "Fadd*"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, base::ErrorKind::Input);
}

TEST(EncoderSweep, NothingJudgedIsNotSound) { EXPECT_FALSE(SweepResult{}.is_sound()); }

TEST(EncoderSweep, LessJudgedThanPlannedIsNotSound) {
  SweepResult result = result_of({.forms = "Cqo"});
  EXPECT_TRUE(result.is_sound());
  ++result.planned;
  EXPECT_FALSE(result.is_sound());
}

TEST(EncoderSweep, TellsOfItsProgress) {
  SweepProgress last;
  SweepOptions options = {.forms = "AddR32R32"};
  options.progress = [&](const SweepProgress& progress) { last = progress; };
  EXPECT_EQ(result_of(options).encodings, 256U);
  EXPECT_EQ(last.done, 256U);
  EXPECT_EQ(last.planned, 256U);
}

TEST(EncoderSweep, FieldsReadFromBytesAreThoseThatZydisReports) {
  auto zydis = ZydisDecoder::create();
  ASSERT_TRUE(zydis) << zydis.error().describe();
  for (std::size_t i = 0; i < x64::kFormCount; ++i) {
    const auto form = static_cast<x64::Form>(i);
    if (is_branch(form)) continue;
    const OperandSpace space(form);
    const std::uint64_t step = space.size() <= kWholeForm ? 1 : 211;
    for (std::uint64_t index = 0; index < space.size(); index += step) {
      x64::Intent intent;
      intent.form = form;
      intent.operands = space.at(index);
      ASSERT_TRUE(is_encodable(intent));
      const Fields intended = intended_fields(intent);
      const Bytes bytes = to_bytes(intended);
      Fields reported;
      ASSERT_TRUE((*zydis)->raw_fields(bytes.span(), reported)) << describe(bytes.span());
      const Fields read = read_fields(bytes.span(), form);
      ASSERT_TRUE(read == reported && read == intended)
          << x64::form_info(form).id << " " << describe(bytes.span()) << " " << describe(intent);
    }
  }
}

}  // namespace
}  // namespace assay::oracles::encoding::sweep
