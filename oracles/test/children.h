// The child processes of a test, to be killed as the kernel kills when memory runs out.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>

namespace assay::oracles::test {

inline std::set<pid_t> children() {
  std::set<pid_t> result;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream list(thread.path() / "children");
    for (pid_t child = 0; list >> child;) result.insert(child);
  }
  return result;
}

// Kills the only child, `times` times: each child half a second after it is first seen.
inline void kill_the_child(unsigned times) {
  std::set<pid_t> killed;
  while (killed.size() < times) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    for (const pid_t child : children()) {
      if (killed.contains(child)) continue;
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
      ::kill(child, SIGKILL);
      killed.insert(child);
    }
  }
}

}  // namespace assay::oracles::test
