// What generated programs promise: validity, variety, an end, observable results, and the same program for the same
// seed.
#include "fuzz/gen/generator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "core/interp/interpreter.h"
#include "fuzz/gen/inputs.h"

namespace assay::fuzz {
namespace {

constexpr std::uint64_t kPrograms = 20'000;
constexpr std::uint64_t kFuel = 100'000;

std::uint64_t test_seed() {
  const char* const text = std::getenv("ASSAY_TEST_SEED");
  return text == nullptr ? 1 : std::strtoull(text, nullptr, 0);
}

// Everything counted in one pass over many programs.
struct Census {
  std::uint64_t invalid = 0;
  std::string first_error;
  std::array<std::uint64_t, ast::kNodeKindCount> kinds{};
  std::array<std::array<std::uint64_t, 2>, ast::kOpCount> ops{};  // by operand type
  std::uint64_t nodes = 0;
  std::uint64_t runs = 0;
  std::uint64_t out_of_fuel = 0;
  std::uint64_t trapped = 0;
  std::uint64_t steps = 0;
  std::uint64_t scalar = 0;
  std::uint64_t changed_frames = 0;
  std::uint64_t far_slots = 0;         // programs with slots that take a displacement of 32 bits
  std::uint64_t widened_counters = 0;  // programs that compare the extension of what they step
};

// Whether a variable of 32 bits is stepped by a constant and, extended, compared with one of 64 bits.
bool has_widened_counter(const ast::Program& program) {
  std::set<std::uint32_t> stepped;
  std::set<std::uint32_t> compared;
  for (std::uint32_t id = 0; id < program.node_count(); ++id) {
    const ast::Node& node = program.node(ast::NodeId{id});
    if (node.kind == ast::NodeKind::Store) {
      const ast::Node& value = program.node(node.child_b());
      if (value.kind != ast::NodeKind::Binary || value.op != ast::Op::Add) continue;
      const ast::Node& left = program.node(value.child_a());
      const bool by_constant = program.node(value.child_b()).kind == ast::NodeKind::Int;
      if (by_constant && left.kind == ast::NodeKind::Load && left.variable() == node.variable())
        stepped.insert(left.variable().value);
    } else if (node.kind == ast::NodeKind::Compare) {
      const ast::Node& left = program.node(node.child_a());
      if (left.kind != ast::NodeKind::Convert || (left.op != ast::Op::ExtendS && left.op != ast::Op::ExtendU)) continue;
      const ast::Node& extended = program.node(left.child_a());
      if (extended.kind == ast::NodeKind::Load) compared.insert(extended.variable().value);
    }
  }
  return std::any_of(stepped.begin(), stepped.end(), [&](std::uint32_t one) { return compared.contains(one); });
}

const Census& census() {
  static const Census result = [] {
    Census count;
    Generator generator;
    GeneratedCase one;
    interp::Outcome outcome;
    for (std::uint64_t i = 0; i < kPrograms; ++i) {
      generator.generate(base::derive_seed(test_seed(), i), one);
      if (const auto verified = ast::verify(one.program); !verified) {
        if (count.invalid++ == 0) count.first_error = verified.error().describe() + "\n" + std::to_string(i);
        continue;
      }
      count.nodes += one.program.node_count();
      count.far_slots += one.program.slot_count() > 16 ? 1U : 0U;
      count.widened_counters += has_widened_counter(one.program) ? 1U : 0U;
      count.scalar += ast::is_pure_scalar(one.program, one.program.body()) ? 1U : 0U;
      for (std::uint32_t id = 0; id < one.program.node_count(); ++id) {
        const ast::Node& node = one.program.node(ast::NodeId{id});
        ++count.kinds[static_cast<std::size_t>(node.kind)];
        if (node.kind == ast::NodeKind::Unary || node.kind == ast::NodeKind::Binary ||
            node.kind == ast::NodeKind::Compare || node.kind == ast::NodeKind::Convert) {
          ++count.ops[static_cast<std::size_t>(node.op)]
                     [static_cast<std::size_t>(one.program.node(node.child_a()).type)];
        }
      }
      for (const auto& input : one.inputs) {
        interp::interpret(one.program, input, kFuel, outcome);
        ++count.runs;
        count.steps += outcome.steps;
        count.out_of_fuel += outcome.end == interp::End::OutOfFuel ? 1U : 0U;
        count.trapped += outcome.end == interp::End::Trapped ? 1U : 0U;
        count.changed_frames += outcome.frame != input || !outcome.stack.empty() ? 1U : 0U;
      }
    }
    return count;
  }();
  return result;
}

TEST(GeneratorTest, EveryProgramIsValid) { EXPECT_EQ(census().invalid, 0U) << census().first_error; }

TEST(GeneratorTest, EveryNodeKindOccursOften) {
  for (std::size_t kind = 0; kind < ast::kNodeKindCount; ++kind) {
    EXPECT_GE(census().kinds[kind], 50U) << ast::node_kind_name(static_cast<ast::NodeKind>(kind));
  }
}

TEST(GeneratorTest, EveryOperatorOccursOftenInEveryType) {
  for (std::size_t i = 0; i < ast::kOpCount; ++i) {
    const auto op = static_cast<ast::Op>(i);
    for (const ast::Type type : {ast::Type::I32, ast::Type::I64}) {
      if (!ast::accepts(op, type)) continue;
      EXPECT_GE(census().ops[i][static_cast<std::size_t>(type)], 500U)
          << ast::op_info(op).name << " " << ast::type_name(type);
    }
  }
}

TEST(GeneratorTest, FewerThanOneRunInTwoHundredIsOutOfFuel) {
  EXPECT_LT(census().out_of_fuel * 200, census().runs);
  RecordProperty("steps_per_run", static_cast<int>(census().steps / census().runs));
}

TEST(GeneratorTest, TrapsHappenButNotTooOften) {
  EXPECT_GT(census().trapped * 100, census().runs * 2);
  EXPECT_LT(census().trapped * 100, census().runs * 15);
}

TEST(GeneratorTest, OneProgramInAHundredComparesACounterInAWiderType) {
  EXPECT_GT(census().widened_counters * 100, kPrograms);
  RecordProperty("widened_counters", static_cast<int>(census().widened_counters));
}

// More than there are registers, too.
TEST(GeneratorTest, OneProgramInAHundredHasSlotsBeyondADisplacementOfAByte) {
  EXPECT_GT(census().far_slots * 100, kPrograms);
  RecordProperty("far_slots", static_cast<int>(census().far_slots));
}

TEST(GeneratorTest, RunsAreShort) { EXPECT_LT(census().steps / census().runs, 500U); }

TEST(GeneratorTest, NearlyEveryRunHasAnObservableResult) {
  EXPECT_GT(census().changed_frames * 100, census().runs * 80);
}

TEST(GeneratorTest, PrintingProgramsAreRareAndPresent) {
  const std::uint64_t printing = kPrograms - census().scalar;
  EXPECT_GT(printing, kPrograms / 1000);
  EXPECT_LT(printing, kPrograms / 20);
}

TEST(GeneratorTest, TheSameSeedGivesTheSameCase) {
  Generator first;
  Generator second;
  GeneratedCase a;
  GeneratedCase b;
  first.generate(99, a);  // what came before must not matter
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    first.generate(seed, a);
    second.generate(seed, b);
    ASSERT_TRUE(ast::same_program(a.program, b.program)) << seed;
    ASSERT_EQ(a.inputs, b.inputs) << seed;
    ASSERT_EQ(a.config.features, b.config.features) << seed;
  }
}

// FNV-1a over texts and inputs. A change here is a change of every recorded seed: raise kGeneratorVersion with it.
TEST(GeneratorTest, KnownSeedsGiveKnownPrograms) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  const auto mix = [&hash](std::uint64_t value) {
    for (int byte = 0; byte < 8; ++byte) hash = (hash ^ ((value >> (8 * byte)) & 0xFF)) * 0x100000001B3ULL;
  };
  Generator generator;
  GeneratedCase one;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    generator.generate(seed, one);
    for (const char c : ast::print_program(one.program)) mix(static_cast<unsigned char>(c));
    for (const auto& frame : one.inputs) {
      for (const std::uint64_t cell : frame) mix(cell);
    }
  }
  EXPECT_EQ(kGeneratorVersion, 8);
  EXPECT_EQ(hash, 0xDBA7D3C13EAE3A7DULL) << std::hex << "0x" << hash;
}

