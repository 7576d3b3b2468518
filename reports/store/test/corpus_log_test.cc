// What a campaign keeps of its programs, and which of it each batch knows; see reports/store/corpus_log.h.
#include "reports/store/corpus_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "core/base/file.h"
#include "reports/store/folder.h"
#include "reports/store/store.h"

namespace assay::reports {
namespace {

using testing::HasSubstr;
constexpr std::uint64_t kWindow = CorpusLog::kWindow;

class CorpusLogTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        (std::filesystem::temp_directory_path() / ("assay_corpus_log_test_" + std::to_string(::getpid()))).string();
    std::filesystem::remove_all(folder_);
    fuzz::SupervisedConfig config;
    config.campaign.mutate_every = 4;
    store_ = std::move(CampaignStore::create(folder_, config)).value();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void record(std::uint64_t number, const std::vector<std::string>& coverages = {}) {
    fuzz::BatchRecord batch;
    batch.number = number;
    batch.programs = 256;
    std::uint64_t program = number * 256;
    for (const std::string& coverage : coverages) {
      const std::string text = "program p(i32 a) { a = " + std::to_string(program) + "; }\n";
      batch.candidates.push_back({program++, {text, coverage}});
    }
    ASSERT_TRUE(store_->record(batch));
  }
  std::optional<std::uint64_t> entries(std::uint64_t batch) { return store_->corpus_for(batch).value(); }
  void resume() {
    store_.reset();
    auto resumed = CampaignStore::resume(folder_);
    ASSERT_TRUE(resumed) << resumed.error().describe();
    store_ = std::move(resumed).value();
  }
  [[nodiscard]] std::size_t files() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(corpus_path(folder_))) ++count;
    return count;
  }

  std::string folder_;
  std::unique_ptr<CampaignStore> store_;
};

TEST_F(CorpusLogTest, ABatchKnowsWhatTheLastWindowButOneFound) {
  record(0, {"1", "2"});
  for (std::uint64_t i = 1; i < kWindow; ++i) record(i);
  EXPECT_EQ(entries(0), 0U);
  EXPECT_EQ(entries(kWindow), 0U);
  EXPECT_EQ(entries(2 * kWindow), 2U);
  EXPECT_THAT(store_->corpus_entry(0).text, HasSubstr("a = 0;"));
}

TEST_F(CorpusLogTest, AWindowWaitsForTheLastButOne) {
  for (std::uint64_t i = 1; i < kWindow; ++i) record(i);
  EXPECT_EQ(entries(kWindow), 0U);
  EXPECT_EQ(entries(2 * kWindow), std::nullopt);
  record(0, {"5"});
  EXPECT_EQ(entries(2 * kWindow), 1U);
}

TEST_F(CorpusLogTest, TheOrderInWhichBatchesAreDoneDoesNotCount) {
  for (std::uint64_t i = kWindow; i > 0; --i) record(i - 1, {std::to_string(i), "7"});
  EXPECT_EQ(entries(2 * kWindow), kWindow);  // one of them covered 7 itself
  EXPECT_THAT(store_->corpus_entry(0).text, HasSubstr("a = 0;"));
  EXPECT_THAT(store_->corpus_entry(1).text, HasSubstr("a = 1;"));
  EXPECT_THAT(store_->corpus_entry(2).text, HasSubstr("a = 256;"));
}

TEST_F(CorpusLogTest, OnlyWhatAddsCoverageIsKept) {
  record(0, {"1 2", "1", "2 3"});
  EXPECT_EQ(files(), 3U);
  for (std::uint64_t i = 1; i < kWindow; ++i) record(i);
  EXPECT_EQ(entries(2 * kWindow), 2U);
  EXPECT_EQ(files(), 2U);
}

