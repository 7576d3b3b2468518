// What the tests of the language share: programs from text, and programs from random bytes.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ast/codec.h"
#include "core/ast/text.h"
#include "core/base/rng.h"

namespace assay::ast {

// The program of a text that must be valid.
inline Program parsed(std::string_view text) {
  auto program = parse_program(text);
  EXPECT_TRUE(program) << text << '\n' << (program ? "" : program.error().describe());
  return program ? std::move(program).value() : Program{};
}

// The same with the frame `i32 a, i32 b, i64 x, i64 y` around the statements.
inline Program parsed_body(std::string_view statements) {
  return parsed("program p(i32 a, i32 b, i64 x, i64 y) { " + std::string(statements) + " }");
}

// The seed of a random test: fixed, or ASSAY_TEST_SEED.
inline std::uint64_t test_seed() {
  const char* const text = std::getenv("ASSAY_TEST_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 0) : 20240601;
}

// A byte string that decodes: the version, then up to `most` random bytes. Some lean to statements of few kinds and
// some to small bytes, so that programs come in all shapes.
inline std::vector<std::uint8_t> random_bytes(base::Rng& rng, std::uint32_t most) {
  std::vector<std::uint8_t> bytes{kCodecVersion};
  const std::uint32_t size = rng.below(most + 1);
  const std::uint32_t mask = rng.chance(1, 4) ? 0x8F | rng.below(128) : 0xFF;
  for (std::uint32_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(rng.below(256) & mask));
  return bytes;
}

}  // namespace assay::ast