TEST(GeneratorTest, DialsAreHonouredAtTheirExtremes) {
  Generator generator;
  GeneratedCase one;
  SwarmConfig config;
  config.ops.fill(false);
  config.ops[static_cast<std::size_t>(ast::Op::Add)] = true;
  config.branches = config.loops = config.selects = config.pushes = false;
  config.wide_percent = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    config.live_values = 1;
    config.slots = 1;
    generator.generate(seed, config, one);
    EXPECT_EQ(one.program.slot_count(), 1U);
    for (std::uint32_t i = 0; i < one.program.node_count(); ++i) {
      const ast::Node& node = one.program.node(ast::NodeId{i});
      ASSERT_NE(node.kind, ast::NodeKind::While);
      ASSERT_NE(node.kind, ast::NodeKind::Push);
      if (node.kind == ast::NodeKind::Load) {
        ASSERT_EQ(node.type, ast::Type::I32);
      }
    }
    config.live_values = 30;
    generator.generate(seed, config, one);
    EXPECT_GE(one.program.variable_count(), 30U);
  }
}

// What one pass or one instruction is for, and few programs would say by chance.
bool is_and_not(const ast::Program& program, const ast::Node& node) {
  if (node.kind != ast::NodeKind::Binary || node.op != ast::Op::And) return false;
  const ast::Node& right = program.node(node.child_b());
  return right.kind == ast::NodeKind::Unary && right.op == ast::Op::Not;
}

