// The table of loops; see verify_loops.h. Tested by cli/test/cli_test.sh.
#include "cli/verify_loops.h"

#include <fmt/format.h>

#include <optional>

#include "cli/verify_findings.h"
#include "fuzz/proofs/loop_verifier.h"

namespace assay::cli {
namespace {

std::string classes_of(const scev::LoopReport& report) {
  std::string text;
  for (std::size_t i = 0; i < scev::kLoopClassCount; ++i) {
    const auto one = static_cast<scev::LoopClass>(i);
    if (report.is(one)) text += fmt::format("{}{}", text.empty() ? "" : "+", scev::name(one));
  }
  return text;
}

std::string place_of(const ast::Program& program, const fuzz::VerifiedLoop& loop) {
  const base::SourcePosition position = program.position(loop.loop);
  return position.line == 0 ? std::to_string(loop.number)
                            : fmt::format("{} at {}:{}", loop.number, position.line, position.column);
}

}  // namespace

int verify_loops(const std::vector<fuzz::ProofSubject>& subjects, const VerifyOptions& options) {
  fuzz::LoopVerifier verifier(opt::solve_loops, options.limits());
  RefutationFiles findings(options.out);
  VerifyTable table(options.style("loop"));
  table.expect(subjects.size());
  std::optional<base::Error> failure;
  for (const fuzz::ProofSubject& subject : subjects) {
    table.next_program();
    verifier.verify(
        subject.program,
        [&](const fuzz::VerifiedLoop& loop) {
          const scev::LoopReport& report = loop.solved.report;
          if (!report.solved) {
            table.skip(fmt::format("not solved: {}", scev::sentence(report.reason)), subject.kind);
            return;
          }
          VerifyRow row{subject.name,
                        place_of(subject.program, loop),
                        classes_of(report),
                        &loop.solved.before,
                        &loop.proof,
                        loop.milliseconds,
                        {},
                        subject.kind};
          if (loop.proof.answer == smt::Answer::Refuted) {
            auto file = findings.write({&loop.solved.before,
                                        loop.proof.counterexample,
                                        {opt::PassId::Scev},
                                        x64::host_features(),
                                        fmt::format("the solved form of loop {} of {}", loop.number, subject.name)});
            if (file) row.finding = std::move(file).value();
            if (!file && !failure) failure = file.error();
          }
          table.add(row);
        },
        !subject.kind.empty());
  }
  table.add_theorems(verifier.theorems());
  table.finish();
  if (table.error()) return report_error(*table.error());
  fmt::print("{}", options.json ? table.json() : table.summary());
  return failure ? report_error(*failure) : table.exit_code();
}

}  // namespace assay::cli
