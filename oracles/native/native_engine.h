// The CPU as an engine: runs compiled blocks in a sandboxed worker process, many per turn.
//
// The engine packs code and inputs into shared memory, hands over the turn, and reads back what each run left. What a
// block does wrong becomes part of its Run; the runs after it go on, in the same worker if the sandbox held and in a
// new one otherwise. README.md describes the sandbox.
//
// Tested by oracles/native/test/native_engine_test.cc, hostile_blocks_test.cc and conventions_test.cc.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/result.h"
#include "core/jit/convention.h"
#include "oracles/engine.h"
#include "oracles/native/sandbox.h"

namespace assay::oracles {

struct NativeOptions {
  // CPU time after which one run is a Runaway; it is granted up to a quarter and a scheduler tick more. At least 4 ms.
  std::chrono::nanoseconds cpu_budget = std::chrono::milliseconds(20);
  // Time without progress after which the worker is killed, for runs that sleep instead of running.
  std::chrono::nanoseconds wall_budget = std::chrono::seconds(10);
};

class NativeEngine final : public Engine {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<NativeEngine>> create(jit::Convention convention,
                                                                          const NativeOptions& options = {});

  [[nodiscard]] std::string_view name() const override;
  [[nodiscard]] base::Result<void> run(std::span<const Case> cases, std::vector<Run>& runs) override;
  [[nodiscard]] std::uint64_t helper_cpu_nanoseconds() const override;

  // Workers that had to be replaced. Ordinary crashes of blocks need none.
  [[nodiscard]] std::uint32_t respawns() const;
  // For tests and messages; 0 when there is no worker.
  [[nodiscard]] pid_t worker_pid() const;

 private:
  // A run handed over in the current turn.
  struct Pending {
    std::size_t run = 0;  // index into the caller's runs
    const Case* origin = nullptr;
    RunEnd lost = RunEnd::NotRun;  // ProcessDied or Runaway when its worker had to be replaced
  };

  NativeEngine(jit::Convention convention, const NativeOptions& options, std::unique_ptr<native::Sandbox> sandbox);
  void begin_turn();
  [[nodiscard]] bool place_code(const Case& one);
  [[nodiscard]] bool add_run(const Case& one, const Frame& input, std::size_t run);
  [[nodiscard]] base::Result<void> take_turn(std::vector<Run>& runs);
  [[nodiscard]] base::Result<void> execute();
  [[nodiscard]] bool await_worker();
  void read_run(std::uint32_t index, Run& run) const;

  jit::Convention convention_;
  NativeOptions options_;
  std::unique_ptr<native::Sandbox> sandbox_;
  std::vector<Pending> pending_;
  std::uint32_t sequence_ = 0;
  std::uint32_t code_used_ = 0;
  std::uint32_t code_dirty_ = 0;  // end of what earlier turns wrote
  std::uint32_t block_ = 0;       // where the code of the current case is
  std::uint32_t inputs_used_ = 0;
  std::uint32_t outputs_used_ = 0;
};

// The engine "native-sysv" or "native-win64". Fails closed: when the sandbox cannot be set up, or does not hold a
// probe.
[[nodiscard]] base::Result<std::unique_ptr<Engine>> create_native_engine(jit::Convention convention);

// Starts the sandbox, and checks that a block can run in it, cannot enter the kernel, and cannot write elsewhere. The
// error says what does not hold.
[[nodiscard]] base::Result<void> probe_sandbox();

}  // namespace assay::oracles
