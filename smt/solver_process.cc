// Processes of solvers; see solver_process.h. Tested by smt/test/solver_test.cc.
#include "smt/solver_process.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "smt/answer.h"

namespace assay::smt {
namespace {

// Beyond its own limit a query gets this much before its process is ended.
constexpr unsigned kGraceMilliseconds = 500;
// How often it is looked how much time the process has spent.
constexpr int kLookMilliseconds = 50;

}  // namespace

bool send_all(int connection, const void* data, std::size_t size) {
  const char* bytes = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t sent = ::send(connection, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

bool receive_all(int connection, void* data, std::size_t size) {
  char* bytes = static_cast<char*>(data);
  while (size > 0) {
    const ssize_t received = recv(connection, bytes, size, 0);
    if (received <= 0) return false;
    bytes += received;
    size -= static_cast<std::size_t>(received);
  }
  return true;
}

bool SolverProcess::start(const std::function<void(int connection)>& serve) {
  stop();
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return false;
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    serve(ends[1]);
    _exit(0);
  }
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return false;
  }
  process_ = child;
  connection_ = ends[0];
  has_clock_ = clock_getcpuclockid(process_, &clock_) == 0;
  return true;
}

void SolverProcess::stop() {
  if (process_ < 0) return;
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  close(connection_);
  process_ = -1;
  connection_ = -1;
  has_clock_ = false;
}

double SolverProcess::spent() const {
  timespec time{};
  if (!has_clock_ || clock_gettime(clock_, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

void SolverProcess::begin(unsigned limit_milliseconds) {
  begin_ = spent();
  most_ = static_cast<double>(limit_milliseconds);
  const unsigned longest = kWaitFactor * limit_milliseconds + kGraceMilliseconds;
  latest_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(longest);
}

bool SolverProcess::send(const void* data, std::size_t size) const { return send_all(connection_, data, size); }

// Whether there is something to receive in time.
bool SolverProcess::wait() const {
  while (true) {
    pollfd waited{connection_, POLLIN, 0};
    const int ready = poll(&waited, 1, kLookMilliseconds);
    if (ready != 0) return ready > 0;
    if (std::chrono::steady_clock::now() > latest_ || took_too_long()) return false;
  }
}

std::size_t SolverProcess::receive_some(void* data, std::size_t size) const {
  if (!wait()) return 0;
  const ssize_t received = recv(connection_, data, size, 0);
  return received <= 0 ? 0 : static_cast<std::size_t>(received);
}

bool SolverProcess::receive(void* data, std::size_t size) const {
  char* bytes = static_cast<char*>(data);
  while (size > 0) {
    const std::size_t received = receive_some(bytes, size);
    if (received == 0) return false;
    bytes += received;
    size -= received;
  }
  return true;
}

}  // namespace assay::smt
