// The enumeration; see induction_loops.h. Tested by fuzz/enumerate/test/exhaustive_test.cc.
#include "fuzz/enumerate/induction_loops.h"

#include <array>

#include "core/ast/builder.h"

namespace assay::fuzz {
namespace {

using ast::Builder;
using ast::NodeId;
using ast::Op;
using ast::Type;
using ast::VarId;

enum class Form : std::uint8_t { While, BreakFirst, BreakMiddle, BreakLast, Counted };
constexpr std::uint64_t kForms = 5;
// Of a counted loop with a break: it ends where the others may go on for ever.
constexpr std::int32_t kCount = 30;
constexpr std::uint64_t kOrders = 2;  // the sum before the step, or behind it
constexpr std::uint64_t kTypes = 2;
constexpr std::array kComparisons = {Op::Eq,  Op::Ne,  Op::LtS, Op::LtU, Op::GtS,
                                     Op::GtU, Op::LeS, Op::LeU, Op::GeS, Op::GeU};

// As distances from 0, from MIN or from MAX of the type.
enum class From : std::uint8_t { Zero, Min, Max };
struct Edge {
  From from;
  std::int64_t offset;
};
constexpr std::array kStarts = {Edge{From::Zero, 0}, Edge{From::Zero, 1},  Edge{From::Zero, -1},
                                Edge{From::Zero, 5}, Edge{From::Zero, -7}, Edge{From::Min, 0},
                                Edge{From::Min, 3},  Edge{From::Max, 0},   Edge{From::Max, -4}};
constexpr std::array kSteps = {Edge{From::Zero, 1}, Edge{From::Zero, -1}, Edge{From::Zero, 2}, Edge{From::Zero, -3},
                               Edge{From::Zero, 7}, Edge{From::Zero, 0},  Edge{From::Min, 0},  Edge{From::Max, 0}};
constexpr std::array kBounds = {Edge{From::Zero, 0},  Edge{From::Zero, 1},  Edge{From::Zero, -1}, Edge{From::Zero, 6},
                                Edge{From::Zero, -8}, Edge{From::Zero, 20}, Edge{From::Min, 0},   Edge{From::Min, 1},
                                Edge{From::Min, 9},   Edge{From::Max, 0},   Edge{From::Max, -1},  Edge{From::Max, -6}};

std::uint64_t bits_of(Type type, const Edge& edge) {
  const std::uint64_t least = std::uint64_t{1} << (ast::bit_width(type) - 1);
  const std::uint64_t base = edge.from == From::Zero ? 0 : edge.from == From::Min ? least : least - 1;
  return base + static_cast<std::uint64_t>(edge.offset);
}

// Takes a digit off a number in mixed radix.
std::uint64_t digit(std::uint64_t& number, std::uint64_t radix) {
  const std::uint64_t result = number % radix;
  number /= radix;
  return result;
}

}  // namespace

std::uint64_t induction_loop_count() {
  return kForms * kOrders * kTypes * kComparisons.size() * kStarts.size() * kSteps.size() * kBounds.size();
}

void induction_loop(std::uint64_t index, ast::Program& program) {
  const auto form = static_cast<Form>(digit(index, kForms));
  const bool step_first = digit(index, kOrders) != 0;
  const Type type = digit(index, kTypes) == 0 ? Type::I32 : Type::I64;
  const Op comparison = kComparisons[digit(index, kComparisons.size())];
  const std::uint64_t start = bits_of(type, kStarts[digit(index, kStarts.size())]);
  const std::uint64_t step = bits_of(type, kSteps[digit(index, kSteps.size())]);
  const std::uint64_t bound = bits_of(type, kBounds[index]);

  program.clear();
  program.set_name("induction");
  Builder build(program);
  const VarId sum = build.slot("sum", type);
  const VarId counter = build.slot("i", type);
  const NodeId stays = build.compare(comparison, build.load(counter), build.constant(type, bound));
  const NodeId add = build.store(sum, build.binary(Op::Add, build.load(sum), build.load(counter)));
  const NodeId advance = build.store(counter, build.binary(Op::Add, build.load(counter), build.constant(type, step)));
  const NodeId first = step_first ? advance : add;
  const NodeId second = step_first ? add : advance;
  const NodeId begin = build.store(counter, build.constant(type, start));
  if (form == Form::While) {
    build.body({begin, build.while_loop(stays, build.block({first, second}))});
    return;
  }
  const NodeId leave = build.if_else(build.unary(Op::Eqz, stays), build.block({build.break_loop()}));
  const NodeId body = form == Form::BreakFirst || form == Form::Counted ? build.block({leave, first, second})
                      : form == Form::BreakMiddle                       ? build.block({first, leave, second})
                                                                        : build.block({first, second, leave});
  build.body(
      {begin, form == Form::Counted ? build.loop(build.i32(kCount), body) : build.while_loop(build.i32(1), body)});
}

}  // namespace assay::fuzz
