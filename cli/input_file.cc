// Input files; see input_file.h. Tested by cli/test/cli_test.sh.
#include "cli/input_file.h"

#include <span>
#include <string_view>
#include <utility>

#include "core/ast/codec.h"
#include "core/ast/limits.h"
#include "core/base/file.h"

namespace assay::cli {

base::Result<fuzz::Finding> load(const std::string& path) {
  auto contents = base::read_file(path, ast::kMaxFileBytes);
  if (!contents) return contents.error();
  const std::string& text = contents.value();
  // No text begins with a control character that is no space, and every binary program does: its version.
  const bool is_binary = !text.empty() && static_cast<unsigned char>(text.front()) < ' ' &&
                         std::string_view("\t\n\v\f\r").find(text.front()) == std::string_view::npos;
  if (is_binary) {
    auto program = ast::decode({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    if (!program) {
      base::Error error = program.error();
      error.file = path;
      return error;
    }
    fuzz::Finding finding;
    finding.program = std::move(program).value();
    return finding;
  }
  return fuzz::parse_finding(text, path);
}

}  // namespace assay::cli
