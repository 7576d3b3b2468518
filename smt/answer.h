// Answer: what a solver says, and how it is asked. The two solvers share it.
//
// Tested by smt/test/solver_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::smt {

enum class Answer : std::uint8_t { Proved, Refuted, Unknown };

[[nodiscard]] std::string_view name(Answer answer);

struct SolverReply {
  Answer answer = Answer::Unknown;
  std::string reason;                                        // of an Unknown
  std::vector<std::pair<std::string, std::uint64_t>> model;  // of a Refuted: the declared constants
  double milliseconds = 0;                                   // that the solver computed
};

// Limits are of time the solver computes; for so many times that it may be waited for.
inline constexpr unsigned kWaitFactor = 5;

// How a solver goes about it.
enum class Strategy : std::uint8_t {
  Bits,      // bit-blasting
  Ring,      // expansion of products first: for identities of polynomials
  Integers,  // linear arithmetic of whole numbers
};

}  // namespace assay::smt
