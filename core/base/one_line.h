// Text of files, names and machines on one line, with nothing in it that a terminal or a CI system obeys.
//
// Whoever writes a finding, names a file or edits a store must not move a reader's cursor, end a line early, or give a
// workflow command to the system that keeps the log. What is escaped stays visible, so that a reader sees it was there.
//
// Tested by core/base/test/one_line_test.cc.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace assay::base {

// The length of the well-formed UTF-8 sequence at the front, or 0. Overlong forms, surrogates, and the two
// non-characters that XML forbids, are not well-formed here. Precondition: the text is not empty.
[[nodiscard]] std::size_t utf8_length(std::string_view text);

// Whether a well-formed sequence is a control character, of those from U+0080 to U+009F as well.
[[nodiscard]] bool is_control(std::string_view sequence);

// Control characters and bytes that are no UTF-8 as \n, \r, \t or \x1b; `::` in front and `##[` anywhere, which begin
// workflow commands, with their first character so. All else as it is, a backslash too.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace assay::base
