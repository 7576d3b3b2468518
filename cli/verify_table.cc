// Counting proofs; see verify_table.h. Tested by cli/test/cli_test.sh.
#include "cli/verify_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "cli/exit_code.h"
#include "core/ast/text.h"
#include "core/base/file.h"
#include "core/base/one_line.h"
#include "smt/second_solver.h"

namespace assay::cli {
namespace {

using Clock = std::chrono::steady_clock;

// A line that is redrawn more often only flickers.
constexpr auto kBetweenRedraws = std::chrono::milliseconds(100);

std::string inputs_of(const ast::Program& program, const std::vector<std::uint64_t>& frame) {
  std::string text;
  for (std::uint32_t slot = 0; slot < frame.size(); ++slot) {
    text += fmt::format("{}{}=0x{:x}", slot == 0 ? "" : " ", program.variable_name(ast::VarId{slot}), frame[slot]);
  }
  return text;
}

// "32", "64" or "32+64", after the variables.
std::string width_of(const ast::Program& program) {
  bool narrow = false;
  bool wide = false;
  for (std::uint32_t i = 0; i < program.variable_count(); ++i) {
    (program.variable_type(ast::VarId{i}) == ast::Type::I32 ? narrow : wide) = true;
  }
  return narrow && wide ? "32+64" : wide ? "64" : "32";
}

struct SolverCounts {
  std::uint64_t asked = 0;
  std::uint64_t proved = 0;
};

std::array<SolverCounts, 2> solvers_of(const smt::Proof& proof) {
  std::array<SolverCounts, 2> counts;
  for (const smt::Obligation& one : proof.obligations) {
    ++counts[0].asked;
    if (one.first.answer == smt::Answer::Proved) ++counts[0].proved;
    if (!one.second) continue;
    ++counts[1].asked;
    if (one.second->answer == smt::Answer::Proved) ++counts[1].proved;
  }
  return counts;
}

std::string solver_text(const SolverCounts& counts) {
  return counts.asked == 0 ? "-" : fmt::format("{}/{}", counts.proved, counts.asked);
}

nlohmann::ordered_json solver_json(const SolverCounts& counts) {
  return {{"asked", counts.asked}, {"proved", counts.proved}};
}

std::string verdict_of(const smt::Proof& proof) {
  return proof.bound != 0 ? "bounded" : std::string(smt::name(proof.answer));
}

std::string painted(const smt::Proof& proof) {
  // Padded before it is painted: the codes would count.
  const std::string text = fmt::format("{:<8}", verdict_of(proof));
  switch (proof.answer) {
    case smt::Answer::Proved:
      return paint(text, Colour::Green);
    case smt::Answer::Refuted:
      return paint(text, Colour::Red);
    case smt::Answer::Unknown:
      return paint(text, Colour::Yellow);
  }
  return text;
}

}  // namespace

std::string VerifyTable::Times::text() const {
  return fmt::format("{:.1f} s for {} obligations, the slowest {:.0f} ms", sum / 1000, count, slowest);
}

void VerifyTable::next_program() {
  ++begun_;
  if (style_.quiet || Clock::now() - shown_ < kBetweenRedraws) return;
  shown_ = Clock::now();
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  status_.show(fmt::format("verify: program {} of {}, {} proved, {} refuted, {} unknown, {:.0f} s", begun_, programs_,
                           answers_[0], answers_[1], answers_[2], seconds));
}

VerifyTable::Kind* VerifyTable::kind_of(const std::string& name) {
  if (name.empty()) return nullptr;
  if (!kinds_.contains(name)) kind_order_.push_back(name);
  return &kinds_[name];
}

void VerifyTable::skip(const std::string& reason, const std::string& kind) {
  ++skipped_[reason];
  if (Kind* const figures = kind_of(kind)) ++figures->all;
}

void VerifyTable::add(const VerifyRow& row) {
  const smt::Proof& proof = *row.proof;
  if (Kind* const figures = kind_of(row.kind)) {
    ++figures->all;
    ++figures->solved;
    if (proof.answer == smt::Answer::Proved) ++figures->proved;
    figures->milliseconds.push_back(row.milliseconds);
    for (const smt::Obligation& one : proof.obligations)
      figures->slowest = std::max(figures->slowest, one.first.milliseconds);
  }
  for (const smt::Obligation& one : proof.obligations) {
    if (one.witness == smt::Witness::None) vacuous_.push_back(row.name + ": " + one.name);
    if (one.never_reached) ++never_reached_[one.name];
  }
  if (proof.bound != 0) {
    ++bounds_[proof.bound];
  } else {
    ++answers_[static_cast<std::size_t>(proof.answer)];
    if (proof.answer == smt::Answer::Unknown) ++unknown_[proof.reason];
  }
  milliseconds_.push_back(row.milliseconds);
  note(fmt::format("{:05}", milliseconds_.size()), proof.obligations);
  const auto solvers = solvers_of(proof);
  rows_.push_back({{"name", row.name},
                   {style_.part_title, row.part},
                   {"classes", row.classes},
                   {"width", width_of(*row.program)},
                   {"verdict", verdict_of(proof)},
                   {"bound", proof.bound},
                   {"obligations", proof.obligations.size()},
                   {"z3", solver_json(solvers[0])},
                   {"cvc5", solver_json(solvers[1])},
                   {"milliseconds", row.milliseconds},
                   {"reason", proof.reason},
                   {"program", ast::print_program(*row.program)},
                   {"counterexample", proof.counterexample},
                   {"finding", row.finding}});
  if (style_.rows == Rows::All || (style_.rows == Rows::NotProved && proof.answer != smt::Answer::Proved)) print(row);
}

void VerifyTable::print(const VerifyRow& row) {
  status_.finish();
  if (!header_) {
    header_ = true;
    fmt::print("{:<44} {:<10} {:<28} {:<5} {:>11}  {:<8} {:>8} {:>6} {:>6}\n", "program", style_.part_title, "class",
               "width", "obligations", "verdict", "ms", "Z3", "cvc5");
  }
  const smt::Proof& proof = *row.proof;
  const auto solvers = solvers_of(proof);
  fmt::print("{:<44} {:<10} {:<28} {:<5} {:>11}  {} {:>8.1f} {:>6} {:>6}", base::one_line(row.name), row.part,
             row.classes.empty() ? "-" : row.classes, width_of(*row.program), proof.obligations.size(), painted(proof),
             row.milliseconds, solver_text(solvers[0]), solver_text(solvers[1]));
  if (proof.answer == smt::Answer::Unknown) fmt::print("  ({})", proof.reason);
  fmt::print("\n");
  if (proof.answer == smt::Answer::Refuted) {
    // The values of a counterexample are what `assay run -i` takes.
    if (!proof.reason.empty()) fmt::print("  {}\n", proof.reason);
    fmt::print("  on {}\n", inputs_of(*row.program, proof.counterexample));
    if (!row.finding.empty()) fmt::print("  assay replay {}\n", base::one_line(row.finding));
    fmt::print("{}", ast::print_program(*row.program));
  }
  std::fflush(stdout);
}

void VerifyTable::add_theorems(const std::vector<smt::Obligation>& obligations) {
  theorem_obligations_ = obligations.size();
  note("theorem", obligations);
}

void VerifyTable::note(const std::string& name, const std::vector<smt::Obligation>& obligations) {
  for (std::size_t i = 0; i < obligations.size(); ++i) {
    const smt::Obligation& one = obligations[i];
    ++obligations_;
    if (one.second) ++asked_twice_;
    if (one.repeated) {
      ++repeated_;
    } else {
      times_[0].add(one.first.milliseconds);
      if (one.second) times_[1].add(one.second->milliseconds);
    }
    ++witnesses_[static_cast<std::size_t>(one.witness)];
    if (one.second && one.second->answer == one.first.answer) ++confirmed_;
    if (style_.folder.empty() || error_) continue;
    auto written = base::make_folders(style_.folder);
    if (written) {
      written = base::write_file_atomically(
          fmt::format("{}/{}_{:02}.smt2", style_.folder, name, i),
          fmt::format("; To check: z3 FILE; {} FILE\n{}", smt::second_solver_command(one.strategy), one.script));
    }
    if (!written) error_ = written.error();
  }
}

// One line for each kind of loop of the catalogue, in its order.
std::string VerifyTable::kinds() const {
  if (kind_order_.empty()) return "";
  std::string text = fmt::format("{:36} {:>6} {:>7} {:>7} {:>10} {:>10} {:>12}\n", "class", "loops", "solved", "proved",
                                 "median ms", "worst ms", "obligation");
  for (const std::string& name : kind_order_) {
    const Kind& one = kinds_.at(name);
    std::vector<double> sorted = one.milliseconds;
    std::sort(sorted.begin(), sorted.end());
    const double median = sorted.empty() ? 0 : sorted[sorted.size() / 2];
    text += fmt::format("{:36} {:6} {:7} {:7} {:10.1f} {:10.1f} {:12.1f}\n", name, one.all, one.solved, one.proved,
                        median, sorted.empty() ? 0 : sorted.back(), one.slowest);
  }
  return text;
}

// Whether what was supposed can be so at all.
std::string VerifyTable::assumptions() const {
  const std::uint64_t assuming = witnesses_[1] + witnesses_[2] + witnesses_[3];
  if (assuming == 0) return "";
  std::string text = fmt::format("assumptions that can hold: {} of {}, {} contradict each other, {} not decided\n",
                                 witnesses_[1], assuming, witnesses_[2], witnesses_[3]);
  for (const std::string& one : vacuous_) text += fmt::format("  contradictory  {}\n", one);
  for (const auto& [name, count] : never_reached_) text += fmt::format("  never reached  {:6}  {}\n", count, name);
  return text;
}

std::string VerifyTable::summary() const {
  const std::uint64_t bounded = std::accumulate(bounds_.begin(), bounds_.end(), std::uint64_t{0},
                                                [](std::uint64_t sum, const auto& one) { return sum + one.second; });
  const std::uint64_t total = std::accumulate(answers_.begin(), answers_.end(), bounded);
  std::string text = kinds();
  text += fmt::format("{} of {} proved, {} refuted, {} unknown", answers_[0], total, answers_[1], answers_[2]);
  if (bounded != 0) text += fmt::format(", {} compared up to a bound only", bounded);
  text += '\n';
  for (const auto& [reason, count] : unknown_) text += fmt::format("  unknown  {:6}  {}\n", count, reason);
  for (const auto& [bound, count] : bounds_) {
    text +=
        fmt::format("  bounded  {:6}  {} iteration{} of each loop: no proof\n", count, bound, bound == 1 ? "" : "s");
  }
  for (const auto& [reason, count] : skipped_) text += fmt::format("  skipped  {:6}  {}\n", count, reason);
  std::vector<double> sorted = milliseconds_;
  std::sort(sorted.begin(), sorted.end());
  const double median = sorted.empty() ? 0 : sorted[sorted.size() / 2];
  text += fmt::format(
      "{} obligations, {} of them the same as one before and not asked again, {} theorems proved once; median {:.1f} "
      "ms "
      "each row, {:.1f} s\n",
      obligations_, repeated_, theorem_obligations_, median,
      std::chrono::duration<double>(Clock::now() - start_).count());
  text += fmt::format("time of Z3: {}", times_[0].text());
  if (asked_twice_ != 0) text += fmt::format("; of cvc5: {}", times_[1].text());
  text += '\n' + assumptions();
  text += fmt::format("Z3 {}; cvc5 gave the same answer to {} of the {} obligations it was asked\n", smt::z3_version(),
                      confirmed_, asked_twice_);
  return text;
}

std::string VerifyTable::json() const {
  std::map<std::string, std::uint64_t> bounds;
  std::uint64_t bounded = 0;
  for (const auto& [bound, count] : bounds_) {
    bounds[std::to_string(bound)] = count;
    bounded += count;
  }
  const nlohmann::ordered_json json{{"schema_version", 1},
                                    {"proved", answers_[0]},
                                    {"refuted", answers_[1]},
                                    {"unknown", answers_[2]},
                                    {"bounded", bounded},
                                    {"unknown_reasons", unknown_},
                                    {"bounded_iterations", bounds},
                                    {"skipped", skipped_},
                                    {"obligations", obligations_},
                                    {"theorem_obligations", theorem_obligations_},
                                    {"slowest_obligation_ms", times_[0].slowest},
                                    {"slowest_obligation_cvc5_ms", times_[1].slowest},
                                    {"z3_ms", times_[0].sum},
                                    {"cvc5_ms", times_[1].sum},
                                    {"seconds", std::chrono::duration<double>(Clock::now() - start_).count()},
                                    {"z3", smt::z3_version()},
                                    {"asked_of_cvc5", asked_twice_},
                                    {"confirmed_by_cvc5", confirmed_},
                                    {"repeated_obligations", repeated_},
                                    {"assumptions_satisfiable", witnesses_[1]},
                                    {"assumptions_contradictory", witnesses_[2]},
                                    {"assumptions_undecided", witnesses_[3]},
                                    {"never_reached", never_reached_},
                                    {"exit_code", exit_code()},
                                    {"rows", rows_}};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

int VerifyTable::exit_code() const {
  if (answers_[1] > 0) return kFindings;
  return answers_[2] > 0 || !bounds_.empty() || answers_[0] == 0 ? kInconclusive : kPass;
}

}  // namespace assay::cli