bool is_number(const ast::Program& program, ast::NodeId id, std::uint64_t bits) {
  return program.node(id).kind == ast::NodeKind::Int && program.node(id).bits() == bits;
}

bool is_test_for_multiple(const ast::Program& program, const ast::Node& node) {
  if (node.kind != ast::NodeKind::Compare || (node.op != ast::Op::Eq && node.op != ast::Op::Ne)) return false;
  const ast::Node& left = program.node(node.child_a());
  return left.kind == ast::NodeKind::Binary && (left.op == ast::Op::RemS || left.op == ast::Op::RemU) &&
         is_number(program, node.child_b(), 0);
}

bool may_trap(const ast::Program& program, ast::NodeId id) {
  return program.node(id).kind == ast::NodeKind::Binary && ast::op_info(program.node(id).op).traps;
}

bool is_negated_choice_of_traps(const ast::Program& program, const ast::Node& node) {
  if (node.kind != ast::NodeKind::Select) return false;
  const ast::Node& chosen = program.node(node.child_a());
  return chosen.kind == ast::NodeKind::Unary && chosen.op == ast::Op::Eqz && may_trap(program, node.child_b()) &&
         may_trap(program, node.child_c());
}

bool is_dropped_trap(const ast::Program& program, const ast::Node& node) {
  return node.kind == ast::NodeKind::Binary && (node.op == ast::Op::Mul || node.op == ast::Op::And) &&
         may_trap(program, node.child_a()) && is_number(program, node.child_b(), 0);
}

using NodePredicate = bool (*)(const ast::Program&, const ast::Node&);

std::uint64_t programs_with(NodePredicate wanted, std::uint64_t programs) {
  Generator generator;
  GeneratedCase one;
  std::uint64_t found = 0;
  for (std::uint64_t i = 0; i < programs; ++i) {
    generator.generate(base::derive_seed(test_seed(), i), one);
    bool here = false;
    for (std::uint32_t id = 0; id < one.program.node_count() && !here; ++id) {
      here = wanted(one.program, one.program.node(ast::NodeId{id}));
    }
    found += here ? 1U : 0U;
  }
  return found;
}

TEST(GeneratorTest, IdiomsOccurOften) {
  EXPECT_GT(programs_with(is_and_not, 5000), 100U);
  EXPECT_GT(programs_with(is_test_for_multiple, 5000), 50U);
  EXPECT_GT(programs_with(is_negated_choice_of_traps, 5000), 20U);
  EXPECT_GT(programs_with(is_dropped_trap, 5000), 50U);
}

TEST(GeneratorTest, TheNaiveConfigurationGivesValidProgramsAndInputsWithoutEdges) {
  Generator generator;
  GeneratedCase one;
  std::uint64_t cells = 0;
  std::uint64_t small = 0;
  for (std::uint64_t i = 0; i < 500; ++i) {
    generator.generate(base::derive_seed(test_seed(), i), naive_swarm(), one);
    ASSERT_TRUE(ast::verify(one.program)) << i;
    for (const auto& frame : one.inputs) {
      for (const std::uint64_t cell : frame) {
        ++cells;
        small += cell < 1'000'000 ? 1U : 0U;
      }
    }
  }
  EXPECT_GT(cells, 0U);
  EXPECT_EQ(small, 0U);
}

TEST(InputsTest, EveryProgramHasSeveralFramesOfItsSize) {
  Generator generator;
  GeneratedCase one;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    generator.generate(seed, one);
    ASSERT_EQ(one.inputs.size(), kInputsPerProgram);
    for (const auto& frame : one.inputs) ASSERT_EQ(frame.size(), one.program.slot_count());
  }
}

TEST(InputsTest, HighHalvesOfNarrowSlotsHoldGarbage) {
  ast::Program program;
  program.add_slot("a", ast::Type::I32);
  base::Rng rng(1);
  std::vector<std::vector<std::uint64_t>> inputs;
  int garbage = 0;
  for (int i = 0; i < 100; ++i) {
    draw_inputs(program, rng, inputs);
    for (const auto& frame : inputs) garbage += frame[0] >> 32 != 0 ? 1 : 0;
  }
  EXPECT_EQ(garbage, 400);
}

}  // namespace
}  // namespace assay::fuzz
