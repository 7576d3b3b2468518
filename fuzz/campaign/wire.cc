// Messages between supervisor and workers; see wire.h. Tested by fuzz/campaign/test/supervised_test.cc.
#include "fuzz/campaign/wire.h"

#include <sys/socket.h>
#include <sys/types.h>

#include <cerrno>
#include <cstring>
#include <type_traits>

namespace assay::fuzz {
namespace {

static_assert(std::is_trivially_copyable_v<BatchFigures>, "figures travel as bytes");

template <class T>
void put(std::string& to, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  to.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

void put_text(std::string& to, const std::string& text) {
  put(to, std::uint64_t{text.size()});
  to += text;
}

// Takes values off the front; once something is missing every further answer is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  [[nodiscard]] bool get(T& value) {
    if (rest_.size() < sizeof(T)) return false;
    std::memcpy(&value, rest_.data(), sizeof(T));
    rest_.remove_prefix(sizeof(T));
    return true;
  }
  [[nodiscard]] bool get_text(std::string& text) {
    std::uint64_t size = 0;
    if (!get(size) || rest_.size() < size) return false;
    text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

FindingRecord harness_finding(TaskKind kind, std::uint64_t program_index) {
  const bool hang = kind == TaskKind::NameHang;
  FindingRecord record;
  record.program_index = program_index;
  record.signature = hang ? "harness/hang" : "harness/crash";
  record.oracle = "harness";
  record.verdict = oracles::name(hang ? oracles::Verdict::Timeout : oracles::Verdict::Crash);
  return record;
}

FindingRecord artifact_finding(const std::string& artifact, std::uint64_t program_index) {
  FindingRecord record;
  record.program_index = program_index;
  record.signature = "libfuzzer/" + artifact;
  record.oracle = "libfuzzer";
  record.verdict = oracles::name(artifact == "timeout" ? oracles::Verdict::Timeout : oracles::Verdict::Crash);
  return record;
}

std::string encode(const TaskResult& result) {
  std::string bytes;
  put(bytes, result.cpu_nanoseconds);
  put(bytes, result.figures);
  put(bytes, std::uint64_t{result.findings.size()});
  for (const FindingRecord& finding : result.findings) {
    put(bytes, finding.program_index);
    for (const std::string* const text :
         {&finding.signature, &finding.oracle, &finding.verdict, &finding.pass, &finding.text, &finding.small}) {
      put_text(bytes, *text);
    }
  }
  put(bytes, std::uint64_t{result.keys.size()});
  for (const KeyCount& one : result.keys) {
    put_text(bytes, one.signature);
    put_text(bytes, one.key);
    put(bytes, one.count);
  }
  put(bytes, std::uint64_t{result.candidates.size()});
  for (const CorpusCandidate& one : result.candidates) {
    put(bytes, one.program_index);
    put_text(bytes, one.entry.text);
    put_text(bytes, one.entry.coverage);
  }
  return bytes;
}

std::optional<TaskResult> decode(std::string_view bytes) {
  Reader reader(bytes);
  TaskResult result;
  std::uint64_t count = 0;
  if (!reader.get(result.cpu_nanoseconds) || !reader.get(result.figures) || !reader.get(count)) return std::nullopt;
  for (std::uint64_t i = 0; i < count; ++i) {
    FindingRecord finding;
    if (!reader.get(finding.program_index)) return std::nullopt;
    for (std::string* const text :
         {&finding.signature, &finding.oracle, &finding.verdict, &finding.pass, &finding.text, &finding.small}) {
      if (!reader.get_text(*text)) return std::nullopt;
    }
    result.findings.push_back(std::move(finding));
  }
  if (!reader.get(count)) return std::nullopt;
  for (std::uint64_t i = 0; i < count; ++i) {
    KeyCount one;
    if (!reader.get_text(one.signature) || !reader.get_text(one.key) || !reader.get(one.count)) return std::nullopt;
    result.keys.push_back(std::move(one));
  }
  if (!reader.get(count)) return std::nullopt;
  for (std::uint64_t i = 0; i < count; ++i) {
    CorpusCandidate one;
    if (!reader.get(one.program_index) || !reader.get_text(one.entry.text) || !reader.get_text(one.entry.coverage)) {
      return std::nullopt;
    }
    result.candidates.push_back(std::move(one));
  }
  if (!reader.at_end()) return std::nullopt;
  return result;
}

std::string encode(const TaskMessage& message) {
  const Task& task = message.task;
  std::string bytes;
  put(bytes, task.first);
  put(bytes, task.count);
  put(bytes, task.kind);
  put(bytes, task.origin);
  put(bytes, task.entries);
  for (const auto* const texts : {&task.programs, &task.artifacts}) {
    put(bytes, std::uint64_t{texts->size()});
    for (const std::string& text : *texts) put_text(bytes, text);
  }
  put(bytes, std::uint64_t{message.entries.size()});
  for (const CorpusEntry& entry : message.entries) {
    put_text(bytes, entry.text);
    put_text(bytes, entry.coverage);
  }
  return bytes;
}

std::optional<TaskMessage> decode_task(std::string_view bytes) {
  Reader reader(bytes);
  TaskMessage message;
  Task& task = message.task;
  if (!reader.get(task.first) || !reader.get(task.count) || !reader.get(task.kind) || !reader.get(task.origin) ||
      !reader.get(task.entries)) {
    return std::nullopt;
  }
  std::uint64_t count = 0;
  for (auto* const texts : {&task.programs, &task.artifacts}) {
    if (!reader.get(count)) return std::nullopt;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (!reader.get_text(texts->emplace_back())) return std::nullopt;
    }
  }
  if (!reader.get(count)) return std::nullopt;
  for (std::uint64_t i = 0; i < count; ++i) {
    CorpusEntry entry;
    if (!reader.get_text(entry.text) || !reader.get_text(entry.coverage)) return std::nullopt;
    message.entries.push_back(std::move(entry));
  }
  if (!reader.at_end()) return std::nullopt;
  return message;
}

bool send_message(int socket, std::string_view body) {
  std::string message;
  put(message, std::uint64_t{body.size()});
  message += body;
  std::string_view rest = message;
  while (!rest.empty()) {
    // Without MSG_NOSIGNAL a dead worker would take its supervisor along.
    const ssize_t sent = ::send(socket, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::optional<std::string> receive_message(int socket) {
  const auto receive_all = [socket](char* to, std::size_t size) {
    while (size != 0) {
      const ssize_t got = ::recv(socket, to, size, MSG_WAITALL);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      to += got;
      size -= static_cast<std::size_t>(got);
    }
    return true;
  };
  std::uint64_t size = 0;
  if (!receive_all(reinterpret_cast<char*>(&size), sizeof size)) return std::nullopt;
  std::string body(size, '\0');
  if (!receive_all(body.data(), body.size())) return std::nullopt;
  return body;
}

bool MessageReader::read_available(int socket) {
  char chunk[1 << 16];
  while (true) {
    const ssize_t got = ::recv(socket, chunk, sizeof chunk, MSG_DONTWAIT);
    if (got > 0) {
      buffer_.append(chunk, static_cast<std::size_t>(got));
    } else if (got == 0) {
      return false;
    } else if (errno != EINTR) {
      return errno == EAGAIN || errno == EWOULDBLOCK;
    }
  }
}

std::optional<std::string> MessageReader::take() {
  std::uint64_t size = 0;
  if (buffer_.size() < sizeof size) return std::nullopt;
  std::memcpy(&size, buffer_.data(), sizeof size);
  if (buffer_.size() - sizeof size < size) return std::nullopt;
  std::string body = buffer_.substr(sizeof size, size);
  buffer_.erase(0, sizeof size + size);
  return body;
}

}  // namespace assay::fuzz
