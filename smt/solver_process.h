// SolverProcess: the process of a solver, and a connection to it that can wait no longer than a solver may compute.
//
// A solver's own time limits are soft, so it lives in a process that can be ended. What is limited is the time it
// computes: on a busy machine it waits as well.
//
// Tested by smt/test/solver_test.cc.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <ctime>
#include <functional>

namespace assay::smt {

class SolverProcess {
 public:
  SolverProcess() = default;
  ~SolverProcess() { stop(); }
  SolverProcess(const SolverProcess&) = delete;
  SolverProcess& operator=(const SolverProcess&) = delete;

  // `serve` runs in the new process, with its end of the connection, and never comes back. False if there is none.
  [[nodiscard]] bool start(const std::function<void(int connection)>& serve);
  // Ends it. Nothing happens where it does not run.
  void stop();
  [[nodiscard]] bool runs() const { return process_ >= 0; }

  // From here on it may compute so long.
  void begin(unsigned limit_milliseconds);
  // Since then.
  [[nodiscard]] double milliseconds() const { return spent() - begin_; }
  // Whether it was the limit that was met.
  [[nodiscard]] bool took_too_long() const { return milliseconds() > most_; }

  [[nodiscard]] bool send(const void* data, std::size_t size) const;
  // False at the end of the connection, or when the limit is met.
  [[nodiscard]] bool receive(void* data, std::size_t size) const;
  // What there is, up to `size`; 0 as above.
  [[nodiscard]] std::size_t receive_some(void* data, std::size_t size) const;

 private:
  [[nodiscard]] double spent() const;
  [[nodiscard]] bool wait() const;

  pid_t process_ = -1;
  int connection_ = -1;
  clockid_t clock_{};
  bool has_clock_ = false;
  double begin_ = 0;
  double most_ = 0;
  std::chrono::steady_clock::time_point latest_;
};

// The same from within the process, without a limit.
[[nodiscard]] bool send_all(int connection, const void* data, std::size_t size);
[[nodiscard]] bool receive_all(int connection, void* data, std::size_t size);

}  // namespace assay::smt
