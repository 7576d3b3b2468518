// Starting, listening and killing; see process.h. Tested by fuzz/selftest/test/process_test.cc.
#include "fuzz/selftest/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>

namespace assay::fuzz::selftest {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kPollMilliseconds = 100;
constexpr std::size_t kMostOutput = std::size_t{1} << 20;
constexpr int kNotStarted = 127;

[[noreturn]] void child_main(const std::vector<std::string>& command, const std::string& folder, int output) {
  ::setpgid(0, 0);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const bool ready = nothing >= 0 && ::dup2(nothing, STDIN_FILENO) >= 0 && ::dup2(output, STDOUT_FILENO) >= 0 &&
                     ::dup2(output, STDERR_FILENO) >= 0 && ::chdir(folder.c_str()) == 0;
  if (ready) {
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
  }
  ::_exit(kNotStarted);
}

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

}  // namespace

base::Result<ProcessEnd> run_process(const std::vector<std::string>& command, const std::string& folder,
                                     const ProcessLimits& limits) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return base::system_error("cannot listen to a process", errno);
  const pid_t child = ::fork();
  if (child < 0) {
    const int error = errno;
    ::close(ends[0]);
    ::close(ends[1]);
    return base::system_error("cannot start a process", error);
  }
  if (child == 0) child_main(command, folder, ends[1]);
  ::close(ends[1]);

  ProcessEnd end;
  const Clock::time_point start = Clock::now();
  Clock::time_point heard = start;
  int status = 0;
  rusage used{};
  bool open = true;
  const auto listen = [&](int milliseconds) {
    pollfd polled{ends[0], POLLIN, 0};
    if (!open || ::poll(&polled, 1, milliseconds) <= 0) return false;
    std::array<char, 4096> bytes{};
    const ssize_t count = ::read(ends[0], bytes.data(), bytes.size());
    open = count > 0;
    if (open && end.output.size() < kMostOutput) end.output.append(bytes.data(), static_cast<std::size_t>(count));
    return open;
  };
  while (true) {
    if (listen(kPollMilliseconds)) heard = Clock::now();
    if (!open) ::poll(nullptr, 0, kPollMilliseconds / 10);
    // A worker that is left behind may hold the pipe open, so the process is what is waited for.
    if (::wait4(child, &status, WNOHANG, &used) == child) break;
    end.silent = seconds_since(heard) > limits.silent_seconds;
    end.late = seconds_since(start) > limits.total_seconds;
    if (!end.silent && !end.late) continue;
    ::kill(-child, SIGKILL);
    ::kill(child, SIGKILL);
    ::wait4(child, &status, 0, &used);
    break;
  }
  ::kill(-child, SIGKILL);  // whoever outlived it
  while (listen(0)) {       // what was written last
  }
  ::close(ends[0]);
  end.seconds = seconds_since(start);
  for (const timeval& time : {used.ru_utime, used.ru_stime}) {
    end.cpu_seconds += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  }
  if (WIFEXITED(status)) end.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  if (end.code == kNotStarted && end.output.empty()) {
    return base::system_error("the program " + command.front() + " could not be started in " + folder);
  }
  return end;
}

}  // namespace assay::fuzz::selftest
