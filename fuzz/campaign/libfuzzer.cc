// A libFuzzer process and its folder; see libfuzzer.h. Tested by fuzz/campaign/test/libfuzzer_test.cc.
#include "fuzz/campaign/libfuzzer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/ast/limits.h"
#include "core/base/file.h"
#include "core/base/fnv1a.h"
#include "fuzz/campaign/batch.h"

namespace assay::fuzz {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// What the campaign wrote itself; libFuzzer names its files by their SHA-1.
constexpr std::string_view kOffer = "assay-";
constexpr std::chrono::seconds kLongestPause{300};
// A run that lasted so long got somewhere.
constexpr std::chrono::seconds kGoodRun{30};

// libFuzzer does not write its files at once.
constexpr std::chrono::seconds kSettled{2};

std::string artifact_kind(std::string_view name) {
  static constexpr std::array<std::string_view, 4> kKinds = {"crash", "timeout", "oom", "leak"};
  for (const std::string_view kind : kKinds) {
    if (name.starts_with(kind) && name.substr(kind.size()).starts_with('-')) return std::string(kind);
  }
  return {};
}

base::Result<std::vector<std::string>> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code failure;
  fs::directory_iterator entries(folder, failure);
  for (const fs::directory_iterator end; !failure && entries != end; entries.increment(failure)) {
    names.push_back(entries->path().filename().string());
  }
  if (failure) return base::system_error(fmt::format("cannot list '{}': {}", folder, failure.message()));
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

base::Result<LibFuzzer> LibFuzzer::create(LibFuzzerConfig config) {
  std::error_code failure;
  config.binary = fs::absolute(config.binary, failure).string();
  if (::access(config.binary.c_str(), X_OK) != 0) {
    return base::input_error(fmt::format("'{}' is no program that can be run", config.binary));
  }
  LibFuzzer fuzzer(std::move(config));
  for (const std::string& folder : {fuzzer.inputs(), fuzzer.artifacts()}) {
    fs::create_directories(folder, failure);
    if (failure) return base::system_error(fmt::format("cannot create '{}': {}", folder, failure.message()));
  }
  return fuzzer;
}

LibFuzzer::LibFuzzer(LibFuzzer&& other) noexcept
    : config_(std::move(other.config_)),
      process_(std::exchange(other.process_, 0)),
      started_(other.started_),
      next_start_(other.next_start_),
      pause_(other.pause_),
      runs_(other.runs_) {}

LibFuzzer::~LibFuzzer() { stop(); }

void LibFuzzer::stop() {
  if (process_ == 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = 0;
}

void LibFuzzer::start() {
  const std::string seed = fmt::format("-seed={}", (config_.seed + runs_) % 0xFFFFFFFFULL + 1);
  const std::string prefix = "-artifact_prefix=" + artifacts() + "/";
  const std::string folder = inputs();
  const std::string log = config_.folder + "/log";
  // Verdicts are not taken from its exit code, and leaks are not what it is for here.
  std::array<const char*, 9> arguments = {
      config_.binary.c_str(), seed.c_str(),      prefix.c_str(), "-reload=1", "-timeout=20",
      "-rss_limit_mb=4096",   "-detect_leaks=0", folder.c_str(), nullptr};
  const pid_t supervisor = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGINT, SIG_IGN);
    ::signal(SIGTERM, SIG_DFL);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != supervisor) ::_exit(127);
    const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    const int none = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(none, STDIN_FILENO);
    ::dup2(file, STDOUT_FILENO);
    ::dup2(file, STDERR_FILENO);
    ::execv(config_.binary.c_str(), const_cast<char* const*>(arguments.data()));
    ::_exit(127);
  }
  if (child < 0) return;  // the next poll tries again
  process_ = child;
  started_ = Clock::now();
  ++runs_;
}

// libFuzzer begins with its inputs, and would die of the same one at every start.
void LibFuzzer::drop_crashing_offers() const {
  const auto found = names_in(artifacts());
  const auto offered = names_in(inputs());
  if (!found || !offered) return;
  std::set<std::string> crashing;
  for (const std::string& name : *found) {
    if (auto bytes = base::read_file(artifacts() + "/" + name, ast::kMaxFileBytes)) crashing.insert(std::move(*bytes));
  }
  std::error_code ignored;
  for (const std::string& name : *offered) {
    const auto bytes = base::read_file(inputs() + "/" + name, ast::kMaxFileBytes);
    if (bytes && crashing.contains(*bytes)) fs::remove(inputs() + "/" + name, ignored);
  }
}

std::optional<std::string> LibFuzzer::poll() {
  if (process_ == 0) {
    if (Clock::now() >= next_start_) start();
    return std::nullopt;
  }
  int status = 0;
  if (::waitpid(process_, &status, WNOHANG) != process_) return std::nullopt;
  process_ = 0;
  drop_crashing_offers();
  pause_ = Clock::now() - started_ >= kGoodRun ? std::chrono::seconds(1) : std::min(2 * pause_, kLongestPause);
  next_start_ = Clock::now() + pause_;
  const std::string how = WIFSIGNALED(status) ? fmt::format("was killed by signal {}", WTERMSIG(status))
                                              : fmt::format("ended with code {}", WEXITSTATUS(status));
  return fmt::format("libFuzzer {} and is started again in {} s", how, pause_.count());
}

base::Result<void> LibFuzzer::offer(const std::string& bytes) {
  const std::string path = fmt::format("{}/{}{:016x}", inputs(), kOffer, base::fnv1a(bytes));
  if (fs::exists(path)) return {};
  return base::write_file_atomically(path, bytes);
}

base::Result<std::vector<FoundInput>> LibFuzzer::take(std::size_t most,
                                                      const std::function<bool(const std::string&)>& seen,
                                                      Wanted wanted) const {
  std::vector<FoundInput> result;
  for (const char* const part : {"artifacts", "inputs"}) {
    const std::string folder = config_.folder + "/" + part;
    const auto names = names_in(folder);
    if (!names) return names.error();
    const bool artifacts = folder == this->artifacts();
    if (!artifacts && wanted == Wanted::Artifacts) break;
    for (const std::string& name : *names) {
      if (result.size() == most) return result;
      FoundInput one;
      one.name = std::string(part) + "/" + name;
      one.artifact = artifacts ? artifact_kind(name) : std::string();
      if (artifacts ? one.artifact.empty() : name.starts_with(kOffer)) continue;
      if (seen(one.name)) continue;
      // What is being written, or was removed meanwhile, is for the next time. A clock that was set back writes
      // nothing.
      std::error_code failure;
      const auto age = fs::file_time_type::clock::now() - fs::last_write_time(folder + "/" + name, failure);
      const bool settling = process_ != 0 && age >= age.zero() && age < kSettled;
      if (failure || settling) continue;
      auto bytes = base::read_file(folder + "/" + name, ast::kMaxFileBytes);
      if (!bytes || (bytes->empty() && !artifacts)) continue;
      one.bytes = std::move(bytes).value();
      result.push_back(std::move(one));
    }
  }
  return result;
}

}  // namespace assay::fuzz
