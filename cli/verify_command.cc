// `assay verify`: proofs instead of samples. Tested by cli/test/cli_test.sh.
#include <fmt/format.h>

#include <memory>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/input_file.h"
#include "cli/terminal.h"
#include "cli/verify_mutants.h"
#include "cli/verify_ops.h"
#include "cli/verify_table.h"
#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "core/base/rng.h"
#include "core/opt/passes.h"
#include "fuzz/gen/generator.h"
#include "smt/catalogue.h"
#include "smt/extract_loop.h"
#include "smt/loop_proof.h"
#include "smt/pass_proof.h"

namespace assay::cli {
namespace {

struct VerifyOptions {
  std::vector<std::string> files;
  bool scev = false;
  bool passes = false;
  bool ops = false;
  bool check = false;
  bool json = false;
  bool all_rows = false;
  std::uint64_t random = 0;
  std::uint64_t mutants = 0;
  std::uint64_t seed = 1;
  unsigned limit_milliseconds = 1000;
  std::string emit;
};

struct Subject {
  std::string name;
  ast::Program program;
  std::string kind{};  // of the catalogue
};

// Generated programs, the catalogue, or the files that were named.
base::Result<std::vector<Subject>> read_subjects(const VerifyOptions& options) {
  std::vector<Subject> subjects;
  for (const std::string& file : options.files) {
    auto finding = load(file);
    if (!finding) return finding.error();
    subjects.push_back({file, std::move(finding->program)});
  }
  fuzz::Generator generator;
  fuzz::GeneratedCase one;
  for (std::uint64_t i = 0; i < options.random; ++i) {
    generator.generate(base::derive_seed(options.seed, i), one);
    subjects.push_back({fmt::format("random {}", i), one.program});
  }
  if (!subjects.empty() || !options.scev) return subjects;
  for (const smt::CatalogueLoop& loop : smt::loop_catalogue()) {
    auto program = ast::parse_program(loop.text);
    if (!program) return program.error();
    subjects.push_back({loop.name, std::move(program).value(), loop.kind});
  }
  return subjects;
}

// Of a loop of the catalogue the loops within it are not of interest for themselves.
std::vector<ast::NodeId> loops_to_prove(const Subject& subject) {
  std::vector<ast::NodeId> loops = smt::loops_of(subject.program);
  if (!subject.kind.empty()) loops.resize(1);
  return loops;
}

void verify_loops(const std::vector<Subject>& subjects, const smt::ProofLimits& limits, VerifyTable& table) {
  smt::Solver solver;
  smt::Theorems theorems(solver, limits);
  for (const Subject& subject : subjects) {
    for (const ast::NodeId loop : loops_to_prove(subject)) {
      const ast::Program before = smt::extract_loop(subject.program, loop);
      const opt::PassResult solved = opt::solve_loops(before);
      // The report's first loop is the outermost: the one that was extracted.
      if (solved.loops.empty() || !solved.loops.front().solved) {
        table.skip("not solved", subject.kind);
        continue;
      }
      table.add(subject.name, before, smt::prove_solved_loop(before, solved.program, solver, theorems, limits),
                subject.kind);
    }
  }
  table.add_theorems(theorems.obligations());
}

// Exit code: a mutant that is neither refuted nor shown to be equivalent is open.
int verify_mutants(const std::vector<Subject>& subjects, const VerifyOptions& options, const smt::ProofLimits& limits) {
  smt::Solver solver;
  smt::Theorems theorems(solver, limits);
  std::vector<SolvedLoop> loops;
  for (const Subject& subject : subjects) {
    for (const ast::NodeId loop : loops_to_prove(subject)) {
      ast::Program before = smt::extract_loop(subject.program, loop);
      opt::PassResult solved = opt::solve_loops(before);
      if (solved.loops.empty() || !solved.loops.front().solved) continue;
      const smt::Proof proof = smt::prove_solved_loop(before, solved.program, solver, theorems, limits);
      if (proof.answer != smt::Answer::Proved) continue;
      loops.push_back({subject.name, std::move(before), std::move(solved.program)});
    }
  }
  const MutantFigures figures = try_mutants(loops, options.mutants, options.seed, limits);
  fmt::print("{}", print_mutants(figures, options.seed));
  return figures.refuted > 0 && figures.open.empty() ? kPass : kInconclusive;
}

void verify_passes(const std::vector<Subject>& subjects, const smt::ProofLimits& limits, VerifyTable& table) {
  smt::Solver solver;
  for (const Subject& subject : subjects) {
    if (!smt::loops_of(subject.program).empty()) {
      table.skip("has loops");
      continue;
    }
    if (!ast::is_pure_scalar(subject.program, subject.program.body())) {
      table.skip("prints");
      continue;
    }
    for (std::size_t i = 0; i < opt::kPassCount; ++i) {
      const opt::PassInfo& pass = opt::pass_info(static_cast<opt::PassId>(i));
      const opt::PassResult result = pass.run(subject.program);
      if (result.changes == 0) {
        table.skip("unchanged by the pass");
        continue;
      }
      table.add(fmt::format("{}, {}", subject.name, pass.name), subject.program,
                smt::prove_same_behaviour(subject.program, result.program, solver, limits));
    }
  }
}

int run_verify(const VerifyOptions& options) {
  if (int{options.scev} + int{options.passes} + int{options.ops} != 1) {
    return report_error(base::input_error("say what to verify: --scev, --passes or --ops"));
  }
  if (options.ops) {
    if (!options.files.empty() || options.random != 0 || !options.emit.empty()) {
      return report_error(base::input_error("--ops takes no programs and writes no obligations"));
    }
    return verify_operators({{options.limit_milliseconds, options.check}, options.seed}, options.json);
  }
  if (options.mutants > 0 && !options.scev) {
    return report_error(base::input_error("--mutants are of solved loops: it goes with --scev"));
  }
  if (options.passes && options.files.empty() && options.random == 0) {
    return report_error(base::input_error("--passes needs files or --random"));
  }
  auto subjects = read_subjects(options);
  if (!subjects) return report_error(subjects.error());
  const smt::ProofLimits limits{options.limit_milliseconds, options.check, options.check && options.mutants == 0};
  if (options.mutants > 0) return verify_mutants(*subjects, options, limits);
  const Rows rows = options.json ? Rows::None : options.all_rows ? Rows::All : Rows::NotProved;
  VerifyTable table(rows, options.emit);
  if (options.scev) {
    verify_loops(*subjects, limits, table);
  } else {
    verify_passes(*subjects, limits, table);
  }
  if (!table.error().empty()) return report_error(base::system_error(table.error()));
  fmt::print("{}", options.json ? table.json() : table.summary());
  return table.exit_code();
}

}  // namespace

void add_verify_command(CLI::App& app, Action& action) {
  CLI::App* const command = app.add_subcommand("verify", "Prove solved loops, passes and operators, for every input");
  const auto options = std::make_shared<VerifyOptions>();
  command->add_option("files", options->files, "Programs (.nda); without any, --scev takes the built-in catalogue");
  command->add_flag("--scev", options->scev, "Each solved loop equals the statements that replace it");
  command->add_flag("--passes", options->passes, "Each pass leaves loop-free programs the same behaviour");
  command->add_flag("--ops", options->ops,
                    "Each operator equals its definition, the interpreter and its compiled code");
  command->add_option("--random", options->random, "So many generated programs")->capture_default_str();
  command->add_option("--seed", options->seed, "Of the generated programs, of mutants, and of the samples of --ops")
      ->capture_default_str();
  command->add_option("--mutants", options->mutants,
                      "Prove so many loops with one thing changed instead: each must be refuted or shown equivalent");
  command->add_option("--limit-ms", options->limit_milliseconds, "For each obligation and solver")
      ->capture_default_str()
      ->check(CLI::Range(1U, 600'000U));
  command->add_flag("--check", options->check, "Ask cvc5 as well; only what both prove is proved");
  command->add_option("--emit", options->emit, "Write each obligation as SMT-LIB 2 into this folder");
  command->add_flag("--all", options->all_rows, "Print every row, not only those that are not proved");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->footer(
      "Examples:\n"
      "  assay verify --scev                      # the catalogue of loop classes\n"
      "  assay verify --scev --check corpus/seeds/sum_to.nda\n"
      "  assay verify --passes --random 1000 --seed 7\n"
      "  assay verify --ops                       # every operator and type\n"
      "Exit codes: 0 all proved, 1 something refuted, 4 something unknown or nothing to prove.");
  command->callback([&action, options] { action = [options] { return run_verify(*options); }; });
}

}  // namespace assay::cli
