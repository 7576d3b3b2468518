// The folder of a campaign; see folder.h. Tested by reports/store/test/folder_test.cc.
#include "reports/store/folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "core/base/file.h"

namespace assay::reports {
namespace {

std::string in(const std::string& folder, const char* name) { return (std::filesystem::path(folder) / name).string(); }

struct flock whole_file() {
  struct flock range{};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  return range;
}

std::optional<pid_t> holder_of(int file) {
  struct flock range = whole_file();
  if (::fcntl(file, F_GETLK, &range) != 0 || range.l_type == F_UNLCK) return std::nullopt;
  // Not above 0 it names no process, and kill() would take it for a group of them.
  return std::max(range.l_pid, pid_t{0});
}

std::string describe(std::optional<pid_t> holder) {
  return holder.value_or(0) > 0 ? fmt::format("process {}", *holder) : "on another machine or in another container";
}

}  // namespace

std::string store_path(const std::string& folder) { return in(folder, "campaign.sqlite"); }
std::string findings_path(const std::string& folder) { return in(folder, "findings"); }
std::string corpus_path(const std::string& folder) { return in(folder, "corpus"); }
std::string libfuzzer_path(const std::string& folder) { return in(folder, "libfuzzer"); }

std::optional<pid_t> running_supervisor(const std::string& folder) {
  // To ask takes no more than reading, which a folder of somebody else's may allow.
  const int file = ::open(in(folder, "campaign.lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  const auto holder = holder_of(file);
  ::close(file);
  return holder;
}

base::Result<FolderLock> FolderLock::take(const std::string& folder) {
  for (const std::string& one : {findings_path(folder), corpus_path(folder)}) {
    if (auto made = base::make_folders(one); !made) return made.error();
  }
  const std::string path = in(folder, "campaign.lock");
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return base::name_error("cannot open " + path, errno);
  FolderLock lock(file);
  struct flock range = whole_file();
  if (::fcntl(file, F_SETLK, &range) == 0) return lock;
  if (errno != EACCES && errno != EAGAIN) return base::system_error("cannot lock " + path, errno);
  return base::input_error(fmt::format("a campaign is running in {} ({})", folder, describe(holder_of(file))));
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace assay::reports
