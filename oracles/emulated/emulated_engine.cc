// The emulator's owner; see emulated_engine.h. Tested by oracles/emulated/test/emulated_engine_test.cc.
#include "oracles/emulated/emulated_engine.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/x64/form.h"
#include "oracles/block_result.h"
#include "oracles/emulated/batch.h"
#include "oracles/emulated/known_defects.h"
#include "oracles/emulated/worker.h"
#include "oracles/process/worker_process.h"

namespace assay::oracles {
namespace {

using emulated::BatchRegion;
using emulated::BatchWriter;
using emulated::BlockShape;
using emulated::CaseRecord;
using emulated::Observation;
using emulated::Task;

// Two Unicorn engines reserve a gibibyte each for translations, and a third may overlap while one is renewed.
constexpr std::uint64_t kWorkerAddressSpace = 8ULL << 30;
constexpr auto kProgressCheck = std::chrono::milliseconds(250);

constexpr std::uint16_t kAllViolations =
    static_cast<std::uint16_t>((static_cast<unsigned>(Violation::Result) << 1) - 1);

bool needs_more_than(const jit::CompiledBlock& block, x64::CpuFeatures features) {
  return std::ranges::any_of(block.intents, [features](const x64::Intent& intent) {
    return !x64::provides(features, x64::form_info(intent.form).feature);
  });
}

FaultKind fault_of_signal(int signal) {
  switch (signal) {
    case SIGFPE:
      return FaultKind::Arithmetic;
    case SIGILL:
      return FaultKind::IllegalInstruction;
    default:
      return FaultKind::Other;
  }
}

// The worker's words, without what could disturb a terminal.
std::string printable(std::span<const char> words) {
  std::string text;
  for (const char character : words) {
    if (character < ' ' || character > '~') break;
    text += character;
  }
  return text;
}

// A run that has no observation because the process around it is gone.
struct LostRun {
  std::uint32_t run = 0;
  RunEnd end = RunEnd::ProcessDied;
  Fault fault;
};

class EmulatedEngine final : public Engine {
 public:
  EmulatedEngine(const EmulatedEngineOptions& options, std::unique_ptr<emulated::WorkerConfig> config,
                 WorkerProcess worker)
      : config_(std::move(config)),
        stall_limit_(options.stall_limit),
        worker_(std::move(worker)),
        region_(worker_.shared()),
        batch_(region_) {}

  [[nodiscard]] std::string_view name() const override {
    return config_->convention == jit::Convention::SystemV ? "emulated-sysv" : "emulated-win64";
  }
  [[nodiscard]] base::Result<void> run(std::span<const Case> cases, std::vector<Run>& runs) override;
  [[nodiscard]] std::uint64_t helper_cpu_nanoseconds() const override { return worker_.cpu_nanoseconds(); }

 private:
  base::Result<void> flush(std::span<const Case> cases, std::vector<Run>& runs);
  base::Result<void> execute_batch();
  WaitEnd wait_while_it_moves();
  base::Result<std::uint32_t> lose_run(WaitEnd how);
  base::Result<void> locate_death(LostRun& lost, bool& again);
  base::Result<void> collect(const Case& one, const BatchWriter::Place& place, Run& run) const;

  [[nodiscard]] std::uint32_t current() const {
    return std::atomic_ref(region_.header().current).load(std::memory_order_acquire);
  }
  [[nodiscard]] std::span<const std::uint8_t> code_of(std::uint32_t run) const {
    return region_.code(batch_.records()[batch_.runs()[run].record]);
  }

