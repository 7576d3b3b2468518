// The table of operators; see verify_ops.h. Tested by cli/test/cli_test.sh.
#include "cli/verify_ops.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "cli/verify_findings.h"
#include "core/ast/text.h"
#include "smt/x86/lemmas.h"

namespace assay::cli {
namespace {

std::string pairs_text(std::uint64_t pairs, const std::string& difference) {
  return difference.empty() ? fmt::format("{} pairs", pairs) : "differs";
}

void print_row(const smt::OperatorReport& one, const std::string& finding) {
  const ast::OpInfo& info = ast::op_info(one.op);
  fmt::print("{:<11} {:<4}  {:<12}  {:<11}  {:<8} {:>4} of {:<4} {:>7} {:>9.1f}\n", info.name, ast::type_name(one.type),
             pairs_text(one.narrow.pairs, one.narrow.difference), pairs_text(one.samples.pairs, one.samples.difference),
             smt::name(one.code), one.proved, one.compiled, one.obligations, one.milliseconds);
  if (!one.narrow.difference.empty()) fmt::print("  the 8-bit definition differs on {}\n", one.narrow.difference);
  if (!one.samples.difference.empty()) fmt::print("  the interpreter differs on {}\n", one.samples.difference);
  if (one.code == smt::Answer::Proved) return;
  fmt::print("  {}: {}\n", one.shape, one.reason);
  if (one.code == smt::Answer::Refuted) {
    for (std::size_t slot = 0; slot < one.counterexample.size() && slot < 3; ++slot) {
      fmt::print("  {} = 0x{:x}\n", "abd"[slot], one.counterexample[slot]);
    }
    if (!finding.empty()) fmt::print("  assay replay {}\n", finding);
    fmt::print("{}", one.program);
  }
}

nlohmann::ordered_json row_of(const smt::OperatorReport& one, const std::string& finding) {
  return {{"operator", ast::op_info(one.op).name},
          {"type", ast::type_name(one.type)},
          {"verdict", smt::name(one.verdict())},
          {"narrow_pairs", one.narrow.pairs},
          {"narrow_difference", one.narrow.difference},
          {"samples", one.samples.pairs},
          {"sample_difference", one.samples.difference},
          {"code", smt::name(one.code)},
          {"compiled", one.compiled},
          {"compiled_proved", one.proved},
          {"obligations", one.obligations},
          {"confirmed_by_cvc5", one.confirmed},
          {"milliseconds", one.milliseconds},
          {"shape", one.shape},
          {"reason", one.reason},
          {"program", one.program},
          {"counterexample", one.counterexample},
          {"finding", finding}};
}

// The finding of a row whose compiled code is refuted.
base::Result<std::string> write_finding(const smt::OperatorReport& one, RefutationFiles& files) {
  if (one.code != smt::Answer::Refuted) return std::string();
  const auto program = ast::parse_program(one.program);
  if (!program) return program.error();
  return files.write({&*program,
                      one.counterexample,
                      {},
                      x64::host_features(),
                      fmt::format("the code for {} at {}", ast::op_info(one.op).name, ast::type_name(one.type))});
}

struct Totals {
  std::array<std::uint64_t, 3> answers{};  // by smt::Answer
  std::uint64_t compiled = 0;
  std::uint64_t queries = 0;
  std::uint64_t confirmed = 0;
  double milliseconds = 0;

  void add(const smt::OperatorReport& one) {
    ++answers[static_cast<std::size_t>(one.verdict())];
    compiled += one.compiled;
    queries += one.obligations;
    confirmed += one.confirmed;
    milliseconds += one.milliseconds;
  }
  void add(const std::vector<smt::Obligation>& lemmas) {
    for (const smt::Obligation& one : lemmas) {
      ++queries;
      milliseconds += one.first.milliseconds;
      if (one.second && one.second->answer == one.first.answer) ++confirmed;
    }
  }
  [[nodiscard]] int exit_code() const {
    if (answers[1] > 0) return kFindings;
    return answers[2] > 0 || answers[0] == 0 ? kInconclusive : kPass;
  }
};

nlohmann::ordered_json json_of(const Totals& totals, nlohmann::ordered_json rows) {
  return {{"schema_version", 1},
          {"proved", totals.answers[0]},
          {"refuted", totals.answers[1]},
          {"unknown", totals.answers[2]},
          {"compiled", totals.compiled},
          {"obligations", totals.queries},
          {"confirmed_by_cvc5", totals.confirmed},
          {"milliseconds", totals.milliseconds},
          {"z3", smt::z3_version()},
          {"operators", std::move(rows)}};
}

void print_totals(const Totals& totals) {
  const auto& [proved, refuted, unknown] = totals.answers;
  fmt::print("{} of {} operators proved, {} refuted, {} unknown\n", proved, proved + refuted + unknown, refuted,
             unknown);
  fmt::print("{} compiled programs, {} queries (the rest is one term on both sides), {:.1f} s\n", totals.compiled,
             totals.queries, totals.milliseconds / 1000);
  fmt::print("Z3 {}; cvc5 gave the same answer to {} queries\n", smt::z3_version(), totals.confirmed);
}

}  // namespace

int verify_operators(const smt::OperatorLimits& limits, const VerifyOptions& options) {
  const bool json = options.json;
  smt::Solver solver;
  RefutationFiles findings(options.out);
  StatusLine status;
  Totals totals;
  const std::vector<smt::Obligation> lemmas = smt::x86::prove_flag_lemmas(solver, limits.proof);
  const bool lemmas_hold = smt::x86::all_proved(lemmas);
  totals.add(lemmas);
  if (!json) {
    fmt::print("{} lemmas on flags: {}; seed of the samples: {}\n", lemmas.size(), lemmas_hold ? "proved" : "unknown",
               limits.seed);
    fmt::print("{:<11} {:<4}  {:<12}  {:<11}  {:<21} {:>7} {:>9}\n", "operator", "type", "8-bit model", "interpreter",
               "compiled code", "queries", "ms");
  }
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (std::size_t number = 0; number < ast::kOpCount; ++number) {
    const auto op = static_cast<ast::Op>(number);
    for (const ast::Type type : {ast::Type::I32, ast::Type::I64}) {
      if (!ast::accepts(op, type)) continue;
      if (!options.quiet) {
        status.show(fmt::format("verify: operator {} of {}, {}", number + 1, ast::kOpCount, ast::op_info(op).name));
      }
      smt::OperatorReport report = smt::prove_operator(op, type, solver, limits);
      // What was said with the lemmas stands on them; a refutation was confirmed by running.
      if (!lemmas_hold && report.code == smt::Answer::Proved) {
        report.code = smt::Answer::Unknown;
        report.reason = "a lemma on flags is not proved";
      }
      totals.add(report);
      const auto finding = write_finding(report, findings);
      if (!finding) return report_error(finding.error());
      if (!options.quiet) status.finish();
      if (json) {
        rows.push_back(row_of(report, *finding));
      } else if (!options.brief || report.verdict() != smt::Answer::Proved) {
        print_row(report, *finding);
        std::fflush(stdout);
      }
    }
  }
  if (json) {
    nlohmann::ordered_json whole = json_of(totals, std::move(rows));
    whole["lemmas_proved"] = lemmas_hold;
    whole["seed"] = limits.seed;
    fmt::print("{}\n", whole.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  } else {
    print_totals(totals);
  }
  return totals.exit_code();
}

}  // namespace assay::cli
