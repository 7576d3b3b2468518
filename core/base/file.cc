// Bounded reads and atomic writes; see file.h. Tested by core/base/test/file_test.cc.
#include "core/base/file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

namespace assay::base {
namespace {

constexpr mode_t kPermissions = 07777;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }

 private:
  int fd_;
};

Error unreadable(const std::string& path, std::string reason) {
  Error error = input_error("cannot read the file: " + std::move(reason));
  error.file = path;
  return error;
}

std::string errno_text() { return std::generic_category().message(errno); }

ErrorKind kind_of(int why) {
  switch (why) {
    case EACCES:
    case EEXIST:
    case EISDIR:
    case ELOOP:
    case ENAMETOOLONG:
    case ENOENT:
    case ENOTDIR:
    case EPERM:
    case EROFS:
      return ErrorKind::Input;
    default:
      return ErrorKind::System;
  }
}

Error unwritable(const std::string& path, int why) { return name_error("cannot write " + path, why); }

// What a link leads to, whether it is there or not: that is written, not the link. Empty if it leads in a circle.
std::string behind_links(const std::string& name) {
  constexpr int kMostLinks = 40;
  std::filesystem::path path = name;
  std::error_code failure;
  for (int i = 0; i < kMostLinks && std::filesystem::is_symlink(path, failure); ++i) {
    path = path.parent_path() / std::filesystem::read_symlink(path, failure);
  }
  return std::filesystem::is_symlink(path, failure) ? std::string() : path.string();
}

bool write_all(int fd, std::string_view contents) {
  while (!contents.empty()) {
    const ssize_t written = ::write(fd, contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    contents.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// A new file in the folder. Its name is short, whatever the one it will get, and random: processes of two containers
// may share a folder and a number.
struct Temporary {
  std::string path;
  int file = -1;
};

Temporary create_temporary(const std::string& folder) {
  constexpr int kTries = 100;
  Temporary made;
  for (int i = 0; i < kTries; ++i) {
    std::uint32_t number = 0;
    if (::getrandom(&number, sizeof number, 0) < 0) number = static_cast<std::uint32_t>(::getpid() + i);
    std::array<char, 24> name{};
    std::snprintf(name.data(), name.size(), ".assay-%08x.tmp", number);
    made.path = (std::filesystem::path(folder) / name.data()).string();
    made.file = ::open(made.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (made.file >= 0 || errno != EEXIST) break;
  }
  return made;
}

// False with errno set. Where both have the same mode nothing is asked for: there are file systems that know but one.
bool take_mode(int file, mode_t mode) {
  struct stat made{};
  if (::fstat(file, &made) != 0) return false;
  return (made.st_mode & kPermissions) == (mode & kPermissions) || ::fchmod(file, mode & kPermissions) == 0;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return unreadable(path, errno_text());
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return unreadable(path, errno_text());
  if (!S_ISREG(status.st_mode)) return unreadable(path, "not a regular file");
  std::string contents;
  std::string chunk(std::size_t{1} << 16, '\0');
  while (true) {
    const ssize_t got = ::read(file.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(path, errno_text());
    if (got == 0) return contents;
    if (contents.size() + static_cast<std::size_t>(got) > limit) {
      return unreadable(path, "larger than the limit of " + std::to_string(limit) + " bytes");
    }
    contents.append(chunk, 0, static_cast<std::size_t>(got));
  }
}

Result<void> write_file_atomically(const std::string& name, std::string_view contents) {
  const std::string path = behind_links(name);
  if (path.empty()) return unwritable(name, ELOOP);
  struct stat status{};
  const bool there = ::stat(path.c_str(), &status) == 0;
  // A terminal, a pipe or /dev/null is written to: nothing may take its place.
  if (there && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
    const Descriptor device(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!device.valid() || !write_all(device.get(), contents)) return unwritable(name, errno);
    return {};
  }
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const Temporary temporary = create_temporary(folder);
  {
    const Descriptor file(temporary.file);
    if (!file.valid()) return unwritable(name, errno);
    const bool replaces = there && S_ISREG(status.st_mode);
    if ((replaces && !take_mode(file.get(), status.st_mode)) || !write_all(file.get(), contents) ||
        ::fsync(file.get()) != 0) {
      Error error = unwritable(name, errno);
      ::unlink(temporary.path.c_str());
      return error;
    }
  }
  if (::rename(temporary.path.c_str(), path.c_str()) != 0) {
    Error error = unwritable(name, errno);
    ::unlink(temporary.path.c_str());
    return error;
  }
  // The name, too, must survive a power cut.
  return flush_name(path);
}

Error name_error(std::string message, int why) {
  Error error = system_error(std::move(message), why);
  error.kind = kind_of(why);
  return error;
}

Result<bool> is_there(const std::string& path) {
  std::error_code failure;
  const std::filesystem::file_status status = std::filesystem::status(path, failure);
  if (std::filesystem::status_known(status)) return status.type() != std::filesystem::file_type::not_found;
  return unreadable(path, failure.message());
}

Result<void> make_folders(const std::string& path) {
  std::error_code failure;
  std::filesystem::create_directories(path, failure);
  if (failure) return name_error("cannot create the folder " + path, failure.value());
  return {};
}

Result<void> flush_name(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const Descriptor directory(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid() || ::fsync(directory.get()) != 0) return unwritable(path, errno);
  return {};
}

}  // namespace assay::base
