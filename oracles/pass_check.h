// PassChecker: a pipeline run pass by pass, with the meaning checked after each.
//
// The program is interpreted after every pass that changed it, so a difference has a name: that of the first pass
// behind which the program does something else. What the pipeline gives goes on to the compiler and its oracles.
//
// Tested by oracles/test/pass_oracle_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/ast/program.h"
#include "core/opt/pipeline.h"
#include "oracles/engine.h"
#include "oracles/interpreter_engine.h"
#include "oracles/pass_source.h"
#include "oracles/verdict.h"

namespace assay::oracles {

// How often passes ran and found something to do, and what became of loops. Plain data: it crosses processes.
struct PassCounts {
  std::array<std::uint64_t, opt::kPassCount> ran{};
  std::array<std::uint64_t, opt::kPassCount> fired{};
  std::array<std::uint64_t, scev::kLoopClassCount> solved{};
  std::array<std::uint64_t, scev::kLoopClassCount> declined{};
  std::array<std::uint64_t, scev::kDeclineCount> reasons{};  // of declined loops

  void add(const PassCounts& other);
  void count(opt::PassId pass, const opt::PassResult& result);
};

// A pass caught in the act.
struct PassFault {
  opt::PassId pass = opt::PassId::Fold;
  Verdict verdict = Verdict::Diverge;
  std::uint32_t input = 0;
  std::vector<Difference> differences;
  Run got;
  std::string invalid;  // what the verifier says, where the result is no valid program
  ast::Program after;   // what the pass gave
};

class PassChecker {
 public:
  explicit PassChecker(std::unique_ptr<PassSource> source) : source_(std::move(source)) {}

  // Runs the pipeline over the program; `result` is what the last good pass gave. `reference` holds one finished run of
  // the program per input; without any, nothing is interpreted, and only validity is checked. Where the oracle is off,
  // not even that: the passes are believed.
  [[nodiscard]] std::optional<PassFault> run(const ast::Program& program, const opt::Pipeline& pipeline,
                                             std::span<const Frame> inputs, std::span<const Run> reference,
                                             std::uint64_t fuel, bool believed, PassCounts& counts,
                                             ast::Program& result);

  [[nodiscard]] PassSource& source() { return *source_; }

 private:
  [[nodiscard]] std::optional<PassFault> check(const ast::Program& after, std::span<const Frame> inputs,
                                               std::span<const Run> reference, std::uint64_t fuel);

  std::unique_ptr<PassSource> source_;
  InterpreterEngine interpreter_;
  std::vector<Run> runs_;
  std::vector<Difference> differences_;
};

}  // namespace assay::oracles
