// The supervisor of a campaign with a ledger; see supervised.h. Tested by fuzz/campaign/test/supervised_test.cc.
#include "fuzz/campaign/supervised.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <deque>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "core/ast/codec.h"
#include "fuzz/campaign/wire.h"
#include "fuzz/campaign/worker.h"
#include "fuzz/findings/environment.h"
#include "fuzz/findings/finding.h"

namespace assay::fuzz {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kPollMilliseconds = 50;
constexpr int kWorkerFailed = 3;
// Listing a folder costs more the more there is in it.
constexpr auto kBetweenLooks = std::chrono::seconds(2);
// So many workers in a row that end before they are ready mean that none ever will be.
constexpr unsigned kMostFailedStarts = 5;

// A task, the batch it is a part of, and what it has cost so far.
struct Part {
  std::uint64_t batch = 0;
  Task task;
  unsigned deaths = 0;
};

struct OpenBatch {
  BatchRecord record;
  std::uint64_t missing = 0;  // programs whose part is not done
};

struct Worker {
  pid_t pid = 0;
  int socket = -1;
  bool ready = false;
  std::uint64_t entries = 0;  // of the corpus that it knows
  std::optional<Part> part;
  Clock::time_point since;
  MessageReader reader;
};

std::string death_of(int status) {
  if (WIFSIGNALED(status)) return fmt::format("killed by signal {}", WTERMSIG(status));
  return fmt::format("ended with code {}", WEXITSTATUS(status));
}

class Supervisor {
 public:
  Supervisor(const SupervisedConfig& config, const BlockSourceFactory& source, Ledger& ledger, ShapeSet& shapes)
      : config_(config), source_(source), ledger_(ledger), shapes_(shapes), workers_(config.campaign.jobs) {}
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  ~Supervisor() {
    for (Worker& worker : workers_) {
      if (worker.pid == 0) continue;
      // An idle worker sees the closed socket; after an error nobody waits for a busy one.
      if (worker.part) ::kill(worker.pid, SIGKILL);
      ::close(worker.socket);
      ::waitpid(worker.pid, nullptr, 0);
    }
  }

  base::Result<EndReason> run(const Tick& tick, const std::atomic<bool>& interrupted) {
    const Clock::time_point start = Clock::now();
    if (config_.libfuzzer) {
      auto made = LibFuzzer::create(*config_.libfuzzer);
      if (!made) return made.error();
      libfuzzer_.emplace(std::move(made).value());
    }
    while (true) {
      if (!end_ && interrupted.load()) end_ = EndReason::Interrupted;
      if (!end_ && config_.campaign.seconds &&
          Clock::now() - start >= std::chrono::duration<double>(*config_.campaign.seconds)) {
        end_ = EndReason::Seconds;
      }
      if (!end_ && config_.findings && ledger_.findings() >= *config_.findings) end_ = EndReason::Findings;
      for (Worker& worker : workers_) {
        if (auto done = serve(worker); !done) return done.error();
      }
      if (end_ && open_.empty() && found_.empty()) {
        if (auto done = look_at_what_is_left(); !done) return done.error();
        if (found_.empty()) return *end_;
        continue;
      }
      if (auto done = look_after_libfuzzer(); !done) return done.error();
      wait();
      for (Worker& worker : workers_) {
        if (auto done = listen(worker); !done) return done.error();
      }
      if (tick) {
        if (auto done = tick(); !done) return done.error();
      }
    }
  }

 private:
  // Starts the worker where there is none, and gives it something to do where there is something.
  base::Result<void> serve(Worker& worker) {
    if (worker.pid != 0 && (!worker.ready || worker.part)) return {};
    if (worker.pid == 0) {
      if (end_ && pending_.empty() && found_.empty()) return {};
      return start(worker);
    }
    auto next = next_part();
    if (!next) return next.error();
    std::optional<Part>& part = *next;
    if (!part) return {};
    TaskMessage message;
    message.task = part->task;
    for (; worker.entries < part->task.entries; ++worker.entries) {
      message.entries.push_back(ledger_.corpus_entry(worker.entries));
    }
    worker.part = std::move(part);
    worker.since = Clock::now();
    // A worker that is gone already is noticed by listen().
    (void)send_message(worker.socket, encode(message));
    return {};
  }

