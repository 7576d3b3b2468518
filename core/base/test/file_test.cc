// What reading and writing whole files promises; see core/base/file.h.
#include "core/base/file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace assay::base {
namespace {

class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("assay_file_test_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

  std::filesystem::path folder_;
};

TEST_F(FileTest, WhatIsWrittenIsReadBack) {
  const std::string contents("a\0b\n", 4);
  ASSERT_TRUE(write_file_atomically(path("f"), contents));
  const auto read = read_file(path("f"), 100);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, contents);
}

TEST_F(FileTest, WritingLeavesNoTemporaryFile) {
  ASSERT_TRUE(write_file_atomically(path("f"), "x"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), std::filesystem::directory_iterator()), 1);
}

TEST_F(FileTest, WritingReplacesAnExistingFile) {
  ASSERT_TRUE(write_file_atomically(path("f"), "long contents"));
  ASSERT_TRUE(write_file_atomically(path("f"), "new"));
  EXPECT_EQ(read_file(path("f"), 100).value(), "new");
}

TEST_F(FileTest, WritingKeepsThePermissionsOfAnExistingFile) {
  using std::filesystem::perms;
  ASSERT_TRUE(write_file_atomically(path("f"), "old"));
  const perms secret = perms::owner_read | perms::owner_write | perms::owner_exec;
  std::filesystem::permissions(path("f"), secret);
  ASSERT_TRUE(write_file_atomically(path("f"), "new"));
  EXPECT_EQ(std::filesystem::status(path("f")).permissions(), secret);
}

TEST_F(FileTest, ANameAsLongAsAFolderAllowsIsWritten) {
  const std::string name = path(std::string(255, 'n'));
  ASSERT_TRUE(write_file_atomically(name, "x"));
  EXPECT_EQ(read_file(name, 100).value(), "x");
}

// Where a process of the same number in another container would write.
TEST_F(FileTest, AFileOfAnotherProcessIsLeftAlone) {
  const std::string other = path("f.tmp" + std::to_string(::getpid()));
  std::ofstream(other) << "half of it";
  ASSERT_TRUE(write_file_atomically(path("f"), "x"));
  EXPECT_EQ(read_file(other, 100).value(), "half of it");
}

TEST_F(FileTest, ADeviceIsWrittenToAndNotReplaced) {
  EXPECT_TRUE(write_file_atomically("/dev/null", "x"));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  const auto full = write_file_atomically("/dev/full", "x");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().kind, ErrorKind::System);
}

TEST_F(FileTest, WhatALinkLeadsToIsWritten) {
  std::filesystem::create_symlink("target", path("link"));
  for (const char* const contents : {"there is none yet", "there is one"}) {
    ASSERT_TRUE(write_file_atomically(path("link"), contents));
    EXPECT_TRUE(std::filesystem::is_symlink(path("link")));
    EXPECT_EQ(read_file(path("target"), 100).value(), contents);
  }
}

TEST_F(FileTest, ALinkToItselfIsAnInputError) {
  std::filesystem::create_symlink("loop", path("loop"));
  const auto written = write_file_atomically(path("loop"), "x");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::Input);
}

TEST_F(FileTest, AFileOfExactlyTheLimitIsRead) {
  ASSERT_TRUE(write_file_atomically(path("f"), "12345"));
  EXPECT_TRUE(read_file(path("f"), 5));
}

TEST_F(FileTest, AFileOverTheLimitIsAnInputError) {
  ASSERT_TRUE(write_file_atomically(path("f"), "123456"));
  const auto read = read_file(path("f"), 5);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::Input);
  EXPECT_EQ(read.error().describe(), path("f") + ": cannot read the file: larger than the limit of 5 bytes");
}

TEST_F(FileTest, AMissingFileIsAnInputErrorThatNamesIt) {
  const auto read = read_file(path("absent"), 5);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().file, path("absent"));
}

TEST_F(FileTest, AFolderIsNotAFile) { EXPECT_FALSE(read_file(folder_.string(), 5)); }

TEST_F(FileTest, WhatIsThereIsToldFromWhatIsNot) {
  ASSERT_TRUE(write_file_atomically(path("f"), "x"));
  EXPECT_TRUE(is_there(path("f")).value());
  EXPECT_FALSE(is_there(path("absent")).value());
  EXPECT_FALSE(is_there(path("f/below")).value());
}

TEST_F(FileTest, ANameThatCannotBeLookedUpIsAnInputErrorThatNamesIt) {
  std::filesystem::create_symlink("loop", path("loop"));
  for (const std::string& name : {path("loop"), path("loop/below"), path(std::string(300, 'n'))}) {
    const auto there = is_there(name);
    ASSERT_FALSE(there) << name;
    EXPECT_EQ(there.error().kind, ErrorKind::Input);
    EXPECT_NE(there.error().describe().find(name), std::string::npos);
  }
}

TEST_F(FileTest, FoldersAreMadeWithThoseAroundThem) {
  ASSERT_TRUE(make_folders(path("a/b/c")));
  ASSERT_TRUE(make_folders(path("a/b/c")));
  EXPECT_TRUE(std::filesystem::is_directory(path("a/b/c")));
}

TEST_F(FileTest, AFolderThatCannotBeMadeIsAnInputErrorThatNamesIt) {
  ASSERT_TRUE(write_file_atomically(path("f"), "x"));
  std::filesystem::create_symlink("loop", path("loop"));
  for (const std::string& name :
       {path("f"), path("f/below"), path("loop/below"), path(std::string(300, 'n')), std::string("/proc/nope")}) {
    const auto made = make_folders(name);
    ASSERT_FALSE(made) << name;
    EXPECT_EQ(made.error().kind, ErrorKind::Input);
    EXPECT_NE(made.error().describe().find(name), std::string::npos);
  }
}

TEST_F(FileTest, WritingIntoAMissingFolderFailsAndNamesTheFile) {
  const auto written = write_file_atomically(path("no/such/f"), "x");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::Input);
  EXPECT_NE(written.error().message.find("no/such/f"), std::string::npos);
}

}  // namespace
}  // namespace assay::base
