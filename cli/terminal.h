// What the terminal allows: colour (never with NO_COLOR or into a file) and a line that is rewritten in place.
//
// Tested by cli/test/cli_test.sh.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace assay::cli {

enum class Colour : unsigned char { Red, Green, Yellow, Bold };

// The text in colour where standard output takes it (https://no-color.org), else as it is.
[[nodiscard]] std::string paint(std::string_view text, Colour colour);

// "assay: <message>" on standard error; gives the exit code that the error calls for.
int report_error(const base::Error& error);

// A status line on standard error: rewritten in place on a terminal, a line of its own now and then elsewhere.
class StatusLine {
 public:
  StatusLine();
  void show(std::string_view text);
  // Removes the line from a terminal.
  void finish();
  [[nodiscard]] std::size_t width() const { return width_; }

 private:
  bool terminal_;
  std::size_t width_;
  double next_line_seconds_ = 0;
};

}  // namespace assay::cli
