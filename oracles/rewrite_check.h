// RewriteChecker: the metamorphic oracle. A program and a rewrite of it that must behave the same go through the same
// passes, and then they must still behave the same.
//
// No reference is needed, so it judges what nobody can run to its end: loops that go round 2^32 times or for ever. The
// rewrite is that of loop_assertions.h.
//
// Tested by oracles/test/rewrite_check_test.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/ast/program.h"
#include "core/opt/pipeline.h"
#include "oracles/engine.h"
#include "oracles/interpreter_engine.h"
#include "oracles/pass_source.h"
#include "oracles/verdict.h"

namespace assay::oracles {

// What was found out about one program.
struct RewriteResult {
  bool rewritten = false;      // there was something to rewrite
  std::uint32_t compared = 0;  // inputs on which both ended

  // Of the first input on which they differ.
  Verdict verdict = Verdict::Agree;
  std::uint32_t input = 0;
  std::vector<Difference> differences;
  Run expected;                     // of the program behind its passes
  Run got;                          // of the rewritten one behind its
  std::optional<opt::PassId> pass;  // behind which the rewritten program first does so
  ast::Program after;               // what that pass made of it
};

class RewriteChecker {
 public:
  // `optimised` is what the pipeline made of the program. `fuel` is for each run.
  [[nodiscard]] RewriteResult check(const ast::Program& program, const opt::Pipeline& pipeline,
                                    const ast::Program& optimised, std::span<const Frame> inputs, std::uint64_t fuel,
                                    PassSource& passes);

 private:
  [[nodiscard]] const Run& run(const ast::Program& program, std::span<const Frame> input, std::uint64_t fuel);
  void find_pass(const ast::Program& rewritten, const opt::Pipeline& pipeline, std::span<const Frame> inputs,
                 std::uint64_t fuel, PassSource& passes, RewriteResult& result);

  InterpreterEngine interpreter_;
  std::vector<Run> runs_;
  std::vector<Difference> differences_;
};

}  // namespace assay::oracles
