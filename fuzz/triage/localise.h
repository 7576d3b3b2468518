// Localise: which construct of a program a wrong value comes from.
//
// A wrong value says which oracle and which pass, but not where: thousands of different programs end up under one
// signature, whatever is wrong with the compiler. So the program is made small first, by the reducer and within a
// number of attempts, with a predicate that keeps only the stage: what remains is what the fault needs. In a program
// that cannot be made smaller the construct that remains is where the runs part: were an operand of it already wrong,
// the operand alone would be a smaller program. The kind of difference may change on the way (a trap that a wrong
// divisor causes becomes the wrong value itself).
//
// Tested by fuzz/triage/test/localise_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "fuzz/findings/finding.h"
#include "fuzz/findings/signature.h"
#include "fuzz/reduce/reduce.h"
#include "fuzz/triage/minimise.h"
#include "oracles/judge.h"

namespace assay::fuzz {

// So many attempts make most programs as small as they get; none depends on time.
inline constexpr std::uint64_t kLocaliseAttempts = 400;
// Where a pass makes a program run away, every attempt costs all its fuel, and hardly a program needs this much.
inline constexpr std::uint64_t kLocaliseFuel = 5'000;

// Of a judge that localises what that oracle found.
[[nodiscard]] oracles::JudgeConfig localise_config(oracles::OracleId oracle);

// "Still the same stage": convicted by the same oracle, of the same pass, with a difference that can be localised; and,
// where the node is known, in a program that has it. `parts` can be localised. The judge must outlive the predicate.
[[nodiscard]] Predicate stage_predicate(oracles::Judge& judge, const SignatureParts& parts);

// What the text of a program that was made small says it is about: the loop that it needs, its only operator, the
// branch, the operator whose value a guilty pass changed, the constant or variable that is all there is, or "several"
// where no single one is left. Of the last, of loops and of branches localised_signature asks which operator alone is
// wrong (first_diverging.h).
[[nodiscard]] std::string guilty_construct(const ast::Program& small, const SignatureParts& parts);

// The signature of a finding that was made small, whose own can be localised: the difference that a judgement shows,
// and the construct. Its own when no judgement shows the stage.
[[nodiscard]] base::Result<std::string> localised_signature(oracles::Judge& judge, const Finding& small);

struct Localised {
  bool found = false;  // not when the judge does not convict it (again)
  Finding finding;     // made small, with the signature of the construct
  bool complete = false;
  std::uint64_t attempts = 0;
};

// Precondition: the finding's signature can be localised. The judge has at least the oracle of the signature and those
// it needs (judge_config_for).
[[nodiscard]] base::Result<Localised> localise(oracles::Judge& judge, const Finding& finding,
                                               const ReduceConfig& config);

// With kLocaliseAttempts.
[[nodiscard]] base::Result<Localised> localise(oracles::Judge& judge, const Finding& finding);

// Whether the recorded fault is what a judgement that gave the signatures `seen` convicts the finding of: the same
// signature, or the same construct once the program is made small as the campaign did, by a judge that is made for it.
[[nodiscard]] base::Result<bool> recognise(const JudgeFactory& make_judge, const Finding& finding,
                                           const std::vector<std::string>& seen);

}  // namespace assay::fuzz
