// The owner's side of the tiered engine; see tiered_engine.h. Tested by oracles/tiered/test/tiered_engine_test.cc.
#include "oracles/tiered/tiered_engine.h"

#include <signal.h>

#include <chrono>
#include <utility>

#include "core/ast/codec.h"
#include "core/ast/limits.h"
#include "core/jit/code_memory.h"
#include "oracles/interpreter_engine.h"
#include "oracles/process/worker_process.h"
#include "oracles/tiered/tiered_worker.h"
#include "oracles/tiered/wire.h"

namespace assay::oracles {
namespace {

class TieredEngine final : public Engine {
 public:
  TieredEngine(std::unique_ptr<jit::CodeMemory> memory, WorkerProcess worker, std::chrono::milliseconds run_limit)
      : memory_(std::move(memory)), worker_(std::move(worker)), run_limit_(run_limit) {}

  [[nodiscard]] std::string_view name() const override { return "tiered"; }
  [[nodiscard]] std::uint64_t helper_cpu_nanoseconds() const override { return worker_.cpu_nanoseconds(); }

  [[nodiscard]] base::Result<void> run(std::span<const Case> cases, std::vector<Run>& runs) override {
    std::size_t index = 0;
    for (const Case& one : cases) {
      if (one.inputs.empty()) continue;
      const std::vector<std::uint8_t> program = ast::encode(*one.program);
      for (const Frame& input : one.inputs) {
        if (index == runs.size()) runs.emplace_back();
        if (auto done = run_one(one, program, input, runs[index++]); !done) return done;
      }
    }
    return {};
  }

 private:
  base::Result<void> run_one(const Case& one, std::span<const std::uint8_t> program, const Frame& input, Run& run) {
    run.reset();
    const std::span<std::byte> shared = worker_.shared();
    const std::span<std::byte> answer = shared.subspan(kTieredRequestBytes, kTieredAnswerBytes);
    WireWriter writer(shared.first(kTieredRequestBytes));
    writer.put(one.fuel);
    writer.put_all(program);
    writer.put_all(std::span<const std::uint64_t>(input));
    if (!writer.ok()) {
      run.skip = SkipReason::TooLarge;
      return {};
    }
    for (bool killed_before = false;;) {
      WireWriter(answer).put(TieredAnswer::None);
      const WaitEnd end = worker_.call(run_limit_);
      if (end == WaitEnd::Answered) return read_answer(answer, *one.program, run);
      const bool killed = end == WaitEnd::Died && worker_.death().signal == SIGKILL;
      if (auto done = worker_.respawn(); !done) return done;
      // Nothing that runs there kills itself: somebody else did, for want of memory perhaps. Not twice, though.
      if (killed && !std::exchange(killed_before, true)) continue;
      run.end = end == WaitEnd::TimedOut ? RunEnd::Runaway : RunEnd::ProcessDied;
      return {};
    }
  }

  base::Result<void> read_answer(std::span<const std::byte> answer, const ast::Program& program, Run& run) {
    WireReader reader(answer);
    switch (reader.get<TieredAnswer>()) {
      case TieredAnswer::Ran:
        break;
      case TieredAnswer::TooLarge:
        run.skip = SkipReason::TooLarge;
        return {};
      default:
        return base::system_error("the tiered executor's worker refused a valid request");
    }
    outcome_.end = reader.get<interp::End>();
    outcome_.trap = reader.get<ast::TrapKind>();
    reader.get_all(outcome_.frame, ast::kMaxSlots);
    reader.get_all(outcome_.stack, ast::kMaxPushes);
    reader.get_all(outcome_.printed, answer.size() / sizeof(interp::Printed));
    if (!reader.ok() || outcome_.end > interp::End::OutOfFuel || outcome_.frame.size() != program.slot_count()) {
      run.end = RunEnd::ProcessDied;  // it answered nonsense: whatever ran there destroyed the worker
      return worker_.respawn();
    }
    take_outcome(outcome_, run);
    return {};
  }

  std::unique_ptr<jit::CodeMemory> memory_;  // used by the worker alone, and by the one that may replace it
  WorkerProcess worker_;
  std::chrono::milliseconds run_limit_;
  interp::Outcome outcome_;
};

}  // namespace

base::Result<std::unique_ptr<Engine>> create_tiered_engine(std::chrono::milliseconds run_limit) {
  auto created = jit::CodeMemory::create(kTieredCodeBytes);
  if (!created) return created.error();
  auto memory = std::make_unique<jit::CodeMemory>(std::move(created).value());
  WorkerOptions options;
  options.shared_bytes = kTieredRequestBytes + kTieredAnswerBytes;
  options.body = serve_tiered;
  options.context = memory.get();
  auto worker = WorkerProcess::start(options);
  if (!worker) return worker.error();
  return std::unique_ptr<Engine>(
      std::make_unique<TieredEngine>(std::move(memory), std::move(worker).value(), run_limit));
}

}  // namespace assay::oracles
