// Random programs and their comparison; see differential.h.
#include "core/opt/test/differential.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <utility>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/codec.h"
#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "core/base/rng.h"
#include "core/interp/interpreter.h"

namespace assay::opt {
namespace {

using ast::NodeId;
using ast::Op;
using ast::Type;
using ast::VarId;

// Draws programs in which passes find something to do.
class Drawer {
 public:
  Drawer(base::Rng& rng, ast::Program& program) : rng_(rng), program_(program), builder_(program) {}

  void draw() {
    for (const char* name : {"a", "b"}) visible_.push_back(builder_.slot(name, Type::I32));
    for (const char* name : {"x", "y"}) visible_.push_back(builder_.slot(name, Type::I64));
    budget_ = rng_.between(3, 70);
    program_.set_body(block(0, false));
    // Locals are numbered as they are drawn, which is the order of their `let`.
  }

 private:
  NodeId block(unsigned depth, bool in_loop) {
    const std::size_t outer = visible_.size();
    std::vector<NodeId> statements;
    const std::uint32_t most = depth == 0 ? budget_ : rng_.between(1, 6);
    for (std::uint32_t i = 0; i < most && budget_ > 0; ++i) {
      --budget_;
      statements.push_back(statement(depth, in_loop));
    }
    visible_.resize(outer);
    return builder_.block(statements);
  }

  NodeId statement(unsigned depth, bool in_loop) {
    const Type type = rng_.chance(3, 4) ? Type::I32 : Type::I64;
    const std::uint32_t kind = rng_.below(depth < 4 ? 25 : 16);
    if (kind < 9) {
      const VarId variable = any_variable(type);
      return builder_.store(variable, assigned(type));
    }
    if (kind < 12) {
      const NodeId first = assigned(type);
      const VarId variable = builder_.local("v" + std::to_string(program_.variable_count()), type);
      visible_.push_back(variable);
      return builder_.let(variable, first);
    }
    if (kind == 12) return builder_.print(value(type, 2));
    if (kind == 13 && !in_loop) return builder_.push(value(type, 2));
    if (kind == 14 && in_loop) return rng_.chance(1, 2) ? builder_.break_loop() : builder_.continue_loop();
    if (kind == 15 && depth > 0 && rng_.chance(1, 3)) {
      return rng_.chance(1, 2) ? builder_.return_nothing() : builder_.return_value(value(type, 2));
    }
    if (kind < 20) {
      const NodeId condition = value(type, rng_.between(0, 2));
      const NodeId then_block = block(depth + 1, in_loop);
      const NodeId else_block = rng_.chance(2, 3) ? block(depth + 1, in_loop) : NodeId::none();
      return builder_.if_else(condition, then_block, else_block);
    }
    if (kind < 23 || rng_.chance(1, 3)) {
      const NodeId count = rng_.chance(1, 2)
                               ? number(type)
                               : builder_.binary(Op::And, value(type, 1), builder_.constant(type, rng_.between(1, 7)));
      return builder_.loop(count, block(depth + 1, true));
    }
    return counting_while(type, depth);
  }

  // A `while` that counts towards its end, most of the time.
  NodeId counting_while(Type type, unsigned depth) {
    const VarId counter = any_variable(type);
    const Op op = std::array{Op::Ne, Op::LtS, Op::LtU, Op::GtS}[rng_.below(4)];
    const NodeId condition = builder_.compare(op, builder_.load(counter), value(type, rng_.chance(3, 4) ? 0 : 1));
    const NodeId next = builder_.binary(op == Op::GtS ? Op::Sub : Op::Add, builder_.load(counter),
                                        builder_.constant(type, rng_.between(1, 2)));
    const NodeId step = builder_.store(counter, next);
    const NodeId rest = block(depth + 1, true);
    if (rng_.chance(1, 2) || !rest.valid()) {
      program_.node(step).next = rest;
      return builder_.while_loop(condition, step);
    }
    NodeId last = rest;
    while (program_.node(last).next.valid()) last = program_.node(last).next;
    program_.node(last).next = step;
    return builder_.while_loop(condition, rest);
  }

  // Copies and constants are what most passes live on.
  NodeId assigned(Type type) { return value(type, rng_.chance(1, 2) ? 0 : rng_.between(1, 2)); }

  VarId any_variable(Type type) {
    while (true) {
      // The youngest are the most likely, so that locals are used.
      const auto count = static_cast<std::uint32_t>(visible_.size());
      const std::uint32_t from = rng_.chance(1, 2) && count > 8 ? count - 5 : 0;
      const VarId variable = visible_[rng_.between(from, count - 1)];
      if (program_.variable_type(variable) == type) return variable;
      if (from > 0) return visible_[type == Type::I32 ? rng_.below(2) : 2 + rng_.below(2)];
    }
  }

  NodeId number(Type type) {
    static constexpr std::array<std::uint64_t, 8> kEdges = {
        0x80000000U, 0x7FFFFFFFU, ~0ULL, 0x8000000000000000ULL, 0x7FFFFFFFFFFFFFFFULL, 31, 32, 64};
    if (rng_.chance(1, 8)) return builder_.constant(type, kEdges[rng_.below(kEdges.size())]);
    return builder_.constant(type, rng_.below(6));
  }