  std::unique_ptr<emulated::WorkerConfig> config_;  // the worker's context: its address must not change
  std::chrono::milliseconds stall_limit_;
  WorkerProcess worker_;
  BatchRegion region_;
  BatchWriter batch_;
  std::vector<std::size_t> batch_cases_;  // of each case in the batch, its number among the caller's
  std::vector<LostRun> lost_;
  std::optional<std::uint32_t> retried_;  // the run that got a second chance
};

base::Result<void> EmulatedEngine::run(std::span<const Case> cases, std::vector<Run>& runs) {
  std::size_t total = 0;
  for (const Case& one : cases) total += one.inputs.size();
  runs.resize(total);

  const x64::CpuFeatures features = emulated_features();
  std::size_t output = 0;
  batch_.clear();
  batch_cases_.clear();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Case& one = cases[i];
    const auto skip = [&](SkipReason reason) {
      for (std::size_t k = 0; k < one.inputs.size(); ++k) {
        runs[output + k].reset();
        runs[output + k].skip = reason;
      }
    };
    const std::size_t first = output;
    if (one.block == nullptr) {
      skip(SkipReason::None);
    } else if (needs_more_than(*one.block, features)) {
      skip(SkipReason::UnsupportedFeature);
    } else if (!one.inputs.empty()) {
      const BlockShape shape = {static_cast<std::uint32_t>(one.inputs.front().size()), one.stack_capacity,
                                one.block->machine_stack_bytes};
      bool added = false;
      if (emulated::GuestMemory::fits(one.block->code.size(), shape)) {
        added = batch_.add(one, shape, first);
        if (!added) {
          if (auto flushed = flush(cases, runs); !flushed) return flushed;
          added = batch_.add(one, shape, first);
        }
      }
      if (added) {
        batch_cases_.push_back(i);
      } else {
        skip(SkipReason::TooLarge);
      }
    }
    output += one.inputs.size();
  }
  return flush(cases, runs);
}

base::Result<void> EmulatedEngine::flush(std::span<const Case> cases, std::vector<Run>& runs) {
  if (!batch_.runs().empty()) {
    if (auto executed = execute_batch(); !executed) return executed;
    auto lost = lost_.begin();
    for (std::uint32_t i = 0; i < batch_.runs().size(); ++i) {
      const BatchWriter::Place& place = batch_.runs()[i];
      Run& run = runs[place.output];
      if (lost != lost_.end() && lost->run == i) {
        run.reset();
        run.end = lost->end;
        run.fault = lost->fault;
        ++lost;
      } else if (auto collected = collect(cases[batch_cases_[place.record]], place, run); !collected) {
        return collected;
      }
    }
  }
  batch_.clear();
  batch_cases_.clear();
  return {};
}

base::Result<void> EmulatedEngine::execute_batch() {
  lost_.clear();
  retried_.reset();
  const auto count = static_cast<std::uint32_t>(batch_.runs().size());
  std::uint32_t first = 0;
  while (first < count) {
    emulated::BatchHeader& header = region_.header();
    header = {
        Task::Execute, static_cast<std::uint32_t>(batch_.records().size()), count, first, first, kUnknownOffset, 0, {}};
    worker_.ring();
    const WaitEnd how = wait_while_it_moves();
    if (how == WaitEnd::Answered) {
      if (header.failed != 0) return base::system_error("the emulator failed: " + printable(header.reason));
      break;
    }
    auto next = lose_run(how);
    if (!next) return next.error();
    first = *next;
  }
  return {};
}

// TimedOut when the worker stayed at one run for the stall limit.
WaitEnd EmulatedEngine::wait_while_it_moves() {
  std::uint32_t at = current();
  auto since = std::chrono::steady_clock::now();
  for (;;) {
    const WaitEnd how = worker_.wait(std::min<std::chrono::nanoseconds>(kProgressCheck, stall_limit_));
    if (how != WaitEnd::TimedOut) return how;
    const auto now = std::chrono::steady_clock::now();
    if (const std::uint32_t next = current(); next != at) {
      at = next;
      since = now;
    } else if (now - since >= stall_limit_) {
      return WaitEnd::TimedOut;
    }
  }
}

// Writes the current run off, brings a new worker up, and gives the run to go on with.
base::Result<std::uint32_t> EmulatedEngine::lose_run(WaitEnd how) {
  LostRun lost;
  lost.run = current();
  if (lost.run < region_.header().first_run || lost.run >= batch_.runs().size()) {
    return base::system_error("the emulator's process died outside of any run");
  }
  if (how == WaitEnd::TimedOut) {
    lost.end = RunEnd::Runaway;
    lost_.push_back(lost);
    if (auto alive = worker_.respawn(); !alive) return alive.error();
    return lost.run + 1;
  }
  lost.fault.kind = fault_of_signal(worker_.death().signal);
  if (auto alive = worker_.respawn(); !alive) return alive.error();
  bool again = false;
  if (auto located = locate_death(lost, again); !located) return located.error();
  if (again) return lost.run;
  lost_.push_back(lost);
  return lost.run + 1;
}

// Has the new worker die of the same run while it reports each instruction. A run that does not kill twice is given a
// second chance (`again`): a process can die of other things, such as a machine out of memory.
base::Result<void> EmulatedEngine::locate_death(LostRun& lost, bool& again) {
  emulated::BatchHeader& header = region_.header();
  header.task = Task::Trace;
  header.first_run = lost.run;
  header.last_offset = kUnknownOffset;
  worker_.ring();
  const WaitEnd how = wait_while_it_moves();
  if (how == WaitEnd::Answered) {
    again = retried_ != lost.run;
    retried_ = lost.run;
    return {};
  }
  const std::uint32_t offset = std::atomic_ref(header.last_offset).load(std::memory_order_acquire);
  if (how == WaitEnd::Died) {
    const std::span<const std::uint8_t> code = code_of(lost.run);
    // Death in translation comes before the first instruction of its basic block.
    const std::optional<std::uint32_t> fatal =
        worker_.death().signal == SIGABRT ? emulated::find_fatal_to_translate(code) : std::nullopt;
    if (fatal) {
      lost.fault.code_offset = *fatal;
      lost.fault.kind = FaultKind::IllegalInstruction;
    } else if (offset < code.size()) {
      lost.fault.code_offset = offset;
    }
  }
  return worker_.respawn();
}

base::Result<void> EmulatedEngine::collect(const Case& one, const BatchWriter::Place& place, Run& run) const {
  const CaseRecord& record = batch_.records()[place.record];
  // A copy: what the worker shares may change under the checks.
  const Observation seen = region_.run_record(record, place.index).seen;
  const std::span<const std::uint64_t> frame = region_.frame(record, place.index);
  const auto violations =
      static_cast<Violation>(static_cast<std::uint16_t>(static_cast<unsigned>(seen.violations) & kAllViolations));
  const auto register_number = static_cast<std::uint8_t>(seen.register_number & 15U);
  if (seen.end == RunEnd::Finished) {
    read_block_result({seen.result, frame, region_.stack(record, place.index), violations, register_number}, run);
    return {};
  }
  if ((seen.end != RunEnd::Fault && seen.end != RunEnd::Runaway) || seen.fault.kind > FaultKind::Other) {
    return base::system_error("the emulator's process gave an impossible answer");
  }
  run.reset();
  run.fault = seen.fault;
  if (run.fault.code_offset >= record.code_bytes) run.fault.code_offset = kUnknownOffset;
  if (emulated::is_unsupported_instruction(one.block->code, run.fault)) {
    run.fault = {};
    run.skip = SkipReason::UnsupportedFeature;
    return {};
  }
  run.end = seen.end;
  run.violations = violations;
  run.register_number = register_number;
  run.frame.assign(frame.begin(), frame.end());
  return {};
}

// An emulator that cannot run anything must fail here, not in the middle of a campaign.
base::Result<void> run_a_return(Engine& engine) {
  jit::CompiledBlock block;
  block.code = {0x31, 0xC0, 0xC3};  // xor eax, eax; ret
  const Frame empty;
  Case one;
  one.block = &block;
  one.inputs = {&empty, 1};
  std::vector<Run> runs;
  if (auto done = engine.run({&one, 1}, runs); !done) return done;
  if (runs.front().end == RunEnd::Finished && runs.front().violations == Violation::None) return {};
  return base::system_error("the emulator cannot run a block that only returns");
}

}  // namespace

base::Result<std::unique_ptr<Engine>> create_emulated_engine(jit::Convention convention,
                                                             const EmulatedEngineOptions& options) {
  auto config = std::make_unique<emulated::WorkerConfig>(emulated::WorkerConfig{convention, options.emulator});
  WorkerOptions worker_options;
  worker_options.shared_bytes = emulated::kBatchBytes;
  worker_options.body = &emulated::serve_batches;
  worker_options.context = config.get();
  worker_options.address_space_bytes = kWorkerAddressSpace;
  auto worker = WorkerProcess::start(worker_options);
  if (!worker) return worker.error();
  auto engine = std::make_unique<EmulatedEngine>(options, std::move(config), std::move(worker).value());
  if (auto works = run_a_return(*engine); !works) return works.error();
  return std::unique_ptr<Engine>(std::move(engine));
}

x64::CpuFeatures emulated_features() {
  // Every CPU model of Unicorn 2.0.1 has these, right to the last defined flag, and none has popcnt; see
  // oracles/emulated/test/features_test.cc.
  return {.popcnt = false, .lzcnt = true, .bmi1 = true, .bmi2 = true};
}

}  // namespace assay::oracles