  base::Result<std::optional<Part>> next_part() {
    using Next = std::optional<Part>;
    if (!pending_.empty()) {
      Part part = std::move(pending_.front());
      pending_.pop_front();
      return Next(std::move(part));
    }
    if (!found_.empty()) return import();
    if (end_) return Next();
    const bool growing = config_.campaign.mutate_every != 0;
    if (!next_batch_) next_batch_ = ledger_.next_batch();
    const std::uint64_t number = *next_batch_;
    std::uint64_t entries = 0;
    if (growing) {
      const auto known = ledger_.corpus_for(number);
      if (!known) return known.error();
      if (!*known) return Next();  // other workers have to be done first
      entries = **known;
    }
    next_batch_.reset();
    const std::uint64_t first = number * config_.campaign.batch_size;
    std::uint64_t count = config_.campaign.batch_size;
    if (config_.campaign.programs) {
      if (first >= *config_.campaign.programs) {
        end_ = EndReason::Programs;
        return Next();
      }
      count = std::min(count, *config_.campaign.programs - first);
    }
    Part part = open_batch(number, first, count);
    part.task.entries = entries;
    const unsigned every = config_.campaign.mutate_every;
    if (growing && number % every == every - 1) part.task.origin = Origin::Mutants;
    return Next(std::move(part));
  }

  Part open_batch(std::uint64_t number, std::uint64_t first, std::uint64_t count) {
    OpenBatch& batch = open_[number];
    batch.record.number = number;
    batch.record.first_program = first;
    batch.record.programs = count;
    batch.missing = count;
    Part part;
    part.batch = number;
    part.task.first = first;
    part.task.count = count;
    return part;
  }

  // What libFuzzer found, as a batch of its own.
  base::Result<std::optional<Part>> import() {
    const std::uint64_t number = ledger_.next_import();
    const auto entries = ledger_.corpus_for(number);
    if (!entries) return entries.error();
    Part part = open_batch(number, number * config_.campaign.batch_size, found_.size());
    part.task.origin = Origin::Imported;
    part.task.entries = entries->value_or(0);
    for (FoundInput& one : found_) {
      part.task.programs.push_back(std::move(one.bytes));
      part.task.artifacts.push_back(std::move(one.artifact));
      importing_.insert(one.name);
      open_[number].record.imported.push_back(std::move(one.name));
    }
    found_.clear();
    return std::optional<Part>(std::move(part));
  }

  base::Result<void> look_after_libfuzzer() {
    if (!libfuzzer_ || end_) return {};
    if (const auto sentence = libfuzzer_->poll()) {
      if (auto done = ledger_.incident("libfuzzer", *sentence); !done) return done;
    }
    if (Clock::now() < next_look_) return {};
    next_look_ = Clock::now() + kBetweenLooks;
    const auto entries = ledger_.corpus_for(kFirstImport);
    if (!entries) return entries.error();
    for (; offered_ < entries->value_or(0); ++offered_) {
      const auto finding = parse_finding(ledger_.corpus_entry(offered_).text);
      if (!finding) return finding.error();
      const std::vector<std::uint8_t> bytes = ast::encode(finding->program);
      if (auto done = libfuzzer_->offer({bytes.begin(), bytes.end()}); !done) return done;
    }
    return found_.empty() ? take_from_libfuzzer(LibFuzzer::Wanted::Everything) : base::Result<void>{};
  }

  // What libFuzzer died of in the last seconds is no less a finding. Its other inputs stay for a campaign that goes on.
  base::Result<void> look_at_what_is_left() {
    if (!libfuzzer_) return {};
    libfuzzer_->stop();
    return take_from_libfuzzer(LibFuzzer::Wanted::Artifacts);
  }

  base::Result<void> take_from_libfuzzer(LibFuzzer::Wanted wanted) {
    auto found = libfuzzer_->take(
        config_.campaign.batch_size,
        [this](const std::string& name) {
          return importing_.contains(name) || no_programs_.contains(name) || ledger_.imported(name);
        },
        wanted);
    if (!found) return found.error();
    for (FoundInput& one : *found) {
      // All other bytes are decoded to one. Not here: a worker may die of it.
      if (!one.bytes.empty() && static_cast<std::uint8_t>(one.bytes.front()) == ast::kCodecVersion) {
        found_.push_back(std::move(one));
        continue;
      }
      no_programs_.insert(one.name);
      // An input that is no program covers nothing but that; an artifact says that the target cannot read it.
      if (one.artifact.empty()) continue;
      if (auto done = record_unreadable(one); !done) return done;
    }
    return {};
  }

