// VerifyTable: what was proved, refuted and left unknown, counted and shown.
//
// Rows are printed as they come; everything is counted, and what was not tried is counted too, by
// reason.
//
// Tested by cli/test/cli_test.sh.
#pragma once

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/ast/program.h"
#include "smt/obligation.h"

namespace assay::cli {

// Which rows go to standard output as they come.
enum class Rows : std::uint8_t { None, NotProved, All };

class VerifyTable {
 public:
  // `folder`: where obligations are written, if not empty.
  VerifyTable(Rows rows, std::string folder) : shown_(rows), folder_(std::move(folder)) {}

  // `kind`: of a row of the catalogue.
  void add(const std::string& name, const ast::Program& program, const smt::Proof& proof, const std::string& kind = "");
  void skip(const std::string& reason, const std::string& kind = "");
  void add_theorems(const std::vector<smt::Obligation>& obligations);

  [[nodiscard]] std::string summary() const;
  [[nodiscard]] std::string json() const;
  [[nodiscard]] int exit_code() const;
  [[nodiscard]] const std::string& error() const { return error_; }  // a file that could not be written

 private:
  struct Kind {
    std::uint64_t all = 0;
    std::uint64_t solved = 0;
    std::uint64_t proved = 0;
    std::vector<double> milliseconds{};
    double slowest = 0;
  };

  [[nodiscard]] std::string kinds() const;
  void note(const std::string& name, const std::vector<smt::Obligation>& obligations);

  Rows shown_;
  std::string folder_;
  std::string error_;
  std::array<std::uint64_t, 3> answers_{};  // by smt::Answer
  std::map<std::string, std::uint64_t> skipped_;
  std::map<std::string, std::uint64_t> unknown_;
  std::vector<double> milliseconds_;  // by loop
  double slowest_obligation_ = 0;
  std::uint64_t obligations_ = 0;
  std::uint64_t theorem_obligations_ = 0;
  std::uint64_t repeated_ = 0;
  std::uint64_t confirmed_ = 0;               // by the second solver
  std::array<std::uint64_t, 4> witnesses_{};  // by smt::Witness
  std::vector<std::string> vacuous_;          // names of what is proved for no values at all
  std::vector<std::string> kind_order_;
  std::map<std::string, Kind> kinds_;
  nlohmann::ordered_json rows_ = nlohmann::ordered_json::array();
};

}  // namespace assay::cli
