// The prover: the second instrument for faults of the loop solver, linked with a variant as the probe is. Proves the
// catalogue of loops, as `assay verify --scev` does, until the first that is not proved or until the CPU time is used
// up, and says in one line of JSON what came of it.
//
// What goes wrong only after 2^32 iterations no campaign sees; a proof does not count iterations. A loop of the
// catalogue that is not proved fails the gate, so it counts as a detection, refuted or not.
//
// Tested by fuzz/selftest/test/driver_test.cc.
#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/ast/text.h"
#include "core/opt/passes.h"
#include "smt/catalogue.h"
#include "smt/extract_loop.h"
#include "smt/loop_proof.h"

namespace {

using namespace assay;

constexpr int kUsage = 2;
constexpr int kHarnessFailed = 3;
// Generous: a machine that is busy must not look like a fault.
constexpr smt::ProofLimits kLimits{10'000, false};

// Of this process, and of the children that have ended.
double cpu_seconds() {
  double total = 0;
  for (const int whose : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    ::getrusage(whose, &usage);
    for (const timeval& one : {usage.ru_utime, usage.ru_stime}) {
      total += static_cast<double>(one.tv_sec) + static_cast<double>(one.tv_usec) / 1e6;
    }
  }
  return total;
}

double solver_seconds(const std::vector<smt::Obligation>& obligations) {
  double milliseconds = 0;
  for (const smt::Obligation& one : obligations) milliseconds += one.first.milliseconds;
  return milliseconds / 1000;
}

int run(double limit) {
  nlohmann::json result;
  result["end"] = "limit";
  result["oracle"] = "smt";
  std::uint64_t loops = 0;
  double solved_in = 0;  // by the solver, which is a process that has not ended yet
  {
    smt::Solver solver;
    smt::Theorems theorems(solver, kLimits);
    for (const smt::CatalogueLoop& one : smt::loop_catalogue()) {
      if (cpu_seconds() + solved_in + solver_seconds(theorems.obligations()) >= limit) break;
      const auto program = ast::parse_program(one.text);
      if (!program) {
        fmt::print(stderr, "assay: {}: {}\n", one.name, program.error().describe());
        return kHarnessFailed;
      }
      for (const ast::NodeId loop : smt::loops_of(program.value())) {
        const ast::Program before = smt::extract_loop(program.value(), loop);
        const opt::PassResult solved = opt::solve_loops(before);
        if (solved.loops.empty() || !solved.loops.front().solved) continue;
        if (++loops % 16 == 1) {
          std::fputs(".\n", stdout);
          std::fflush(stdout);
        }
        const smt::Proof proof = smt::prove_solved_loop(before, solved.program, solver, theorems, kLimits);
        solved_in += solver_seconds(proof.obligations);
        if (proof.answer == smt::Answer::Proved || result["end"] == "finding") continue;
        result["end"] = "finding";
        result["verdict"] = smt::name(proof.answer);
        result["signature"] = fmt::format("{}: {}", one.name, proof.reason);
      }
      if (result["end"] == "finding") break;
    }
  }
  result["programs"] = loops;
  result["cpu_seconds"] = cpu_seconds();
  fmt::print("{}\n", result.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  return loops == 0 ? kHarnessFailed : 0;
}

}  // namespace

int main(int argc, char** argv) {
  const double limit = argc == 2 ? std::strtod(argv[1], nullptr) : 0;
  if (limit <= 0) {
    fmt::print(stderr, "usage: {} CPU-SECONDS\n", argv[0]);
    return kUsage;
  }
  try {
    return run(limit);
  } catch (const std::exception& error) {
    fmt::print(stderr, "assay: {}\n", error.what());
  }
  return kHarnessFailed;
}
