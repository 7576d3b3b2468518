// The supervisor of a campaign; see campaign.h. Tested by fuzz/campaign/test/campaign_test.cc.
#include "fuzz/campaign/campaign.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <new>
#include <thread>

#include "core/base/file.h"

namespace assay::fuzz {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kPollInterval = std::chrono::milliseconds(100);
// Jobs look at the stop flag between batches. One that is still there after this long hangs in the harness.
constexpr auto kStopGrace = std::chrono::seconds(60);

constexpr int kJobFailed = 3;

// The shared page range of a campaign. Unmapped by the destructor, in the supervisor and (by exiting) in the jobs.
class SharedMemory {
 public:
  static base::Result<std::unique_ptr<SharedMemory>> create(unsigned jobs) {
    const std::size_t size = sizeof(CampaignControl) + 64 + jobs * sizeof(JobBoard);
    void* const address = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (address == MAP_FAILED) return base::system_error("cannot share memory with the jobs", errno);
    return std::unique_ptr<SharedMemory>(new SharedMemory(address, size, jobs));
  }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  ~SharedMemory() { ::munmap(address_, size_); }

  CampaignControl& control() { return *control_; }
  JobBoard& board(unsigned job) { return boards_[job]; }

 private:
  SharedMemory(void* address, std::size_t size, unsigned jobs) : address_(address), size_(size) {
    control_ = new (address) CampaignControl;
    auto* const bytes = static_cast<std::byte*>(address) + ((sizeof(CampaignControl) + 63) / 64) * 64;
    boards_ = reinterpret_cast<JobBoard*>(bytes);
    for (unsigned job = 0; job < jobs; ++job) new (boards_ + job) JobBoard;
  }

  void* address_;
  std::size_t size_;
  CampaignControl* control_ = nullptr;
  JobBoard* boards_ = nullptr;
};

[[noreturn]] void job_main(const CampaignConfig& config, const BlockSourceFactory& source, CampaignControl& control,
                           JobBoard& board, ShapeSet& shapes, pid_t supervisor) {
  // Ctrl-C goes to the whole terminal group; the supervisor decides what it means.
  ::signal(SIGINT, SIG_IGN);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != supervisor) ::_exit(kJobFailed);
  int code = 0;
  {
    const auto done = run_job(config, source, control, board, shapes);
    if (!done) {
      fmt::print(stderr, "assay: {}\n", done.error().describe());
      code = kJobFailed;
    }
  }
  std::fflush(nullptr);
  ::_exit(code);
}

std::string death_of(unsigned job, int status) {
  if (WIFSIGNALED(status)) return fmt::format("job {} was killed by signal {}", job, WTERMSIG(status));
  return fmt::format("job {} ended with code {}", job, WEXITSTATUS(status));
}

double children_cpu_seconds() {
  double total = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    ::getrusage(who, &usage);
    for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
      total += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    }
  }
  return total;
}

class Supervisor {
 public:
  Supervisor(const CampaignConfig& config, SharedMemory& shared, ShapeSet& shapes)
      : config_(config), shared_(shared), shapes_(shapes) {}

  base::Result<void> start(const BlockSourceFactory& source) {
    const pid_t self = ::getpid();
    std::fflush(nullptr);
    for (unsigned job = 0; job < config_.jobs; ++job) {
      const pid_t child = ::fork();
      if (child < 0) {
        const int error = errno;
        shared_.control().stop = true;
        while (alive() != 0) std::this_thread::sleep_for(kPollInterval);
        return base::system_error("cannot start a job", error);
      }
      if (child == 0) job_main(config_, source, shared_.control(), shared_.board(job), shapes_, self);
      children_.push_back(child);
    }
    return {};
  }

  // Reaps jobs that have ended; gives how many still run.
  std::size_t alive() {
    std::size_t running = 0;
    for (unsigned job = 0; job < children_.size(); ++job) {
      if (children_[job] == 0) continue;
      int status = 0;
      if (::waitpid(children_[job], &status, WNOHANG) == 0) {
        ++running;
        continue;
      }
      children_[job] = 0;
      if (WIFEXITED(status) && WEXITSTATUS(status) == 0) continue;
      errors_.push_back(death_of(job, status));
    }
    return running;
  }

  void kill_all() {
    for (const pid_t child : children_) {
      if (child != 0) ::kill(child, SIGKILL);
    }
  }

  CampaignSummary summary(double seconds, double cpu_before) {
    CampaignSummary summary;
    summary.config = config_;
    summary.seconds = seconds;
    std::uint64_t live_cpu = 0;
    for (unsigned job = 0; job < config_.jobs; ++job) {
      const auto figures = std::make_unique<JobFigures>(shared_.board(job).read());
      summary.add(*figures);
      live_cpu += figures->own_cpu_nanoseconds + figures->helper_cpu_nanoseconds;
    }
    // The kernel's own account of ended processes is exact; while jobs run, theirs has to do.
    const double reaped = children_cpu_seconds() - cpu_before;
    summary.cpu_seconds = std::max(reaped, static_cast<double>(live_cpu) / 1e9);
    summary.jobs_lost = static_cast<unsigned>(errors_.size());
    summary.job_errors = errors_;
    return summary;
  }

 private:
  const CampaignConfig& config_;
  SharedMemory& shared_;
  ShapeSet& shapes_;
  std::vector<pid_t> children_;
  std::vector<std::string> errors_;
};

// Better known now than with the first finding, hours later.
base::Result<void> takes_files(const std::string& folder) {
  const std::filesystem::path probe =
      std::filesystem::path(folder) / fmt::format(".assay-can-write-{}", static_cast<long>(::getpid()));
  if (const auto written = base::write_file_atomically(probe.string(), ""); !written) {
    return base::input_error(fmt::format("findings cannot be written: {}", written.error().message));
  }
  std::error_code ignored;
  std::filesystem::remove(probe, ignored);
  return {};
}

}  // namespace

base::Result<CampaignSummary> run_campaign(const CampaignConfig& config, const BlockSourceFactory& source,
                                           const ProgressCallback& progress, const std::atomic<bool>& interrupted) {
  if (auto made = base::make_folders(config.findings_folder); !made) {
    base::Error error = made.error();
    error.message = fmt::format("the findings folder: {}", error.message);
    return error;
  }
  if (auto done = takes_files(config.findings_folder); !done) return done.error();

  auto shared = SharedMemory::create(config.jobs);
  if (!shared) return shared.error();
  CampaignControl& control = shared.value()->control();
  auto shapes = ShapeSet::create();
  if (!shapes) return shapes.error();
  Supervisor supervisor(config, *shared.value(), *shapes.value());
  const double cpu_before = children_cpu_seconds();
  const Clock::time_point start = Clock::now();
  if (auto started = supervisor.start(source); !started) return started.error();

  const auto elapsed = [start] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  bool was_interrupted = false;
  Clock::time_point stopped;
  while (supervisor.alive() != 0) {
    std::this_thread::sleep_for(kPollInterval);
    was_interrupted |= interrupted.load();
    if (!control.stop && (was_interrupted || (config.seconds && elapsed() >= *config.seconds))) {
      control.stop = true;
      stopped = Clock::now();
    }
    if (control.stop && Clock::now() - stopped > kStopGrace) supervisor.kill_all();
    if (progress) progress(supervisor.summary(elapsed(), cpu_before));
  }
  CampaignSummary summary = supervisor.summary(elapsed(), cpu_before);
  summary.interrupted = was_interrupted;
  return summary;
}

}  // namespace assay::fuzz