  // `height`: how many operators may stand above each other.
  NodeId value(Type type, unsigned height) {
    const std::uint32_t kind = rng_.below(20);
    if (height == 0 || kind < 8) {
      if (rng_.chance(3, 4)) return builder_.load(any_variable(type));
      return number(type);
    }
    if (kind < 15) {
      static constexpr std::array kOps = {Op::Add,  Op::Add,  Op::Sub,  Op::Mul,  Op::And, Op::Or,   Op::Xor,
                                          Op::DivS, Op::DivU, Op::RemS, Op::RemU, Op::Shl, Op::ShrU, Op::Rotl};
      const Op op = kOps[rng_.below(kOps.size())];
      const NodeId left = value(type, height - 1);
      // Most divisions must not trap, or few programs would come far.
      if (ast::op_info(op).traps && rng_.chance(4, 5)) {
        return builder_.binary(op, left, builder_.constant(type, rng_.between(1, 5)));
      }
      return builder_.binary(op, left, rng_.chance(1, 2) ? number(type) : value(type, height - 1));
    }
    if (kind == 15) {
      const NodeId condition = value(rng_.chance(1, 2) ? Type::I32 : Type::I64, height - 1);
      const NodeId if_true = value(type, height - 1);
      return builder_.select(condition, if_true, value(type, height - 1));
    }
    if (kind == 16) return builder_.unary(rng_.chance(1, 2) ? Op::Neg : Op::Not, value(type, height - 1));
    if (kind == 17) {
      if (type == Type::I32) return builder_.convert(Op::Wrap, value(Type::I64, height - 1));
      return builder_.convert(rng_.chance(1, 2) ? Op::ExtendS : Op::ExtendU, value(Type::I32, height - 1));
    }
    if (type == Type::I64) return value(type, height - 1);
    static constexpr std::array kCompares = {Op::Eq, Op::Eq, Op::Ne, Op::Ne, Op::LtS, Op::LtU, Op::GeS, Op::GtU};
    const Type operand = rng_.chance(1, 2) ? Type::I32 : Type::I64;
    if (rng_.chance(1, 6)) return builder_.unary(Op::Eqz, value(operand, height - 1));
    const Op op = kCompares[rng_.below(kCompares.size())];
    const NodeId left = value(operand, height - 1);
    return builder_.compare(op, left, rng_.chance(1, 2) ? number(operand) : value(operand, height - 1));
  }

