// Emulator: runs one compiled block at a time on an emulated CPU, in this process, and says what it saw.
//
// The CPU is Unicorn's. It can take its process down with it (known_defects.def), so the engine (emulated_engine.h)
// keeps an Emulator in a process of its own; tests and benchmarks of harmless blocks may use one directly.
//
// A block is translated once and run on as many inputs as there are. What a run costs is translation: about 0.8 us per
// instruction, against 1 to 2 us for each further input over the same paths.
//
// Tested by oracles/emulated/test/emulator_test.cc and hostile_test.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/base/result.h"
#include "core/jit/convention.h"
#include "oracles/emulated/guest_memory.h"
#include "oracles/run.h"

namespace assay::oracles::emulated {

// The third argument of every block: cells below it are somebody else's.
inline constexpr std::uint32_t kFirstStackIndex = 0;

struct EmulatorOptions {
  // Basic blocks a run may execute before it is called a runaway, unless its block is given more.
  std::uint64_t max_blocks = 2'000'000;
  // Programs before the CPU is thrown away: Unicorn keeps something of every translation, and grows without this.
  std::uint32_t programs_per_machine = 2000;
};

// What one run showed. Plain data, so that it can cross a process border.
struct Observation {
  RunEnd end = RunEnd::NotRun;  // Finished (came back: `result` may still say trapped), Fault or Runaway
  Fault fault;
  std::int64_t result = 0;  // RAX
  Violation violations = Violation::None;
  std::uint8_t register_number = 0;
};

class Emulator {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<Emulator>> create(jit::Convention convention,
                                                                      const EmulatorOptions& options = {});
  ~Emulator();
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  // The block that the following runs execute, and a limit on their basic blocks for one that needs more than the
  // options allow. Precondition: GuestMemory::fits(). Fails when Unicorn does.
  [[nodiscard]] base::Result<void> load(std::span<const std::uint8_t> code, const BlockShape& shape,
                                        std::uint64_t max_blocks = 0);

  // One run from the given frame. Precondition: load() was called; `frame` has the shape's frame_cells.
  [[nodiscard]] base::Result<Observation> run(std::span<const std::uint64_t> frame);

  // The same watched instruction by instruction, for a run that is known to kill the process: `last_offset` always
  // holds the offset of the last instruction begun inside the code, or kUnknownOffset. It may lie in shared memory.
  [[nodiscard]] base::Result<void> trace(std::span<const std::uint64_t> frame, std::uint32_t& last_offset);

  // What the last run left, whole areas.
  [[nodiscard]] std::span<const std::uint64_t> frame() const { return memory_->frame(); }
  [[nodiscard]] std::span<const std::uint64_t> stack() const { return memory_->stack(); }

 private:
  class Machine;
  Emulator(jit::Convention convention, const EmulatorOptions& options, std::unique_ptr<GuestMemory> memory);

  [[nodiscard]] base::Result<void> prepare_tracer(std::span<const std::uint64_t> frame);
  void locate_fault(std::span<const std::uint64_t> frame, Fault& fault);

  jit::Convention convention_;
  EmulatorOptions options_;
  std::unique_ptr<GuestMemory> memory_;
  std::unique_ptr<Machine> machine_;
  std::unique_ptr<Machine> tracer_;  // made at the first fault
  std::uint32_t programs_ = 0;
  std::uint64_t max_blocks_ = 0;  // of the loaded block
};

// Of the library at run time: "2.0.1".
[[nodiscard]] std::string emulator_version();

}  // namespace assay::oracles::emulated
