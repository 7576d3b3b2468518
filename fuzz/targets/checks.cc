// The parser and codec checks; see checks.h. Tested by fuzz/targets/test/targets_test.cc.
#include "fuzz/targets/checks.h"

#include "core/ast/codec.h"
#include "core/ast/text.h"
#include "core/ast/verify.h"

namespace assay::fuzz {
namespace {

bool survives_printing(const ast::Program& program, std::string& message) {
  const std::string printed = ast::print_program(program);
  const auto again = ast::parse_program(printed);
  if (!again) {
    message = "what was printed does not parse: " + again.error().describe() + "\n" + printed;
  } else if (!ast::same_program(program, *again)) {
    message = "what was printed parses to another program:\n" + printed;
  } else if (ast::print_program(*again) != printed) {
    message = "printing is not stable:\n" + printed;
  } else {
    return true;
  }
  return false;
}

bool survives_encoding(const ast::Program& program, std::string& message) {
  const auto again = ast::decode(ast::encode(program));
  if (!again) {
    message = "what was encoded does not decode: " + again.error().describe() + "\n" + ast::print_program(program);
  } else if (!ast::same_program(program, *again)) {
    message = "what was encoded decodes to another program:\n" + ast::print_program(program);
  } else {
    return true;
  }
  return false;
}

bool is_valid(const ast::Program& program, std::string& message) {
  const auto verified = ast::verify(program);
  if (!verified) message = "an invalid program was let through: " + verified.error().describe();
  return verified.ok();
}

}  // namespace

bool text_parser_check(std::string_view text, std::string& message) {
  const auto program = ast::parse_program(text, "input.nda");
  if (!program) {
    if (program.error().position.known() && program.error().kind == base::ErrorKind::Input) return true;
    message = "an error without a place: " + program.error().describe();
    return false;
  }
  return is_valid(*program, message) && survives_printing(*program, message) && survives_encoding(*program, message);
}

bool binary_codec_check(std::span<const std::uint8_t> bytes, std::string& message) {
  const auto program = ast::decode(bytes);
  if (!program) return true;
  return is_valid(*program, message) && survives_encoding(*program, message) && survives_printing(*program, message);
}

}  // namespace assay::fuzz
