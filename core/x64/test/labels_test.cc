// How long branches become and where they go; see core/x64/labels.h.
//
// Displacements are checked against the instructions' own bytes: each branch is decoded by hand below, and must land on
// the one-byte instruction that marks its label.
#include "core/x64/labels.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/x64/assembler.h"

namespace assay::x64 {
namespace {

void pad(Assembler& assembler, int bytes) {
  for (int i = 0; i < bytes; ++i) assembler.ret();
}

// The bytes of a branch at `at`, and where it goes.
struct Decoded {
  std::uint32_t length;
  std::int64_t target;
};

Decoded decode(const Assembler& assembler, std::uint32_t at) {
  const auto code = assembler.code();
  const std::uint8_t first = code[at];
  std::uint32_t length = 2;
  if (first == 0xE9 || first == 0xE8) length = 5;
  if (first == 0x0F) length = 6;
  std::int64_t displacement = 0;
  if (length == 2) {
    displacement = static_cast<std::int8_t>(code[at + 1]);
  } else {
    std::int32_t wide = 0;
    std::memcpy(&wide, code.data() + at + length - 4, 4);
    displacement = wide;
  }
  return {length, std::int64_t{at} + length + displacement};
}

// A branch over `distance` bytes forward: the displacement is the distance.
Decoded forward(Form near_form, int distance) {
  Assembler assembler;
  const Label target = assembler.new_label();
  if (near_form == Form::JmpRel32) assembler.jmp(target);
  if (near_form == Form::JccRel32) assembler.jcc(Cond::Ne, target);
  if (near_form == Form::CallRel32) assembler.call(target);
  pad(assembler, distance);
  assembler.bind(target);
  pad(assembler, 1);
  assembler.finish();
  const Decoded decoded = decode(assembler, 0);
  EXPECT_EQ(decoded.target, std::int64_t{assembler.offset(target)});
  EXPECT_EQ(assembler.offset(target), decoded.length + static_cast<std::uint32_t>(distance));
  EXPECT_EQ(assembler.code().size(), decoded.length + static_cast<std::size_t>(distance) + 1);
  return decoded;
}

// A branch back over `distance` bytes: the displacement is the distance and the branch's own length.
Decoded backward(Form near_form, int distance) {
  Assembler assembler;
  const Label target = assembler.new_label();
  assembler.bind(target);
  pad(assembler, distance);
  if (near_form == Form::JmpRel32) assembler.jmp(target);
  if (near_form == Form::JccRel32) assembler.jcc(Cond::Ne, target);
  if (near_form == Form::CallRel32) assembler.call(target);
  assembler.finish();
  const Decoded decoded = decode(assembler, static_cast<std::uint32_t>(distance));
  EXPECT_EQ(decoded.target, 0);
  return decoded;
}

TEST(Labels, ForwardBranchesAreShortUpTo127) {
  for (const int distance : {0, 1, 126, 127}) {
    EXPECT_EQ(forward(Form::JmpRel32, distance).length, 2U) << distance;
    EXPECT_EQ(forward(Form::JccRel32, distance).length, 2U) << distance;
  }
  for (const int distance : {128, 129, 1000}) {
    EXPECT_EQ(forward(Form::JmpRel32, distance).length, 5U) << distance;
    EXPECT_EQ(forward(Form::JccRel32, distance).length, 6U) << distance;
  }
}

TEST(Labels, BackwardBranchesAreShortDownToMinus128) {
  for (const int displacement : {-2, -127, -128}) {
    EXPECT_EQ(backward(Form::JmpRel32, -displacement - 2).length, 2U) << displacement;
    EXPECT_EQ(backward(Form::JccRel32, -displacement - 2).length, 2U) << displacement;
  }
  for (const int displacement : {-129, -130, -1000}) {
    EXPECT_EQ(backward(Form::JmpRel32, -displacement - 2).length, 5U) << displacement;
    EXPECT_EQ(backward(Form::JccRel32, -displacement - 2).length, 6U) << displacement;
  }
}

TEST(Labels, CallsHaveNoShortForm) {
  for (const int distance : {0, 10, 127, 128}) {
    EXPECT_EQ(forward(Form::CallRel32, distance).length, 5U);
    EXPECT_EQ(backward(Form::CallRel32, distance).length, 5U);
  }
}

TEST(Labels, ABranchToTheNextInstructionHasDisplacementZero) {
  Assembler assembler;
  const Label next = assembler.new_label();
  assembler.jmp(next);
  assembler.bind(next);
  assembler.finish();
  const auto code = assembler.code();
  EXPECT_EQ(std::vector<std::uint8_t>(code.begin(), code.end()), (std::vector<std::uint8_t>{0xEB, 0x00}));
}

// Each branch spans its neighbour: only when both are short do both reach. A search that starts from "all near" and
// shortens one by one would stop at none.
TEST(Labels, BranchesThatReachOnlyTogetherAreBothShort) {
  Assembler assembler;
  const Label first = assembler.new_label();
  const Label second = assembler.new_label();
  assembler.jmp(first);
  assembler.jmp(second);
  pad(assembler, 125);
  assembler.bind(first);
  pad(assembler, 2);
  assembler.bind(second);
  pad(assembler, 1);
  assembler.finish();
  EXPECT_EQ(decode(assembler, 0).length, 2U);
  EXPECT_EQ(decode(assembler, 2).length, 2U);
  EXPECT_EQ(assembler.code().size(), 132U);
}

// Crossing branches, one back and one forward, each inside the other's span and exactly at the border.
TEST(Labels, CrossingBranchesAtTheBorderAreBothShort) {
  Assembler assembler;
  const Label back = assembler.new_label();
  const Label ahead = assembler.new_label();
  assembler.bind(back);
  assembler.jmp(ahead);
  pad(assembler, 124);
  assembler.jmp(back);
  pad(assembler, 1);
  assembler.bind(ahead);
  assembler.finish();
  EXPECT_EQ(decode(assembler, 0).length, 2U);
  EXPECT_EQ(decode(assembler, 126).length, 2U);
  EXPECT_EQ(decode(assembler, 126).target, 0);
  EXPECT_EQ(decode(assembler, 0).target, 129);
}

// Ten branches, each of which spans its successor and reaches exactly when that one is short. With one byte more the
// last does not reach; growing it pushes the one before out of reach, and so on to the first.
TEST(Labels, ABranchThatGrowsCanMakeAWholeChainGrow) {
  const auto lengths = [](int last_distance) {
    constexpr std::size_t kChain = 10;
    constexpr int kHead = 31;  // bytes from a branch to its predecessor's target
    constexpr int kTail = 63;  // from there to the next branch: kHead + kTail + 2 + kHead = 127
    Assembler assembler;
    std::vector<Label> labels;
    for (std::size_t i = 0; i < kChain; ++i) labels.push_back(assembler.new_label());
    for (std::size_t i = 0; i < kChain; ++i) {
      assembler.jmp(labels[i]);
      pad(assembler, kHead);
      if (i != 0) assembler.bind(labels[i - 1]);
      pad(assembler, i == kChain - 1 ? last_distance - kHead : kTail);
    }
    assembler.bind(labels[kChain - 1]);
    assembler.finish();
    std::vector<std::uint32_t> found;
    for (std::uint32_t at = 0; at < assembler.code().size();) {
      if (assembler.code()[at] == 0xC3) {
        ++at;
        continue;
      }
      found.push_back(decode(assembler, at).length);
      at += found.back();
    }
    return found;
  };
  EXPECT_EQ(lengths(127), std::vector<std::uint32_t>(10, 2));
  EXPECT_EQ(lengths(128), std::vector<std::uint32_t>(10, 5));
}

TEST(Labels, SeveralMayStandAtOnePlaceAndSeveralBranchesGoToOne) {
  Assembler assembler;
  const Label a = assembler.new_label();
  const Label b = assembler.new_label();
  assembler.bind(a);
  assembler.bind(b);
  assembler.jmp(a);
  assembler.jmp(b);
  assembler.jcc(Cond::O, a);
  assembler.finish();
  EXPECT_EQ(assembler.offset(a), assembler.offset(b));
  for (const std::uint32_t at : {0U, 2U, 4U}) EXPECT_EQ(decode(assembler, at).target, 0);
}

TEST(Labels, IntentsSayTheFormLengthPlaceAndTargetInTheFinalCode) {
  Assembler assembler;
  assembler.record_intents(true);
  const Label near = assembler.new_label();
  const Label far = assembler.new_label();
  assembler.jcc(Cond::L, near);
  assembler.jmp(far);
  assembler.bind(near);
  assembler.call(far);
  assembler.jcc(Cond::A, far);
  for (int i = 0; i < 200; ++i) assembler.ret();
  assembler.bind(far);
  assembler.jmp(near);
  assembler.finish();

  const auto intents = assembler.intents();
  ASSERT_EQ(intents.size(), 205U);
  const auto expect = [](const Intent& intent, Form form, std::uint32_t offset, int length, std::int64_t target) {
    EXPECT_EQ(form_info(intent.form).id, form_info(form).id);
    EXPECT_EQ(intent.offset, offset);
    EXPECT_EQ(int{intent.length}, length);
    const FormInfo& row = form_info(form);
    const std::size_t place = row.operands[0] == OperandKind::Condition ? 1 : 0;
    EXPECT_EQ(intent.operands[place].kind, row.operands[place]);
    EXPECT_EQ(intent.operands[place].immediate, target);
  };
  // 2 (jl short), 5 (jmp near), 5 (call), 6 (ja near), 200 times 1, 5 (jmp near)
  expect(intents[0], Form::JccRel8, 0, 2, 7);
  EXPECT_EQ(intents[0].operands[0].reg, static_cast<std::uint8_t>(Cond::L));
  expect(intents[1], Form::JmpRel32, 2, 5, 218);
  expect(intents[2], Form::CallRel32, 7, 5, 218);
  expect(intents[3], Form::JccRel32, 12, 6, 218);
  EXPECT_EQ(intents[4].offset, 18U);
  expect(intents[204], Form::JmpRel32, 218, 5, 7);
  EXPECT_EQ(assembler.offset(near), 7U);
  EXPECT_EQ(assembler.offset(far), 218U);
  EXPECT_EQ(assembler.code().size(), 223U);
}

std::uint64_t test_seed() {
  const char* text = std::getenv("ASSAY_TEST_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 0) : 20250101;
}

// Whatever the layout: every branch lands on its label, no short branch could not reach, no near one could have been
// short, and everything else is untouched.
TEST(Labels, RandomLayoutsAreRelaxedExactly) {
  const std::uint64_t seed = test_seed();
  SCOPED_TRACE("ASSAY_TEST_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  Assembler assembler;
  assembler.record_intents(true);
  for (int round = 0; round < 300; ++round) {
    assembler.clear();
    const std::size_t pieces = 1 + random() % 40;
    std::vector<Label> labels;
    for (std::size_t i = 0; i < pieces; ++i) labels.push_back(assembler.new_label());
    std::vector<std::pair<std::size_t, std::size_t>> branches;  // intent, label
    for (const Label label : labels) {
      assembler.bind(label);
      pad(assembler, static_cast<int>(random() % 60));
      const std::size_t target = random() % pieces;
      branches.emplace_back(assembler.intents().size(), target);
      if (random() % 3 == 0) {
        assembler.jmp(labels[target]);
      } else {
        assembler.jcc(static_cast<Cond>(random() % 16), labels[target]);
      }
    }
    assembler.finish();
    for (const auto& [intent_index, target] : branches) {
      const Intent& intent = assembler.intents()[intent_index];
      const Decoded decoded = decode(assembler, intent.offset);
      ASSERT_EQ(decoded.length, std::uint32_t{intent.length});
      ASSERT_EQ(decoded.target, std::int64_t{assembler.offset(labels[target])});
      const std::int64_t displacement = decoded.target - (std::int64_t{intent.offset} + decoded.length);
      if (decoded.length == 2) continue;
      // Shortened alone, a forward branch would keep its displacement and a backward one lose its own savings.
      const std::int64_t shortened = displacement >= 0 ? displacement : displacement + decoded.length - 2;
      EXPECT_TRUE(shortened < -128 || shortened > 127) << "round " << round;
    }
    std::size_t next = 0;
    for (const Intent& intent : assembler.intents()) {
      ASSERT_EQ(intent.offset, next);
      ASSERT_TRUE(intent.form != Form::Ret || assembler.code()[next] == 0xC3);
      next += intent.length;
    }
    ASSERT_EQ(next, assembler.code().size());
  }
}

}  // namespace
}  // namespace assay::x64
