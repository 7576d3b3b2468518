// Solver: Z3 behind three answers.
//
// It lives in a process of its own, because its time limits are soft: a query that does not come back is ended with the
// process, and the answer is Unknown. An answer that is not `unsat` is never called a proof.
//
// Tested by smt/test/solver_test.cc.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
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

// How Z3 goes about it.
enum class Strategy : std::uint8_t {
  Bits,      // bit-blasting
  Ring,      // expansion of products first: for identities of polynomials
  Integers,  // linear arithmetic of whole numbers
};

// "4.8.12.0"
[[nodiscard]] std::string z3_version();

class Solver {
 public:
  Solver() = default;
  ~Solver();
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;

  // Checks an SMT-LIB 2 script of bit vectors and truths. The process is started when it is first needed and after it
  // was lost.
  [[nodiscard]] SolverReply check(std::string_view script, Strategy strategy, unsigned limit_milliseconds);

  // Scripts that were proved, without their comments, so that what is asked again need not be answered again. `second`:
  // by cvc5 too.
  struct Known {
    Strategy strategy = Strategy::Bits;
    bool second = false;
  };
  [[nodiscard]] std::unordered_map<std::string, Known>& known() { return known_; }

  [[nodiscard]] std::uint64_t queries() const { return queries_; }

 private:
  [[nodiscard]] bool start();
  void stop();

  pid_t process_ = -1;
  int connection_ = -1;
  std::uint64_t queries_ = 0;
  std::unordered_map<std::string, Known> known_;
};

}  // namespace assay::smt
