// Formatting of errors; see error.h. Tested by core/base/test/result_test.cc.
#include "core/base/error.h"

#include <system_error>
#include <utility>

namespace assay::base {

std::string Error::describe() const {
  std::string text = file;
  if (position.known()) {
    if (text.empty()) text = "<input>";
    text += ':' + std::to_string(position.line) + ':' + std::to_string(position.column);
  }
  if (!text.empty()) text += ": ";
  return text + message;
}

Error input_error(std::string message, SourcePosition position) {
  return Error{ErrorKind::Input, std::move(message), position, {}};
}

Error system_error(std::string message) { return Error{ErrorKind::System, std::move(message), {}, {}}; }

Error system_error(std::string message, int error_number) {
  return system_error(std::move(message) + ": " + std::generic_category().message(error_number));
}

}  // namespace assay::base
