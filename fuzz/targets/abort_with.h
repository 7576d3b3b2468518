// How a target tells libFuzzer that a promise is broken. Tested by fuzz/targets/test/targets_test.cc.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace assay::fuzz {

inline void abort_unless(bool kept, const std::string& message) {
  if (kept) return;
  std::fprintf(stderr, "%s\n", message.c_str());
  std::abort();
}

}  // namespace assay::fuzz
