// Seeds for the targets that read bytes; see fuzz/targets/seeds.h.
#include "fuzz/targets/seeds.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/ast/codec.h"
#include "core/ast/limits.h"
#include "core/ast/program.h"
#include "core/ast/text.h"
#include "core/base/file.h"

namespace assay::fuzz {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> corpus() {
  std::vector<std::string> files;
  for (const char* const folder : {"/corpus/seeds", "/corpus/regressions"}) {
    for (const auto& entry : fs::directory_iterator(std::string(ASSAY_SOURCE_DIR) + folder)) {
      if (entry.path().extension() == ".nda") files.push_back(entry.path().string());
    }
  }
  return files;
}

class SeedsTest : public testing::Test {
 protected:
  SeedsTest() : folder_(fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~SeedsTest() override { fs::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& text) {
    const std::string path = (folder_ / name).string();
    fs::create_directories(fs::path(path).parent_path());
    EXPECT_TRUE(base::write_file_atomically(path, text));
    return path;
  }
  [[nodiscard]] std::string out() const { return (folder_ / "out").string(); }

  fs::path folder_;
};

TEST_F(SeedsTest, EveryProgramOfTheCorpusDecodesToItself) {
  const std::vector<std::string> files = corpus();
  const auto written = encode_seeds(out(), files);
  ASSERT_TRUE(written) << written.error().describe();
  EXPECT_EQ(*written, files.size());
  for (const std::string& path : files) {
    const auto bytes = base::read_file((fs::path(out()) / fs::path(path).stem()).string(), ast::kMaxFileBytes);
    ASSERT_TRUE(bytes) << bytes.error().describe();
    const std::vector<std::uint8_t> seed(bytes->begin(), bytes->end());
    const auto decoded = ast::decode(seed);
    ASSERT_TRUE(decoded) << path;
    EXPECT_TRUE(ast::same_program(*decoded, *ast::parse_program(*base::read_file(path, ast::kMaxFileBytes)))) << path;
  }
}

TEST_F(SeedsTest, ABrokenProgramIsNamedWithItsPlaceAndNothingIsWritten) {
  const std::vector<std::string> files = {file("good.nda", "program p() { }"), file("bad.nda", "program p() {")};
  const auto written = encode_seeds(out(), files);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, base::ErrorKind::Input);
  EXPECT_NE(written.error().describe().find("bad.nda:1:"), std::string::npos) << written.error().describe();
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(SeedsTest, TwoProgramsOfOneNameAreRefused) {
  const std::vector<std::string> files = {file("a/p.nda", "program p() { }"), file("b/p.nda", "program q() { }")};
  const auto written = encode_seeds(out(), files);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "two programs are called 'p'");
  EXPECT_FALSE(fs::exists(out()));
}

}  // namespace
}  // namespace assay::fuzz
