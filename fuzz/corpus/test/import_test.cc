// Inputs of libFuzzer's written as programs; see fuzz/corpus/import.h and fuzz/findings/case_bytes.h.
#include "fuzz/corpus/import.h"

#include <gmock/gmock.h>

#include <vector>

#include "core/ast/codec.h"
#include "core/ast/text.h"
#include "core/x64/cpu_features.h"
#include "fuzz/corpus/files.h"
#include "fuzz/corpus/test/folder.h"
#include "fuzz/findings/case_bytes.h"

namespace assay::fuzz {
namespace {

using ImportTest = FolderTest;

std::string bytes_of(std::string_view text) {
  const std::vector<std::uint8_t> bytes = ast::encode(ast::parse_program(text).value());
  return {bytes.begin(), bytes.end()};
}

TEST_F(ImportTest, AnInputBecomesTheProgramAndTheFeaturesThatTheTargetJudges) {
  const std::string bytes = bytes_of("program p(i32 a) { a = popcnt(a); }");
  const auto imported = import_inputs(path("out"), {write("corpus/one", bytes)});
  ASSERT_TRUE(imported) << imported.error().describe();
  EXPECT_EQ(imported->programs, 1U);
  const auto corpus = read_corpus(path("out"));
  ASSERT_TRUE(corpus && corpus->files.size() == 1 && corpus->broken.empty());
  const auto judged = decode_case({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  ASSERT_TRUE(judged);
  EXPECT_TRUE(ast::same_program(corpus->files[0].finding.program, judged->program));
  EXPECT_EQ(x64::describe(corpus->files[0].finding.features), x64::describe(judged->features));
}

TEST_F(ImportTest, TheLastByteChoosesTheFeatures) {
  std::vector<std::uint8_t> bytes = ast::encode(ast::parse_program("program p() { }").value());
  bytes.push_back(0);
  EXPECT_EQ(x64::describe(decode_case(bytes)->features), x64::describe({}));
  bytes.back() = 0xFF;
  EXPECT_EQ(x64::describe(decode_case(bytes)->features), x64::describe({true, true, true, true}));
}

TEST_F(ImportTest, BytesThatAreNoProgramAreCountedAndLeftOut) {
  write("corpus/empty", "");
  write("corpus/other", std::string(1, '\0'));
  write("corpus/one", bytes_of("program p() { }"));
  const auto imported = import_inputs(path("out"), {path("corpus")});
  ASSERT_TRUE(imported) << imported.error().describe();
  EXPECT_EQ(imported->inputs, 3U);
  EXPECT_EQ(imported->programs, 1U);
  EXPECT_EQ(imported->texts, 1U);
}

TEST_F(ImportTest, TwoInputsThatAreOneProgramBecomeOneFile) {
  const std::string bytes = bytes_of("program p() { }");
  write("a/one", bytes);
  write("b/two", bytes);
  const auto imported = import_inputs(path("out"), {path("a"), path("b")});
  ASSERT_TRUE(imported) << imported.error().describe();
  EXPECT_EQ(imported->programs, 2U);
  EXPECT_EQ(imported->texts, 1U);
}

TEST_F(ImportTest, AFileThatIsNotThereIsAnInputError) {
  const auto imported = import_inputs(path("out"), {path("absent")});
  ASSERT_FALSE(imported);
  EXPECT_EQ(imported.error().kind, base::ErrorKind::Input);
}

TEST_F(ImportTest, ALinkThatLeadsNowhereIsAnInputError) {
  write("corpus/one", bytes_of("program p() { }"));
  std::filesystem::create_symlink("absent", folder_ / "corpus/link");
  const auto imported = import_inputs(path("out"), {path("corpus")});
  ASSERT_FALSE(imported);
  EXPECT_EQ(imported.error().kind, base::ErrorKind::Input);
}

TEST_F(ImportTest, NothingIsWrittenWhenOneCannotBeRead) {
  const std::string good = write("good", bytes_of("program p() { }"));
  ASSERT_FALSE(import_inputs(path("out"), {good, path("absent")}));
  EXPECT_FALSE(std::filesystem::exists(path("out")));
}

}  // namespace
}  // namespace assay::fuzz
