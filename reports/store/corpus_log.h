// CorpusLog: the corpus of a campaign, and which of it each batch knows.
//
//   corpus/*.nda   named by content; tables `corpus` (in order), `candidates`, `windows`, `imports`
//
// Batches come in windows. All of a window know the same first entries of the corpus: those made of the candidates of
// the window before the last one and of earlier ones, taken in the order of batches and programs as long as each adds
// coverage. How many those are is written down before the first batch of the window is given out. So what a batch's
// programs are does not depend on which worker was faster, and a batch that was killed is the same when it is done
// again. The window in between is there so that nobody waits: by the time a window opens, the last but one is done.
//
// Tested by reports/store/test/corpus_log_test.cc.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "fuzz/campaign/ledger.h"
#include "reports/store/database.h"

namespace assay::reports {

class CorpusLog {
 public:
  // So many batches make a window.
  static constexpr std::uint64_t kWindow = 16;

  CorpusLog(std::string folder, Database& database) : folder_(std::move(folder)), database_(database) {}

  [[nodiscard]] base::Result<void> load();

  // The programs of a folder, before the first batch: the beginning of the corpus. Those that add nothing are left out.
  [[nodiscard]] base::Result<void> add_seeds(const std::string& seeds);

  // As in Ledger. `done`: all batches below it are recorded.
  [[nodiscard]] base::Result<std::optional<std::uint64_t>> entries_for(std::uint64_t batch, std::uint64_t done);
  [[nodiscard]] const fuzz::CorpusEntry& entry(std::uint64_t position) const { return entries_[position]; }
  [[nodiscard]] std::uint64_t size() const { return entries_.size(); }
  [[nodiscard]] bool imported(const std::string& name) const { return imported_.contains(name); }

  // Of a batch that is about to be recorded: the files first, then, within its transaction, the rows. After the commit
  // `recorded` makes them count.
  [[nodiscard]] base::Result<void> write_files(const fuzz::BatchRecord& batch);
  [[nodiscard]] base::Result<void> insert_rows(const fuzz::BatchRecord& batch);
  void recorded(const fuzz::BatchRecord& batch);

 private:
  struct Waiting {
    std::string file;
    fuzz::CorpusEntry entry;
  };

  [[nodiscard]] base::Result<void> open_window(std::uint64_t window);
  [[nodiscard]] base::Result<void> take(const Waiting& candidate);
  [[nodiscard]] std::string path_of(const std::string& file) const;
  [[nodiscard]] base::Result<std::string> read_checked(const std::string& file) const;

  std::string folder_;
  Database& database_;
  std::vector<fuzz::CorpusEntry> entries_;
  std::set<std::string> files_;                                         // of the entries
  fuzz::Coverage covered_;                                              // by all entries
  std::map<std::pair<std::uint64_t, std::uint64_t>, Waiting> waiting_;  // by batch and program
  std::map<std::uint64_t, std::uint64_t> windows_;                      // number, entries
  std::set<std::string> imported_;
};

}  // namespace assay::reports
