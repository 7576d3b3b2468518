// Escape: text from programs and machines, made safe for markup.
//
// One place for what HTML and XML share: the five characters, bytes that are no UTF-8, and control characters that XML
// 1.0 cannot hold in any spelling. What cannot be shown becomes U+FFFD, so that a reader sees that something was there;
// on one line it is escaped.
//
// Tested by reports/model/test/escape_test.cc.
#pragma once

#include <string>
#include <string_view>

#include "core/base/one_line.h"

namespace assay::reports {

// Valid UTF-8 without control characters but tab and line feed; a carriage return before a line feed is dropped.
[[nodiscard]] std::string printable(std::string_view text);

// `printable`, with & < > " ' as entities: for text and for quoted attributes of HTML and XML.
[[nodiscard]] std::string escape_markup(std::string_view text);

// For what is one line in every format.
using base::one_line;

}  // namespace assay::reports
