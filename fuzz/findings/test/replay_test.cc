// Replays: recorded inputs, default inputs, and the seeds of the corpus; see fuzz/findings/replay.h.
#include "fuzz/findings/replay.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "core/ast/limits.h"
#include "core/ast/text.h"
#include "core/base/file.h"

namespace assay::fuzz {
namespace {

std::unique_ptr<oracles::Judge> make_judge() {
  auto judge = oracles::Judge::create({}, std::make_unique<oracles::JitBlockSource>());
  EXPECT_TRUE(judge) << judge.error().describe();
  return std::move(judge).value();
}

TEST(DefaultInputsTest, HoldTheEdgesOfBothTypesAndGarbageInHighHalves) {
  const auto program = ast::parse_program("program p(i32 a, i64 b) { }").value();
  std::set<std::uint64_t> narrow;
  std::set<std::uint64_t> wide;
  for (const oracles::Frame& frame : default_inputs(program)) {
    ASSERT_EQ(frame.size(), 2U);
    EXPECT_NE(frame[0] >> 32, 0U);
    narrow.insert(frame[0] & 0xFFFFFFFFU);
    wide.insert(frame[1]);
  }
  for (const std::uint64_t edge : {0x0U, 0x1U, 0xFFFFFFFFU, 0x80000000U, 0x7FFFFFFFU})
    EXPECT_TRUE(narrow.contains(edge)) << edge;
  EXPECT_TRUE(wide.contains(0x8000000000000000ULL));
}

TEST(ReplayTest, EverySeedOfTheCorpusAgreesInEveryOracle) {
  const auto judge = make_judge();
  int replayed = 0;
  for (const auto& entry : std::filesystem::directory_iterator(ASSAY_SOURCE_DIR "/corpus/seeds")) {
    if (entry.path().extension() != ".nda") continue;
    SCOPED_TRACE(entry.path().filename());
    const auto text = base::read_file(entry.path().string(), ast::kMaxFileBytes);
    ASSERT_TRUE(text);
    const auto finding = parse_finding(*text, entry.path().string());
    ASSERT_TRUE(finding) << finding.error().describe();
    const auto result = replay(*judge, *finding);
    ASSERT_TRUE(result) << result.error().describe();
    EXPECT_TRUE(result->report.convictions.empty()) << result->signatures.front();
    EXPECT_EQ(result->report.counts.compared, 1U);
    ++replayed;
  }
  EXPECT_GE(replayed, 20);
}

TEST(ReplayTest, RecordedInputsAreTheOnesUsed) {
  const auto judge = make_judge();
  // Out of fuel on every input but the recorded one.
  const auto finding = parse_finding("// input: 0x5\nprogram p(i32 a) { while (a != 5) { } }");
  ASSERT_TRUE(finding) << finding.error().describe();
  const auto result = replay(*judge, *finding);
  ASSERT_TRUE(result) << result.error().describe();
  EXPECT_EQ(result->report.counts.compared, 1U);
}

}  // namespace
}  // namespace assay::fuzz
