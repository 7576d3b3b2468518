// All shapes and configurations of one operator; see operator_proof.h. Tested by
// smt/operators/test/operator_proof_test.cc.
#include "smt/operators/operator_proof.h"

#include <array>
#include <chrono>
#include <string_view>

#include "core/ast/text.h"
#include "core/jit/compile.h"
#include "smt/operators/operator_programs.h"
#include "smt/x86/compiled_proof.h"

namespace assay::smt {
namespace {

struct Configuration {
  std::string_view name;
  jit::Convention convention;
  x64::CpuFeatures features;
};

constexpr std::array<Configuration, 3> kConfigurations = {
    {{"sysv", jit::Convention::SystemV, {}},
     {"sysv with all CPU features", jit::Convention::SystemV, {true, true, true, true}},
     {"win64", jit::Convention::Microsoft, {}}}};

void note(OperatorReport& report, const OperatorProgram& one, const Configuration& configuration, const Proof& proof) {
  ++report.compiled;
  for (const Obligation& obligation : proof.obligations) {
    ++report.obligations;
    if (obligation.second && obligation.second->answer == obligation.first.answer) ++report.confirmed;
  }
  if (proof.answer == Answer::Proved) {
    ++report.proved;
    return;
  }
  // One refutation is worth more than any unknown before it.
  const bool worse = proof.answer == Answer::Refuted && report.code != Answer::Refuted;
  if (!report.shape.empty() && !worse) return;
  report.code = proof.answer;
  report.shape = one.shape + ", " + std::string(configuration.name);
  report.reason = proof.reason;
  report.program = ast::print_program(one.program);
  report.counterexample = proof.counterexample;
}

}  // namespace

Answer OperatorReport::verdict() const {
  return narrow.difference.empty() && samples.difference.empty() ? code : Answer::Refuted;
}

OperatorReport prove_operator(ast::Op op, ast::Type type, Solver& solver, const OperatorLimits& limits) {
  const auto start = std::chrono::steady_clock::now();
  OperatorReport report;
  report.op = op;
  report.type = type;
  report.narrow = check_narrow_model(op, type);
  report.samples = check_samples(op, type, limits.seed, limits.random_pairs);
  jit::Compiler compiler;
  jit::CompiledBlock block;
  for (const OperatorProgram& one : operator_programs(op, type)) {
    for (const Configuration& configuration : kConfigurations) {
      jit::CompileOptions options;
      options.convention = configuration.convention;
      options.features = configuration.features;
      compiler.compile(one.program, options, block);
      const Proof proof = x86::prove_compiled(one.program, block.code, options.convention, solver, limits.proof);
      note(report, one, configuration, proof);
    }
  }
  if (report.compiled > 0 && report.proved == report.compiled) report.code = Answer::Proved;
  const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - start;
  report.milliseconds = spent.count();
  return report;
}

}  // namespace assay::smt
