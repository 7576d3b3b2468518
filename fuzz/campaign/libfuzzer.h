// LibFuzzer: the coverage-guided source of a campaign, a libFuzzer binary run as a process beside the workers.
//
// It is any binary that takes programs in binary form, as fuzz/targets/differential does. The campaign and it share a
// folder of inputs: the campaign writes there what joins its corpus, and libFuzzer, told to reload, takes it up; what
// libFuzzer adds because it reaches new edges of the compiler is judged by the campaign like any program of its own.
// Nothing that libFuzzer says is believed: an artifact is only a hint, and becomes a finding under what the campaign's
// judge says of it. Only where no oracle convicts it is it recorded as the target's own ("libfuzzer/crash").
//
// What the target died of while it read it is no program: such an artifact is a finding without a file of its own, and
// stays in the folder.
//
// An input stays in the folder until the batch that judged it is recorded, so a kill loses none. libFuzzer ends at each
// crash; it is started again, later each time it gets no further.
//
// Tested by fuzz/campaign/test/libfuzzer_test.cc.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace assay::fuzz {

struct LibFuzzerConfig {
  std::string binary;
  std::string folder;  // inputs/ and artifacts/ in it
  std::uint64_t seed = 1;
};

// A program that libFuzzer found worth keeping, or died of.
struct FoundInput {
  std::string name;      // its file's, below the folder
  std::string artifact;  // "crash", "timeout", "oom", "leak"; empty for an input
  std::string bytes;
};

class LibFuzzer {
 public:
  // Makes the folder. The process is started by the first poll().
  [[nodiscard]] static base::Result<LibFuzzer> create(LibFuzzerConfig config);
  LibFuzzer(LibFuzzer&& other) noexcept;
  LibFuzzer& operator=(LibFuzzer&&) = delete;
  LibFuzzer(const LibFuzzer&) = delete;
  LibFuzzer& operator=(const LibFuzzer&) = delete;
  ~LibFuzzer();  // ends the process

  // Starts the process where it is due; gives an incident in a sentence when it has ended.
  [[nodiscard]] std::optional<std::string> poll();

  // Hands a program of the corpus over, in binary form.
  [[nodiscard]] base::Result<void> offer(const std::string& bytes);

  // Ends the process; what it wrote last is whole then. poll() would start it again.
  void stop();

  // Up to `most` files that `seen` does not know, artifacts first, each by name. Offered ones are not among them, nor,
  // while the process runs, what it may still be writing. Only artifacts can be empty.
  enum class Wanted : std::uint8_t { Everything, Artifacts };
  [[nodiscard]] base::Result<std::vector<FoundInput>> take(std::size_t most,
                                                           const std::function<bool(const std::string&)>& seen,
                                                           Wanted wanted = Wanted::Everything) const;

 private:
  explicit LibFuzzer(LibFuzzerConfig config) : config_(std::move(config)) {}
  [[nodiscard]] std::string inputs() const { return config_.folder + "/inputs"; }
  [[nodiscard]] std::string artifacts() const { return config_.folder + "/artifacts"; }
  void start();
  void drop_crashing_offers() const;

  LibFuzzerConfig config_;
  pid_t process_ = 0;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point next_start_;
  std::chrono::seconds pause_{1};
  unsigned runs_ = 0;
};

}  // namespace assay::fuzz
