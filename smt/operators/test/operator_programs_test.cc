// The shapes are verified programs, and the JIT's code for them equals their meaning.
#include "smt/operators/operator_programs.h"

#include <gtest/gtest.h>

#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "core/jit/compile.h"
#include "smt/x86/compiled_proof.h"

namespace assay::smt {
namespace {

using ast::Op;
using ast::Type;

class OperatorPrograms : public testing::TestWithParam<std::size_t> {};

TEST_P(OperatorPrograms, AreCompiledToWhatTheyMean) {
  const auto op = static_cast<Op>(GetParam());
  Solver solver;
  jit::Compiler compiler;
  jit::CompiledBlock block;
  for (const Type type : {Type::I32, Type::I64}) {
    if (!ast::accepts(op, type)) continue;
    for (const bool fast : {false, true}) {
      for (const OperatorProgram& one : operator_programs(op, type)) {
        ASSERT_TRUE(ast::verify(one.program).ok()) << one.shape;
        jit::CompileOptions options;
        if (fast) options.features = {true, true, true, true};
        compiler.compile(one.program, options, block);
        const Proof proof = x86::prove_compiled(one.program, block.code, options.convention, solver, {5'000, false});
        EXPECT_EQ(proof.answer, Answer::Proved)
            << ast::type_name(type) << " " << one.shape << " fast " << fast << ": " << proof.reason << "\n"
            << ast::print_program(one.program);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryOperator, OperatorPrograms, testing::Range<std::size_t>(0, ast::kOpCount),
                         [](const testing::TestParamInfo<std::size_t>& parameter) {
                           return std::string(ast::op_info(static_cast<Op>(parameter.param)).name);
                         });

}  // namespace
}  // namespace assay::smt
