// The engine's side of a native worker; see sandbox.h. Tested by oracles/native/test/native_engine_test.cc.
#include "oracles/native/sandbox.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "oracles/native/state.h"

namespace assay::oracles::native {
namespace {

constexpr auto kReadyTimeout = std::chrono::seconds(30);

int create_code_file() {
  // Kernels from 6.3 on can be told to refuse executable memfds that do not ask for it; older ones do not know the
  // flag.
  constexpr unsigned kExec = 0x10;
  const int file = memfd_create("assay-code", MFD_CLOEXEC | kExec);
  return file >= 0 || errno != EINVAL ? file : memfd_create("assay-code", MFD_CLOEXEC);
}

const char* name(SetupStep step) {
  switch (step) {
    case SetupStep::None:
      return "starting";
    case SetupStep::Regions:
      return "mapping the memory of blocks";
    case SetupStep::SharedMemory:
      return "moving the shared memory";
    case SetupStep::AlternateStack:
      return "sigaltstack";
    case SetupStep::Signals:
      return "rt_sigaction";
    case SetupStep::Timer:
      return "arming a timer of CPU time";
    case SetupStep::RestartableSequences:
      return "leaving restartable sequences";
    case SetupStep::ReadOnlyData:
      return "making data read-only";
    case SetupStep::Unmapping:
      return "unmapping the rest of the process";
    case SetupStep::ThreadPointer:
      return "arch_prctl(ARCH_SET_FS)";
    case SetupStep::Seccomp:
      return "seccomp";
  }
  return "?";
}

}  // namespace

base::Result<std::unique_ptr<Sandbox>> Sandbox::create(jit::Convention convention,
                                                       std::chrono::nanoseconds cpu_budget) {
  std::unique_ptr<Sandbox> sandbox(new Sandbox);
  SetupContext& context = sandbox->context_;
  context.convention = convention;
  context.cpu_budget = cpu_budget;
  auto program = own_mappings_to_keep(reinterpret_cast<std::uint64_t>(&assay_native_call));
  if (!program) return program.error();
  context.program = std::move(program).value();

  context.code_descriptor = create_code_file();
  if (context.code_descriptor < 0) return base::system_error("cannot create a memfd for code", errno);
  if (ftruncate(context.code_descriptor, kCodeBytes) != 0)
    return base::system_error("cannot size the code memfd", errno);
  void* code = mmap(nullptr, kCodeBytes, PROT_READ | PROT_WRITE, MAP_SHARED, context.code_descriptor, 0);
  if (code == MAP_FAILED) return base::system_error("cannot map the code memfd", errno);
  sandbox->code_ = static_cast<std::uint8_t*>(code);

  WorkerOptions options;
  options.shared_bytes = kSharedBytes;
  options.body = run_native_worker;
  options.context = &sandbox->context_;
  options.keep_descriptor = context.code_descriptor;
  auto worker = WorkerProcess::start(options);
  if (!worker) return worker.error();
  sandbox->worker_ = std::make_unique<WorkerProcess>(std::move(worker).value());
  if (auto ready = sandbox->await_ready(); !ready) return ready.error();
  return sandbox;
}

Sandbox::~Sandbox() {
  worker_.reset();
  if (code_ != nullptr) munmap(code_, kCodeBytes);
  if (context_.code_descriptor >= 0) close(context_.code_descriptor);
}

Response& Sandbox::response() const { return *reinterpret_cast<Response*>(worker_->shared().data()); }

Request& Sandbox::request() const { return *reinterpret_cast<Request*>(worker_->shared().data() + kResponseBytes); }

base::Result<void> Sandbox::respawn() {
  // Before the worker starts: it may fail, and say so, before the owner runs again.
  response().failed_step = SetupStep::None;
  if (auto spawned = worker_->respawn(); !spawned) return spawned;
  return await_ready();
}

// A worker answers an empty turn only after it has closed its sandbox.
base::Result<void> Sandbox::await_ready() {
  const std::uint32_t count = std::exchange(request().count, 0);
  const WaitEnd end = worker_->call(kReadyTimeout);
  request().count = count;
  if (end == WaitEnd::Answered) return {};
  worker_->kill();
  std::string message =
      "cannot set up the sandbox for native code: " + std::string(name(response().failed_step)) + " failed";
  if (worker_->death().signal != 0)
    message += " (the worker died of signal " + std::to_string(worker_->death().signal) + ")";
  const std::uint32_t error = response().failed_errno;
  if (response().failed_step == SetupStep::None || error == 0) return base::system_error(std::move(message));
  return base::system_error(std::move(message), static_cast<int>(error));
}

}  // namespace assay::oracles::native
