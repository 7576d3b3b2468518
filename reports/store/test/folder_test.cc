// Who runs the campaign of a folder; see reports/store/folder.h.
#include "reports/store/folder.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

namespace assay::reports {
namespace {

// The kernel's locks are between processes, so another process has to ask.
template <class Ask>
bool in_another_process(Ask ask) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) ::_exit(ask() ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

class FolderTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = (std::filesystem::temp_directory_path() / ("assay_folder_test_" + std::to_string(::getpid()))).string();
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string folder_;
};

TEST_F(FolderTest, OneProcessHoldsIt) {
  const auto lock = FolderLock::take(folder_);
  ASSERT_TRUE(lock) << lock.error().describe();
  const pid_t self = ::getpid();
  EXPECT_TRUE(in_another_process([&] { return running_supervisor(folder_) == self; }));
  EXPECT_TRUE(in_another_process([&] {
    const auto second = FolderLock::take(folder_);
    return !second && second.error().describe().find("a campaign is running") != std::string::npos;
  }));
}

TEST_F(FolderTest, NobodyHoldsItWhenTheHolderIsGone) {
  EXPECT_FALSE(running_supervisor(folder_));
  {
    const auto lock = FolderLock::take(folder_);
  }
  EXPECT_FALSE(in_another_process([&] { return running_supervisor(folder_).has_value(); }));
  EXPECT_TRUE(in_another_process([&] { return FolderLock::take(folder_).ok(); }));
}

// A lock of an open file has no process, which is what the kernel says of a holder in another container as well.
TEST_F(FolderTest, AHolderWithoutANumberIsNoProcess) {
  {
    ASSERT_TRUE(FolderLock::take(folder_));
  }
  const int file = ::open((folder_ + "/campaign.lock").c_str(), O_RDWR | O_CLOEXEC);
  struct flock range{};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  ASSERT_EQ(::fcntl(file, F_OFD_SETLK, &range), 0);
  EXPECT_EQ(running_supervisor(folder_), 0);
  const auto second = FolderLock::take(folder_);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().describe(), testing::HasSubstr("on another machine or in another container"));
  ::close(file);
}

TEST_F(FolderTest, AFolderThatCannotBeMadeIsAnError) {
  EXPECT_THAT(FolderLock::take("/dev/null/x").error().describe(), testing::HasSubstr("cannot create"));
}

}  // namespace
}  // namespace assay::reports
