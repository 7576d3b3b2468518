// Judge: puts a batch of programs before all the oracles and collects their verdicts.
//
// The order is chosen so that the cheap and safe judges speak first: the interpreter (a program it cannot finish is not
// judged but by decoders and the CPU), each pass on what it makes of the program, the decoders on every emitted byte,
// the emulator, and the CPU last, which is not given code that is already convicted. Every oracle that is switched on
// says exactly one thing of every program, and every word is counted.
//
// The judge knows neither generator nor campaign: the fuzzer, `assay replay`, the libFuzzer target and the tests all
// use it.
//
// Tested by oracles/test/judge_test.cc and faults_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/ast/program.h"
#include "core/base/result.h"
#include "core/x64/cpu_features.h"
#include "oracles/block_source.h"
#include "oracles/compare.h"
#include "oracles/encoding/check.h"
#include "oracles/engine.h"
#include "oracles/interpreter_engine.h"
#include "oracles/long_run_engine.h"
#include "oracles/pass_check.h"
#include "oracles/rewrite_check.h"
#include "oracles/verdict.h"

namespace assay::oracles {

struct JudgeConfig {
  // Which oracles speak, by OracleId.
  std::array<bool, kOracleCount> enabled{true, true, true, true, true, true, true, true, true};
  std::uint64_t fuel = 100'000;  // interpreter steps per input
  Rules rules = Rules::Watched;  // of the calling convention and of memory

  [[nodiscard]] bool on(OracleId oracle) const { return enabled[static_cast<std::size_t>(oracle)]; }
};

// One program to judge.
struct Subject {
  const ast::Program* program = nullptr;  // verified
  std::span<const Frame> inputs;
  x64::CpuFeatures features;  // what its code may use; must not exceed the CPU's where native oracles are on
  bool tiered = true;         // whether the tiered executor judges it (it always judges programs that print)
  opt::Pipeline pipeline{};   // passes to run, and to judge, before it is compiled; may be empty
};

// One oracle's case against one program.
struct Conviction {
  std::size_t subject = 0;
  OracleId oracle = OracleId::Encoding;
  Verdict verdict = Verdict::Diverge;
  std::uint32_t input = 0;              // of the run it is about; 0 for the encoding oracle
  std::vector<Difference> differences;  // at least one
  Run expected;                         // of the reference; default for the encoding oracle
  Run got;
  jit::CompiledBlock block;  // the code that was judged; empty for the tiered executor
  jit::CompileOptions options;
  std::uint32_t code_offset = kUnknownOffset;  // of the guilty instruction, where it is known
  std::string message;                         // what a decoder or the verifier says, in a sentence
  std::optional<opt::PassId> pass;             // of oracles that judge passes: the first guilty one
  // What was judged, where that is not the subject's own program: what the passes made of it, the guilty one last.
  std::optional<ast::Program> optimised;

  [[nodiscard]] const ast::Program& judged(const ast::Program& original) const {
    return optimised ? *optimised : original;
  }
};

// What became of a number of programs. Counts are of programs unless they say otherwise. Plain data: it crosses
// processes.
struct JudgeCounts {
  std::uint64_t programs = 0;
  std::uint64_t compared = 0;                             // judged by at least one oracle that runs code
  std::array<std::uint64_t, kSkipReasonCount> skipped{};  // judged by none, by reason
  std::array<std::array<std::uint64_t, kVerdictCount>, kOracleCount> verdicts{};
  std::array<std::array<std::uint64_t, kSkipReasonCount>, kOracleCount> skips{};  // of the Skipped verdicts
  std::uint64_t trapped = 0;  // at least one input trapped in the reference
  std::uint64_t runs = 0;     // executions of compiled code that were compared
  std::uint64_t interpreter_steps = 0;
  std::uint64_t instructions_checked = 0;  // against their intent
  std::uint64_t instructions_decoded =
      0;  // by each decoder; the rest were byte-for-byte repeats of ones decoded before
  std::uint64_t code_bytes = 0;
  PassCounts passes;

  void add(const JudgeCounts& other);
};

struct BatchReport {
  JudgeCounts counts;
  std::vector<Conviction> convictions;
};

class Judge {
 public:
  // Starts the worker processes of the enabled engines. Fails when a sandbox cannot be set up: nothing runs without
  // one.
  [[nodiscard]] static base::Result<std::unique_ptr<Judge>> create(const JudgeConfig& config,
                                                                   std::unique_ptr<BlockSource> source,
                                                                   std::unique_ptr<PassSource> passes = nullptr);
  ~Judge();
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  // Judges the batch; `report` is overwritten. An error means that the harness failed, not the programs.
  [[nodiscard]] base::Result<void> judge(std::span<const Subject> subjects, BatchReport& report);

  // CPU time of the worker processes so far.
  [[nodiscard]] std::uint64_t helper_cpu_nanoseconds() const;

  // The blocks compiled for the last batch, for coverage; those that nothing was compiled into are empty.
  [[nodiscard]] std::span<const jit::CompiledBlock> blocks() const;

 private:
  struct Batch;
  Judge(const JudgeConfig& config, std::unique_ptr<BlockSource> source, std::unique_ptr<PassSource> passes);

  void interpret(Batch& batch);
  void check_passes(Batch& batch);
  void check_rewrites(Batch& batch);
  [[nodiscard]] bool awaits_long_run(const Batch& batch, std::size_t subject) const;
  void compile(Batch& batch);
  void check_encodings(Batch& batch);
  [[nodiscard]] std::optional<bool> check_whole(Batch& batch, std::size_t subject);
  [[nodiscard]] std::optional<bool> check_runs(Batch& batch, std::size_t subject);
  [[nodiscard]] base::Result<void> run_engine(Batch& batch, OracleId oracle);
  [[nodiscard]] base::Result<void> judge_long_runs(Batch& batch);
  void judge_run(Batch& batch, OracleId oracle, std::size_t subject, std::span<const Run> runs);

  JudgeConfig config_;
  std::unique_ptr<BlockSource> source_;
  InterpreterEngine reference_;
  PassChecker passes_;
  RewriteChecker rewrites_;
  LongRunEngine long_runs_;
  std::unique_ptr<encoding::EncodingChecker> checker_;
  std::array<std::unique_ptr<Engine>, kOracleCount> engines_;  // none for oracles that run no engine of their own
  std::unique_ptr<Batch> batch_;
};

}  // namespace assay::oracles
