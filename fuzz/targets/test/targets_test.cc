// Every libFuzzer target as a short test: seeded random input, the seeds, and mutations of them; see fuzz/targets.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "core/ast/codec.h"
#include "core/ast/limits.h"
#include "core/ast/text.h"
#include "core/base/file.h"
#include "core/base/rng.h"
#include "fuzz/targets/abort_with.h"
#include "fuzz/targets/byte_mutation.h"
#include "fuzz/targets/checks.h"
#include "fuzz/targets/form_counters.h"

namespace assay::fuzz {
namespace {

std::uint64_t test_seed() {
  const char* const text = std::getenv("ASSAY_TEST_SEED");
  return text == nullptr ? 1 : std::strtoull(text, nullptr, 0);
}

std::vector<std::string> seeds() {
  std::vector<std::string> texts;
  for (const auto& entry : std::filesystem::directory_iterator(ASSAY_SOURCE_DIR "/corpus/seeds")) {
    if (entry.path().extension() == ".nda")
      texts.push_back(base::read_file(entry.path().string(), ast::kMaxFileBytes).value());
  }
  return texts;
}

std::vector<std::uint8_t> random_bytes(base::Rng& rng, std::size_t most) {
  std::vector<std::uint8_t> bytes(rng.below(static_cast<std::uint32_t>(most)));
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(rng.next());
  return bytes;
}

class TargetsTest : public testing::Test {
 protected:
  TargetsTest()
      : trace_(__FILE__, __LINE__, testing::Message() << "ASSAY_TEST_SEED=" << test_seed()), rng_(test_seed()) {}

  testing::ScopedTrace trace_;
  base::Rng rng_;
  std::string message_;
};

TEST_F(TargetsTest, TheTextParserTakesTheSeedsAndWhatIsLeftOfThem) {
  for (std::string text : seeds()) {
    ASSERT_TRUE(text_parser_check(text, message_)) << message_;
    for (int i = 0; i < 300; ++i) {
      std::string broken = text;
      switch (rng_.below(4)) {
        case 0:
          broken.resize(rng_.below(static_cast<std::uint32_t>(text.size())));
          break;
        case 1:
          broken.erase(rng_.below(static_cast<std::uint32_t>(text.size())), rng_.between(1, 8));
          break;
        case 2:
          broken.insert(rng_.below(static_cast<std::uint32_t>(text.size())), 1, static_cast<char>(rng_.next()));
          break;
        default:
          broken[rng_.below(static_cast<std::uint32_t>(text.size()))] = static_cast<char>(rng_.next());
          break;
      }
      ASSERT_TRUE(text_parser_check(broken, message_)) << message_ << "\n" << broken;
    }
  }
}

TEST_F(TargetsTest, TheTextParserTakesNoise) {
  for (int i = 0; i < 5000; ++i) {
    const std::vector<std::uint8_t> bytes = random_bytes(rng_, 200);
    ASSERT_TRUE(text_parser_check({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, message_)) << message_;
  }
}

TEST_F(TargetsTest, TheBinaryCodecTakesNoise) {
  for (int i = 0; i < 5000; ++i) {
    std::vector<std::uint8_t> bytes = random_bytes(rng_, 400);
    // Most noise is refused by its version; some is let past it.
    if (!bytes.empty() && rng_.chance(3, 4)) bytes.front() = ast::kCodecVersion;
    ASSERT_TRUE(binary_codec_check(bytes, message_)) << message_;
  }
}

TEST_F(TargetsTest, TheDifferentialTargetAgreesOnSeedsAndTheirMutations) {
  std::array<std::uint8_t, 4096> buffer{};
  for (const std::string& text : seeds()) {
    const std::vector<std::uint8_t> bytes = ast::encode(ast::parse_program(text).value());
    ASSERT_LE(bytes.size(), buffer.size());
    std::copy(bytes.begin(), bytes.end(), buffer.begin());
    std::size_t size = bytes.size();
    for (int i = 0; i < 10; ++i) {
      ASSERT_TRUE(differential_check(std::span(buffer).first(size), message_)) << message_;
      size = mutate_bytes(buffer, size, rng_.next());
      ASSERT_NE(size, 0U);
    }
  }
  std::size_t reached = 0;
  for (const std::uint8_t counter : form_counters()) reached += counter != 0 ? 1 : 0;
  EXPECT_GT(reached, 100U);
}

TEST_F(TargetsTest, CrossingTwoSeedsGivesAProgram) {
  const std::vector<std::string> texts = seeds();
  std::array<std::uint8_t, 4096> out{};
  int made = 0;
  for (std::size_t i = 0; i + 1 < texts.size(); ++i) {
    const auto a = ast::encode(ast::parse_program(texts[i]).value());
    const auto b = ast::encode(ast::parse_program(texts[i + 1]).value());
    const std::size_t size = cross_bytes(a, b, out, rng_.next());
    if (size == 0) continue;
    EXPECT_TRUE(ast::decode(std::span(out).first(size)));
    ++made;
  }
  EXPECT_GT(made, 0);
}

TEST_F(TargetsTest, MutationNeverWritesPastItsBuffer) {
  std::vector<std::uint8_t> buffer(64, 0xEE);
  for (int i = 0; i < 200; ++i) {
    const std::size_t size = mutate_bytes(std::span(buffer).first(32), 8, rng_.next());
    EXPECT_LE(size, 32U);
    for (std::size_t k = 32; k < buffer.size(); ++k) ASSERT_EQ(buffer[k], 0xEE);
  }
}

TEST(FormBinTest, ExtendedRegistersInEachPlaceHaveBinsOfTheirOwn) {
  x64::Intent intent;
  intent.form = x64::Form::AddR32R32;
  intent.operands[0].kind = intent.operands[1].kind = x64::OperandKind::R32;
  const std::size_t low = form_bin(intent);
  intent.operands[0].reg = 8;
  const std::size_t first = form_bin(intent);
  intent.operands[1].reg = 15;
  const std::size_t both = form_bin(intent);
  EXPECT_NE(low, first);
  EXPECT_NE(first, both);
  EXPECT_LT(both, kFormBins);
}

TEST(AbortTest, ABrokenPromiseAborts) { EXPECT_DEATH(abort_unless(false, "the promise"), "the promise"); }

TEST(AbortTest, AKeptPromiseDoesNot) { abort_unless(true, "the promise"); }

}  // namespace
}  // namespace assay::fuzz
