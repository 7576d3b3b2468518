// Trials on both engines; see check.h. Tested by oracles/instructions/test/check_test.cc.
#include "oracles/instructions/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "oracles/emulated/emulated_engine.h"
#include "oracles/instructions/describe.h"
#include "oracles/instructions/encode.h"
#include "oracles/instructions/known.h"
#include "oracles/native/native_engine.h"

namespace assay::oracles::instructions {
namespace {

// Where memory is taken to be when a run did not say: any place that no instruction can mistake for a small number.
constexpr std::uint64_t kSomeWindow = 0x1234'5678'9000ULL;
constexpr std::uint64_t kSomeRsp = 0x2345'6789'A000ULL;

bool runs_alone(x64::Form form) {
  // What may end a run, in either engine, must not take the trials behind it along.
  return may_fault(form) || explain(form, Symptom::Refused, {}).has_value();
}

bool is_clean(const Run& run) { return run.end == RunEnd::Finished && run.violations == Violation::None; }

}  // namespace

Judged the_product() {
  Judged judged;
  judged.encode = encode;
  judged.semantics = execute;
  return judged;
}

// What a trial's run came to in one engine, and what it should have come to from where that engine's memory is.
struct Checker::Sight {
  const Run* run = nullptr;
  State before;
  Effect effect;
  std::array<std::uint64_t, kTrialCells> expected{};
  std::span<const std::uint64_t> cells;  // as they came back; empty when none did
  bool agrees = false;