TEST_F(CorpusLogTest, AWindowThatWasOpenedStaysAsItWas) {
  record(0, {"1"});
  for (std::uint64_t i = 1; i < kWindow; ++i) record(i);
  EXPECT_EQ(entries(2 * kWindow), 1U);
  for (std::uint64_t i = kWindow; i < 2 * kWindow; ++i) record(i, {std::to_string(100 + i)});
  resume();
  EXPECT_EQ(entries(2 * kWindow + 1), 1U);
  EXPECT_EQ(entries(3 * kWindow), 1U + kWindow);
  EXPECT_EQ(entries(2 * kWindow), 1U);
}

TEST_F(CorpusLogTest, WhatOthersMadeJoinsWhenAWindowOpensAndIsImportedOnce) {
  fuzz::BatchRecord batch;
  batch.number = store_->next_import();
  EXPECT_EQ(batch.number, fuzz::kFirstImport);
  batch.programs = 1;
  batch.imported = {"inputs/1a"};
  batch.candidates.push_back({batch.number * 256, {"program p(i32 a) { a = 1; }\n", "9"}});
  ASSERT_TRUE(store_->record(batch));
  EXPECT_EQ(entries(0), 1U);
  resume();
  EXPECT_TRUE(store_->imported("inputs/1a"));
  EXPECT_FALSE(store_->imported("inputs/2b"));
  EXPECT_EQ(store_->next_import(), fuzz::kFirstImport + 1);
  EXPECT_EQ(store_->next_batch(), 0U);
}

TEST_F(CorpusLogTest, AStoreThatKnowsMoreOfTheCorpusThanThereIsIsRefused) {
  record(0, {"1", "2"});
  for (std::uint64_t i = 1; i < kWindow; ++i) record(i);
  EXPECT_EQ(entries(2 * kWindow), 2U);
  store_.reset();
  const auto refused = [this](const char* sql) {
    auto database = Database::open(store_path(folder_), Database::Mode::Write);
    EXPECT_TRUE(database->execute(sql));
    const auto store = CampaignStore::resume(folder_);
    EXPECT_FALSE(store) << sql;
    if (store) return std::string();
    EXPECT_EQ(store.error().kind, base::ErrorKind::Input);
    return store.error().describe();
  };
  EXPECT_THAT(refused("UPDATE windows SET corpus = 100000000"), HasSubstr("campaign.sqlite: "));
  EXPECT_THAT(refused("UPDATE windows SET corpus = -1"), HasSubstr("2 entries of the corpus"));
  EXPECT_THAT(refused("UPDATE corpus SET position = position + 5; UPDATE windows SET corpus = 0"),
              HasSubstr("lacks entry 0"));
}

TEST_F(CorpusLogTest, SeedsAreTheBeginning) {
  const std::string seeds = folder_ + "/seeds";
  std::filesystem::create_directories(seeds);
  ASSERT_TRUE(base::write_file_atomically(seeds + "/a.nda", "program p(i32 a) { a = a + 1; }\n"));
  ASSERT_TRUE(base::write_file_atomically(seeds + "/b.nda", "program q(i32 b) { b = b + 1; }\n"));
  ASSERT_TRUE(base::write_file_atomically(seeds + "/c.nda", "program p(i64 a) { a = a * 3; }\n"));
  ASSERT_TRUE(store_->add_seeds(seeds));
  EXPECT_EQ(entries(0), 2U);
  ASSERT_TRUE(base::write_file_atomically(seeds + "/broken.nda", "program"));
  EXPECT_FALSE(store_->add_seeds(seeds));
}

TEST_F(CorpusLogTest, AFileThatWasChangedIsRefused) {
  record(0, {"1"});
  for (std::uint64_t i = 1; i < kWindow; ++i) record(i);
  EXPECT_EQ(entries(2 * kWindow), 1U);
  store_.reset();
  const std::string file = std::filesystem::directory_iterator(corpus_path(folder_))->path().string();
  ASSERT_TRUE(base::write_file_atomically(file, "program p(i32 a) { a = 77; }\n"));
  const auto resumed = CampaignStore::resume(folder_);
  ASSERT_FALSE(resumed);
  EXPECT_THAT(resumed.error().describe(), HasSubstr("was changed"));
}

}  // namespace
}  // namespace assay::reports
