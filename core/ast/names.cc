// Identifiers and reserved words; see names.h. Tested by core/ast/test/names_test.cc.
#include "core/ast/names.h"

#include <algorithm>
#include <array>

#include "core/ast/limits.h"

namespace assay::ast {
namespace {

constexpr bool is_letter(unsigned c) { return ((c | 0x20U) - 'a') < 26U || c == '_'; }
constexpr bool is_digit(unsigned c) { return (c - '0') < 10U; }

constexpr auto make_name_bytes() {
  std::array<bool, 256> table{};
  for (unsigned c = 0; c < table.size(); ++c) table[c] = is_letter(c) || is_digit(c);
  return table;
}
constexpr std::array<bool, 256> kNameBytes = make_name_bytes();

struct Word {
  std::uint64_t key = 0;
  std::string_view text;
};

constexpr auto make_reserved() {
  std::array words = std::to_array<Word>({
      {0, "program"},
      {0, "i32"},
      {0, "i64"},
      {0, "let"},
      {0, "if"},
      {0, "else"},
      {0, "loop"},
      {0, "while"},
      {0, "break"},
      {0, "continue"},
      {0, "return"},
      {0, "push"},
      {0, "print"},
      {0, "select"},
#define ASSAY_UNARY(Id, name, prefix, result) {0, name},
#define ASSAY_BINARY(Id, name, infix, level, traps) {0, name},
#define ASSAY_COMPARE(Id, name, infix, level) {0, name},
#define ASSAY_CONVERT(Id, name, from, to) {0, name},
#include "core/ast/ops.def"
  });
  for (Word& word : words) word.key = name_key(word.text);
  std::sort(words.begin(), words.end(), [](const Word& a, const Word& b) { return a.text < b.text; });
  return words;
}
constexpr auto kReserved = make_reserved();

}  // namespace

bool is_identifier(std::string_view text) {
  if (text.empty() || text.size() > kMaxNameBytes || is_digit(static_cast<std::uint8_t>(text.front()))) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return kNameBytes[static_cast<std::uint8_t>(c)]; });
}

bool is_reserved(std::string_view text) {
  const std::uint64_t key = name_key(text);
  const auto* word = std::lower_bound(kReserved.begin(), kReserved.end(), key,
                                      [](const Word& row, std::uint64_t wanted) { return row.key < wanted; });
  for (; word != kReserved.end() && word->key == key; ++word) {
    if (word->text == text) return true;
  }
  return false;
}

}  // namespace assay::ast
