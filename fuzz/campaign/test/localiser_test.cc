// The signatures of a batch's findings, with planted faults; see fuzz/campaign/localiser.h.
#include "fuzz/campaign/localiser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "fuzz/reduce/test/planted_faults.h"

namespace assay::fuzz {
namespace {

using ast::Op;
using planted::taken_for;

class LocaliserTest : public testing::Test {
 protected:
  LocaliserTest() {
    config_.batch_size = 96;
    config_.seed = 3;
    config_.pipeline = opt::Pipeline{};
    config_.judge.enabled.fill(false);
    config_.judge.enabled[static_cast<std::size_t>(oracles::OracleId::NativeSystemV)] = true;
    config_.judge.enabled[static_cast<std::size_t>(oracles::OracleId::NativeMicrosoft)] = true;
  }
  // The findings of the first batch, whose compiler takes rotl for rotr.
  TaskResult describe() {
    const BlockSourceFactory source = [] {
      return std::make_unique<planted::WrongCompiler>(taken_for(Op::Rotl, Op::Rotr), nullptr);
    };
    auto judge = oracles::Judge::create(config_.judge, source());
    EXPECT_TRUE(judge) << judge.error().describe();
    BatchRunner batch(config_, std::move(judge).value());
    EXPECT_TRUE(batch.run(0, config_.batch_size));
    TaskResult result;
    Localiser(config_, source).describe(batch, result);
    return result;
  }

  CampaignConfig config_;
};

TEST_F(LocaliserTest, AProgramCountsOnceAndTheFirstAreLookedInto) {
  const TaskResult result = describe();
  ASSERT_GT(result.findings.size(), 2U);
  std::set<std::uint64_t> programs;
  std::size_t with_file = 0;
  for (const FindingRecord& finding : result.findings) {
    EXPECT_TRUE(programs.insert(finding.program_index).second);
    if (finding.text.empty()) {
      EXPECT_EQ(finding.signature, "native-sysv/codegen/-/-/slot");
      continue;
    }
    ++with_file;
    EXPECT_EQ(finding.signature, "native-sysv/codegen/rotl/-/slot");
    const auto small = parse_finding(finding.small);
    ASSERT_TRUE(small) << small.error().describe();
    EXPECT_LE(small->program.node_count(), 8U);
    EXPECT_EQ(small->signature, finding.signature);
  }
  EXPECT_EQ(with_file, config_.localised_per_batch);
}

TEST_F(LocaliserTest, TheSameBatchGivesTheSame) {
  TaskResult one = describe();
  TaskResult two = describe();
  one.figures = two.figures = {};
  EXPECT_EQ(encode(one), encode(two));
}

TEST_F(LocaliserTest, KeysAreCountedBySignature) {
  const TaskResult result = describe();
  std::uint64_t with_node = 0;
  for (const KeyCount& one : result.keys) {
    if (one.key == "node:rotl") with_node += one.count;
  }
  EXPECT_EQ(with_node, result.findings.size());
}

TEST_F(LocaliserTest, NothingIsLookedIntoWhereThatIsOff) {
  config_.localised_per_batch = 0;
  for (const FindingRecord& finding : describe().findings) {
    EXPECT_TRUE(finding.small.empty());
    EXPECT_EQ(finding.signature, "native-sysv/codegen/-/-/slot");
  }
}

}  // namespace
}  // namespace assay::fuzz
