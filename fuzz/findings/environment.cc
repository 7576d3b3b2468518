// Build and CPU in words; see environment.h. Tested by fuzz/findings/test/finding_test.cc.
#include "fuzz/findings/environment.h"

#include <cpuid.h>

#include <array>
#include <cstring>
#include <string_view>

namespace assay::fuzz {

std::string build_description() {
#if defined(__clang__)
  constexpr const char* kCompiler = "clang " __clang_version__;
#else
  constexpr const char* kCompiler = "g++ " __VERSION__;
#endif
  std::string text = std::string("assay ") + ASSAY_VERSION + ", " + kCompiler;
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

std::string cpu_description() {
  std::array<unsigned, 12> words{};
  for (unsigned leaf = 0; leaf < 3; ++leaf) {
    unsigned* const out = words.data() + 4 * std::size_t{leaf};
    if (__get_cpuid(0x80000002U + leaf, out, out + 1, out + 2, out + 3) == 0) return "unknown";
  }
  std::array<char, sizeof words + 1> text{};
  std::memcpy(text.data(), words.data(), sizeof words);
  // Filled up with spaces, by some in front and by some behind; a line of a finding keeps none at its ends.
  const std::string_view padded(text.data());
  const std::size_t first = padded.find_first_not_of(' ');
  if (first == std::string_view::npos) return "unknown";
  return std::string(padded.substr(first, padded.find_last_not_of(' ') + 1 - first));
}

}  // namespace assay::fuzz
