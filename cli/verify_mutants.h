// Mutants of proofs: solved loops with one thing changed, which the prover must refute or show to be equivalent.
//
// A prover that always says "proved" fails here. Each mutant is one small typed edit of the statements that replaced a
// loop; the loops are those of the catalogue in turn.
//
// Tested by cli/test/cli_test.sh.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/ast/program.h"
#include "smt/obligation.h"

namespace assay::cli {

struct MutantFigures {
  std::uint64_t refuted = 0;      // by an input that running confirms
  std::uint64_t equivalent = 0;   // proved as the unchanged loop is
  std::vector<std::string> open;  // neither: the loop, the edit and the reason
  std::map<std::string, std::uint64_t> edits;
};

struct SolvedLoop {
  std::string name;
  ast::Program before;
  ast::Program after;  // proved
};

// `count` mutants of the loops in turn, by `seed`.
[[nodiscard]] MutantFigures try_mutants(const std::vector<SolvedLoop>& loops, std::uint64_t count, std::uint64_t seed,
                                        const smt::ProofLimits& limits);

[[nodiscard]] std::string print_mutants(const MutantFigures& figures, std::uint64_t seed);
[[nodiscard]] std::string print_mutants_json(const MutantFigures& figures, std::uint64_t seed);

}  // namespace assay::cli
