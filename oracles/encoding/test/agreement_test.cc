// A reading agrees with an intent only if every part of it does.
#include "oracles/encoding/agreement.h"

#include <gtest/gtest.h>

#include <functional>

namespace assay::oracles::encoding {
namespace {

using x64::Form;
using x64::Intent;
using x64::OperandKind;
using x64::RegId;

// cmovl eax, [rbx + rcx*4 + 8]
Intent load_intent() {
  Intent intent;
  intent.form = Form::CmovccR32M32;
  intent.length = 5;
  intent.operands[0].kind = OperandKind::Condition;
  intent.operands[0].reg = 12;
  intent.operands[1].kind = OperandKind::R32;
  intent.operands[2].kind = OperandKind::M32;
  intent.operands[2].address = x64::at(x64::Reg64{RegId::Rbx}, x64::Reg64{RegId::Rcx}, 4, 8);
  return intent;
}

// add rax, 5
Intent immediate_intent() {
  Intent intent;
  intent.form = Form::AddR64I8;
  intent.length = 4;
  intent.operands[0].kind = OperandKind::R64;
  intent.operands[1].kind = OperandKind::I8;
  intent.operands[1].immediate = 5;
  return intent;
}

Decoded truth_of(const Intent& intent) {
  Decoded decoded;
  decoded.status = DecodeStatus::Decoded;
  decoded.length = intent.length;
  decoded.mnemonic = x64::form_info(intent.form).mnemonic;
  decoded.operands = intent.operands;
  return decoded;
}

TEST(Agreement, HoldsForTheSameInstruction) {
  for (const Intent& intent : {load_intent(), immediate_intent()}) {
    EXPECT_TRUE(agrees(intent, truth_of(intent)));
    EXPECT_TRUE(same_reading(truth_of(intent), truth_of(intent)));
  }
}

TEST(Agreement, NeedsEveryPart) {
  using Change = std::function<void(Decoded&)>;
  const std::vector<Change> changes = {
      [](Decoded& d) { d.length = 6; },
      [](Decoded& d) { d.altered = true; },
      [](Decoded& d) { d.mnemonic = "set"; },
      [](Decoded& d) { d.operands[0].reg = 2; },
      [](Decoded& d) { d.operands[1].reg = 1; },
      [](Decoded& d) { d.operands[1].kind = OperandKind::R64; },
      [](Decoded& d) { d.operands[2].kind = OperandKind::M64; },
      [](Decoded& d) { d.operands[2].address.base = RegId::R12; },
      [](Decoded& d) { d.operands[2].address.base = RegId::R11; },  // RBX but for its highest bit
      [](Decoded& d) { d.operands[2].address.index = RegId::Rdx; },
      [](Decoded& d) { d.operands[2].address.scale = 8; },
      [](Decoded& d) { d.operands[2].address.displacement = -8; },
      [](Decoded& d) { d.operands[2].address.has_base = false; },
      [](Decoded& d) { d.operands[2].address.has_index = false; },
  };
  const Intent intent = load_intent();
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Decoded changed = truth_of(intent);
    changes[i](changed);
    EXPECT_FALSE(agrees(intent, changed)) << i;
    EXPECT_FALSE(same_reading(truth_of(intent), changed)) << i;
  }
}

TEST(Agreement, NeedsTheImmediateAndItsSize) {
  const Intent intent = immediate_intent();
  Decoded value = truth_of(intent);
  value.operands[1].immediate = -5;
  Decoded size = truth_of(intent);
  size.operands[1].kind = OperandKind::I32;
  for (const Decoded& changed : {value, size}) {
    EXPECT_FALSE(agrees(intent, changed));
    EXPECT_FALSE(same_reading(truth_of(intent), changed));
  }
}

TEST(Agreement, IgnoresPartsOfAnAddressThatAreNotThere) {
  Intent intent = load_intent();
  intent.operands[2].address = x64::at_absolute(8);
  Decoded decoded = truth_of(intent);
  decoded.operands[2].address.base = RegId::R9;
  decoded.operands[2].address.index = RegId::R9;
  decoded.operands[2].address.scale = 8;
  EXPECT_TRUE(agrees(intent, decoded));
}

TEST(Agreement, NeverHoldsForWhatIsNoInstructionOfTheTable) {
  const Intent intent = load_intent();
  for (const DecodeStatus status : {DecodeStatus::Foreign, DecodeStatus::Malformed}) {
    Decoded decoded = truth_of(intent);
    decoded.status = status;
    EXPECT_FALSE(agrees(intent, decoded));
  }
}

TEST(SameReading, ComparesOnlyLengthsWhereADecoderHasNoName) {
  const Decoded named = truth_of(load_intent());
  Decoded foreign;
  foreign.status = DecodeStatus::Foreign;
  foreign.length = named.length;
  EXPECT_TRUE(same_reading(named, foreign));
  foreign.length = 1;
  EXPECT_FALSE(same_reading(named, foreign));
  EXPECT_FALSE(same_reading(named, Decoded{}));
  EXPECT_TRUE(same_reading(Decoded{}, Decoded{}));
}

}  // namespace
}  // namespace assay::oracles::encoding
