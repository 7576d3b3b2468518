// ProofWorker: one process that proves loops, and that can be killed.
//
// Solvers hang, and what proves may run out of stack or memory over a program that nobody thought of. In a campaign
// neither may cost more than one answer: the process, with its solver, is ended when it does not come back in time, and
// started again for the next loop.
//
// Tested by fuzz/proofs/test/proof_worker_test.cc.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/proofs/loop_verifier.h"

namespace assay::fuzz {

struct ProofReply {
  smt::Answer answer = smt::Answer::Unknown;
  std::string reason;                         // of an Unknown
  std::vector<std::uint64_t> counterexample;  // of a Refuted: the frame of the loop alone
};

// What the process does with each loop.
using LoopProver = std::function<ProofReply(LoopVerifier&, const SolvedLoop&)>;

class ProofWorker {
 public:
  explicit ProofWorker(const smt::ProofLimits& limits);
  // With something else to do: for tests of workers that hang or die.
  ProofWorker(const smt::ProofLimits& limits, LoopProver prover);
  ~ProofWorker();
  ProofWorker(const ProofWorker&) = delete;
  ProofWorker& operator=(const ProofWorker&) = delete;

  // Unknown, with the reason, when the process is lost or takes longer than that.
  [[nodiscard]] ProofReply prove(const SolvedLoop& loop, unsigned limit_milliseconds);

 private:
  [[nodiscard]] bool start();
  [[noreturn]] void serve(int socket) const;
  void stop(bool by_force);

  smt::ProofLimits limits_;
  LoopProver prover_;
  pid_t process_ = -1;
  int socket_ = -1;
};

}  // namespace assay::fuzz
