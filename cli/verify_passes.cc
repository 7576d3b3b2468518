// The table of passes; see verify_passes.h. Tested by cli/test/cli_test.sh.
#include "cli/verify_passes.h"

#include <fmt/format.h>

#include <memory>
#include <optional>

#include "cli/verify_findings.h"
#include "fuzz/proofs/pass_verifier.h"

namespace assay::cli {

int verify_passes(const std::vector<fuzz::ProofSubject>& subjects, const VerifyOptions& options) {
  fuzz::PassVerifier verifier(std::make_unique<oracles::PassSource>(), options.limits());
  RefutationFiles findings(options.out);
  VerifyTable table(options.style("pass"));
  table.expect(subjects.size());
  std::optional<base::Error> failure;
  for (const fuzz::ProofSubject& subject : subjects) {
    table.next_program();
    verifier.verify(subject.program, [&](const fuzz::VerifiedPass& one) {
      if (!one.skipped.empty()) {
        table.skip(one.skipped);
        return;
      }
      const std::string_view pass = opt::pass_info(one.pass).name;
      VerifyRow row{subject.name, std::string(pass), {}, &subject.program, &one.proof, one.milliseconds, {}};
      if (one.proof.answer == smt::Answer::Refuted) {
        auto file = findings.write({&subject.program,
                                    one.proof.counterexample,
                                    {one.pass},
                                    x64::host_features(),
                                    fmt::format("what {} makes of {}", pass, subject.name)});
        if (file) row.finding = std::move(file).value();
        if (!file && !failure) failure = file.error();
      }
      table.add(row);
    });
  }
  table.finish();
  if (table.error()) return report_error(*table.error());
  fmt::print("{}", options.json ? table.json() : table.summary());
  return failure ? report_error(*failure) : table.exit_code();
}

}  // namespace assay::cli
