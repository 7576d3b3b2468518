// A folder that the tests of corpora fill and that is gone after them.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/file.h"

namespace assay::fuzz {

class FolderTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("assay_corpus_test_" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Writes a file, and the folders around it; gives its path.
  std::string write(const std::string& name, std::string_view text) {
    const std::filesystem::path path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    EXPECT_TRUE(base::write_file_atomically(path.string(), text));
    return path.string();
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  [[nodiscard]] static std::string read(const std::string& path) {
    const auto text = base::read_file(path, 1U << 20U);
    EXPECT_TRUE(text) << text.error().describe();
    return text ? *text : std::string();
  }

  std::filesystem::path folder_;
};

}  // namespace assay::fuzz
