// What went wrong, where in the input, and whose fault it was.
//
// One error type serves the whole project because every failure ends at the same place: a sentence on stderr and an
// exit code. `kind` decides the code, `position` makes the sentence clickable.
//
// Tested by core/base/test/result_test.cc.
#pragma once

#include <cstdint>
#include <string>

namespace assay::base {

enum class ErrorKind : std::uint8_t {
  Input,   // the user's file or argument is at fault: exit code 2
  System,  // the machine refused something (memory, sandbox, process): exit code 3
};

// A place in a text, both counted from 1 as editors do. Line 0 means "no place".
struct SourcePosition {
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  [[nodiscard]] bool known() const { return line != 0; }
  friend bool operator==(const SourcePosition&, const SourcePosition&) = default;
};

struct Error {
  ErrorKind kind = ErrorKind::Input;
  std::string message;  // a sentence without a final full stop
  SourcePosition position;
  std::string file;  // empty when the input has no name

  // "file:line:column: message", leaving out the parts that are unknown.
  [[nodiscard]] std::string describe() const;
};

[[nodiscard]] Error input_error(std::string message, SourcePosition position = {});
[[nodiscard]] Error system_error(std::string message);
// Appends ": " and the text of `error_number` (an errno value).
[[nodiscard]] Error system_error(std::string message, int error_number);

}  // namespace assay::base
