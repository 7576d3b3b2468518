// The folder of a campaign: its store, its findings, and the lock that says who runs it.
//
//   campaign.sqlite  findings/*.nda  corpus/*.nda  libfuzzer/  fuzzer_stats  plot_data  campaign.lock
//
// The lock is one of the kernel's (fcntl), not a file that is there or not: it ends with the process however that ends,
// and it is not passed on to workers.
//
// Tested by reports/store/test/folder_test.cc.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "core/base/result.h"

namespace assay::reports {

[[nodiscard]] std::string store_path(const std::string& folder);
[[nodiscard]] std::string findings_path(const std::string& folder);
[[nodiscard]] std::string corpus_path(const std::string& folder);
[[nodiscard]] std::string libfuzzer_path(const std::string& folder);

// The supervisor that runs the campaign of this folder, if one does; 0 where it has no number here, because it runs on
// another machine or in another container.
[[nodiscard]] std::optional<pid_t> running_supervisor(const std::string& folder);

class FolderLock {
 public:
  // Creates the folder if need be. Refused while another process holds it.
  [[nodiscard]] static base::Result<FolderLock> take(const std::string& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_;
};

}  // namespace assay::reports
