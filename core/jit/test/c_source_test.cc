// Programs as C: the seeds of the corpus, which have every operator, every statement and every trap, compiled by clang
// and g++ at build time and held against the interpreter.
#include "core/jit/bench/c_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/limits.h"
#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "core/base/file.h"
#include "core/base/rng.h"
#include "core/interp/interpreter.h"
#include "core/jit/bench/c_functions.h"
#include "core/jit/test/test_seed.h"

#define ASSAY_KERNEL(file, name) ASSAY_C_DECLARATION(seed, name)
#include "core/jit/seed_table.def"
#undef ASSAY_KERNEL

namespace assay::jit::bench {
namespace {

const std::vector<CFunctions>& seeds() {
  static const std::vector<CFunctions> all = {
#define ASSAY_KERNEL(file, name) ASSAY_C_ROW(seed, file, name)
#include "core/jit/seed_table.def"
#undef ASSAY_KERNEL
  };
  return all;
}

constexpr std::uint64_t kFuel = 1'000'000;
constexpr std::uint64_t kCanary = 0xC0DEC0DEC0DEC0DEULL;
constexpr int kFrames = 300;

// Small numbers, numbers around the ends of both types, and any.
std::uint64_t draw(base::Rng& rng) {
  const std::uint32_t kind = rng.below(4);
  const std::uint32_t small = rng.below(64);
  if (kind == 0) return std::uint64_t{small % 8} - 4;
  if (kind == 1) return (std::uint64_t{1} << (small % 2 == 0 ? 31U : 63U)) + small / 2 % 3 - 1;
  return kind == 2 ? rng.next() >> small : rng.next();
}

class CSourceSeedTest : public testing::TestWithParam<std::size_t> {};

TEST_P(CSourceSeedTest, DoesWhatTheInterpreterDoes) {
  const CFunctions& seed = seeds()[GetParam()];
  if (seed.clang_o3 == nullptr && seed.gcc_o3 == nullptr) GTEST_SKIP() << "no C compiler was found";
  const std::string path = std::string(ASSAY_SEED_FOLDER) + "/" + std::string(seed.file);
  const auto program = ast::parse_program(base::read_file(path, ast::kMaxFileBytes).value(), path);
  ASSERT_TRUE(program) << program.error().describe();
  base::Rng rng(base::derive_seed(test::test_seed(), GetParam()));
  SCOPED_TRACE("ASSAY_TEST_SEED=" + std::to_string(test::test_seed()));

  interp::Outcome expected;
  for (int round = 0; round < kFrames; ++round) {
    std::vector<std::uint64_t> start(program->slot_count());
    for (std::uint64_t& cell : start) cell = draw(rng);
    interp::interpret(*program, start, kFuel, expected);
    if (expected.end == interp::End::OutOfFuel) continue;
    const bool trapped = expected.end == interp::End::Trapped;
    for (const BlockFunction function : {seed.clang_o3, seed.gcc_o3}) {
      if (function == nullptr) continue;
      const char* const name = function == seed.clang_o3 ? "clang" : "gcc";
      std::vector<std::uint64_t> frame = start;
      std::vector<std::uint64_t> stack(ast::max_pushes(*program) + 2, kCanary);
      const std::int64_t result = function(frame.data(), stack.data(), 1);
      std::vector<std::uint64_t> expected_stack(stack.size(), kCanary);
      std::copy(expected.stack.begin(), expected.stack.end(), expected_stack.begin() + 1);
      ASSERT_EQ(result, trapped ? -static_cast<std::int64_t>(expected.trap)
                                : static_cast<std::int64_t>(1 + expected.stack.size()))
          << name;
      ASSERT_EQ(frame, expected.frame) << name << testing::PrintToString(start);
      ASSERT_EQ(stack, expected_stack) << name << testing::PrintToString(start);
    }
  }
}

std::vector<std::size_t> all_seeds() {
  std::vector<std::size_t> indices(seeds().size());
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = i;
  return indices;
}

INSTANTIATE_TEST_SUITE_P(All, CSourceSeedTest, testing::ValuesIn(all_seeds()),
                         [](const auto& tested) { return std::string(seeds()[tested.param].name); });

TEST(CSourceTest, RefusesAProgramThatPrints) {
  ast::Program program;
  ast::Builder builder(program);
  builder.body({builder.print(builder.i32(1))});
  const auto source = c_source(program);
  ASSERT_FALSE(source);
  EXPECT_NE(source.error().message.find("prints"), std::string::npos);
}

}  // namespace
}  // namespace assay::jit::bench
