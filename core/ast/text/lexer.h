// Lexer: the words, numbers and symbols of the text form, with their places.
//
// It never fails on the spot: what is no token comes out as one of kind Bad with a message, and the parser reports it
// like anything else it did not expect.
//
// Tested by core/ast/test/text_test.cc and core/ast/test/text_errors_test.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace assay::ast::text {

enum class TokenKind : std::uint8_t { Name, Number, Symbol, End, Bad };

struct Token {
  TokenKind kind = TokenKind::End;
  std::string_view text;
  base::SourcePosition position;

  [[nodiscard]] bool is(std::string_view wanted) const {
    return (kind == TokenKind::Symbol || kind == TokenKind::Name) && text == wanted;
  }
};

// A version comment, `// format N`, and where it stood.
struct VersionLine {
  std::uint64_t version = 0;  // 2^64 - 1 for anything larger
  base::SourcePosition position;
};

class Lexer {
 public:
  // `source` must outlive the lexer and its tokens.
  explicit Lexer(std::string_view source);

  [[nodiscard]] Token next();

  // What was wrong with the last token of kind Bad.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  // The first version comment among those before the first token.
  [[nodiscard]] const std::optional<VersionLine>& version_line() const { return version_line_; }

 private:
  [[nodiscard]] bool skip_space();
  [[nodiscard]] bool skip_block_comment();
  void skip_line_comment();
  void advance(std::size_t bytes);
  [[nodiscard]] std::size_t word_length() const;
  Token take(TokenKind kind, std::size_t bytes);
  Token bad(std::string problem);

  std::string_view rest_;
  base::SourcePosition position_{1, 1};
  bool before_first_token_ = true;
  std::optional<VersionLine> version_line_;
  std::string problem_;
};

// The token for a message: "'+'", "the name 'x'", "the end of the file".
[[nodiscard]] std::string describe(const Token& token);

// Text in quotes, shortened to fit a message.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace assay::ast::text
