// Findings counted by fault, and the decisions of people; see reports/store/groups.h and decisions.h.
#include "reports/store/groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "reports/store/decisions.h"
#include "reports/store/status.h"
#include "reports/store/store.h"

namespace assay::reports {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr const char* kRem = "emulated-sysv/codegen/rem_u/-/slot";
constexpr const char* kClz = "emulated-sysv/codegen/clz/-/slot";
constexpr const char* kRemElsewhere = "native-sysv/codegen/rem_u/-/slot";

class GroupsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = (std::filesystem::temp_directory_path() / ("assay_groups_test_" + std::to_string(::getpid()))).string();
    std::filesystem::remove_all(folder_);
    store_ = std::move(CampaignStore::create(folder_, {})).value();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void record(std::uint64_t program, const std::string& signature, const std::string& features) {
    fuzz::BatchRecord batch;
    batch.number = next_++;
    batch.programs = 1;
    fuzz::FindingRecord finding{program, signature, "emulated-sysv", "diverge", "", "", ""};
    finding.text = "// features: " + features + "\nprogram p(i32 a) { a = " + std::to_string(program) + "; }\n";
    batch.findings.push_back(finding);
    batch.keys.push_back({signature, "feature:" + features, 1});
    batch.keys.push_back({signature, "node:Store", 1});
    ASSERT_TRUE(store_->record(batch));
  }
  Groups groups() { return read_groups(folder_).value(); }
  std::vector<std::pair<std::string, std::uint64_t>> counts() {
    std::vector<std::pair<std::string, std::uint64_t>> result;
    for (const Group& group : groups().groups) result.emplace_back(group.name, group.count);
    return result;
  }

  std::string folder_;
  std::unique_ptr<CampaignStore> store_;
  std::uint64_t next_ = 0;
};

TEST_F(GroupsTest, DuplicatesAreCountedUnderTheirSignature) {
  record(1, kRem, "lzcnt");
  record(2, kRem, "baseline");
  record(3, kClz, "lzcnt");
  EXPECT_THAT(counts(), ElementsAre(Pair(kRem, 2), Pair(kClz, 1)));
  EXPECT_EQ(groups().groups[0].first_program, 1U);
  EXPECT_EQ(groups().groups[0].members[0].files.size(), 2U);
}

TEST_F(GroupsTest, AGroupIsFoundByNameIdSignatureAndFile) {
  record(1, kRem, "lzcnt");
  record(2, kRemElsewhere, "lzcnt");
  const Groups all = groups();
  ASSERT_EQ(all.groups.size(), 1U);
  const Group& group = all.groups[0];
  EXPECT_EQ(group.name, "*/codegen/rem_u/-/slot");
  for (const std::string& what : {group.name, group.id(), std::string(kRemElsewhere), "some/where/" + group.file()}) {
    EXPECT_EQ(find_group(all, what), &group) << what;
  }
  EXPECT_EQ(find_group(all, "nothing"), nullptr);
}

TEST_F(GroupsTest, TwoGroupsAreDeclaredOneAndTheDecisionTakenBack) {
  record(1, kRem, "lzcnt");
  record(2, kRem, "lzcnt");
  record(3, kClz, "lzcnt");
  const auto id = merge_groups(folder_, kClz, kRem, "the same register is lost");
  ASSERT_TRUE(id) << id.error().describe();
  EXPECT_THAT(counts(), ElementsAre(Pair(kRem, 3)));
  EXPECT_EQ(groups().decisions[0].reason, "the same register is lost");
  const auto status = read_status(folder_);
  ASSERT_TRUE(status) << status.error().describe();
  EXPECT_EQ(status->summary.signatures.size(), 1U);
  EXPECT_EQ(status->summary.findings, 3U);
  ASSERT_TRUE(undo_decision(folder_, *id));
  EXPECT_THAT(counts(), ElementsAre(Pair(kRem, 2), Pair(kClz, 1)));
  EXPECT_TRUE(groups().decisions[0].undone);
}

