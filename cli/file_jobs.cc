// Processes, and what they answer; see file_jobs.h. Tested by cli/test/cli_test.sh.
#include "cli/file_jobs.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <utility>

namespace assay::cli {
namespace {

struct Running {
  std::size_t index = 0;
  int answer = -1;  // a file in memory: no reader has to keep up, as with a pipe
};

bool write_all(int file, const std::string& text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = ::write(file, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    written += static_cast<std::size_t>(count);
  }
  return true;
}

std::optional<std::string> read_all(int file) {
  std::string text;
  std::array<char, 4096> buffer{};
  if (::lseek(file, 0, SEEK_SET) != 0) return std::nullopt;
  for (;;) {
    const ssize_t count = ::read(file, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::nullopt;
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

base::Result<std::vector<JobAnswer>> run_jobs(std::size_t count, unsigned jobs,
                                              const std::function<std::string(std::size_t)>& work,
                                              const std::atomic<bool>& interrupted) {
  std::vector<JobAnswer> answers(count);
  std::map<pid_t, Running> running;
  std::size_t next = 0;
  bool told = false;
  std::optional<base::Error> failure;
  while (next < count || !running.empty()) {
    if ((interrupted.load() || failure) && !std::exchange(told, true)) {
      next = count;
      for (const auto& [pid, one] : running) ::kill(pid, SIGTERM);
    }
    while (next < count && running.size() < jobs) {
      const int answer = ::memfd_create("answer", MFD_CLOEXEC);
      if (answer < 0) {
        failure = base::system_error("cannot keep the answer of a process", errno);
        break;
      }
      std::fflush(nullptr);  // or the child would print it again
      const pid_t pid = ::fork();
      if (pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        std::_Exit(write_all(answer, work(next)) ? EXIT_SUCCESS : EXIT_FAILURE);
      }
      if (pid < 0) {
        failure = base::system_error("cannot start a process", errno);
        ::close(answer);
        break;
      }
      answers[next].begun = true;
      running[pid] = {next++, answer};
    }
    if (failure && !told) continue;
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, 0);
    if (pid < 0) {
      if (errno == EINTR) continue;
      return base::system_error("cannot wait for a process", errno);
    }
    const auto done = running.find(pid);
    if (done == running.end()) continue;
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS) {
      answers[done->second.index].text = read_all(done->second.answer);
    }
    ::close(done->second.answer);
    running.erase(done);
  }
  if (failure) return std::move(*failure);
  return answers;
}

}  // namespace assay::cli
