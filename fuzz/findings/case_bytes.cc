// A case as bytes; see case_bytes.h. Tested by fuzz/corpus/test/import_test.cc.
#include "fuzz/findings/case_bytes.h"

#include <utility>

#include "core/ast/codec.h"

namespace assay::fuzz {

base::Result<Finding> decode_case(std::span<const std::uint8_t> bytes) {
  auto program = ast::decode(bytes);
  if (!program) return program.error();
  Finding finding;
  finding.program = std::move(program).value();
  // So that both the fast forms and their fallbacks are reached.
  const unsigned bits = bytes.back();
  finding.features = {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0};
  return finding;
}

}  // namespace assay::fuzz
