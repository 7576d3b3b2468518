// From version to version; see migrate.h. Tested by fuzz/corpus/test/migrate_test.cc.
#include "fuzz/corpus/migrate.h"

#include <fmt/format.h>

#include <array>

#include "core/ast/limits.h"
#include "core/ast/text.h"
#include "core/ast/text/lexer.h"
#include "core/base/file.h"
#include "fuzz/findings/finding.h"

namespace assay::fuzz {
namespace {

// From version 0: the version line, in front of everything.
std::string add_version_line(std::string_view text) {
  const std::string_view line_end = text.substr(0, text.find('\n')).ends_with('\r') ? "\r\n" : "\n";
  return fmt::format("// format 1{}{}", line_end, text);
}

// Step i makes version i + 1 of version i; one more for every new version, and none is ever changed.
using Step = std::string (*)(std::string_view text);
constexpr std::array<Step, ast::kTextVersion> kSteps = {add_version_line};

std::uint32_t version_of(std::string_view text) {
  ast::text::Lexer lexer(text);
  static_cast<void>(lexer.next());
  // The parser has refused what does not fit.
  return lexer.version_line() ? static_cast<std::uint32_t>(lexer.version_line()->version) : 0;
}

}  // namespace

base::Result<Migration> migrate_text(std::string_view text, std::string_view file) {
  const auto before = parse_finding(text, file);
  if (!before) return before.error();
  Migration migration{version_of(text), std::string(text)};
  for (std::uint32_t version = migration.from; version < ast::kTextVersion; ++version) {
    migration.text = kSteps[version](migration.text);
  }
  const auto after = parse_finding(migration.text, file);
  if (!after || !ast::same_program(before->program, after->program) || after->inputs != before->inputs) {
    base::Error error = base::system_error("the migrated text does not read as the same program; nothing was written");
    error.file = file;
    return error;
  }
  return migration;
}

base::Result<Migration> migrate_file(const std::string& path) {
  const auto text = base::read_file(path, ast::kMaxFileBytes);
  if (!text) return text.error();
  auto migration = migrate_text(*text, path);
  if (!migration) return migration.error();
  if (migration->from == ast::kTextVersion) return migration;
  if (migration->text.size() > ast::kMaxFileBytes) {
    return base::input_error(fmt::format("{} would grow beyond the limit of {} bytes", path, ast::kMaxFileBytes));
  }
  if (auto written = base::write_file_atomically(path, migration->text); !written) return written.error();
  return migration;
}

}  // namespace assay::fuzz
