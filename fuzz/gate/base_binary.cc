// Running the base; see base_binary.h. Tested by fuzz/gate/test/base_binary_test.cc.
#include "fuzz/gate/base_binary.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <utility>

namespace assay::fuzz {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

// More than any answer about one file.
constexpr std::size_t kMaxOutputBytes = 64U << 20U;
constexpr int kNotFound = 127;  // what a shell, and posix_spawn where it forks first, say of an unknown program

// A path that begins with a dash would be taken for an option.
std::string as_argument(const std::string& file) { return file.starts_with('-') ? "./" + file : file; }

// Reads to the end of the pipe; false when time or the limit runs out first.
bool read_all(int pipe, Clock::time_point deadline, std::string& output) {
  std::array<char, 16384> buffer{};
  while (output.size() <= kMaxOutputBytes) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd waited{pipe, POLLIN, 0};
    const int ready = ::poll(&waited, 1, static_cast<int>(left));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    const ssize_t received = ::read(pipe, buffer.data(), buffer.size());
    if (received < 0 && errno == EINTR) continue;
    if (received < 0) return false;
    if (received == 0) return true;
    output.append(buffer.data(), static_cast<std::size_t>(received));
  }
  return false;
}

pid_t spawn(const std::string& program, std::vector<std::string>& arguments, int output) {
  std::vector<char*> pointers{const_cast<char*>(program.c_str())};
  for (std::string& one : arguments) pointers.push_back(one.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  if (::posix_spawn_file_actions_init(&actions) != 0) return -1;
  pid_t child = -1;
  const bool ready = ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
                     ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) == 0 &&
                     ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0;
  if (!ready || ::posix_spawnp(&child, program.c_str(), &actions, nullptr, pointers.data(), environ) != 0) child = -1;
  ::posix_spawn_file_actions_destroy(&actions);
  return child;
}

}  // namespace

std::optional<std::string> BaseBinary::output_of(std::vector<std::string> arguments) const {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return std::nullopt;
  const pid_t child = spawn(program_, arguments, pipe[1]);
  ::close(pipe[1]);
  std::string output;
  const bool complete = child > 0 && read_all(pipe[0], Clock::now() + limit_, output);
  ::close(pipe[0]);
  if (child <= 0) return std::nullopt;
  if (!complete) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!complete || !WIFEXITED(status) || WEXITSTATUS(status) == kNotFound) return std::nullopt;
  return output;
}

std::optional<BaseReplay> BaseBinary::replay(const std::string& file) const {
  const auto output = output_of({"replay", "--json", as_argument(file)});
  if (!output) return std::nullopt;
  // Without exceptions: what is missing or of another type is no answer.
  const Json json = Json::parse(*output, nullptr, false);
  if (!json.is_object() || !json.contains("replays") || !json["replays"].is_array() || json["replays"].size() != 1) {
    return std::nullopt;
  }
  const Json& one = json["replays"][0];
  if (!one.is_object() || !one.contains("status") || !one["status"].is_string()) return std::nullopt;
  const auto& status = one["status"].get_ref<const std::string&>();
  BaseReplay replay;
  replay.judged = status == "pass" || status == "diverges";
  if (!one.contains("signatures") || !one["signatures"].is_array()) return replay;
  for (const Json& signature : one["signatures"]) {
    if (signature.is_string()) replay.signatures.push_back(signature.get<std::string>());
  }
  return replay;
}

std::optional<std::vector<std::string>> BaseBinary::refuted_loops(const std::string& file) const {
  const auto output = output_of({"verify", "--scev", "--json", as_argument(file)});
  if (!output) return std::nullopt;
  // Refuted rows are printed as text before the JSON object.
  const std::size_t begin = output->rfind("\n{\n");
  const std::string document = begin == std::string::npos ? *output : output->substr(begin + 1);
  const Json json = Json::parse(document, nullptr, false);
  if (!json.is_object() || !json.contains("rows") || !json["rows"].is_array()) return std::nullopt;
  std::vector<std::string> programs;
  for (const Json& row : json["rows"]) {
    const bool complete = row.is_object() && row.contains("verdict") && row.contains("program");
    if (!complete || row["verdict"] != "refuted" || !row["program"].is_string()) continue;
    programs.push_back(row["program"].get<std::string>());
  }
  return programs;
}

}  // namespace assay::fuzz