TEST_F(GroupsTest, WhatIsFoundLaterIsCountedAsDecided) {
  record(1, kRem, "lzcnt");
  record(2, kClz, "lzcnt");
  ASSERT_TRUE(merge_groups(folder_, kRem, kClz, ""));
  record(3, kRem, "lzcnt");
  record(4, kRemElsewhere, "lzcnt");
  EXPECT_THAT(counts(), ElementsAre(Pair(kClz, 4)));
}

TEST_F(GroupsTest, AKeySplitsASignature) {
  record(1, kRem, "lzcnt");
  record(2, kRem, "baseline");
  record(3, kRem, "lzcnt");
  const auto id = split_group(folder_, {kRem, "", "feature:lzcnt", "", "", ""});
  ASSERT_TRUE(id) << id.error().describe();
  EXPECT_THAT(counts(), ElementsAre(Pair(std::string(kRem) + "#feature:lzcnt", 2), Pair(kRem, 1)));
  EXPECT_EQ(groups().groups[0].members[0].files.size(), 2U);
  record(4, kRem, "lzcnt");
  EXPECT_EQ(counts()[0].second, 3U);
  ASSERT_TRUE(undo_decision(folder_, *id));
  EXPECT_THAT(counts(), ElementsAre(Pair(kRem, 4)));
}

TEST_F(GroupsTest, AFileIsTakenOut) {
  record(1, kRem, "lzcnt");
  record(2, kRem, "lzcnt");
  const std::string file = groups().groups[0].members[0].files[1];
  ASSERT_TRUE(split_group(folder_, {kRem, file, "", "", "another fault", ""}));
  EXPECT_THAT(counts(), ElementsAre(Pair("another fault", 1), Pair(kRem, 1)));
  EXPECT_EQ(find_group(groups(), file)->name, "another fault");
}

TEST_F(GroupsTest, ASignatureIsTakenOutOfWhatWasPutTogether) {
  record(1, kRem, "lzcnt");
  record(2, kRemElsewhere, "lzcnt");
  ASSERT_EQ(counts().size(), 1U);
  ASSERT_TRUE(split_group(folder_, {kRem, "", "", kRemElsewhere, "", ""}));
  EXPECT_THAT(counts(), ElementsAre(Pair(kRem, 1), Pair(kRemElsewhere, 1)));
}

TEST_F(GroupsTest, NonsenseIsRefusedAndChangesNothing) {
  record(1, kRem, "lzcnt");
  record(2, kClz, "lzcnt");
  const auto before = counts();
  const auto expect_refused = [](const auto& result, const char* sentence) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, base::ErrorKind::Input);
    EXPECT_THAT(result.error().describe(), HasSubstr(sentence));
  };
  expect_refused(merge_groups(folder_, "nothing", kRem, ""), "no findings are counted under 'nothing'");
  expect_refused(merge_groups(folder_, kRem, kRem, ""), "as one already");
  expect_refused(split_group(folder_, {kRem, "", "", "", "", ""}), "one of a file, a key and a signature");
  expect_refused(split_group(folder_, {kRem, "absent.nda", "", "", "", ""}), "holds no file 'absent.nda'");
  expect_refused(split_group(folder_, {kRem, "", "colour:red", "", "", ""}), "is no key");
  expect_refused(split_group(folder_, {kRem, "", "feature:lzcnt", "", "", ""}), "tells nothing apart");
  expect_refused(split_group(folder_, {kRem, "", "", kClz, "", ""}), "is not among the signatures");
  expect_refused(split_group(folder_, {kRem, "", "", kRem, "", ""}), "stands alone already");
  expect_refused(undo_decision(folder_, 7), "there is no decision 7");
  expect_refused(read_groups(folder_ + "/absent"), "holds no campaign");
  EXPECT_EQ(counts(), before);
  EXPECT_TRUE(groups().decisions.empty());
}

TEST_F(GroupsTest, TheKeysOfAGroupAreCounted) {
  record(1, kRem, "lzcnt");
  record(2, kRem, "baseline");
  const auto keys = read_keys(folder_, groups().groups[0]);
  ASSERT_TRUE(keys);
  EXPECT_THAT(*keys, ElementsAre(Pair("node:Store", 2), Pair("feature:baseline", 1), Pair("feature:lzcnt", 1)));
}

}  // namespace
}  // namespace assay::reports
