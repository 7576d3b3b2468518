// Checker: trials on the CPU and in the emulator, against the semantics.
//
// The CPU must do what the semantics say, to the last defined bit. The emulator must too, unless the table of known
// defects says why not (known.h); what both may do as they like is compared all the same, so that every difference
// between the two is counted under some name.
//
// Tested by oracles/instructions/test/check_test.cc.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "oracles/engine.h"
#include "oracles/instructions/block.h"
#include "oracles/instructions/tally.h"
#include "oracles/instructions/trial.h"

namespace assay::oracles::instructions {

// What is judged and by what. Tests plant mistakes in either.
struct Judged {
  std::function<std::vector<std::uint8_t>(const Instruction&)> encode;
  std::function<Effect(const Instruction&, const State&)> semantics;
};
// The assembler of core/x64 and the semantics of semantics.h.
[[nodiscard]] Judged the_product();

class Checker {
 public:
  // Starts both engines; fails when the sandbox or the emulator does not work.
  [[nodiscard]] static base::Result<std::unique_ptr<Checker>> create(Judged judged);

  // Encodes and runs all trials on all their inputs, and counts. An error means that the harness failed.
  [[nodiscard]] base::Result<void> check(std::span<Trial> trials, Tally& tally);

 private:
  // Trials that share a block, and where their runs are.
  struct Group {
    std::vector<const Trial*> trials;
    TrialBlock block;
    std::vector<Frame> frames;
    std::size_t first_run = 0;
  };
  struct Sight;  // one run of one trial in one engine

  Checker(Judged judged, std::unique_ptr<Engine> native, std::unique_ptr<Engine> emulated);
  [[nodiscard]] base::Result<void> run_groups(std::vector<Group>& groups);
  [[nodiscard]] bool went_through(const Group& group) const;
  [[nodiscard]] base::Result<void> judge(const Group& group, Tally& tally);
  [[nodiscard]] base::Result<void> judge_run(const Group& group, std::size_t place, std::size_t input, Tally& tally);
  [[nodiscard]] base::Result<Sight> look(const Group& group, std::size_t place, std::size_t input, const Run& run);
  static void compare_undefined_flags(const Sight& cpu, const Sight& emulator, FormTally& counts);

  Judged judged_;
  std::unique_ptr<Engine> native_;
  std::unique_ptr<Engine> emulated_;
  std::vector<Run> native_runs_;
  std::vector<Run> emulated_runs_;
};

}  // namespace assay::oracles::instructions
