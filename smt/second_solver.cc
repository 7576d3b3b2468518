// Asking cvc5; see second_solver.h. Tested by smt/test/solver_test.cc.
#include "smt/second_solver.h"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <string>

namespace assay::smt {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned kGraceMilliseconds = 500;

[[noreturn]] void become_cvc5(int connection, Strategy strategy, unsigned limit_milliseconds) {
  dup2(connection, STDIN_FILENO);
  dup2(connection, STDOUT_FILENO);
  const std::string limit = "--tlimit=" + std::to_string(kWaitFactor * limit_milliseconds);
  const char* const plain[] = {"cvc5", "--lang=smt2", limit.c_str(), nullptr};
  const char* const ring[] = {"cvc5", "--lang=smt2", limit.c_str(), "--solve-bv-as-int=sum", nullptr};
  execvp("cvc5", const_cast<char* const*>(strategy == Strategy::Ring ? ring : plain));
  _exit(127);
}

}  // namespace

SolverReply check_with_cvc5(std::string_view script, Strategy strategy, unsigned limit_milliseconds) {
  SolverReply reply;
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    reply.reason = "no connection to cvc5";
    return reply;
  }
  const auto begin = Clock::now();
  const auto deadline = begin + std::chrono::milliseconds(kWaitFactor * limit_milliseconds + kGraceMilliseconds);
  const pid_t child = fork();
  if (child == 0) become_cvc5(ends[1], strategy, limit_milliseconds);
  close(ends[1]);
  std::string output;
  if (child > 0) {
    while (!script.empty()) {
      const ssize_t sent = send(ends[0], script.data(), script.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;
      script.remove_prefix(static_cast<std::size_t>(sent));
    }
    shutdown(ends[0], SHUT_WR);
    while (true) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
      pollfd waited{ends[0], POLLIN, 0};
      if (left <= 0 || poll(&waited, 1, static_cast<int>(left)) <= 0) break;
      char buffer[512];
      const ssize_t received = recv(ends[0], buffer, sizeof buffer, 0);
      if (received <= 0) break;
      output.append(buffer, static_cast<std::size_t>(received));
    }
    kill(child, SIGKILL);
    rusage used{};
    wait4(child, nullptr, 0, &used);
    const auto of = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
    };
    reply.milliseconds = of(used.ru_utime) + of(used.ru_stime);
  }
  close(ends[0]);
  if (output.starts_with("unsat")) {
    reply.answer = Answer::Proved;
  } else if (output.starts_with("sat")) {
    reply.answer = Answer::Refuted;
  } else {
    reply.reason =
        output.empty() ? "cvc5 is not installed or did not answer in time" : output.substr(0, output.find('\n'));
  }
  return reply;
}

}  // namespace assay::smt
