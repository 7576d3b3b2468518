// libFuzzer target: the text form. Tested by fuzz/targets/test/targets_test.cc.
#include "fuzz/targets/abort_with.h"
#include "fuzz/targets/checks.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string message;
  const bool kept = assay::fuzz::text_parser_check({reinterpret_cast<const char*>(data), size}, message);
  assay::fuzz::abort_unless(kept, message);
  return 0;
}
