// What an owner may rely on: turns, deaths with their reasons, time limits, a locked-down child, CPU time.
#include "oracles/process/worker_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <thread>

namespace assay::oracles {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 20s;  // far more than any request here takes

std::uint64_t& cell(std::span<std::byte> shared, std::size_t index = 0) {
  return reinterpret_cast<std::uint64_t*>(shared.data())[index];
}

enum Command : std::uint64_t { kDouble, kDieOfSignal, kExit, kSpin, kSleep, kReport, kReadContext, kMapTooMuch };

// What kReport tells, by cell.
enum ReportCell : std::size_t { kNoNewPrivs = 1, kOpenFailed, kParentSignal, kCoreLimit, kPipeOpen, kHandlerReset };

void report(std::span<std::byte> shared, int inherited_descriptor) {
  cell(shared, kNoNewPrivs) = static_cast<std::uint64_t>(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
  cell(shared, kOpenFailed) = open("/dev/null", O_RDONLY) < 0 ? 1 : 0;
  int signal = 0;
  prctl(PR_GET_PDEATHSIG, &signal);
  cell(shared, kParentSignal) = static_cast<std::uint64_t>(signal);
  rlimit core = {};
  getrlimit(RLIMIT_CORE, &core);
  cell(shared, kCoreLimit) = core.rlim_max;
  cell(shared, kPipeOpen) = fcntl(inherited_descriptor, F_GETFD) != -1 ? 1 : 0;
  struct sigaction action = {};
  sigaction(SIGUSR1, nullptr, &action);
  cell(shared, kHandlerReset) = action.sa_handler == SIG_DFL ? 1 : 0;
}

void serve(std::span<std::byte> shared, Doorbell& doorbell, const void* context) {
  for (;;) {
    doorbell.wait();
    const std::uint64_t argument = cell(shared, 1);
    switch (static_cast<Command>(cell(shared))) {
      case kDouble:
        cell(shared, 1) = 2 * argument;
        break;
      case kDieOfSignal:
        raise(static_cast<int>(argument));
        break;
      case kExit:
        _exit(static_cast<int>(argument));
      case kSpin:
        for (std::uint64_t i = 0; i < argument; ++i) asm volatile("");
        break;
      case kSleep:
        std::this_thread::sleep_for(std::chrono::milliseconds(argument));
        break;
      case kReport:
        report(shared, static_cast<int>(argument));
        break;
      case kReadContext:
        std::memcpy(&cell(shared, 1), context, sizeof(std::uint64_t));
        break;
      case kMapTooMuch:
        cell(shared, 1) = sbrk(static_cast<std::intptr_t>(argument)) == reinterpret_cast<void*>(-1) ? 1 : 0;
        break;
    }
    doorbell.answer();
  }
}

class WorkerProcessTest : public testing::Test {
 protected:
  static WorkerProcess start(WorkerOptions options = {}) {
    options.shared_bytes = 4096;
    options.body = serve;
    auto worker = WorkerProcess::start(options);
    if (!worker) {
      ADD_FAILURE() << worker.error().describe();
      std::abort();
    }
    return std::move(worker).value();
  }
  static WaitEnd ask(WorkerProcess& worker, Command command, std::uint64_t argument,
                     std::chrono::nanoseconds patience = kPatience) {
    cell(worker.shared()) = command;
    cell(worker.shared(), 1) = argument;
    return worker.call(patience);
  }
};

TEST_F(WorkerProcessTest, AnswersRequestAfterRequest) {
  WorkerProcess worker = start();
  for (std::uint64_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(ask(worker, kDouble, i), WaitEnd::Answered);
    ASSERT_EQ(cell(worker.shared(), 1), 2 * i);
  }
}

TEST_F(WorkerProcessTest, TellsTheSignalThatKilledTheWorker) {
  for (const int signal : {SIGSEGV, SIGFPE, SIGABRT, SIGKILL, SIGALRM}) {
    WorkerProcess worker = start();
    EXPECT_EQ(ask(worker, kDieOfSignal, static_cast<std::uint64_t>(signal)), WaitEnd::Died);
    EXPECT_EQ(worker.death().signal, signal);
    EXPECT_EQ(worker.pid(), 0);
  }
}

TEST_F(WorkerProcessTest, TellsTheExitCodeOfTheWorker) {
  WorkerProcess worker = start();
  EXPECT_EQ(ask(worker, kExit, 7), WaitEnd::Died);
  EXPECT_EQ(worker.death().signal, 0);
  EXPECT_EQ(worker.death().exit_code, 7);
}

TEST_F(WorkerProcessTest, ADeathIsNoticedLongBeforeTheTimeLimit) {
  WorkerProcess worker = start();
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(ask(worker, kExit, 1, 60s), WaitEnd::Died);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 10s);
}

TEST_F(WorkerProcessTest, SharedMemorySurvivesARespawn) {
  WorkerProcess worker = start();
  cell(worker.shared(), 9) = 0x1234;
  ASSERT_EQ(ask(worker, kExit, 1), WaitEnd::Died);
  ASSERT_TRUE(worker.respawn().ok());
  EXPECT_EQ(worker.respawns(), 1U);
  EXPECT_EQ(cell(worker.shared(), 9), 0x1234U);
  EXPECT_EQ(ask(worker, kDouble, 21), WaitEnd::Answered);
  EXPECT_EQ(cell(worker.shared(), 1), 42U);
}

TEST_F(WorkerProcessTest, TimesOutOnAWorkerThatDoesNotAnswerAndMayWaitOn) {
  WorkerProcess worker = start();
  EXPECT_EQ(ask(worker, kSleep, 2000, 1ms), WaitEnd::TimedOut);
  EXPECT_EQ(worker.wait(kPatience), WaitEnd::Answered);
}

TEST_F(WorkerProcessTest, RespawnReplacesAWorkerThatHangs) {
  WorkerProcess worker = start();
  const pid_t first = worker.pid();
  EXPECT_EQ(ask(worker, kSleep, 1'000'000, 1ms), WaitEnd::TimedOut);
  ASSERT_TRUE(worker.respawn().ok());
  EXPECT_EQ(::kill(first, 0), -1);
  EXPECT_EQ(ask(worker, kDouble, 4), WaitEnd::Answered);
}

TEST_F(WorkerProcessTest, CallingADeadWorkerSaysDied) {
  WorkerProcess worker = start();
  worker.kill();
  EXPECT_EQ(worker.death().signal, SIGKILL);
  EXPECT_EQ(worker.call(kPatience), WaitEnd::Died);
}

TEST_F(WorkerProcessTest, TheChildIsLockedDown) {
  struct sigaction handler = {};
  handler.sa_handler = [](int) {};
  ASSERT_EQ(sigaction(SIGUSR1, &handler, nullptr), 0);
  int pipe_ends[2] = {};
  ASSERT_EQ(pipe(pipe_ends), 0);
  WorkerProcess worker = start();
  ASSERT_EQ(ask(worker, kReport, static_cast<std::uint64_t>(pipe_ends[0])), WaitEnd::Answered);
  EXPECT_EQ(cell(worker.shared(), kNoNewPrivs), 1U);
  EXPECT_EQ(cell(worker.shared(), kOpenFailed), 1U);
  EXPECT_EQ(cell(worker.shared(), kParentSignal), static_cast<std::uint64_t>(SIGKILL));
  EXPECT_EQ(cell(worker.shared(), kCoreLimit), 0U);
  EXPECT_EQ(cell(worker.shared(), kPipeOpen), 0U);
  EXPECT_EQ(cell(worker.shared(), kHandlerReset), 1U);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
  handler.sa_handler = SIG_DFL;
  ASSERT_EQ(sigaction(SIGUSR1, &handler, nullptr), 0);
}

TEST_F(WorkerProcessTest, TheDescriptorToKeepIsKept) {
  int pipe_ends[2] = {};
  ASSERT_EQ(pipe(pipe_ends), 0);
  WorkerOptions options;
  options.keep_descriptor = pipe_ends[0];
  WorkerProcess worker = start(options);
  ASSERT_EQ(ask(worker, kReport, static_cast<std::uint64_t>(pipe_ends[0])), WaitEnd::Answered);
  EXPECT_EQ(cell(worker.shared(), kPipeOpen), 1U);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

TEST_F(WorkerProcessTest, AddressSpaceIsBounded) {
  WorkerOptions options;
  options.address_space_bytes = 64U << 20U;
  WorkerProcess worker = start(options);
  ASSERT_EQ(ask(worker, kMapTooMuch, 256U << 20U), WaitEnd::Answered);
  EXPECT_EQ(cell(worker.shared(), 1), 1U);
}

TEST_F(WorkerProcessTest, ASignalToTheWholeGroupIsTheOwnersToActOn) {
  WorkerProcess worker = start();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::kill(worker.pid(), signal);
  EXPECT_EQ(ask(worker, kDouble, 3), WaitEnd::Answered);
}

TEST_F(WorkerProcessTest, TheBodySeesItsContextAsOfTheFork) {
  std::uint64_t context = 77;
  WorkerOptions options;
  options.context = &context;
  WorkerProcess worker = start(options);
  context = 78;
  ASSERT_EQ(ask(worker, kReadContext, 0), WaitEnd::Answered);
  EXPECT_EQ(cell(worker.shared(), 1), 77U);
}

TEST_F(WorkerProcessTest, CpuTimeOfTheChildCountsAndSurvivesItsDeath) {
  WorkerProcess worker = start();
  ASSERT_EQ(ask(worker, kSpin, 20'000'000), WaitEnd::Answered);
  const std::uint64_t living = worker.cpu_nanoseconds();
  EXPECT_GT(living, 1'000'000U);
  ASSERT_TRUE(worker.respawn().ok());
  // The kernel reports the dead in microseconds.
  EXPECT_GE(worker.cpu_nanoseconds() + 100'000, living);
}

TEST_F(WorkerProcessTest, AMovedWorkerGoesOn) {
  WorkerProcess first = start();
  WorkerProcess second = std::move(first);
  EXPECT_EQ(ask(second, kDouble, 5), WaitEnd::Answered);
  first = std::move(second);
  EXPECT_EQ(ask(first, kDouble, 6), WaitEnd::Answered);
}

}  // namespace
}  // namespace assay::oracles
