// Counting proofs; see verify_table.h. Tested by cli/test/cli_test.sh.
#include "cli/verify_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "cli/exit_code.h"
#include "core/ast/text.h"

namespace assay::cli {
namespace {

std::string inputs_of(const ast::Program& program, const std::vector<std::uint64_t>& frame) {
  std::string text;
  for (std::uint32_t slot = 0; slot < frame.size(); ++slot) {
    text += fmt::format("{}{}=0x{:x}", slot == 0 ? "" : " ", program.variable_name(ast::VarId{slot}), frame[slot]);
  }
  return text;
}

}  // namespace

void VerifyTable::skip(const std::string& reason, const std::string& kind) {
  ++skipped_[reason];
  if (kind.empty()) return;
  if (!kinds_.contains(kind)) kind_order_.push_back(kind);
  ++kinds_[kind].all;
}

void VerifyTable::add(const std::string& name, const ast::Program& program, const smt::Proof& proof,
                      const std::string& kind) {
  ++answers_[static_cast<std::size_t>(proof.answer)];
  if (proof.answer == smt::Answer::Unknown) ++unknown_[proof.reason];
  double spent = 0;
  for (const smt::Obligation& one : proof.obligations) spent += one.first.milliseconds;
  milliseconds_.push_back(spent);
  if (!kind.empty()) {
    if (!kinds_.contains(kind)) kind_order_.push_back(kind);
    Kind& figures = kinds_[kind];
    ++figures.all;
    ++figures.solved;
    if (proof.answer == smt::Answer::Proved) ++figures.proved;
    figures.milliseconds.push_back(spent);
    for (const smt::Obligation& one : proof.obligations)
      figures.slowest = std::max(figures.slowest, one.first.milliseconds);
  }
  for (const smt::Obligation& one : proof.obligations) {
    if (one.witness == smt::Witness::None) vacuous_.push_back(name + ": " + one.name);
  }
  note(fmt::format("{:05}", milliseconds_.size()), proof.obligations);
  rows_.push_back({{"name", name},
                   {"verdict", smt::name(proof.answer)},
                   {"obligations", proof.obligations.size()},
                   {"milliseconds", spent},
                   {"reason", proof.reason},
                   {"program", ast::print_program(program)},
                   {"counterexample", proof.counterexample}});
  if (shown_ == Rows::None || (shown_ == Rows::NotProved && proof.answer == smt::Answer::Proved)) return;
  // Standard output, as one line; the values of a counterexample are what `assay run -i` takes.
  fmt::print("{:8} {:7.1f} ms {:2} obligations  {}", smt::name(proof.answer), spent, proof.obligations.size(), name);
  if (proof.answer == smt::Answer::Unknown) fmt::print("  ({})", proof.reason);
  if (proof.answer == smt::Answer::Refuted) {
    fmt::print("  on {}\n{}", inputs_of(program, proof.counterexample), ast::print_program(program));
  }
  fmt::print("\n");
}

void VerifyTable::add_theorems(const std::vector<smt::Obligation>& obligations) {
  theorem_obligations_ = obligations.size();
  note("theorem", obligations);
}

void VerifyTable::note(const std::string& name, const std::vector<smt::Obligation>& obligations) {
  for (std::size_t i = 0; i < obligations.size(); ++i) {
    const smt::Obligation& one = obligations[i];
    ++obligations_;
    slowest_obligation_ = std::max(slowest_obligation_, one.first.milliseconds);
    if (one.repeated) ++repeated_;
    ++witnesses_[static_cast<std::size_t>(one.witness)];
    if (one.second && one.second->answer == one.first.answer) ++confirmed_;
    if (folder_.empty() || !error_.empty()) continue;
    std::error_code failure;
    std::filesystem::create_directories(folder_, failure);
    const std::string path = fmt::format("{}/{}_{:02}.smt2", folder_, name, i);
    std::ofstream file(path);
    file << one.script;
    file.close();
    if (!file) error_ = path + " cannot be written";
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

std::string VerifyTable::summary() const {
  const std::uint64_t total = std::accumulate(answers_.begin(), answers_.end(), std::uint64_t{0});
  std::string text = kinds();
  text += fmt::format("{} of {} proved, {} refuted, {} unknown\n", answers_[0], total, answers_[1], answers_[2]);
  for (const auto& [reason, count] : unknown_) text += fmt::format("  unknown  {:6}  {}\n", count, reason);
  for (const auto& [reason, count] : skipped_) text += fmt::format("  skipped  {:6}  {}\n", count, reason);
  std::vector<double> sorted = milliseconds_;
  std::sort(sorted.begin(), sorted.end());
  const double median = sorted.empty() ? 0 : sorted[sorted.size() / 2];
  text += fmt::format(
      "{} obligations ({} of them theorems proved once, {} the same as one before), median {:.1f} ms each row, slowest "
      "obligation {:.1f} ms\n",
      obligations_, theorem_obligations_, repeated_, median, slowest_obligation_);
  const std::uint64_t assuming = witnesses_[1] + witnesses_[2] + witnesses_[3];
  if (assuming > 0) {
    text += fmt::format("assumptions that can hold: {} of {}, {} contradict each other, {} not decided\n",
                        witnesses_[1], assuming, witnesses_[2], witnesses_[3]);
    for (const std::string& one : vacuous_) text += fmt::format("  contradictory  {}\n", one);
  }
  text += fmt::format("Z3 {}; cvc5 gave the same answer to {} obligations\n", smt::z3_version(), confirmed_);
  return text;
}

std::string VerifyTable::json() const {
  const nlohmann::ordered_json json{{"schema_version", 1},
                                    {"proved", answers_[0]},
                                    {"refuted", answers_[1]},
                                    {"unknown", answers_[2]},
                                    {"unknown_reasons", unknown_},
                                    {"skipped", skipped_},
                                    {"obligations", obligations_},
                                    {"slowest_obligation_ms", slowest_obligation_},
                                    {"z3", smt::z3_version()},
                                    {"confirmed_by_cvc5", confirmed_},
                                    {"repeated_obligations", repeated_},
                                    {"assumptions_satisfiable", witnesses_[1]},
                                    {"assumptions_contradictory", witnesses_[2]},
                                    {"assumptions_undecided", witnesses_[3]},
                                    {"rows", rows_}};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

int VerifyTable::exit_code() const {
  if (answers_[1] > 0) return kFindings;
  return answers_[2] > 0 || answers_[0] == 0 ? kInconclusive : kPass;
}

}  // namespace assay::cli
