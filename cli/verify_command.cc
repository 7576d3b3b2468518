// `assay verify`: proofs instead of samples. Each mode has a file of its own. Tested by cli/test/cli_test.sh.
#include <fmt/format.h>

#include <filesystem>
#include <iterator>
#include <memory>
#include <system_error>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "cli/verify_loops.h"
#include "cli/verify_mutants.h"
#include "cli/verify_ops.h"
#include "cli/verify_options.h"
#include "cli/verify_passes.h"
#include "core/base/one_line.h"
#include "fuzz/proofs/loop_verifier.h"

namespace assay::cli {
namespace {

void append(std::vector<fuzz::ProofSubject>& to, std::vector<fuzz::ProofSubject> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// The files that were named; for --quick without any the seeds of the corpus, where there is one.
std::vector<std::string> paths_of(const VerifyOptions& options) {
  if (!options.files.empty() || !options.quick) return options.files;
  const std::filesystem::path seeds = std::filesystem::path(options.corpus) / "seeds";
  std::error_code unknown;
  if (std::filesystem::is_directory(seeds, unknown)) return {seeds.string()};
  fmt::print(stderr, "assay: {} is no folder: a sample of the catalogue alone is proved\n",
             base::one_line(seeds.string()));
  return {};
}

base::Result<std::vector<fuzz::ProofSubject>> subjects_of(const VerifyOptions& options) {
  auto subjects = fuzz::read_subjects(paths_of(options));
  if (!subjects) return subjects;
  append(*subjects, fuzz::random_subjects(options.random, options.seed, options.loop_free));
  if (options.quick) {
    append(*subjects, fuzz::quick_subjects());
  } else if (options.scev && options.files.empty() && options.random == 0) {
    append(*subjects, fuzz::catalogue_subjects());
  }
  return subjects;
}

// Exit code: a mutant that is neither refuted nor shown to be equivalent is open.
int verify_mutants(const std::vector<fuzz::ProofSubject>& subjects, const VerifyOptions& options) {
  fuzz::LoopVerifier verifier(opt::solve_loops, options.limits());
  std::vector<SolvedLoop> loops;
  for (const fuzz::ProofSubject& subject : subjects) {
    verifier.verify(
        subject.program,
        [&](const fuzz::VerifiedLoop& loop) {
          if (loop.proof.answer != smt::Answer::Proved) return;
          loops.push_back({subject.name, loop.solved.before, loop.solved.after});
        },
        !subject.kind.empty());
  }
  const MutantFigures figures = try_mutants(loops, options.mutants, options.seed, options.limits());
  fmt::print("{}", options.json ? print_mutants_json(figures, options.seed) : print_mutants(figures, options.seed));
  return figures.refuted > 0 && figures.open.empty() ? kPass : kInconclusive;
}

// What does not go together, in a sentence.
std::string contradiction(const VerifyOptions& options) {
  const int modes = int{options.scev} + int{options.passes} + int{options.ops} + int{options.encoder.wanted} +
                    int{options.instructions};
  if (modes != 1) return "say exactly one of --scev, --passes, --ops, --encoder and --instructions";
  const bool no_programs = options.encoder.wanted || options.instructions;
  if (no_programs && (!options.files.empty() || options.random != 0 || options.mutants != 0 || !options.emit.empty())) {
    return fmt::format("--{} takes no programs and writes no obligations",
                       options.encoder.wanted ? "encoder" : "instructions");
  }
  if (options.ops && (!options.files.empty() || options.random != 0 || !options.emit.empty())) {
    return "--ops takes no programs and writes no obligations";
  }
  if (options.mutants > 0 && !options.scev) return "--mutants are of solved loops: it goes with --scev";
  if (options.quick && !options.scev) return "--quick is a sample of loops: it goes with --scev";
  if (options.loop_free && !options.passes) return "--loop-free goes with --passes";
  if (options.passes && options.files.empty() && options.random == 0) return "--passes needs files or --random";
  return {};
}

int run_verify(const VerifyOptions& options) {
  if (const std::string why = contradiction(options); !why.empty()) return report_error(base::input_error(why));
  if (options.encoder.wanted) return verify_encoder(options.encoder, options.json);
  if (options.instructions) {
    return verify_instructions({options.runs, options.seed, options.encoder.jobs, options.json});
  }
  if (options.ops) return verify_operators({options.limits(), options.seed}, options);
  const auto subjects = subjects_of(options);
  if (!subjects) return report_error(subjects.error());
  if (options.mutants > 0) return verify_mutants(*subjects, options);
  return options.scev ? verify_loops(*subjects, options) : verify_passes(*subjects, options);
}

}  // namespace

void add_verify_command(CLI::App& app, Action& action) {
  CLI::App* const command = app.add_subcommand("verify", "Prove solved loops, passes and operators, for every input");
  const auto options = std::make_shared<VerifyOptions>();
  // They are all in memory at once.
  const CLI::Validator small_number = CLI::Range(std::uint64_t{1}, std::uint64_t{10'000'000}) & whole_number();
  command->add_option("files", options->files,
                      "Programs, or folders of .nda files; without any, --scev takes the built-in catalogue");
  command->add_flag("--scev", options->scev, "Each solved loop equals the statements that replace it");
  command->add_flag("--passes", options->passes,
                    "Each pass leaves programs the same behaviour; those with loops are compared up to a bound");
  command->add_flag("--ops", options->ops,
                    "Each operator equals its definition, the interpreter and its compiled code");
  add_verify_encoder_options(*command, options->encoder);
  command->add_flag("--instructions", options->instructions,
                    "Each instruction, on the CPU and in the emulator, does what the project assumes of it");
  command->add_option("--runs", options->runs, "Of --instructions")
      ->capture_default_str()
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000'000}));
  command->add_flag(
      "--quick", options->quick,
      "A sample of the catalogue, and the corpus's seeds unless files are named: what `assay gate` proves");
  command->add_option("--corpus", options->corpus, "Where --quick finds seeds")->capture_default_str();
  command->add_option("--random", options->random, "So many generated programs")
      ->capture_default_str()
      ->check(small_number);
  command->add_flag("--loop-free", options->loop_free,
                    "Of these only programs without loops, as many as --random says");
  command
      ->add_option("--seed", options->seed,
                   "Of the generated programs, of mutants, of the samples of --ops, of --instructions")
      ->capture_default_str()
      ->check(whole_number());
  command
      ->add_option("--mutants", options->mutants,
                   "Prove so many loops with one thing changed instead: each must be refuted or shown equivalent")
      ->check(small_number);
  command->add_option("--limit-ms", options->limit_milliseconds, "For each obligation and solver")
      ->capture_default_str()
      ->check(CLI::Range(1U, 600'000U));
  command->add_flag("--check", options->check, "Ask cvc5 as well; only what both prove is proved");
  command->add_option("--emit", options->emit, "Write each obligation as SMT-LIB 2 into this folder");
  command->add_option("--out", options->out, "Where what is refuted is written, as findings")->capture_default_str();
  command->add_flag("--brief", options->brief, "Print only rows that are not proved");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->add_flag("--quiet,-q", options->quiet, "No progress on standard error");
  command->footer(
      "Examples:\n"
      "  assay verify --scev                      # the catalogue of loop classes\n"
      "  assay verify --scev --quick              # a few seconds\n"
      "  assay verify --scev --check corpus/seeds/sum_to.nda\n"
      "  assay verify --passes --random 1000 --seed 7\n"
      "  assay verify --ops                       # every operator and type\n"
      "  assay verify --encoder                   # every instruction the assembler can emit\n"
      "  assay verify --encoder --forms 'Mov*' --every 101\n"
      "  assay verify --instructions              # every instruction form on the CPU and in the emulator\n"
      "Exit codes: 0 all proved, 1 something refuted, encoded wrongly or executed otherwise, 3 the harness failed, 4 "
      "something unknown, compared up to a bound, or nothing to prove or to run.");
  command->callback([&action, options] { action = [options] { return run_verify(*options); }; });
}

}  // namespace assay::cli
