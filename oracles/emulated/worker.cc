// The loop of the emulator's process; see worker.h. Tested by oracles/emulated/test/emulated_engine_test.cc.
#include "oracles/emulated/worker.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <utility>

#include "oracles/emulated/batch.h"

namespace assay::oracles::emulated {
namespace {

void set_current(BatchHeader& header, std::uint32_t run) {
  std::atomic_ref(header.current).store(run, std::memory_order_release);
}

void fail(BatchHeader& header, const base::Error& error) {
  const std::size_t length = std::min(error.message.size(), header.reason.size());
  std::copy_n(error.message.begin(), length, header.reason.begin());
  header.failed = 1;
}

base::Result<void> execute(Emulator& emulator, const BatchRegion& region) {
  BatchHeader& header = region.header();
  for (std::uint32_t number = 0; number < header.case_count; ++number) {
    const CaseRecord& record = region.case_record(number);
    if (record.first_run + record.run_count <= header.first_run) continue;
    const std::uint32_t begin = std::max(record.first_run, header.first_run) - record.first_run;
    // Translation can be fatal too, and belongs to the first run.
    set_current(header, record.first_run + begin);
    if (auto loaded = emulator.load(region.code(record), record.shape, record.max_blocks); !loaded) return loaded;
    for (std::uint32_t index = begin; index < record.run_count; ++index) {
      set_current(header, record.first_run + index);
      const std::span<std::uint64_t> frame = region.frame(record, index);
      auto seen = emulator.run(frame);
      if (!seen) return seen.error();
      region.run_record(record, index).seen = *seen;
      std::ranges::copy(emulator.frame(), frame.begin());
      std::ranges::copy(emulator.stack(), region.stack(record, index).begin());
    }
  }
  set_current(header, header.run_count);
  return {};
}

base::Result<void> trace(Emulator& emulator, const BatchRegion& region) {
  BatchHeader& header = region.header();
  for (std::uint32_t number = 0; number < header.case_count; ++number) {
    const CaseRecord& record = region.case_record(number);
    if (header.first_run < record.first_run || header.first_run >= record.first_run + record.run_count) continue;
    if (auto loaded = emulator.load(region.code(record), record.shape, record.max_blocks); !loaded) return loaded;
    return emulator.trace(region.frame(record, header.first_run - record.first_run), header.last_offset);
  }
  return base::system_error("no such run");
}

}  // namespace

void serve_batches(std::span<std::byte> shared, Doorbell& doorbell, const void* config) {
  const auto& worker = *static_cast<const WorkerConfig*>(config);
  const BatchRegion region(shared);
  // Unicorn announces its own end there, which the owner learns from the signal and reports with the program.
  close(STDERR_FILENO);
  // It also searches the environment for a debugging switch at every translation.
  clearenv();
  auto emulator = Emulator::create(worker.convention, worker.options);
  for (;;) {
    doorbell.wait();
    BatchHeader& header = region.header();
    if (!emulator) {
      fail(header, emulator.error());
    } else if (auto done = header.task == Task::Trace ? trace(**emulator, region) : execute(**emulator, region);
               !done) {
      fail(header, done.error());
    }
    doorbell.answer();
  }
}

}  // namespace assay::oracles::emulated