  base::Rng& rng_;
  ast::Program& program_;
  ast::Builder builder_;
  std::vector<VarId> visible_;
  std::uint32_t budget_ = 0;
};

// Any bytes behind the version are a program. Some lean to few kinds of bytes, so that programs come in all shapes.
ast::Program decoded_at_random(base::Rng& rng) {
  std::vector<std::uint8_t> bytes{ast::kCodecVersion};
  const std::uint32_t size = rng.below(rng.chance(1, 10) ? 1'000 : 200);
  const std::uint32_t mask = rng.chance(1, 4) ? 0x8F | rng.below(128) : 0xFF;
  for (std::uint32_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(rng.below(256) & mask));
  auto program = ast::decode(bytes);
  EXPECT_TRUE(program) << program.error().describe();
  return std::move(program).value();
}

constexpr std::array<std::uint64_t, 12> kEdgeCells = {0,
                                                      1,
                                                      2,
                                                      3,
                                                      5,
                                                      32,
                                                      ~0ULL,
                                                      0x7FFFFFFFU,
                                                      0x80000000U,
                                                      0x7FFFFFFFFFFFFFFFULL,
                                                      0x8000000000000000ULL,
                                                      0xFFFFFFFF00000000ULL};

// The `number`-th frame: all cells alike first, then edges in all combinations, the same on every call.
std::vector<std::uint64_t> edge_frame(std::uint32_t slots, std::uint32_t number) {
  base::Rng rng(number);
  std::vector<std::uint64_t> frame(slots);
  for (std::uint64_t& cell : frame) {
    cell = number < 4 ? kEdgeCells[number == 3 ? 6 : number] : kEdgeCells[rng.below(kEdgeCells.size())];
  }
  return frame;
}

// Whether one of the two lists is the beginning of the other.
bool begin_alike(const std::vector<interp::Printed>& left, const std::vector<interp::Printed>& right) {
  const auto size = static_cast<std::ptrdiff_t>(std::min(left.size(), right.size()));
  return std::equal(left.begin(), left.begin() + size, right.begin());
}

std::string text_of(const interp::Outcome& outcome) {
  std::string text = "end " + std::to_string(static_cast<int>(outcome.end)) + ", trap " +
                     std::to_string(static_cast<int>(outcome.trap)) + ", frame";
  for (const std::uint64_t cell : outcome.frame) text += ' ' + std::to_string(cell);
  text += ", stack";
  for (const std::uint64_t cell : outcome.stack) text += ' ' + std::to_string(cell);
  text += ", printed";
  for (const interp::Printed& one : outcome.printed) text += ' ' + std::to_string(one.bits);
  return text;
}

bool same_end(const interp::Outcome& before, const interp::Outcome& after) {
  return before.end == after.end && before.trap == after.trap && before.frame == after.frame &&
         before.stack == after.stack && before.printed == after.printed;
}

}  // namespace

ast::Program parsed(std::string_view text) {
  auto program = ast::parse_program(text);
  EXPECT_TRUE(program) << text << '\n' << (program ? "" : program.error().describe());
  return program ? std::move(program).value() : ast::Program{};
}

ast::Program parsed_body(std::string_view statements) {
  return parsed("program p(i32 a, i32 b, i64 x, i64 y) { " + std::string(statements) + " }");
}

std::uint64_t test_seed() {
  const char* const text = std::getenv("ASSAY_TEST_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 0) : 20240601;
}

bool expect_same_behaviour(const ast::Program& before, const ast::Program& after, std::uint64_t fuel) {
  const auto valid = ast::verify(after);
  if (!valid) {
    ADD_FAILURE() << "invalid: " << valid.error().describe() << "\nbefore:\n" << ast::print_program(before);
    return false;
  }
  bool same_slots = before.slot_count() == after.slot_count();
  for (std::uint32_t i = 0; same_slots && i < before.slot_count(); ++i) {
    same_slots = before.variable_type(VarId{i}) == after.variable_type(VarId{i}) &&
                 before.variable_name(VarId{i}) == after.variable_name(VarId{i});
  }
  interp::Outcome expected;
  interp::Outcome got;
  constexpr std::uint32_t kFrames = 12;
  for (std::uint32_t number = 0; number < kFrames; ++number) {
    const std::vector<std::uint64_t> frame = edge_frame(before.slot_count(), number);
    if (same_slots) {
      interp::interpret(before, frame, fuel, expected);
      // A pass may add a `let` here and there, but not so many.
      // Unrolled, hoisted and solved loops may take more steps where there was hardly anything to do.
      const bool ended = expected.end != interp::End::OutOfFuel;
      interp::interpret(after, frame, ended ? 40 * fuel : 2 * fuel, got);
      if (expected.end == interp::End::OutOfFuel ? begin_alike(expected.printed, got.printed) : same_end(expected, got))
        continue;
    }
    std::string input;
    for (const std::uint64_t cell : frame) input += ' ' + std::to_string(cell);
    ADD_FAILURE() << (same_slots ? "input" + input : "other slots") << "\nbefore: " << text_of(expected) << '\n'
                  << ast::print_program(before) << "after: " << text_of(got) << '\n'
                  << ast::print_program(after);
    return false;
  }
  return true;
}

void for_random_programs(unsigned count, std::uint64_t seed, const std::function<bool(const ast::Program&)>& check) {
  for (unsigned i = 0; i < count; ++i) {
    SCOPED_TRACE("ASSAY_TEST_SEED=" + std::to_string(seed) + ", program " + std::to_string(i));
    base::Rng rng(base::derive_seed(seed, i));
    ast::Program program;
    if (i % 2 == 0) {
      program = decoded_at_random(rng);
    } else {
      Drawer(rng, program).draw();
      const auto valid = ast::verify(program);
      ASSERT_TRUE(valid) << valid.error().describe();
    }
    if (!check(program)) return;
  }
}

void expect_rewrite(PassFunction pass, std::string_view before, std::string_view after) {
  const ast::Program from = parsed_body(before);
  const ast::Program to = parsed_body(after);
  const PassResult result = pass(from);
  EXPECT_TRUE(ast::same_program(result.program, to)) << "from\n"
                                                     << before << "\nexpected\n"
                                                     << ast::print_program(to) << "got\n"
                                                     << ast::print_program(result.program);
  EXPECT_EQ(result.changes == 0, ast::same_program(from, result.program)) << result.changes << " changes in\n"
                                                                          << before;
  EXPECT_EQ(pass(result.program).changes, 0U) << "a second run goes on with\n" << ast::print_program(result.program);
  expect_same_behaviour(from, result.program);
}

void expect_sound_on_random_programs(PassFunction pass, unsigned count) {
  constexpr unsigned kMostRuns = 10;
  constexpr std::uint64_t kFuel = 5'000;  // nearly every program of these that ends at all ends within a few hundred
  for_random_programs(count, test_seed(), [pass](const ast::Program& program) {
    PassResult result = pass(program);
    const bool same = ast::same_program(program, result.program);
    if ((result.changes == 0) != same) {
      ADD_FAILURE() << result.changes << " changes in\n" << ast::print_program(program);
      return false;
    }
    if (same) return true;
    if (!expect_same_behaviour(program, result.program, kFuel)) return false;
    for (unsigned runs = 1; result.changes != 0; ++runs) {
      if (runs == kMostRuns) {
        ADD_FAILURE() << "no end of changes to\n" << ast::print_program(program);
        return false;
      }
      result = pass(result.program);
    }
    return expect_same_behaviour(program, result.program, kFuel);
  });
}

}  // namespace assay::opt
