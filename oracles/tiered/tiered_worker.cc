// The tiered executor in its worker process; see tiered_worker.h. Tested by oracles/tiered/test/tiered_engine_test.cc.
#include "oracles/tiered/tiered_worker.h"

#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <utility>
#include <vector>

#include "core/ast/codec.h"
#include "core/jit/tiered.h"
#include "core/x64/cpu_features.h"
#include "oracles/tiered/wire.h"

namespace assay::oracles {
namespace {

constexpr std::uint32_t kMostCells = 1U << 20;

// What the executor and its allocator need once the code memory is mapped; anything else kills the worker. Memory that
// is executable cannot be made any more.
bool install_filter() {
  const scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_KILL_PROCESS);
  if (filter == nullptr) return false;
  bool ok = true;
  for (const int call :
       {SCMP_SYS(futex), SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(exit_group),
        SCMP_SYS(rt_sigreturn), SCMP_SYS(sched_yield), SCMP_SYS(getpid), SCMP_SYS(gettid)}) {
    ok = ok && ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
  }
  // As SCMP_A2 makes it, which is no C++: argument 2, masked by PROT_EXEC, is 0.
  const scmp_arg_cmp not_executable{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0};
  ok = ok && ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, not_executable) == 0;
  ok = ok && ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, not_executable) == 0;
  ok = ok && ::seccomp_load(filter) == 0;
  ::seccomp_release(filter);
  return ok;
}

class Server {
 public:
  explicit Server(jit::CodeMemory memory) : executor_(std::move(memory), x64::host_features()) {}

  void serve(std::span<const std::byte> request, std::span<std::byte> answer) {
    WireWriter writer(answer);
    const TieredAnswer kind = execute(request);
    writer.put(kind);
    if (kind != TieredAnswer::Ran) return;
    writer.put(outcome_.end);
    writer.put(outcome_.trap);
    writer.put_all(std::span<const std::uint64_t>(outcome_.frame));
    writer.put_all(std::span<const std::uint64_t>(outcome_.stack));
    writer.put_all(std::span<const interp::Printed>(outcome_.printed));
    if (!writer.ok()) WireWriter(answer).put(TieredAnswer::TooLarge);
  }

 private:
  TieredAnswer execute(std::span<const std::byte> request) {
    WireReader reader(request);
    const auto fuel = reader.get<std::uint64_t>();
    reader.get_all(bytes_, request.size());
    reader.get_all(frame_, kMostCells);
    if (!reader.ok()) return TieredAnswer::BadRequest;
    const auto program = ast::decode(bytes_);
    if (!program || program->slot_count() != frame_.size()) return TieredAnswer::BadRequest;
    return executor_.run(*program, frame_, fuel, outcome_) ? TieredAnswer::Ran : TieredAnswer::TooLarge;
  }

  jit::TieredExecutor executor_;
  std::vector<std::uint8_t> bytes_;
  std::vector<std::uint64_t> frame_;
  interp::Outcome outcome_;
};

}  // namespace

void serve_tiered(std::span<std::byte> shared, Doorbell& doorbell, const void* context) {
  if (!install_filter()) ::_exit(1);
  // This process has a copy of the owner's object to itself; the memory behind it is the one that was mapped before the
  // fork.
  Server server(std::move(*const_cast<jit::CodeMemory*>(static_cast<const jit::CodeMemory*>(context))));
  while (true) {
    doorbell.wait();
    server.serve(shared.first(kTieredRequestBytes), shared.subspan(kTieredRequestBytes, kTieredAnswerBytes));
    doorbell.answer();
  }
}

}  // namespace assay::oracles
