// The order of the oracles and the counting of what they say; see judge.h. Tested by oracles/test/judge_test.cc.
#include "oracles/judge.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/ast/verify.h"
#include "core/jit/extract_run.h"
#include "core/jit/scalar_runs.h"
#include "oracles/compare.h"
#include "oracles/emulated/emulated_engine.h"
#include "oracles/native/native_engine.h"
#include "oracles/tiered/tiered_engine.h"

namespace assay::oracles {
namespace {

// The blocks of one subject: as the CPU gets it, as the emulator does where it lacks an instruction, and what long runs
// compare with, which no pass has changed.
enum class BlockRole : std::uint8_t { SystemV, Microsoft, EmulatedSystemV, EmulatedMicrosoft, Unoptimised };
constexpr std::size_t kRoleCount = 5;

constexpr jit::Convention convention_of(BlockRole role) {
  return role == BlockRole::Microsoft || role == BlockRole::EmulatedMicrosoft ? jit::Convention::Microsoft
                                                                              : jit::Convention::SystemV;
}

constexpr std::size_t index_of(OracleId oracle) { return static_cast<std::size_t>(oracle); }
constexpr std::size_t index_of(Verdict verdict) { return static_cast<std::size_t>(verdict); }
constexpr std::size_t index_of(SkipReason reason) { return static_cast<std::size_t>(reason); }
constexpr std::size_t index_of(jit::Convention convention) { return static_cast<std::size_t>(convention); }

constexpr bool is_emulated(OracleId oracle) {
  return oracle == OracleId::EmulatedSystemV || oracle == OracleId::EmulatedMicrosoft;
}

constexpr jit::Convention convention_of(OracleId oracle) {
  return oracle == OracleId::EmulatedMicrosoft || oracle == OracleId::NativeMicrosoft ? jit::Convention::Microsoft
                                                                                      : jit::Convention::SystemV;
}

bool runs_under(const jit::CompiledBlock& block, x64::CpuFeatures features) {
  return std::all_of(block.intents.begin(), block.intents.end(), [features](const x64::Intent& intent) {
    return x64::provides(features, x64::form_info(intent.form).feature);
  });
}

struct SubjectState {
  std::size_t first_run = 0;  // of its runs among the reference's
  std::uint32_t stack_capacity = 0;
  SkipReason skip = SkipReason::None;  // for the oracles that run compiled blocks
  bool trapped = false;
  bool compared = false;
  bool optimised = false;  // judged is what the passes made of it
  bool scalar = true;
  std::array<bool, 2> convicted{};     // by convention
  bool runs_convicted = false;         // what the tiered executor compiles of it
  std::array<bool, 2> own_emulated{};  // the emulator has a block of its own
};

Conviction encoding_conviction(std::size_t subject, const encoding::Mismatch& finding,
                               const jit::CompiledBlock& block) {
  Conviction conviction;
  conviction.subject = subject;
  conviction.oracle = OracleId::Encoding;
  conviction.differences.push_back({DifferenceKind::Encoding, static_cast<std::uint32_t>(finding.field), 0, 0});
  conviction.block = block;
  conviction.code_offset = finding.offset;
  conviction.message = finding.message;
  return conviction;
}

}  // namespace

struct Judge::Batch {
  std::span<const Subject> subjects;
  BatchReport* report = nullptr;
  std::vector<SubjectState> states;
  std::vector<Run> reference;
  std::vector<jit::CompiledBlock> blocks;  // kRoleCount per subject
  std::vector<Case> cases;
  std::vector<Run> runs;
  std::vector<Difference> differences;
  std::vector<ast::Program> optimised;  // by subject

  // What is compiled and run.
  const ast::Program& program(std::size_t subject) const {
    return states[subject].optimised ? optimised[subject] : *subjects[subject].program;
  }

  jit::CompiledBlock& block(std::size_t subject, BlockRole role) {
    return blocks[subject * kRoleCount + static_cast<std::size_t>(role)];
  }
  jit::CompiledBlock& native_block(std::size_t subject, jit::Convention convention) {
    return block(subject, convention == jit::Convention::SystemV ? BlockRole::SystemV : BlockRole::Microsoft);
  }
  jit::CompiledBlock& emulated_block(std::size_t subject, jit::Convention convention) {
    if (!states[subject].own_emulated[index_of(convention)]) return native_block(subject, convention);
    return block(subject,
                 convention == jit::Convention::SystemV ? BlockRole::EmulatedSystemV : BlockRole::EmulatedMicrosoft);
  }

