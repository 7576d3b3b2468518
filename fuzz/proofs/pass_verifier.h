// PassVerifier: what each pass makes of a program, proved to behave as the program does.
//
// Without loops for every input. With loops for a few iterations of each only, and that is said and counted apart.
//
// Tested by fuzz/proofs/test/pass_verifier_test.cc.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/ast/program.h"
#include "oracles/pass_source.h"
#include "smt/obligation.h"
#include "smt/solver.h"

namespace assay::fuzz {

struct VerifiedPass {
  opt::PassId pass = opt::PassId::Fold;
  std::string skipped;  // not empty: why there is no proof
  ast::Program after;
  smt::Proof proof;
  double milliseconds = 0;  // wall clock, of the proof
};

class PassVerifier {
 public:
  PassVerifier(std::unique_ptr<oracles::PassSource> passes, const smt::ProofLimits& limits)
      : passes_(std::move(passes)), limits_(limits) {}
  PassVerifier(const PassVerifier&) = delete;
  PassVerifier& operator=(const PassVerifier&) = delete;

  // Tells of each pass, once.
  void verify(const ast::Program& program, const std::function<void(const VerifiedPass&)>& each);

 private:
  std::unique_ptr<oracles::PassSource> passes_;
  smt::ProofLimits limits_;
  smt::Solver solver_;
};

}  // namespace assay::fuzz
