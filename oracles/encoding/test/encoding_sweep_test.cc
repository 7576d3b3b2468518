// Every form of the instruction table, with every register in every place and every shape of address, is encoded as
// both decoders and the manual say.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <tuple>
#include <vector>

#include "core/x64/assembler.h"
#include "oracles/encoding/check.h"
#include "oracles/encoding/fields.h"
#include "oracles/encoding/intent_text.h"
#include "oracles/encoding/test/sweep.h"
#include "oracles/encoding/zydis_decoder.h"

namespace assay::oracles::encoding {
namespace {

using x64::Address;
using x64::Form;
using x64::Intent;

constexpr std::size_t kBatch = 4096;  // instructions assembled and checked at a time

class EncodingSweep : public testing::Test {
 protected:
  void SetUp() override {
    CheckerOptions options;
    options.cache_entries = 0;  // every instruction is decoded
    auto checker = EncodingChecker::create(options);
    ASSERT_TRUE(checker) << checker.error().describe();
    checker_ = std::move(checker).value();
    assembler_.record_intents(true);
  }

  void emit(Form form, const sweep::Operands& operands) {
    assembler_.emit(form, operands[0], operands[1], operands[2]);
    if (++pending_ == kBatch) flush();
  }

  void flush() {
    assembler_.finish();
    const auto mismatch = checker_->check(assembler_.code(), assembler_.intents());
    if (mismatch) ADD_FAILURE() << mismatch->message;
    assembler_.clear();
    pending_ = 0;
  }

  std::unique_ptr<EncodingChecker> checker_;
  x64::Assembler assembler_;
  std::size_t pending_ = 0;
};

std::vector<Form> all_forms() {
  std::vector<Form> forms;
  forms.reserve(x64::kFormCount);
  for (std::size_t i = 0; i < x64::kFormCount; ++i) forms.push_back(static_cast<Form>(i));
  return forms;
}

TEST_F(EncodingSweep, EveryFormRegisterAndAddressShapeIsReadBackByBothDecoders) {
  const std::vector<Address> addresses = sweep::all_addresses();
  EXPECT_EQ(addresses.size(), std::size_t{17} * (1 + 15 * 4) * sweep::kDisplacements.size());
  std::size_t swept = 0;
  for (const Form form : all_forms()) {
    if (sweep::is_branch(form)) continue;
    ++swept;
    std::array<std::set<int>, 3> registers;
    std::size_t shapes = 0;
    sweep::for_each_operands(form, addresses, [&](const sweep::Operands& operands) {
      for (std::size_t i = 0; i < operands.size(); ++i) {
        registers[i].insert(operands[i].reg);
        if (is_memory(operands[i].kind)) ++shapes;
      }
      emit(form, operands);
    });
    flush();
    ASSERT_FALSE(HasFailure()) << "in form " << x64::form_info(form).id;
    for (std::size_t i = 0; i < registers.size(); ++i) {
      const x64::OperandKind kind = x64::form_info(form).operands[i];
      const bool numbered = is_register(kind) || kind == x64::OperandKind::Condition;
      EXPECT_TRUE(!numbered || registers[i].size() == 16);
      EXPECT_TRUE(!is_memory(kind) || shapes >= 2 * addresses.size());
    }
  }
  EXPECT_EQ(swept + 5, x64::kFormCount);  // the five branches have a test of their own
  EXPECT_EQ(checker_->instructions_decoded(), checker_->instructions_checked());
  std::printf("swept %zu forms, %zu encodings, each by two decoders\n", swept,
              static_cast<std::size_t>(checker_->instructions_decoded()));
}

TEST_F(EncodingSweep, EveryBranchAtTheEdgesOfItsReach) {
  std::set<std::tuple<Form, int>> seen;
  const auto fill = [this](int bytes) {
    for (int i = 0; i < bytes; ++i) assembler_.ret();
  };
  const auto branch = [this](int kind, x64::Label target) {
    if (kind < 16) assembler_.jcc(static_cast<x64::Cond>(kind), target);
    if (kind == 16) assembler_.jmp(target);
    if (kind == 17) assembler_.call(target);
  };
  for (int kind = 0; kind < 18; ++kind) {
    for (const int distance : {0, 1, 60, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 1000, 70000}) {
      for (const bool forward : {true, false}) {
        assembler_.clear();
        const x64::Label target = assembler_.new_label();
        if (!forward) assembler_.bind(target);
        if (forward) branch(kind, target);
        fill(distance);
        if (!forward) branch(kind, target);
        if (forward) assembler_.bind(target);
        assembler_.ud2();
        assembler_.finish();
        const auto mismatch = checker_->check(assembler_.code(), assembler_.intents());
        EXPECT_FALSE(mismatch) << mismatch->message;
        for (const Intent& intent : assembler_.intents()) {
          if (sweep::is_branch(intent.form)) seen.emplace(intent.form, intent.operands[0].reg);
        }
      }
    }
  }
  EXPECT_EQ(seen.size(), 16U * 2 + 2 + 1);  // jcc and jmp in both lengths, call in one
}

TEST_F(EncodingSweep, FieldsReadFromBytesAreThoseThatZydisReports) {
  auto zydis = ZydisDecoder::create();
  ASSERT_TRUE(zydis) << zydis.error().describe();
  // Every seventh address: the reader has no case per address, only per bit pattern.
  std::vector<Address> addresses;
  const std::vector<Address> all = sweep::all_addresses();
  for (std::size_t i = 0; i < all.size(); i += 7) addresses.push_back(all[i]);
  for (const Form form : all_forms()) {
    if (sweep::is_branch(form)) continue;
    sweep::for_each_operands(form, addresses, [&](const sweep::Operands& operands) {
      Intent intent;
      intent.form = form;
      intent.operands = operands;
      ASSERT_TRUE(is_encodable(intent));
      const Fields intended = intended_fields(intent);
      const Bytes bytes = to_bytes(intended);
      Fields reported;
      ASSERT_TRUE((*zydis)->raw_fields(bytes.span(), reported)) << describe(bytes.span());
      const Fields read = read_fields(bytes.span(), form);
      if (read == reported && read == intended) return;
      ADD_FAILURE() << x64::form_info(form).id << " " << describe(bytes.span()) << " " << describe(intent);
    });
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace assay::oracles::encoding
