// A key holds all that a verdict depends on and nothing else; the cache forgets but never confuses.
#include "oracles/encoding/verdict_cache.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace assay::oracles::encoding {
namespace {

using x64::Form;
using x64::Intent;
using x64::OperandKind;
using x64::RegId;
using Code = std::vector<std::uint8_t>;

struct Sample {
  Intent intent;
  Code code = Code(32, 0x11);
};

// mov dword ptr [rbx + rcx*4 + 8], 7
Sample store() {
  Sample sample;
  sample.intent.form = Form::MovM32I32;
  sample.intent.length = 9;
  sample.intent.offset = 3;
  sample.intent.operands[0].kind = OperandKind::M32;
  sample.intent.operands[0].address = x64::at(x64::Reg64{RegId::Rbx}, x64::Reg64{RegId::Rcx}, 4, 8);
  sample.intent.operands[1].kind = OperandKind::I32;
  sample.intent.operands[1].immediate = 7;
  return sample;
}

Sample jump() {
  Sample sample;
  sample.intent.form = Form::JccRel8;
  sample.intent.length = 2;
  sample.intent.offset = 3;
  sample.intent.operands[0].kind = OperandKind::Condition;
  sample.intent.operands[1].kind = OperandKind::Rel8;
  sample.intent.operands[1].immediate = 20;
  return sample;
}

VerdictKey key_of(const Sample& sample) {
  VerdictKey key;
  make_key(sample.intent, sample.code, key);
  return key;
}

TEST(VerdictKey, ChangesWithEveryPartOfTheIntentAndEveryByte) {
  using Change = std::function<void(Sample&)>;
  std::vector<Change> changes = {
      [](Sample& s) { s.intent.form = Form::AddM32I32; },
      [](Sample& s) { s.intent.length = 10; },
      [](Sample& s) { s.intent.operands[0].kind = OperandKind::M64; },
      [](Sample& s) { s.intent.operands[1].kind = OperandKind::I8; },
      [](Sample& s) { s.intent.operands[2].kind = OperandKind::Cl; },
      [](Sample& s) { s.intent.operands[2].reg = 1; },
      [](Sample& s) { s.intent.operands[0].address.base = RegId::R13; },
      [](Sample& s) { s.intent.operands[0].address.index = RegId::Rdx; },
      [](Sample& s) { s.intent.operands[0].address.scale = 8; },
      [](Sample& s) { s.intent.operands[0].address.has_base = false; },
      [](Sample& s) { s.intent.operands[0].address.has_index = false; },
      [](Sample& s) { s.intent.operands[0].address.displacement = -8; },
      [](Sample& s) { s.intent.operands[1].immediate = -7; },
      [](Sample& s) { s.intent.operands[1].immediate += std::int64_t{1} << 32; },
  };
  for (std::size_t i = 0; i < 9; ++i) changes.push_back([i](Sample& s) { s.code[3 + i] ^= 0x80; });
  const VerdictKey original = key_of(store());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Sample changed = store();
    changes[i](changed);
    EXPECT_NE(key_of(changed), original) << i;
  }
}

TEST(VerdictKey, IgnoresPlaceNodeAndTheBytesAround) {
  const VerdictKey original = key_of(store());
  Sample elsewhere = store();
  elsewhere.intent.offset = 5;
  elsewhere.intent.node = 9;
  EXPECT_EQ(key_of(elsewhere), original);
  Sample around = store();
  around.code[2] = 0;
  around.code[12] = 0;
  EXPECT_EQ(key_of(around), original);
}

TEST(VerdictKey, IsTheSameAtTheEndOfTheCode) {
  for (std::uint8_t length = 1; length <= 15; ++length) {
    Sample inside = store();
    for (std::size_t i = 0; i < inside.code.size(); ++i) inside.code[i] = static_cast<std::uint8_t>(i + 1);
    inside.intent.length = length;
    Sample at_end = inside;
    at_end.code.resize(std::size_t{3} + length);
    EXPECT_EQ(key_of(inside), key_of(at_end)) << int{length};
  }
}

TEST(VerdictKey, CountsABranchByItsDistance) {
  Sample moved = jump();
  moved.intent.offset += 6;
  EXPECT_NE(key_of(moved), key_of(jump()));
  moved.intent.operands[1].immediate += 6;
  EXPECT_EQ(key_of(moved), key_of(jump()));
  Sample farther = jump();
  farther.intent.operands[1].immediate += 1;
  EXPECT_NE(key_of(farther), key_of(jump()));
}

Sample numbered(int displacement) {
  Sample sample = store();
  sample.intent.operands[0].address.displacement = displacement;
  return sample;
}

TEST(VerdictCache, HoldsNothingAtFirst) {
  const VerdictCache cache(64);
  const VerdictKey key = key_of(store());
  EXPECT_FALSE(cache.holds(cache.set_of(key), key));
}

TEST(VerdictCache, HoldsExactlyWhatWasStoredLast) {
  VerdictCache cache(1);  // every key meets every other in the one set
  const VerdictKey first = key_of(store());
  const VerdictKey second = key_of(jump());
  const VerdictKey third = key_of(numbered(3));
  cache.store(cache.set_of(first), first);
  EXPECT_TRUE(cache.holds(cache.set_of(first), first));
  EXPECT_FALSE(cache.holds(cache.set_of(second), second));
  cache.store(cache.set_of(second), second);
  EXPECT_TRUE(cache.holds(cache.set_of(first), first));
  EXPECT_TRUE(cache.holds(cache.set_of(second), second));
  cache.store(cache.set_of(third), third);
  EXPECT_FALSE(cache.holds(cache.set_of(first), first));
  EXPECT_TRUE(cache.holds(cache.set_of(second), second));
  EXPECT_TRUE(cache.holds(cache.set_of(third), third));
}

TEST(VerdictCache, RoundsItsSizeUpAndStaysWithinIt) {
  EXPECT_EQ(VerdictCache(0).capacity(), 2U);
  EXPECT_EQ(VerdictCache(1000).capacity(), 1024U);
}

TEST(VerdictCache, SpreadsSimilarKeys) {
  const VerdictCache cache(2048);
  std::set<std::size_t> sets;
  for (int i = 0; i < 1024; ++i) {
    const std::size_t set = cache.set_of(key_of(numbered(i * 8)));
    ASSERT_LT(set + 1, cache.capacity());
    sets.insert(set);
  }
  EXPECT_GT(sets.size(), 550U);  // random places would fill 1024 * (1 - 1/e) = 647
}

}  // namespace
}  // namespace assay::oracles::encoding
