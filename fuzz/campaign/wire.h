// Wire: what supervisor and worker say to one another over a socket.
//
// Both are the same program, forked, so that figures travel as the bytes they are in memory. A message is its length
// (8 bytes) and its body; an empty body from a worker says that it is ready.
//
// Tested by fuzz/campaign/test/supervised_test.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/campaign/batch.h"
#include "fuzz/campaign/ledger.h"

namespace assay::fuzz {

enum class TaskKind : std::uint32_t {
  Judge,
  // Only print the program: no worker gets through judging it.
  NameHang,
  NameCrash,
};

struct Task {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  TaskKind kind = TaskKind::Judge;
  Origin origin = Origin::Fresh;
  std::uint64_t entries = 0;           // of the corpus that the batch knows
  std::vector<std::string> programs;   // of Imported ones, in binary form
  std::vector<std::string> artifacts;  // and what libFuzzer called them; empty for its inputs
};

// A task, and the entries of the corpus that the worker does not know yet.
struct TaskMessage {
  Task task;
  std::vector<CorpusEntry> entries;
};
[[nodiscard]] std::string encode(const TaskMessage& message);
[[nodiscard]] std::optional<TaskMessage> decode_task(std::string_view bytes);

// The finding that an artifact of libFuzzer is which no oracle convicts.
[[nodiscard]] FindingRecord artifact_finding(const std::string& artifact, std::uint64_t program_index);

// The finding that a program is which workers hang or die over, so far as it is known without the program.
[[nodiscard]] FindingRecord harness_finding(TaskKind kind, std::uint64_t program_index);

// What became of a task's programs.
struct TaskResult {
  std::uint64_t cpu_nanoseconds = 0;
  BatchFigures figures;
  std::vector<FindingRecord> findings;
  std::vector<KeyCount> keys;
  std::vector<CorpusCandidate> candidates;
};

[[nodiscard]] std::string encode(const TaskResult& result);
// Nothing when the bytes are not what encode gives.
[[nodiscard]] std::optional<TaskResult> decode(std::string_view bytes);

// Sends length and body; false when the other side is gone.
[[nodiscard]] bool send_message(int socket, std::string_view body);

// Waits for a message; nothing when the other side is gone.
[[nodiscard]] std::optional<std::string> receive_message(int socket);

// Collects messages from a socket without ever waiting for the rest of one.
class MessageReader {
 public:
  // Reads what is there. False when the other side is gone.
  [[nodiscard]] bool read_available(int socket);
  // The next whole message, if there is one.
  [[nodiscard]] std::optional<std::string> take();

 private:
  std::string buffer_;
};

}  // namespace assay::fuzz
