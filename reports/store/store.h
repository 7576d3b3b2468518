// CampaignStore: what a supervised campaign has done, in SQLite.
//
// A batch is recorded in one transaction, findings and counters included, and a finding's file is on the disk before
// its row: a process that is killed loses the batch in flight at most, and whatever the store says is there, is there.
// A file without a row is what a kill between the two leaves; the batch that is done again writes it again.
//
// Of every signature the files of the lowest-numbered programs are kept. Which those are does not depend on the order
// in which batches were done.
//
// Tested by reports/store/test/store_test.cc and kill_test.cc.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "fuzz/campaign/ledger.h"
#include "fuzz/campaign/supervised.h"
#include "reports/store/corpus_log.h"
#include "reports/store/database.h"
#include "reports/store/folder.h"

namespace assay::reports {

class CampaignStore final : public fuzz::Ledger {
 public:
  // A new campaign in a folder that holds none, its corpus begun with the programs of the folder `seeds`, if one is
  // given. When it cannot begin, no store is left.
  [[nodiscard]] static base::Result<std::unique_ptr<CampaignStore>> create(const std::string& folder,
                                                                           const fuzz::SupervisedConfig& config,
                                                                           const std::string& seeds = {});
  // Goes on with the campaign of the folder, with other jobs where they are given. Refused by a build whose generator
  // would make other programs.
  [[nodiscard]] static base::Result<std::unique_ptr<CampaignStore>> resume(const std::string& folder,
                                                                           std::optional<unsigned> jobs = {});

  [[nodiscard]] fuzz::SupervisedConfig& config() { return config_; }

  [[nodiscard]] std::uint64_t next_batch() override;
  [[nodiscard]] base::Result<std::optional<std::uint64_t>> corpus_for(std::uint64_t batch) override {
    return corpus_->entries_for(batch, done_);
  }
  [[nodiscard]] fuzz::CorpusEntry corpus_entry(std::uint64_t position) const override {
    return corpus_->entry(position);
  }
  [[nodiscard]] std::uint64_t next_import() override { return next_import_++; }
  [[nodiscard]] bool imported(const std::string& name) const override { return corpus_->imported(name); }
  // Programs to begin the corpus with, before anything is recorded.
  [[nodiscard]] base::Result<void> add_seeds(const std::string& folder) { return corpus_->add_seeds(folder); }
  [[nodiscard]] base::Result<void> record(const fuzz::BatchRecord& batch) override;
  [[nodiscard]] base::Result<void> incident(std::string_view kind, std::string_view sentence) override;
  [[nodiscard]] std::uint64_t findings() const override { return findings_; }

  // A point of the time series, and the segment's sign of life.
  [[nodiscard]] base::Result<void> sample();

  // Ends the segment.
  [[nodiscard]] base::Result<void> finish(fuzz::EndReason reason);

 private:
  // A finding that has a file, in the order in which they are kept.
  using Kept = std::set<std::pair<std::uint64_t, std::string>>;  // program, content hash

  struct NewFile {
    const fuzz::FindingRecord* finding = nullptr;
    std::string hash;
  };

  CampaignStore(std::string folder, FolderLock lock, Database database)
      : folder_(std::move(folder)), lock_(std::move(lock)), database_(std::move(database)) {}

  [[nodiscard]] base::Result<void> load(std::optional<unsigned> jobs);
  [[nodiscard]] base::Result<void> begin_segment();
  [[nodiscard]] base::Result<void> insert_counters(const fuzz::BatchRecord& batch);
  [[nodiscard]] base::Result<void> insert_registers(const fuzz::BatchRecord& batch);
  [[nodiscard]] base::Result<void> count_signatures(const fuzz::BatchRecord& batch, double now);
  [[nodiscard]] base::Result<void> insert_coverage(const fuzz::BatchRecord& batch, double now);
  void mark_done(std::uint64_t batch);
  [[nodiscard]] base::Result<void> count_keys(const fuzz::BatchRecord& batch);
  // Those of the batch that are to be kept, their files written; `displaced` are the files that make room.
  [[nodiscard]] base::Result<std::vector<NewFile>> write_files(const fuzz::BatchRecord& batch,
                                                               std::vector<std::string>& displaced);
  [[nodiscard]] std::string path_of(const std::string& file) const;

  std::string folder_;
  FolderLock lock_;
  Database database_;
  fuzz::SupervisedConfig config_;
  std::uint64_t segment_ = 0;
  std::uint64_t next_ = 0;
  std::set<std::uint64_t> recorded_ahead_;  // batches that were recorded before an earlier one
  std::uint64_t done_ = 0;                  // all batches below it are recorded
  std::set<std::uint64_t> done_ahead_;
  std::uint64_t next_import_ = fuzz::kFirstImport;
  std::unique_ptr<CorpusLog> corpus_;
  fuzz::Coverage covered_;  // that is recorded
  std::map<std::string, Kept> kept_;
  std::uint64_t findings_ = 0;
};

}  // namespace assay::reports
