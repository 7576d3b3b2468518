// Z3 in a process of its own; see solver.h. Tested by smt/test/solver_test.cc.
#include "smt/solver.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <utility>

#include "smt/z3_query.h"

namespace assay::smt {
namespace {

using Clock = std::chrono::steady_clock;

// Beyond its own limit a query gets this much before its process is ended.
constexpr unsigned kGraceMilliseconds = 500;
// How often it is looked how much time the process has spent.
constexpr int kLookMilliseconds = 50;

// The time a process has spent computing, which is what limits are about: on a busy machine it waits as well.
class SpentTime {
 public:
  explicit SpentTime(pid_t process) : known_(clock_getcpuclockid(process, &clock_) == 0), begin_(now()) {}

  [[nodiscard]] double milliseconds() const { return now() - begin_; }

 private:
  [[nodiscard]] double now() const {
    timespec time{};
    if (!known_ || clock_gettime(clock_, &time) != 0) return 0;
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
  }

  clockid_t clock_{};
  bool known_;
  double begin_;
};

struct Deadline {
  Clock::time_point time;
  const SpentTime& spent;
  double most;
};

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

// Whether there is something to receive in time.
bool wait_for(int connection, const Deadline& deadline) {
  while (true) {
    pollfd waited{connection, POLLIN, 0};
    const int ready = poll(&waited, 1, kLookMilliseconds);
    if (ready != 0) return ready > 0;
    if (Clock::now() > deadline.time || deadline.spent.milliseconds() > deadline.most) return false;
  }
}

// False at the end of the connection, or when `deadline` passes first.
bool receive_all(int connection, void* data, std::size_t size, const Deadline* deadline) {
  char* bytes = static_cast<char*>(data);
  while (size > 0) {
    if (deadline != nullptr && !wait_for(connection, *deadline)) return false;
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

bool receive_reply(int connection, SolverReply& reply, const Deadline& deadline) {
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
  const SpentTime spent(process_);
  const unsigned longest = kWaitFactor * limit_milliseconds + kGraceMilliseconds;
  const Deadline deadline{Clock::now() + std::chrono::milliseconds(longest), spent,
                          static_cast<double>(limit_milliseconds)};
  const RequestHead head{static_cast<std::uint32_t>(script.size()), limit_milliseconds,
                         static_cast<std::uint32_t>(strategy)};
  const bool answered = send_all(connection_, &head, sizeof head) &&
                        send_all(connection_, script.data(), script.size()) &&
                        receive_reply(connection_, reply, deadline);
  reply.milliseconds = spent.milliseconds();
  if (!answered) {
    const double milliseconds = reply.milliseconds;
    reply = {};
    reply.milliseconds = milliseconds;
    reply.reason = milliseconds > deadline.most ? "timeout" : "the solver did not come back and was ended";
    stop();
  }
  return reply;
}

}  // namespace assay::smt
