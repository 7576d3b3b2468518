// The text form of programs (`.nda` files): parse and print.
//
//   // format 1
//   program sum_to(i32 i, i32 n, i32 step, i32 sum) {
//       while (i < n) {
//           sum = sum + i;
//           i = i + step;
//       }
//   }
//
// The two are inverse: parse(print(p)) is p for every verified p whose text stays within kMaxFileBytes, and
// print(parse(t)) prints itself again. The grammar stands in core/ast/README.md.
//
// Tested by core/ast/test/text_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/ast/program.h"
#include "core/base/result.h"

namespace assay::ast {

// The version of the text form, carried by a comment `// format N` in front of the program. A reader keeps reading
// every older version and refuses newer ones; a file without the comment is read as the current version.
inline constexpr std::uint32_t kTextVersion = 1;

// Parses and verifies one program; `file` names the input in errors. The result has source positions.
[[nodiscard]] base::Result<Program> parse_program(std::string_view text, std::string_view file = {});

// Precondition: verified. Ends with a newline.
[[nodiscard]] std::string print_program(const Program& program);

// One expression or statement (with what it contains) on one line, for messages.
[[nodiscard]] std::string print_node(const Program& program, NodeId id);

}  // namespace assay::ast
