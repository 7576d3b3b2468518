// The terms of every operator mean what the interpreter does: folded by this folder, and as Z3 reads the printed
// script.
#include "smt/meaning.h"

#include <gtest/gtest.h>

#include <array>
#include <regex>
#include <string>

#include "core/ast/builder.h"
#include "core/interp/interpreter.h"
#include "smt/script.h"
#include "smt/solver.h"

namespace assay::smt {
namespace {

constexpr std::array<std::uint64_t, 12> kValues = {0,  1,  2,           7,           31,    33,
                                                   63, 65, 0x7FFF'FFFF, 0x8000'0000, ~0ULL, 1ULL << 63};

struct Expected {
  interp::Outcome outcome;
  bool zero = false;
  bool overflow = false;
};

// `r = op(x, y)` in the interpreter; slot 0 holds r.
Expected interpreted(ast::Op op, ast::Type type, std::uint64_t x, std::uint64_t y) {
  ast::Program program;
  ast::Builder build(program);
  const ast::VarId r = build.slot("r", ast::result_type(op, type));
  const ast::NodeId left = build.constant(type, x);
  const ast::NodeId right = build.constant(type, y);
  ast::NodeId value;
  switch (ast::op_info(op).op_class) {
    case ast::OpClass::Unary:
      value = build.unary(op, left);
      break;
    case ast::OpClass::Convert:
      value = build.convert(op, left);
      break;
    case ast::OpClass::Binary:
      value = build.binary(op, left, right);
      break;
    case ast::OpClass::Compare:
      value = build.compare(op, left, right);
      break;
  }
  build.body({build.store(r, value)});
  Expected result;
  interp::interpret(program, std::array<std::uint64_t, 1>{0}, 1000, result.outcome);
  result.zero = result.outcome.trap == ast::TrapKind::DivideByZero;
  result.overflow = result.outcome.end == interp::End::Trapped && !result.zero;
  return result;
}

class MeaningTest : public testing::TestWithParam<std::size_t> {};

TEST_P(MeaningTest, IsWhatTheInterpreterDoes) {
  const auto op = static_cast<ast::Op>(GetParam());
  for (const ast::Type type : {ast::Type::I32, ast::Type::I64}) {
    if (!ast::accepts(op, type)) continue;
    const unsigned width = ast::bit_width(type);
    Terms terms;
    Solver solver;
    TermId all_same = terms.truth(true);
    const bool one_operand =
        ast::op_info(op).op_class == ast::OpClass::Unary || ast::op_info(op).op_class == ast::OpClass::Convert;
    for (const std::uint64_t x : kValues) {
      for (const std::uint64_t y : kValues) {
        const Expected expected = interpreted(op, type, x, y);
        const Meaning folded = meaning(terms, op, terms.constant(width, x), terms.constant(width, y));
        ASSERT_EQ(terms.is_constant(folded.divides_by_zero, 1), expected.zero) << x << " " << y;
        if (expected.zero) continue;
        ASSERT_EQ(terms.is_constant(folded.overflows, 1), expected.overflow) << x << " " << y;
        if (expected.overflow) continue;
        const unsigned result_width = terms[folded.value].width;
        ASSERT_TRUE(terms.is_constant(folded.value, expected.outcome.frame[0] & mask_of(result_width)))
            << ast::op_info(op).name << " " << x << " " << y;
        // The same unfolded, for Z3: of symbols that are defined as these numbers.
        const TermId left = terms.symbol(width, "n" + std::to_string(x & mask_of(width)));
        const TermId right = terms.symbol(width, "n" + std::to_string(y & mask_of(width)));
        all_same = terms.both(all_same, terms.equal(meaning(terms, op, left, right).value, folded.value));
        if (one_operand) break;
      }
    }
    static const std::regex declared(R"(\(declare-const (\|n([0-9]+)[^|]*\|) (\(_ BitVec ([0-9]+)\))\))");
    const std::string script = std::regex_replace(print_script(terms, {terms.negation(all_same)}, "meaning"), declared,
                                                  "(define-fun $1 () $3 (_ bv$2 $4))");
    ASSERT_EQ(script.find("declare-const"), std::string::npos);
    const SolverReply reply = solver.check(script, Strategy::Bits, 20'000);
    ASSERT_EQ(reply.answer, Answer::Proved) << ast::op_info(op).name << " " << reply.reason;
  }
}

INSTANTIATE_TEST_SUITE_P(EveryOperator, MeaningTest, testing::Range<std::size_t>(0, ast::kOpCount),
                         [](const testing::TestParamInfo<std::size_t>& parameter) {
                           return std::string(ast::op_info(static_cast<ast::Op>(parameter.param)).name);
                         });

}  // namespace
}  // namespace assay::smt
