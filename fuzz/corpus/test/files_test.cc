// Reading folders of programs and adding to them; see fuzz/corpus/files.h.
#include "fuzz/corpus/files.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include "fuzz/corpus/test/folder.h"

namespace assay::fuzz {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

using FilesTest = FolderTest;

TEST_F(FilesTest, ProgramsOfAllFoldersComeInOrderOfTheirPaths) {
  write("b.nda", "program b() { }");
  write("a/z.nda", "program z() { }");
  write("c.nda", "program c() { }");
  write("README.md", "no program");
  const auto corpus = read_corpus(folder_.string());
  ASSERT_TRUE(corpus) << corpus.error().describe();
  ASSERT_EQ(corpus->files.size(), 3U);
  EXPECT_THAT(corpus->files[0].path, EndsWith("a/z.nda"));
  EXPECT_THAT(corpus->files[1].path, EndsWith("b.nda"));
  EXPECT_EQ(corpus->files[2].finding.program.name(), "c");
}

TEST_F(FilesTest, ABrokenFileIsAnErrorWithAPlaceBesideTheOthers) {
  write("good.nda", "program p() { }");
  write("bad.nda", "program p(i32 a) {\n  a = b;\n}");
  const auto corpus = read_corpus(folder_.string());
  ASSERT_TRUE(corpus) << corpus.error().describe();
  EXPECT_EQ(corpus->files.size(), 1U);
  ASSERT_EQ(corpus->broken.size(), 1U);
  EXPECT_THAT(corpus->broken[0].describe(), HasSubstr("bad.nda:2:7: "));
}

TEST_F(FilesTest, ALinkToAFileIsFollowedOneToAFolderIsNot) {
  const std::string outside = write("outside/p.nda", "program p() { }");
  std::filesystem::create_directories(folder_ / "corpus");
  std::filesystem::create_symlink(outside, folder_ / "corpus/link.nda");
  std::filesystem::create_directory_symlink(folder_ / "outside", folder_ / "corpus/folder");
  std::filesystem::create_directory_symlink(folder_ / "outside", folder_ / "corpus/folder.nda");
  const auto corpus = read_corpus(path("corpus"));
  ASSERT_TRUE(corpus) << corpus.error().describe();
  ASSERT_EQ(corpus->files.size(), 1U);
  EXPECT_THAT(corpus->files[0].path, EndsWith("link.nda"));
  EXPECT_TRUE(corpus->broken.empty());
}

TEST_F(FilesTest, ALinkThatLeadsNowhereIsABrokenFile) {
  std::filesystem::create_symlink("absent.nda", folder_ / "link.nda");
  const auto corpus = read_corpus(folder_.string());
  ASSERT_TRUE(corpus) << corpus.error().describe();
  ASSERT_EQ(corpus->broken.size(), 1U);
  EXPECT_THAT(corpus->broken[0].describe(), HasSubstr("link.nda: cannot read"));
}

// Too many open folders rather than one without permission: that stops root, too.
TEST_F(FilesTest, AFolderInItThatCannotBeListedIsAnInputError) {
  write("a.nda", "program a() { }");
  std::string deep = "d";
  for (int i = 0; i < 64; ++i) deep += "/d";
  write(deep + "/b.nda", "program b() { }");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit few{32, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  const auto corpus = read_corpus(folder_.string());
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_FALSE(corpus);
  EXPECT_EQ(corpus.error().kind, base::ErrorKind::Input);
  EXPECT_THAT(corpus.error().describe(), HasSubstr("cannot be read"));
}

TEST_F(FilesTest, AnAbsentFolderIsAnInputError) {
  const auto corpus = read_corpus(path("absent"));
  ASSERT_FALSE(corpus);
  EXPECT_EQ(corpus.error().kind, base::ErrorKind::Input);
  EXPECT_THAT(corpus.error().describe(), HasSubstr("absent"));
}

TEST_F(FilesTest, TheSameTextIsAddedOnce) {
  const auto first = add_to_corpus(path("out"), "program p() { }");
  const auto second = add_to_corpus(path("out"), "program p() { }");
  const auto other = add_to_corpus(path("out"), "program q() { }");
  ASSERT_TRUE(first && second && other);
  EXPECT_EQ(*first, *second);
  EXPECT_NE(*first, *other);
  EXPECT_EQ(read(*first), "program p() { }");
}

TEST_F(FilesTest, ANameThatIsTakenByAnotherTextIsNotOverwritten) {
  const auto first = add_to_corpus(path("out"), "program p() { }");
  ASSERT_TRUE(first);
  ASSERT_TRUE(base::write_file_atomically(*first, "program other() { }"));
  const auto second = add_to_corpus(path("out"), "program p() { }");
  ASSERT_TRUE(second);
  EXPECT_NE(*first, *second);
  EXPECT_EQ(read(*first), "program other() { }");
}

}  // namespace
}  // namespace assay::fuzz
