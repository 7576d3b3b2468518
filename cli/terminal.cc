// Colour and the status line; see terminal.h. Tested by cli/test/cli_test.sh.
#include "cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "cli/exit_code.h"
#include "core/base/one_line.h"

namespace assay::cli {
namespace {

constexpr double kSecondsBetweenLines = 10;

bool colour_wanted() {
  const char* const no_color = std::getenv("NO_COLOR");
  return (no_color == nullptr || *no_color == '\0') && ::isatty(STDOUT_FILENO) != 0;
}

const char* code_of(Colour colour) {
  switch (colour) {
    case Colour::Red:
      return "31";
    case Colour::Green:
      return "32";
    case Colour::Yellow:
      return "33";
    case Colour::Bold:
      return "1";
  }
  return "0";
}

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) return 80;
  return size.ws_col;
}

}  // namespace

std::string paint(std::string_view text, Colour colour) {
  if (!colour_wanted()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code_of(colour), text);
}

int report_error(const base::Error& error) {
  fmt::print(stderr, "assay: {}\n", base::one_line(error.describe()));
  return error.kind == base::ErrorKind::Input ? kUsage : kHarnessFailed;
}

StatusLine::StatusLine() : terminal_(::isatty(STDERR_FILENO) != 0), width_(terminal_ ? terminal_width() - 1 : 200) {
  next_line_seconds_ = seconds_now() + kSecondsBetweenLines;
}

void StatusLine::show(std::string_view text) {
  if (terminal_) {
    fmt::print(stderr, "\r\x1b[K{}", text);
    std::fflush(stderr);
  } else if (seconds_now() >= next_line_seconds_) {
    next_line_seconds_ += kSecondsBetweenLines;
    fmt::print(stderr, "{}\n", text);
  }
}

void StatusLine::finish() {
  if (!terminal_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

}  // namespace assay::cli
