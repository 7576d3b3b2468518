// Tokens; see lexer.h. Tested by core/ast/test/text_test.cc and core/ast/test/text_errors_test.cc.
#include "core/ast/text/lexer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "core/ast/limits.h"
#include "core/ast/names.h"

namespace assay::ast::text {
namespace {

// The operators' spellings come from the table; an empty one matches nothing.
constexpr auto kSymbols = std::to_array<std::string_view>({
    "(",
    ")",
    "{",
    "}",
    ",",
    ";",
    "=",
#define ASSAY_UNARY(Id, name, prefix, result) prefix,
#define ASSAY_BINARY(Id, name, infix, level, traps) infix,
#define ASSAY_COMPARE(Id, name, infix, level) infix,
#include "core/ast/ops.def"
});

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Decimal without a leading zero, or 0x and hex digits; then perhaps L.
bool is_number(std::string_view word) {
  if (word.ends_with('L')) word.remove_suffix(1);
  if (word.starts_with("0x") || word.starts_with("0X")) {
    word.remove_prefix(2);
    return !word.empty() && std::all_of(word.begin(), word.end(), is_hex);
  }
  return (word == "0" || !word.starts_with('0')) && std::all_of(word.begin(), word.end(), is_digit);
}

std::size_t symbol_length(std::string_view text) {
  std::size_t longest = 0;
  for (const std::string_view symbol : kSymbols) {
    if (symbol.size() > longest && text.starts_with(symbol)) longest = symbol.size();
  }
  return longest;
}

std::optional<std::uint64_t> version_in(std::string_view comment) {
  constexpr std::string_view kStart = "// format ";
  if (!comment.starts_with(kStart)) return std::nullopt;
  comment.remove_prefix(kStart.size());
  while (!comment.empty() && is_space(comment.back())) comment.remove_suffix(1);
  if (comment.empty() || !std::all_of(comment.begin(), comment.end(), is_digit)) return std::nullopt;
  std::uint64_t version = 0;
  const auto read = std::from_chars(comment.data(), comment.data() + comment.size(), version);
  return read.ec == std::errc() ? version : std::numeric_limits<std::uint64_t>::max();
}

}  // namespace

std::string quoted(std::string_view text) {
  constexpr std::size_t kMost = 40;
  if (text.size() <= kMost) return "'" + std::string(text) + "'";
  return "'" + std::string(text.substr(0, kMost)) + "...'";
}

std::string describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::Name:
      return (is_reserved(token.text) ? "" : "the name ") + quoted(token.text);
    case TokenKind::Number:
      return "the number " + quoted(token.text);
    case TokenKind::Symbol:
      return quoted(token.text);
    case TokenKind::End:
      return "the end of the file";
    case TokenKind::Bad:
      return "an unreadable character";
  }
  return {};
}

Lexer::Lexer(std::string_view source) : rest_(source) {
  if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);  // a byte order mark, which some editors add
}

void Lexer::advance(std::size_t bytes) {
  for (const char c : rest_.substr(0, bytes)) {
    if (c == '\n') {
      ++position_.line;
      position_.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
      ++position_.column;  // UTF-8 continuation bytes belong to the character before them
    }
  }
  rest_.remove_prefix(bytes);
}

void Lexer::skip_line_comment() {
  const std::string_view comment = rest_.substr(0, rest_.find('\n'));
  if (before_first_token_ && !version_line_) {
    if (const auto version = version_in(comment)) version_line_ = {*version, position_};
  }
  advance(comment.size());
}

bool Lexer::skip_block_comment() {
  const std::size_t end = rest_.find("*/", 2);
  if (end == std::string_view::npos) return false;
  advance(end + 2);
  return true;
}

// False at a comment without an end.
bool Lexer::skip_space() {
  while (!rest_.empty()) {
    if (is_space(rest_.front())) {
      advance(1);
    } else if (rest_.starts_with("//")) {
      skip_line_comment();
    } else if (rest_.starts_with("/*")) {
      if (!skip_block_comment()) return false;
    } else {
      break;
    }
  }
  return true;
}

std::size_t Lexer::word_length() const {
  return static_cast<std::size_t>(std::find_if_not(rest_.begin(), rest_.end(), is_word) - rest_.begin());
}

Token Lexer::take(TokenKind kind, std::size_t bytes) {
  const Token token{kind, rest_.substr(0, bytes), position_};
  advance(bytes);
  return token;
}

Token Lexer::bad(std::string problem) {
  problem_ = std::move(problem);
  return {TokenKind::Bad, {}, position_};
}

Token Lexer::next() {
  if (!skip_space()) return bad("this comment has no end: '*/' is missing");
  before_first_token_ = false;
  if (rest_.empty()) return take(TokenKind::End, 0);
  const char c = rest_.front();
  if (is_digit(c)) {
    const std::size_t length = word_length();
    if (!is_number(rest_.substr(0, length))) {
      return bad(quoted(rest_.substr(0, length)) +
                 " is not a number: write a decimal number without leading zeros, or 0x and hex digits, each with L " +
                 "behind it for an i64");
    }
    return take(TokenKind::Number, length);
  }
  if (is_word(c)) {
    const std::size_t length = word_length();
    if (length > kMaxNameBytes) return bad("this name is longer than " + std::to_string(kMaxNameBytes) + " bytes");
    return take(TokenKind::Name, length);
  }
  if (const std::size_t length = symbol_length(rest_); length > 0) return take(TokenKind::Symbol, length);
  if (c > ' ' && c <= '~') return bad("the character '" + std::string(1, c) + "' means nothing here");
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return bad(std::string("the byte 0x") + kHex[byte >> 4U] + kHex[byte & 15U] + " means nothing outside a comment");
}

}  // namespace assay::ast::text
