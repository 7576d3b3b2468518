// VerifyTable: what was proved, refuted, compared up to a bound and left unknown, counted and shown.
//
// A row a proof, printed as it comes; a status line on standard error beside it. What was not tried is counted too, by
// reason. "Bounded" is no proof and is never counted as one.
//
// Tested by cli/test/cli_test.sh.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/terminal.h"
#include "core/ast/program.h"
#include "core/base/error.h"
#include "smt/obligation.h"

namespace assay::cli {

// Which rows go to standard output as they come.
enum class Rows : std::uint8_t { None, NotProved, All };

struct VerifyRow {
  std::string name;                       // of the program
  std::string part;                       // "2 at 5:3", or the pass
  std::string classes;                    // of the loop; empty elsewhere
  const ast::Program* program = nullptr;  // what was proved: the loop alone, or the program
  const smt::Proof* proof = nullptr;
  double milliseconds = 0;  // wall clock
  std::string finding{};    // the file, of what is refuted
  std::string kind{};       // of a row of the catalogue
};

class VerifyTable {
 public:
  struct Style {
    Rows rows = Rows::All;
    bool quiet = false;               // no status line
    std::string part_title = "loop";  // what VerifyRow::part is
    std::string folder;               // where obligations are written, if not empty
  };
  explicit VerifyTable(Style style) : style_(std::move(style)) {}

  // How many programs there are, and that the next one begins.
  void expect(std::size_t programs) { programs_ = programs; }
  void next_program();

  void add(const VerifyRow& row);
  void skip(const std::string& reason, const std::string& kind = "");
  void add_theorems(const std::vector<smt::Obligation>& obligations);
  void finish() { status_.finish(); }

  [[nodiscard]] std::string summary() const;
  [[nodiscard]] std::string json() const;
  // 1 something refuted; else 4 something unknown or bounded, or nothing proved; else 0.
  [[nodiscard]] int exit_code() const;
  [[nodiscard]] const std::optional<base::Error>& error() const { return error_; }  // of a file that was to be written

 private:
  struct Kind {
    std::uint64_t all = 0;
    std::uint64_t solved = 0;
    std::uint64_t proved = 0;
    std::vector<double> milliseconds{};
    double slowest = 0;
  };

  // What a solver computed, of what it was asked.
  struct Times {
    std::uint64_t count = 0;
    double sum = 0;  // milliseconds
    double slowest = 0;

    void add(double milliseconds) {
      ++count;
      sum += milliseconds;
      slowest = std::max(slowest, milliseconds);
    }
    [[nodiscard]] std::string text() const;
  };

  // That of a row of the catalogue; null for others.
  [[nodiscard]] Kind* kind_of(const std::string& name);
  [[nodiscard]] std::string kinds() const;
  [[nodiscard]] std::string assumptions() const;
  void note(const std::string& name, const std::vector<smt::Obligation>& obligations);
  void print(const VerifyRow& row);

  Style style_;
  StatusLine status_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point shown_;
  std::size_t programs_ = 0;
  std::size_t begun_ = 0;
  bool header_ = false;
  std::optional<base::Error> error_;
  std::array<std::uint64_t, 3> answers_{};  // by smt::Answer; without what is bounded
  std::map<unsigned, std::uint64_t> bounds_;
  std::map<std::string, std::uint64_t> skipped_;
  std::map<std::string, std::uint64_t> unknown_;
  std::vector<double> milliseconds_;  // by row
  std::array<Times, 2> times_;        // of Z3 and cvc5
  std::uint64_t obligations_ = 0;
  std::uint64_t theorem_obligations_ = 0;
  std::uint64_t asked_twice_ = 0;  // of both solvers
  std::uint64_t confirmed_ = 0;    // by the second solver
  std::uint64_t repeated_ = 0;
  std::array<std::uint64_t, 4> witnesses_{};            // by smt::Witness
  std::vector<std::string> vacuous_;                    // names of what is proved for no values at all
  std::map<std::string, std::uint64_t> never_reached_;  // obligations that say so, by name
  std::vector<std::string> kind_order_;
  std::map<std::string, Kind> kinds_;
  nlohmann::ordered_json rows_ = nlohmann::ordered_json::array();
};

}  // namespace assay::cli
