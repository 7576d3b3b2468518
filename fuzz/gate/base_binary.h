// BaseBinary: another build of `assay`, asked as a process what it makes of a file.
//
// Whether a failure is new is a question about the state before a change, and the only thing that knows is a build of
// that state. It is run, not linked, and it is believed only where it clearly says so: a base that cannot be run, that
// hangs, or that gives no JSON has said nothing, and the failure stays new.
//
// Tested by fuzz/gate/test/base_binary_test.cc.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace assay::fuzz {

struct BaseReplay {
  std::vector<std::string> signatures;
  bool judged = false;  // it agreed or failed; not when it skipped the file
};

class BaseBinary {
 public:
  static constexpr std::chrono::seconds kDefaultLimit{120};

  // `program` is a path, or a name to look up in PATH.
  explicit BaseBinary(std::string program, std::chrono::milliseconds limit = kDefaultLimit)
      : program_(std::move(program)), limit_(limit) {}

  [[nodiscard]] const std::string& program() const { return program_; }

  // `assay replay --json FILE`; none when it gave no answer that can be read.
  [[nodiscard]] std::optional<BaseReplay> replay(const std::string& file) const;

  // `assay verify --scev --json FILE`: the texts of the loops that it refutes.
  [[nodiscard]] std::optional<std::vector<std::string>> refuted_loops(const std::string& file) const;

 private:
  // Standard output; none when the program did not start, did not end in time, or was killed.
  [[nodiscard]] std::optional<std::string> output_of(std::vector<std::string> arguments) const;

  std::string program_;
  std::chrono::milliseconds limit_;
};

}  // namespace assay::fuzz
