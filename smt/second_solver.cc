// Asking cvc5; see second_solver.h. Tested by smt/test/solver_test.cc.
#include "smt/second_solver.h"

#include <unistd.h>

namespace assay::smt {
namespace {

// Said behind each answer, so that where an answer ends is known whatever is printed.
constexpr std::string_view kEnd = "end-of-answer";
// What a process remembers of what it forgot grows.
constexpr unsigned kMostScripts = 200;
// What it forgot makes it lose its way now and then, in what it answers at once as the first script. So behind others a
// script gets this share of its time, and if that is not enough, all of it in a process of its own.
constexpr unsigned kHistoryShare = 10;

// Of identities of polynomials: bits as integers, of which the products are not multiplied out.
constexpr const char* kAsIntegers = "--solve-bv-as-int=sum";

void become_cvc5(int connection, bool ring) {
  dup2(connection, STDIN_FILENO);
  dup2(connection, STDOUT_FILENO);
  const char* const plain[] = {"cvc5", "--lang=smt2", nullptr};
  const char* const integers[] = {"cvc5", "--lang=smt2", kAsIntegers, nullptr};
  execvp("cvc5", const_cast<char* const*>(ring ? integers : plain));
  _exit(127);
}

// Where the line begins that is said behind an answer, if it is there as a whole. Older versions quote what they echo.
std::size_t end_of_answer(std::string_view output) {
  const std::size_t found = output.find(kEnd);
  if (found == std::string_view::npos || output.find('\n', found) == std::string_view::npos)
    return std::string_view::npos;
  return found > 0 && output[found - 1] == '"' ? found - 1 : found;
}

}  // namespace

std::string second_solver_command(Strategy strategy) {
  return strategy == Strategy::Ring ? std::string("cvc5 ") + kAsIntegers : "cvc5";
}

SolverReply SecondSolver::check(std::string_view script, Strategy strategy, unsigned limit_milliseconds) {
  Asked& asked = asked_[strategy == Strategy::Ring ? 1 : 0];
  if (asked.scripts >= kMostScripts) asked.process.stop();
  SolverReply first;
  if (asked.process.runs()) {
    first = ask(asked, script, strategy, limit_milliseconds / kHistoryShare);
    if (first.answer != Answer::Unknown) return first;
  }
  asked.process.stop();
  SolverReply reply = ask(asked, script, strategy, limit_milliseconds);
  reply.milliseconds += first.milliseconds;
  return reply;
}

SolverReply SecondSolver::ask(Asked& asked, std::string_view script, Strategy strategy, unsigned limit_milliseconds) {
  SolverReply reply;
  const bool ring = strategy == Strategy::Ring;
  SolverProcess& process = asked.process;
  if (!process.runs()) {
    asked.scripts = 0;
    if (!process.start([ring](int connection) { become_cvc5(connection, ring); })) {
      reply.reason = "cvc5 could not be started";
      return reply;
    }
  }
  ++asked.scripts;
  process.begin(limit_milliseconds);
  std::string text(script);
  text += "\n(echo \"" + std::string(kEnd) + "\")\n(reset)\n";
  std::string output;
  std::size_t end = std::string::npos;
  // A program that is not there is gone before it was sent everything.
  if (process.send(text.data(), text.size())) {
    char buffer[512];
    while ((end = end_of_answer(output)) == std::string::npos) {
      const std::size_t received = process.receive_some(buffer, sizeof buffer);
      if (received == 0) break;
      output.append(buffer, received);
    }
  }
  reply.milliseconds = process.milliseconds();
  if (end == std::string::npos) {
    reply.reason = process.took_too_long() ? "cvc5: timeout"
                   : output.empty()        ? "cvc5 is not installed or did not come back"
                                           : output.substr(0, output.find('\n'));
    process.stop();
    return reply;
  }
  output.resize(end);
  if (output == "unsat\n") {
    reply.answer = Answer::Proved;
  } else if (output == "sat\n") {
    reply.answer = Answer::Refuted;
  } else {
    reply.reason = "cvc5: " + output.substr(0, output.find('\n'));
  }
  return reply;
}

}  // namespace assay::smt
