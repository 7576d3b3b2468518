// Z3 in a process of its own; see solver.h. Tested by smt/test/solver_test.cc.
#include "smt/solver.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <utility>

#include "smt/z3_query.h"

namespace assay::smt {
namespace {

using Clock = std::chrono::steady_clock;

// Beyond its own limit a query gets this much before its process is ended.
constexpr unsigned kGraceMilliseconds = 500;

struct RequestHead {
  std::uint32_t size = 0;
  std::uint32_t limit = 0;
  std::uint32_t strategy = 0;
};

struct ReplyHead {
  std::uint32_t answer = 0;
  std::uint32_t reason_size = 0;
  std::uint32_t model_size = 0;
};

bool send_all(int connection, const void* data, std::size_t size) {
  const char* bytes = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t sent = send(connection, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

// False at the end of the connection, or when `deadline` passes first.
bool receive_all(int connection, void* data, std::size_t size, const Clock::time_point* deadline) {
  char* bytes = static_cast<char*>(data);
  while (size > 0) {
    if (deadline != nullptr) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(*deadline - Clock::now()).count();
      pollfd waited{connection, POLLIN, 0};
      if (left <= 0 || poll(&waited, 1, static_cast<int>(left)) <= 0) return false;
    }
    const ssize_t received = recv(connection, bytes, size, 0);
    if (received <= 0) return false;
    bytes += received;
    size -= static_cast<std::size_t>(received);
  }
  return true;
}

bool send_reply(int connection, const SolverReply& reply) {
  const ReplyHead head{static_cast<std::uint32_t>(reply.answer), static_cast<std::uint32_t>(reply.reason.size()),
                       static_cast<std::uint32_t>(reply.model.size())};
  if (!send_all(connection, &head, sizeof head)) return false;
  if (!send_all(connection, reply.reason.data(), reply.reason.size())) return false;
  for (const auto& [symbol, value] : reply.model) {
    const std::uint64_t size = symbol.size();
    if (!send_all(connection, &size, sizeof size) || !send_all(connection, symbol.data(), symbol.size()) ||
        !send_all(connection, &value, sizeof value)) {
      return false;
    }
  }
  return true;
}

bool receive_reply(int connection, SolverReply& reply, const Clock::time_point& deadline) {
  ReplyHead head;
  if (!receive_all(connection, &head, sizeof head, &deadline)) return false;
  reply.answer =
      head.answer <= static_cast<std::uint32_t>(Answer::Unknown) ? static_cast<Answer>(head.answer) : Answer::Unknown;
  reply.reason.resize(head.reason_size);
  if (!receive_all(connection, reply.reason.data(), reply.reason.size(), &deadline)) return false;
  for (std::uint32_t i = 0; i < head.model_size; ++i) {
    std::uint64_t size = 0;
    if (!receive_all(connection, &size, sizeof size, &deadline)) return false;
    std::string symbol(size, '\0');
    std::uint64_t value = 0;
    if (!receive_all(connection, symbol.data(), symbol.size(), &deadline)) return false;
    if (!receive_all(connection, &value, sizeof value, &deadline)) return false;
    reply.model.emplace_back(std::move(symbol), value);
  }
  return true;
}

[[noreturn]] void serve(int connection) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  Z3Query z3;
  RequestHead head;
  while (receive_all(connection, &head, sizeof head, nullptr)) {
    std::string script(head.size, '\0');
    if (!receive_all(connection, script.data(), script.size(), nullptr)) break;
    if (!send_reply(connection, z3.check(script, static_cast<Strategy>(head.strategy), head.limit))) break;
  }
  _exit(0);
}

}  // namespace

std::string_view name(Answer answer) {
  switch (answer) {
    case Answer::Proved:
      return "proved";
    case Answer::Refuted:
      return "refuted";
    case Answer::Unknown:
      return "unknown";
  }
  return "?";
}

Solver::~Solver() { stop(); }

bool Solver::start() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return false;
  const pid_t child = fork();
  if (child < 0) {
    close(ends[0]);
    close(ends[1]);
    return false;
  }
  if (child == 0) {
    close(ends[0]);
    serve(ends[1]);
  }
  close(ends[1]);
  process_ = child;
  connection_ = ends[0];
  return true;
}

void Solver::stop() {
  if (process_ < 0) return;
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  close(connection_);
  process_ = -1;
  connection_ = -1;
}

SolverReply Solver::check(std::string_view script, Strategy strategy, unsigned limit_milliseconds) {
  ++queries_;
  SolverReply reply;
  if (process_ < 0 && !start()) {
    reply.reason = "the solver's process could not be started";
    return reply;
  }
  const auto begin = Clock::now();
  const auto deadline = begin + std::chrono::milliseconds(limit_milliseconds + kGraceMilliseconds);
  const RequestHead head{static_cast<std::uint32_t>(script.size()), limit_milliseconds,
                         static_cast<std::uint32_t>(strategy)};
  const bool answered = send_all(connection_, &head, sizeof head) &&
                        send_all(connection_, script.data(), script.size()) &&
                        receive_reply(connection_, reply, deadline);
  if (!answered) {
    reply = {};
    reply.reason = "the solver did not come back and was ended";
    stop();
  }
  reply.milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
  return reply;
}

}  // namespace assay::smt
