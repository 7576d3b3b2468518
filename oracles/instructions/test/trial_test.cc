// What trials are drawn: every register, every shape of address, memory that is really there, and the same each time.
#include "oracles/instructions/trial.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

namespace assay::oracles::instructions {
namespace {

using x64::Form;

std::vector<Form> forms_to_run() {
  std::vector<Form> forms;
  for (std::size_t i = 0; i < x64::kFormCount; ++i) {
    if (!why_not_run(static_cast<Form>(i))) forms.push_back(static_cast<Form>(i));
  }
  return forms;
}

TEST(Trial, EveryAccessStaysInsideItsMemoryWhereverThatIs) {
  base::Rng rng(41);
  for (const Form form : forms_to_run()) {
    for (int i = 0; i < 100; ++i) {
      const Trial trial = draw_trial(form, 2, rng);
      for (const Inputs& inputs : trial.inputs) {
        const std::uint64_t window = rng.next() & ~std::uint64_t{7};
        const Effect effect = execute(trial.instruction, state_before(trial, inputs, window, rng.next()));
        ASSERT_NE(effect.ending, Ending::OutsideMemory) << x64::form_info(form).id;
        ASSERT_NE(effect.ending, Ending::NotModelled) << x64::form_info(form).id;
      }
    }
  }
}

TEST(Trial, EveryRegisterComesInEveryPlaceAndEveryShapeOfAddressDoes) {
  base::Rng rng(42);
  std::array<std::set<int>, 3> registers;
  std::set<int> bases;
  std::set<int> indices;
  std::set<std::string> shapes;
  for (int i = 0; i < 4000; ++i) {
    for (const Form form : {Form::AddR32R32, Form::AndnR64R64R64, Form::AddM64I8}) {
      const Trial trial = draw_trial(form, 1, rng);
      for (std::size_t k = 0; k < 3; ++k) {
        const x64::Operand& operand = trial.instruction.operands[k];
        if (x64::is_register(operand.kind)) registers[k].insert(operand.reg);
        if (!x64::is_memory(operand.kind)) continue;
        const x64::Address& address = operand.address;
        if (address.has_base) bases.insert(x64::number(address.base));
        if (address.has_index) indices.insert(x64::number(address.index));
        const bool same = address.has_base && address.has_index && address.base == address.index;
        shapes.insert((address.has_base ? "base " : "") + (address.has_index ? std::to_string(address.scale) : "") +
                      (same ? " same" : ""));
      }
    }
  }
  for (const std::set<int>& place : registers) EXPECT_EQ(place.size(), 16U);
  EXPECT_EQ(bases.size(), 16U);
  EXPECT_EQ(indices.size(), 15U);
  // A base alone, with an index, an index alone, and one register for both; each with four scales.
  EXPECT_EQ(shapes.size(), 13U);
}

TEST(Trial, TheSameSeedGivesTheSameTrial) {
  for (const Form form : {Form::IdivM32, Form::SetccM8, Form::PopR64}) {
    base::Rng first(7);
    base::Rng second(7);
    const Trial a = draw_trial(form, 4, first);
    const Trial b = draw_trial(form, 4, second);
    EXPECT_EQ(a.instruction.operands, b.instruction.operands);
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(a.inputs[i].registers, b.inputs[i].registers);
      EXPECT_EQ(a.inputs[i].flags, b.inputs[i].flags);
      EXPECT_EQ(a.inputs[i].frame, b.inputs[i].frame);
    }
  }
}

TEST(Trial, DivisionsComeBothWithAndWithoutAnError) {
  base::Rng rng(43);
  for (const Form form : {Form::DivR32, Form::DivM64, Form::IdivM32, Form::IdivR64}) {
    int errors = 0;
    int results = 0;
    for (int i = 0; i < 500; ++i) {
      const Trial trial = draw_trial(form, 1, rng);
      const Effect effect = execute(trial.instruction, state_before(trial, trial.inputs[0], 0x1000, 0x2000));
      (effect.ending == Ending::Done ? results : errors) += 1;
    }
    EXPECT_GT(errors, 25) << x64::form_info(form).id;
    EXPECT_GT(results, 150) << x64::form_info(form).id;
  }
}

TEST(Trial, WhatMayMoveRspHasARegisterToFindTheFrameWith) {
  base::Rng rng(44);
  for (int i = 0; i < 300; ++i) {
    const Trial push = draw_trial(Form::PushR64, 1, rng);
    ASSERT_TRUE(push.rescue);
    ASSERT_NE(*push.rescue, push.instruction.operands[0].reg);
    const Trial move = draw_trial(Form::MovR64R64, 1, rng);
    ASSERT_EQ(move.rescue.has_value(),
              move.instruction.operands[0].reg == kRsp || move.instruction.operands[1].reg == kRsp);
  }
}

}  // namespace
}  // namespace assay::oracles::instructions