  void count(OracleId oracle, Verdict verdict) const { ++report->counts.verdicts[index_of(oracle)][index_of(verdict)]; }
  void count_skip(OracleId oracle, SkipReason reason) const {
    count(oracle, Verdict::Skipped);
    ++report->counts.skips[index_of(oracle)][index_of(reason)];
  }
};

void JudgeCounts::add(const JudgeCounts& other) {
  programs += other.programs;
  compared += other.compared;
  trapped += other.trapped;
  runs += other.runs;
  interpreter_steps += other.interpreter_steps;
  instructions_checked += other.instructions_checked;
  instructions_decoded += other.instructions_decoded;
  code_bytes += other.code_bytes;
  passes.add(other.passes);
  for (std::size_t i = 0; i < kSkipReasonCount; ++i) skipped[i] += other.skipped[i];
  for (std::size_t oracle = 0; oracle < kOracleCount; ++oracle) {
    for (std::size_t i = 0; i < kVerdictCount; ++i) verdicts[oracle][i] += other.verdicts[oracle][i];
    for (std::size_t i = 0; i < kSkipReasonCount; ++i) skips[oracle][i] += other.skips[oracle][i];
  }
}

Judge::Judge(const JudgeConfig& config, std::unique_ptr<BlockSource> source, std::unique_ptr<PassSource> passes)
    : config_(config),
      source_(std::move(source)),
      passes_(passes ? std::move(passes) : std::make_unique<PassSource>()),
      batch_(std::make_unique<Batch>()) {}
Judge::~Judge() = default;

base::Result<std::unique_ptr<Judge>> Judge::create(const JudgeConfig& config, std::unique_ptr<BlockSource> source,
                                                   std::unique_ptr<PassSource> passes) {
  std::unique_ptr<Judge> judge(new Judge(config, std::move(source), std::move(passes)));
  // Workers first: they are forks, and a fork costs by the memory of its parent.
  for (const OracleId oracle : kAllOracles) {
    if (!config.on(oracle) || oracle == OracleId::Encoding || oracle == OracleId::Passes || is_rare(oracle)) continue;
    auto engine = oracle == OracleId::Tiered ? create_tiered_engine()
                  : is_emulated(oracle)      ? create_emulated_engine(convention_of(oracle))
                                             : create_native_engine(convention_of(oracle));
    if (!engine) return engine.error();
    judge->engines_[index_of(oracle)] = std::move(engine).value();
  }
  if (config.on(OracleId::Encoding)) {
    auto checker = encoding::EncodingChecker::create();
    if (!checker) return checker.error();
    judge->checker_ = std::move(checker).value();
  }
  return judge;
}

std::uint64_t Judge::helper_cpu_nanoseconds() const {
  std::uint64_t total = long_runs_.helper_cpu_nanoseconds();
  for (const auto& engine : engines_) {
    if (engine) total += engine->helper_cpu_nanoseconds();
  }
  return total;
}

std::span<const jit::CompiledBlock> Judge::blocks() const {
  return std::span(batch_->blocks).first(batch_->subjects.size() * kRoleCount);
}

void Judge::interpret(Batch& batch) {
  batch.cases.clear();
  std::size_t run = 0;
  for (std::size_t i = 0; i < batch.subjects.size(); ++i) {
    const Subject& subject = batch.subjects[i];
    SubjectState& state = batch.states[i];
    state = SubjectState{};
    state.first_run = run;
    state.stack_capacity = ast::max_pushes(*subject.program);
    if (!ast::is_pure_scalar(*subject.program, subject.program->body())) state.scalar = false;
    if (!state.scalar) state.skip = SkipReason::NotScalar;
    batch.cases.push_back({subject.program, nullptr, subject.inputs, state.stack_capacity, config_.fuel});
    run += subject.inputs.size();
  }
  const std::uint64_t steps_before = reference_.steps();
  static_cast<void>(reference_.run(batch.cases, batch.reference));  // cannot fail
  batch.report->counts.interpreter_steps += reference_.steps() - steps_before;
  for (std::size_t i = 0; i < batch.subjects.size(); ++i) {
    SubjectState& state = batch.states[i];
    for (const Run& one : std::span(batch.reference).subspan(state.first_run, batch.subjects[i].inputs.size())) {
      if (one.end == RunEnd::OutOfFuel) state.skip = SkipReason::OutOfFuel;
      state.trapped |= one.end == RunEnd::Trapped;
    }
  }
}

void Judge::check_passes(Batch& batch) {
  const bool judging = config_.on(OracleId::Passes);
  batch.optimised.resize(std::max(batch.optimised.size(), batch.subjects.size()));
  for (std::size_t i = 0; i < batch.subjects.size(); ++i) {
    const Subject& subject = batch.subjects[i];
    SubjectState& state = batch.states[i];
    const bool unfinished = state.skip == SkipReason::OutOfFuel;
    if (subject.pipeline.empty() || unfinished) {
      if (judging) batch.count_skip(OracleId::Passes, unfinished ? SkipReason::OutOfFuel : SkipReason::NoPasses);
      // Those who judge it without the interpreter need what the passes make of it all the same.
      const bool wanted = config_.on(OracleId::LongRuns) || config_.on(OracleId::Metamorphic);
      if (subject.pipeline.empty() || !state.scalar || !wanted) continue;
    }
    auto reference = std::span<const Run>(batch.reference).subspan(state.first_run, subject.inputs.size());
    if (!judging || unfinished) reference = {};
    std::optional<PassFault> fault =
        passes_.run(*subject.program, subject.pipeline, subject.inputs, reference, config_.fuel, !judging,
                    batch.report->counts.passes, batch.optimised[i]);
    state.optimised = true;
    if (judging && !unfinished) {
      batch.count(OracleId::Passes, fault ? fault->verdict : Verdict::Agree);
      state.compared = true;
    }
    if (!fault) continue;
    state.skip = SkipReason::AlreadyConvicted;
    Conviction conviction;
    conviction.subject = i;
    conviction.oracle = OracleId::Passes;
    conviction.verdict = fault->verdict;
    conviction.input = fault->input;
    conviction.differences = std::move(fault->differences);
    if (!reference.empty()) conviction.expected = reference[fault->input];
    conviction.got = std::move(fault->got);
    conviction.message = std::move(fault->invalid);
    conviction.pass = fault->pass;
    conviction.optimised = std::move(fault->after);
    batch.report->convictions.push_back(std::move(conviction));
  }
}

// What the interpreter cannot finish has no reference, but a rewrite of it must still do the same.
void Judge::check_rewrites(Batch& batch) {
  for (std::size_t i = 0; i < batch.subjects.size(); ++i) {
    const Subject& subject = batch.subjects[i];
    SubjectState& state = batch.states[i];
    if (state.skip != SkipReason::OutOfFuel || !state.optimised) {
      const bool pending = state.skip == SkipReason::None || state.skip == SkipReason::NotScalar;
      batch.count_skip(OracleId::Metamorphic, pending ? SkipReason::InTime : state.skip);
      continue;
    }
    RewriteResult result = rewrites_.check(*subject.program, subject.pipeline, batch.optimised[i], subject.inputs,
                                           config_.fuel, passes_.source());
    if (result.compared == 0) {
      batch.count_skip(OracleId::Metamorphic, result.rewritten ? SkipReason::OutOfFuel : SkipReason::NothingToRewrite);
      continue;
    }
    batch.count(OracleId::Metamorphic, result.verdict);
    state.compared = true;
    if (!is_finding(result.verdict)) continue;
    Conviction conviction;
    conviction.subject = i;
    conviction.oracle = OracleId::Metamorphic;
    conviction.verdict = result.verdict;
    conviction.input = result.input;
    conviction.differences = std::move(result.differences);
    conviction.expected = std::move(result.expected);
    conviction.got = std::move(result.got);
    conviction.pass = result.pass;
    conviction.optimised = std::move(result.after);
    batch.report->convictions.push_back(std::move(conviction));
  }
}

// Whether the CPU judges it although the interpreter could not finish it.
bool Judge::awaits_long_run(const Batch& batch, std::size_t subject) const {
  const SubjectState& state = batch.states[subject];
  return config_.on(OracleId::LongRuns) && config_.on(OracleId::NativeSystemV) && state.skip == SkipReason::OutOfFuel &&
         state.scalar && state.optimised;
}

void Judge::compile(Batch& batch) {
  batch.blocks.resize(std::max(batch.blocks.size(), batch.subjects.size() * kRoleCount));
  for (std::size_t i = 0; i < batch.subjects.size(); ++i) {
    SubjectState& state = batch.states[i];
    for (std::size_t role = 0; role < kRoleCount; ++role) {
      batch.blocks[i * kRoleCount + role].code.clear();
      batch.blocks[i * kRoleCount + role].intents.clear();
    }
    if (awaits_long_run(batch, i)) {
      const jit::CompileOptions options{jit::Convention::SystemV, batch.subjects[i].features, true};
      source_->compile(batch.optimised[i], options, batch.block(i, BlockRole::SystemV));
      source_->compile(*batch.subjects[i].program, options, batch.block(i, BlockRole::Unoptimised));
    }
    if (state.skip != SkipReason::None) continue;
    for (const jit::Convention convention : {jit::Convention::SystemV, jit::Convention::Microsoft}) {
      const bool system_v = convention == jit::Convention::SystemV;
      const bool native = config_.on(system_v ? OracleId::NativeSystemV : OracleId::NativeMicrosoft);
      const bool emulated = config_.on(system_v ? OracleId::EmulatedSystemV : OracleId::EmulatedMicrosoft);
      if (!native && !emulated && !config_.on(OracleId::Encoding)) continue;
      const Subject& subject = batch.subjects[i];
      jit::CompiledBlock& block = batch.native_block(i, convention);
      source_->compile(batch.program(i), {convention, subject.features, true}, block);
      batch.report->counts.code_bytes += block.code.size();
      if (emulated && !runs_under(block, emulated_features())) {
        state.own_emulated[index_of(convention)] = true;
        source_->compile(batch.program(i), {convention, x64::intersection(subject.features, emulated_features()), true},
                         batch.emulated_block(i, convention));
      }
    }
  }
}

// Whether all blocks of the whole program are what was intended. None when there is no block.
std::optional<bool> Judge::check_whole(Batch& batch, std::size_t subject) {
  std::optional<bool> agrees;
  for (std::size_t role = 0; role < kRoleCount; ++role) {
    const jit::CompiledBlock& block = batch.blocks[subject * kRoleCount + role];
    if (block.code.empty()) continue;
    agrees = agrees.value_or(true);
    const auto finding = checker_->check(block.code, block.intents);
    if (!finding) continue;
    agrees = false;
    const auto convention = convention_of(static_cast<BlockRole>(role));
    batch.states[subject].convicted[index_of(convention)] = true;
    Conviction conviction = encoding_conviction(subject, *finding, block);
    conviction.options = {convention, batch.subjects[subject].features, true};
    const bool optimised = batch.states[subject].optimised && role != static_cast<std::size_t>(BlockRole::Unoptimised);
    if (optimised) conviction.optimised = batch.optimised[subject];
    batch.report->convictions.push_back(std::move(conviction));
  }
  return agrees;
}

// The same of what the tiered executor compiles of it: each run of scalar statements by itself, with all that this CPU
// has. None when there is no such run.
std::optional<bool> Judge::check_runs(Batch& batch, std::size_t subject) {
  const jit::CompileOptions options{jit::Convention::SystemV, x64::host_features(), true};
  std::optional<bool> agrees;
  jit::ExtractedRun extracted;
  jit::CompiledBlock block;
  for (const jit::StatementRun& run : jit::all_scalar_runs(batch.program(subject))) {
    if (!jit::extract_run(batch.program(subject), run, extracted)) continue;
    source_->compile(extracted.program, options, block);
    agrees = agrees.value_or(true);
    const auto finding = checker_->check(block.code, block.intents);
    if (!finding) continue;
    SubjectState& state = batch.states[subject];
    state.runs_convicted = true;
    if (state.skip == SkipReason::NotScalar) state.skip = SkipReason::AlreadyConvicted;  // nobody else judges it
    Conviction conviction = encoding_conviction(subject, *finding, block);
    conviction.options = options;
    conviction.optimised = extracted.program;
    batch.report->convictions.push_back(std::move(conviction));
    return false;
  }
  return agrees;
}

void Judge::check_encodings(Batch& batch) {
  const std::uint64_t checked_before = checker_->instructions_checked();
  const std::uint64_t decoded_before = checker_->instructions_decoded();
  for (std::size_t i = 0; i < batch.subjects.size(); ++i) {
    const SkipReason skip = batch.states[i].skip;
    std::optional<bool> agrees;
    if (skip == SkipReason::None || awaits_long_run(batch, i)) agrees = check_whole(batch, i);
    // Code that is wrong already needs no second witness.
    const bool in_runs = skip == SkipReason::NotScalar ||
                         (skip == SkipReason::None && agrees.value_or(false) && batch.subjects[i].tiered);
    if (in_runs) {
      const std::optional<bool> runs = check_runs(batch, i);
      agrees = runs ? runs : agrees;
    }
    if (agrees) {
      batch.count(OracleId::Encoding, *agrees ? Verdict::Agree : Verdict::Diverge);
    } else {
      batch.count_skip(OracleId::Encoding, skip);
    }
  }
  batch.report->counts.instructions_checked = checker_->instructions_checked() - checked_before;
  batch.report->counts.instructions_decoded = checker_->instructions_decoded() - decoded_before;
}

void Judge::judge_run(Batch& batch, OracleId oracle, std::size_t subject, std::span<const Run> runs) {
  const SubjectState& state = batch.states[subject];
  Verdict worst = Verdict::Agree;
  SkipReason skip = SkipReason::None;
  for (std::size_t input = 0; input < runs.size(); ++input) {
    const Run& expected = batch.reference[state.first_run + input];
    const Verdict verdict = compare(batch.program(subject), expected, runs[input], batch.differences, config_.rules);
    if (verdict == Verdict::Skipped) {
      worst = verdict;
      skip = runs[input].skip;
    } else {
      ++batch.report->counts.runs;
    }
    if (!is_finding(verdict)) continue;
    worst = verdict;
    Conviction conviction;
    conviction.subject = subject;
    conviction.oracle = oracle;
    conviction.verdict = verdict;
    conviction.input = static_cast<std::uint32_t>(input);
    conviction.differences = batch.differences;
    conviction.expected = expected;
    conviction.got = runs[input];
    if (state.optimised) conviction.optimised = batch.optimised[subject];
    if (oracle != OracleId::Tiered) {
      const jit::Convention convention = convention_of(oracle);
      conviction.block =
          is_emulated(oracle) ? batch.emulated_block(subject, convention) : batch.native_block(subject, convention);
      conviction.options = {convention, batch.subjects[subject].features, true};
      conviction.code_offset = runs[input].fault.code_offset;
      batch.states[subject].convicted[index_of(convention)] = true;
    }
    batch.report->convictions.push_back(std::move(conviction));
    break;  // one conviction per oracle and program: further inputs tell the same story
  }
  if (worst == Verdict::Skipped) {
    batch.count_skip(oracle, skip);
  } else {
    batch.count(oracle, worst);
    batch.states[subject].compared = true;
  }
}

base::Result<void> Judge::run_engine(Batch& batch, OracleId oracle) {
  const bool tiered = oracle == OracleId::Tiered;
  batch.cases.clear();
  // A case without inputs has no runs: that is how a program is kept from an engine and its place in the order is kept
  // too.
  for (std::size_t i = 0; i < batch.subjects.size(); ++i) {
    const Subject& subject = batch.subjects[i];
    const SubjectState& state = batch.states[i];
    Case one{&batch.program(i), nullptr, {}, state.stack_capacity, config_.fuel};
    SkipReason skip = state.skip;
    if (tiered) {
      if (skip == SkipReason::NotScalar) {
        skip = SkipReason::None;
      } else if (skip == SkipReason::None && !subject.tiered) {
        skip = SkipReason::NotSampled;
      }
      if (skip == SkipReason::None && state.runs_convicted) skip = SkipReason::AlreadyConvicted;
    } else if (!is_emulated(oracle) && skip == SkipReason::None && state.convicted[index_of(convention_of(oracle))]) {
      skip = SkipReason::AlreadyConvicted;
    }
    if (skip == SkipReason::None) {
      one.inputs = subject.inputs;
      if (!tiered) {
        one.block = is_emulated(oracle) ? &batch.emulated_block(i, convention_of(oracle))
                                        : &batch.native_block(i, convention_of(oracle));
      }
    } else {
      batch.count_skip(oracle, skip);
    }
    batch.cases.push_back(one);
  }
  const auto done = engines_[index_of(oracle)]->run(batch.cases, batch.runs);
  if (!done) return done.error();
  std::size_t first = 0;
  for (std::size_t i = 0; i < batch.subjects.size(); ++i) {
    const std::size_t count = batch.cases[i].inputs.size();
    if (count != 0) judge_run(batch, oracle, i, std::span(batch.runs).subspan(first, count));
    first += count;
  }
  return {};
}

// The interpreter cannot afford a million iterations; the CPU can. Both sides are compiled by the same JIT, which has
// been judged by others, so a difference is the passes'.
base::Result<void> Judge::judge_long_runs(Batch& batch) {
  Engine* const engine = engines_[index_of(OracleId::NativeSystemV)].get();
  std::vector<std::size_t> subjects;
  for (std::size_t i = 0; i < batch.subjects.size(); ++i) {
    const SubjectState& state = batch.states[i];
    const bool convicted = state.convicted[index_of(jit::Convention::SystemV)];
    if (awaits_long_run(batch, i) && !convicted) {
      subjects.push_back(i);
      continue;
    }
    const bool pending = state.skip == SkipReason::None || state.skip == SkipReason::NotScalar;
    batch.count_skip(OracleId::LongRuns, pending         ? SkipReason::InTime
                                         : !state.scalar ? SkipReason::NotScalar
                                         : convicted     ? SkipReason::AlreadyConvicted
                                                         : state.skip);
  }
  if (subjects.empty()) return {};
  batch.cases.clear();
  for (const std::size_t i : subjects) {
    const Subject& subject = batch.subjects[i];
    const std::uint32_t capacity = batch.states[i].stack_capacity;
    batch.cases.push_back(
        {subject.program, &batch.block(i, BlockRole::Unoptimised), subject.inputs, capacity, config_.fuel});
    batch.cases.push_back(
        {&batch.optimised[i], &batch.block(i, BlockRole::SystemV), subject.inputs, capacity, config_.fuel});
  }
  if (const auto done = long_runs_.run(*engine, batch.cases, batch.runs); !done) return done.error();
  std::size_t first = 0;
  for (const std::size_t i : subjects) {
    const std::size_t inputs = batch.subjects[i].inputs.size();
    bool compared = false;
    Verdict worst = Verdict::Skipped;
    for (std::size_t input = 0; input < inputs && !is_finding(worst); ++input) {
      const Run& expected = batch.runs[first + input];
      const Run& got = batch.runs[first + inputs + input];
      // An input on which the program itself runs away, or does worse, says nothing about the passes.
      if (expected.end != RunEnd::Finished && expected.end != RunEnd::Trapped) continue;
      const Verdict verdict = compare(*batch.subjects[i].program, expected, got, batch.differences, config_.rules);
      if (verdict == Verdict::Skipped) continue;  // what the passes made of it did not run
      compared = true;
      ++batch.report->counts.runs;
      worst = is_finding(verdict) ? verdict : Verdict::Agree;
      if (!is_finding(verdict)) continue;
      Conviction conviction;
      conviction.subject = i;
      conviction.oracle = OracleId::LongRuns;
      conviction.verdict = verdict;
      conviction.input = static_cast<std::uint32_t>(input);
      conviction.differences = batch.differences;
      conviction.expected = expected;
      conviction.got = got;
      conviction.optimised = batch.optimised[i];
      conviction.block = batch.block(i, BlockRole::SystemV);
      conviction.options = {jit::Convention::SystemV, batch.subjects[i].features, true};
      conviction.code_offset = got.fault.code_offset;
      batch.report->convictions.push_back(std::move(conviction));
    }
    first += 2 * inputs;
    if (compared) {
      batch.count(OracleId::LongRuns, worst);
      batch.states[i].compared = true;
    } else {
      batch.count_skip(OracleId::LongRuns, SkipReason::OutOfFuel);
    }
  }
  return {};
}

base::Result<void> Judge::judge(std::span<const Subject> subjects, BatchReport& report) {
  report.counts = {};
  report.convictions.clear();
  Batch& batch = *batch_;
  batch.subjects = subjects;
  batch.report = &report;
  batch.states.resize(subjects.size());
  interpret(batch);
  check_passes(batch);
  if (config_.on(OracleId::Metamorphic)) check_rewrites(batch);
  compile(batch);
  if (checker_) check_encodings(batch);
  for (const OracleId oracle : kAllOracles) {
    if (!engines_[index_of(oracle)]) continue;
    const auto done = run_engine(batch, oracle);
    if (!done) return done.error();
  }
  if (config_.on(OracleId::LongRuns)) {
    if (const auto done = judge_long_runs(batch); !done) return done.error();
  }
  report.counts.programs = subjects.size();
  for (const SubjectState& state : batch.states) {
    if (state.compared) {
      ++report.counts.compared;
    } else {
      ++report.counts.skipped[index_of(state.skip)];
    }
    if (state.trapped) ++report.counts.trapped;
  }
  return {};
}

}  // namespace assay::oracles