  base::Result<void> record_unreadable(const FoundInput& artifact) {
    BatchRecord record;
    record.number = ledger_.next_import();
    record.first_program = record.number * config_.campaign.batch_size;
    record.imported.push_back(artifact.name);
    record.findings.push_back(artifact_finding(artifact.artifact, record.first_program));
    const std::string sentence = fmt::format("libFuzzer's target ended with a {} on {}, which holds no program",
                                             artifact.artifact, artifact.name);
    if (auto done = ledger_.incident("libfuzzer", sentence); !done) return done;
    return ledger_.record(record);
  }

  base::Result<void> start(Worker& worker) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
      return base::system_error("cannot connect to a worker", errno);
    }
    const pid_t self = ::getpid();
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child < 0) {
      const int error = errno;
      ::close(ends[0]);
      ::close(ends[1]);
      return base::system_error("cannot start a worker", error);
    }
    if (child == 0) {
      ::close(ends[0]);
      for (const Worker& other : workers_) {
        if (other.pid != 0) ::close(other.socket);
      }
      worker_main(ends[1], self);
    }
    ::close(ends[1]);
    worker = Worker{};
    worker.pid = child;
    worker.socket = ends[0];
    worker.since = Clock::now();
    return {};
  }

  [[noreturn]] void worker_main(int socket, pid_t supervisor) {
    // Ctrl-C goes to the whole terminal group; the supervisor decides what it means.
    ::signal(SIGINT, SIG_IGN);
    ::signal(SIGTERM, SIG_DFL);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != supervisor) ::_exit(kWorkerFailed);
    int code = 0;
    {
      const auto done = run_worker(config_.campaign, source_, shapes_, socket);
      if (!done) {
        fmt::print(stderr, "assay: {}\n", done.error().describe());
        code = kWorkerFailed;
      }
    }
    std::fflush(nullptr);
    ::_exit(code);
  }

  void wait() {
    std::vector<pollfd> polled;
    for (const Worker& worker : workers_) {
      if (worker.pid != 0) polled.push_back({worker.socket, POLLIN, 0});
    }
    ::poll(polled.data(), polled.size(), kPollMilliseconds);
  }

  base::Result<void> listen(Worker& worker) {
    if (worker.pid == 0) return {};
    const bool open = worker.reader.read_available(worker.socket);
    while (const auto message = worker.reader.take()) {
      failed_starts_ = 0;
      if (!worker.part) {
        worker.ready = true;
        continue;
      }
      auto result = decode(*message);
      if (!result) return base::system_error("a worker gave an answer that cannot be read");
      const Part part = *std::exchange(worker.part, std::nullopt);
      if (auto done = finish(part, std::move(*result)); !done) return done;
    }
    // The socket alone does not tell: a process that the worker left behind may hold its end open.
    int status = 0;
    if (::waitpid(worker.pid, &status, WNOHANG) == worker.pid) return bury(worker, death_of(status), false);
    if (!open) {
      ::kill(worker.pid, SIGKILL);
      ::waitpid(worker.pid, &status, 0);
      return bury(worker, death_of(status), false);
    }
    const bool busy = worker.part.has_value() || !worker.ready;
    if (busy && Clock::now() - worker.since > std::chrono::duration<double>(config_.hang_seconds)) {
      ::kill(worker.pid, SIGKILL);
      ::waitpid(worker.pid, &status, 0);
      return bury(worker, fmt::format("hung for more than {:.0f} s and was killed", config_.hang_seconds), true);
    }
    return {};
  }

  base::Result<void> bury(Worker& worker, const std::string& how, bool hung) {
    const std::optional<Part> part = std::move(worker.part);
    ::close(worker.socket);
    const bool was_ready = worker.ready;
    worker = Worker{};
    const std::string what =
        part ? fmt::format("at programs {} to {}", part->task.first, part->task.first + part->task.count - 1)
             : std::string(was_ready ? "while idle" : "before it was ready");
    if (auto done = ledger_.incident(hung ? "hang" : "lost worker", fmt::format("a worker {} {}", how, what)); !done) {
      return done;
    }
    if (!was_ready && ++failed_starts_ >= kMostFailedStarts) {
      return base::system_error(fmt::format("{} workers in a row {} before they were ready", failed_starts_, how));
    }
    return part ? put_back(*part, hung) : base::Result<void>{};
  }

  // The task of a worker that is gone: once more, in halves, or given up as a finding.
  base::Result<void> put_back(Part part, bool hung) {
    ++part.deaths;
    if (!hung && part.deaths < config_.most_deaths) {
      pending_.push_front(part);
      return {};
    }
    part.deaths = 0;
    if (part.task.kind != TaskKind::Judge) return finish(part, without_program(part));
    if (part.task.count == 1) {
      part.task.kind = hung ? TaskKind::NameHang : TaskKind::NameCrash;
      pending_.push_front(part);
      return {};
    }
    Part second = part;
    part.task.count /= 2;
    second.task.first += part.task.count;
    second.task.count -= part.task.count;
    const auto split = [&part](std::vector<std::string>& left, std::vector<std::string>& right) {
      if (left.empty()) return;
      const auto half = static_cast<std::ptrdiff_t>(part.task.count);
      left.erase(left.begin() + half, left.end());
      right.erase(right.begin(), right.begin() + half);
    };
    split(part.task.programs, second.task.programs);
    split(part.task.artifacts, second.task.artifacts);
    pending_.push_front(second);
    pending_.push_front(part);
    return {};
  }

  // Not even its text is to be had; seed and number still say which it is.
  TaskResult without_program(const Part& part) const {
    FindingRecord record = harness_finding(part.task.kind, part.task.first);
    record.text = fmt::format(
        "// The generator itself did not survive this program.\n// seed: {:#x}\n// program: {}\n// configuration: {}\n"
        "// build: {}\n",
        config_.campaign.seed, part.task.first, config_.campaign.describe(), build_description());
    TaskResult result;
    result.findings.push_back(std::move(record));
    return result;
  }

  // No oracle could say anything of the program: the harness did not get through it.
  void count_as_unknown(TaskResult& result) const {
    oracles::JudgeCounts& judged = result.figures.judged;
    judged = {};
    judged.programs = 1;
    for (const oracles::OracleId oracle : oracles::kAllOracles) {
      if (!config_.campaign.judge.on(oracle)) continue;
      ++judged.verdicts[static_cast<std::size_t>(oracle)][static_cast<std::size_t>(oracles::Verdict::Unknown)];
    }
  }

  base::Result<void> finish(const Part& part, TaskResult result) {
    if (part.task.kind != TaskKind::Judge) count_as_unknown(result);
    const auto found = open_.find(part.batch);
    BatchRecord& record = found->second.record;
    record.figures.add(result.figures);
    record.cpu_nanoseconds += result.cpu_nanoseconds;
    std::move(result.findings.begin(), result.findings.end(), std::back_inserter(record.findings));
    std::move(result.candidates.begin(), result.candidates.end(), std::back_inserter(record.candidates));
    std::move(result.keys.begin(), result.keys.end(), std::back_inserter(record.keys));
    found->second.missing -= part.task.count;
    if (found->second.missing != 0) return {};
    std::sort(record.findings.begin(), record.findings.end(), [](const auto& left, const auto& right) {
      return std::tie(left.program_index, left.signature, left.text) <
             std::tie(right.program_index, right.signature, right.text);
    });
    std::sort(record.candidates.begin(), record.candidates.end(),
              [](const CorpusCandidate& left, const CorpusCandidate& right) {
                return left.program_index < right.program_index;
              });
    auto done = ledger_.record(record);
    for (const std::string& name : record.imported) importing_.erase(name);
    open_.erase(found);
    return done;
  }

  const SupervisedConfig& config_;
  const BlockSourceFactory& source_;
  Ledger& ledger_;
  ShapeSet& shapes_;
  std::vector<Worker> workers_;
  std::deque<Part> pending_;
  std::map<std::uint64_t, OpenBatch> open_;
  std::optional<EndReason> end_;
  std::optional<std::uint64_t> next_batch_;  // that waits for others
  std::optional<LibFuzzer> libfuzzer_;
  Clock::time_point next_look_;
  std::uint64_t offered_ = 0;  // entries of the corpus
  std::vector<FoundInput> found_;
  std::set<std::string> importing_;    // in batches that are not recorded yet
  std::set<std::string> no_programs_;  // files that hold none
  unsigned failed_starts_ = 0;
};

}  // namespace

std::string_view name(EndReason reason) {
  switch (reason) {
    case EndReason::Programs:
      return "programs";
    case EndReason::Seconds:
      return "seconds";
    case EndReason::Findings:
      return "findings";
    case EndReason::Interrupted:
      return "interrupted";
  }
  return "interrupted";
}

base::Result<EndReason> run_supervised(const SupervisedConfig& config, const BlockSourceFactory& source, Ledger& ledger,
                                       const Tick& tick, const std::atomic<bool>& interrupted) {
  auto shapes = ShapeSet::create();
  if (!shapes) return shapes.error();
  return Supervisor(config, source, ledger, *shapes.value()).run(tick, interrupted);
}

}  // namespace assay::fuzz