  // Whether a register that is undefined holds what AMD documents.
  [[nodiscard]] bool as_documented() const { return !effect.undefined_register || equal(*effect.undefined_register); }
  [[nodiscard]] bool ignores(std::size_t cell) const {
    return effect.undefined_register && cell == *effect.undefined_register;
  }
  [[nodiscard]] bool equal(std::size_t cell) const {
    if (cell != kFlagsCell) return cells[cell] == expected[cell];
    const std::uint64_t defined = ~effect.undefined_flags;
    return (unpack_flags(cells[cell]) & defined) == (unpack_flags(expected[cell]) & defined);
  }
};

Checker::Checker(Judged judged, std::unique_ptr<Engine> native, std::unique_ptr<Engine> emulated)
    : judged_(std::move(judged)), native_(std::move(native)), emulated_(std::move(emulated)) {}

base::Result<std::unique_ptr<Checker>> Checker::create(Judged judged) {
  auto native = create_native_engine(jit::Convention::SystemV);
  if (!native) return native.error();
  auto emulated = create_emulated_engine(jit::Convention::SystemV);
  if (!emulated) return emulated.error();
  return std::unique_ptr<Checker>(
      new Checker(std::move(judged), std::move(native).value(), std::move(emulated).value()));
}

base::Result<void> Checker::check(std::span<Trial> trials, Tally& tally) {
  std::vector<Group> groups;
  bool open = false;
  for (Trial& trial : trials) {
    trial.bytes = judged_.encode(trial.instruction);
    const bool alone = runs_alone(trial.instruction.form);
    // A group has one number of inputs.
    const bool joins = open && !alone && groups.back().trials.size() < kTrialsPerBlock &&
                       groups.back().trials.front()->inputs.size() == trial.inputs.size();
    if (!joins) groups.emplace_back();
    groups.back().trials.push_back(&trial);
    open = !alone;
  }
  if (auto done = run_groups(groups); !done) return done;

  // Where something went wrong it is not known which trials were run; so each of them gets a block of its own.
  std::vector<Group> single;
  for (const Group& group : groups) {
    if (group.trials.size() == 1 || went_through(group)) {
      if (auto done = judge(group, tally); !done) return done;
      continue;
    }
    for (const Trial* trial : group.trials) single.emplace_back().trials.push_back(trial);
  }
  if (single.empty()) return {};
  if (auto done = run_groups(single); !done) return done;
  for (const Group& group : single) {
    if (auto done = judge(group, tally); !done) return done;
  }
  return {};
}

base::Result<void> Checker::run_groups(std::vector<Group>& groups) {
  std::vector<Case> cases;
  std::size_t runs = 0;
  for (Group& group : groups) {
    group.block = make_block(group.trials);
    const std::size_t inputs = group.trials.front()->inputs.size();
    group.frames.clear();
    for (std::size_t input = 0; input < inputs; ++input) group.frames.push_back(make_frame(group.trials, input));
    group.first_run = runs;
    runs += inputs;
    Case one;
    one.block = &group.block.code;
    one.inputs = group.frames;
    cases.push_back(one);
  }
  if (auto done = emulated_->run(cases, emulated_runs_); !done) return done;
  return native_->run(cases, native_runs_);
}

bool Checker::went_through(const Group& group) const {
  for (std::size_t i = 0; i < group.frames.size(); ++i) {
    if (!is_clean(native_runs_[group.first_run + i]) || !is_clean(emulated_runs_[group.first_run + i])) return false;
  }
  return true;
}

base::Result<void> Checker::judge(const Group& group, Tally& tally) {
  for (std::size_t place = 0; place < group.trials.size(); ++place) {
    for (std::size_t input = 0; input < group.frames.size(); ++input) {
      if (auto done = judge_run(group, place, input, tally); !done) return done;
    }
  }
  return {};
}

base::Result<void> Checker::judge_run(const Group& group, std::size_t place, std::size_t input, Tally& tally) {
  const Trial& trial = *group.trials[place];
  const x64::Form form = trial.instruction.form;
  FormTally& counts = tally.forms[static_cast<std::size_t>(form)];
  auto cpu = look(group, place, input, native_runs_[group.first_run + input]);
  if (!cpu) return cpu.error();
  auto emulator = look(group, place, input, emulated_runs_[group.first_run + input]);
  if (!emulator) return emulator.error();
  ++counts.runs;

  const auto find = [&](const Sight& sight, bool on_cpu) {
    if (!tally.keeps_finding(form, on_cpu)) return;
    const std::uint64_t number = trial.number + input;
    std::string text = fmt::format("{} differs, run {}: {}\n", on_cpu ? "the CPU" : "the emulator", number,
                                   describe_trial(trial, input));
    text += describe_end(*sight.run, sight.effect, group.block.offsets[place]);
    for (std::size_t cell = 0; cell < sight.cells.size(); ++cell) {
      if ((on_cpu && sight.ignores(cell)) || sight.equal(cell)) continue;
      text += describe_cell(cell, sight.expected[cell], sight.cells[cell], sight.effect.undefined_flags);
    }
    tally.findings.push_back({form, on_cpu, number, std::move(text)});
  };

  if (cpu->agrees) {
    ++counts.cpu_agrees;
  } else {
    ++counts.cpu_differs;
    find(*cpu, true);
  }
  if (cpu->agrees && !cpu->as_documented()) ++counts.cpu_undefined_registers;
  if (cpu->agrees && emulator->agrees) compare_undefined_flags(*cpu, *emulator, counts);
  if (emulator->agrees && emulator->as_documented()) {
    ++counts.emulator_agrees;
    return {};
  }
  std::optional<emulated::Defect> known;
  const Run& run = *emulator->run;
  if (emulator->agrees) {
    known = explain(form, Symptom::UndefinedRegister, emulator->before);
  } else if (run.end == RunEnd::NotRun && run.skip == SkipReason::UnsupportedFeature) {
    known = explain(form, Symptom::Refused, emulator->before);
  } else if (run.end == RunEnd::ProcessDied && run.fault.kind == FaultKind::Arithmetic &&
             run.fault.code_offset == group.block.offsets[place] && emulator->effect.ending == Ending::DivideError) {
    known = explain(form, Symptom::Died, emulator->before);
  }
  if (known) {
    ++counts.known[static_cast<std::size_t>(*known)];
  } else {
    ++counts.emulator_differs;
    find(*emulator, false);
  }
  return {};
}

// Flags that neither has to get right. Both finished: undefined flags come with results.
void Checker::compare_undefined_flags(const Sight& cpu, const Sight& emulator, FormTally& counts) {
  const std::uint64_t undefined = cpu.effect.undefined_flags & emulator.effect.undefined_flags;
  if (undefined == 0) return;
  const std::uint64_t differing =
      (unpack_flags(cpu.cells[kFlagsCell]) ^ unpack_flags(emulator.cells[kFlagsCell])) & undefined;
  if (differing == 0) return;
  counts.undefined_flags |= differing;
  ++counts.known[static_cast<std::size_t>(emulated::Defect::UndefinedFlags)];
}

base::Result<Checker::Sight> Checker::look(const Group& group, std::size_t place, std::size_t input, const Run& run) {
  const Trial& trial = *group.trials[place];
  const Inputs& inputs = trial.inputs[input];
  Sight sight;
  sight.run = &run;
  const bool stopped = run.end == RunEnd::Finished || run.end == RunEnd::Fault;
  std::uint64_t window = kSomeWindow;
  std::uint64_t rsp = kSomeRsp;
  if (stopped && run.frame.size() == group.trials.size() * kTrialCells) {
    sight.cells = std::span(run.frame).subspan(place * kTrialCells, kTrialCells);
    // What an instruction spoilt, or a block that never came here did not store, is then found different.
    if (sight.cells[kWindowAddressCell] % 8 == 0) window = sight.cells[kWindowAddressCell];
    rsp = sight.cells[kRspBeforeCell];
  }
  sight.before = state_before(trial, inputs, window, rsp);
  sight.effect = judged_.semantics(trial.instruction, sight.before);

  RunEnd end = RunEnd::Fault;
  FaultKind fault = FaultKind::None;
  switch (sight.effect.ending) {
    case Ending::Done:
      end = RunEnd::Finished;
      break;
    case Ending::DivideError:
      fault = FaultKind::Arithmetic;
      break;
    case Ending::InvalidOpcode:
      fault = FaultKind::IllegalInstruction;
      break;
    case Ending::OutsideMemory:
    case Ending::NotModelled:
      return base::system_error("a case was drawn that cannot be run: " + describe_trial(trial, input));
  }
  if (end == RunEnd::Finished) {
    expect_cells(sight.before, sight.effect.after, sight.expected);
  } else {
    expect_cells_at_fault(sight.before, inputs, sight.expected);
  }
  sight.agrees = run.end == end && run.violations == Violation::None && run.fault.kind == fault &&
                 (fault == FaultKind::None || run.fault.code_offset == group.block.offsets[place]) &&
                 !sight.cells.empty();
  for (std::size_t cell = 0; sight.agrees && cell < kTrialCells; ++cell) {
    sight.agrees = sight.ignores(cell) || sight.equal(cell);
  }
  return sight;
}

}  // namespace assay::oracles::instructions
