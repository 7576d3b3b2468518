// Which programs are proved: files, folders, the catalogue, its sample, generated ones; see fuzz/proofs/subjects.h.
#include "fuzz/proofs/subjects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/ast/text.h"
#include "fuzz/corpus/test/folder.h"

namespace assay::fuzz {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kText = "program p(i32 a) { a = 1; }";

class SubjectsTest : public FolderTest {};

std::vector<std::string> names(const std::vector<ProofSubject>& subjects) {
  std::vector<std::string> all;
  for (const ProofSubject& subject : subjects) all.push_back(subject.name);
  return all;
}

// The parts of "sum; loop (n); i32".
std::vector<std::set<std::string>> parts(const std::vector<ProofSubject>& subjects) {
  std::vector<std::set<std::string>> found;
  for (const ProofSubject& subject : subjects) {
    std::string rest = subject.name;
    for (std::size_t i = 0; !rest.empty(); ++i) {
      if (found.size() == i) found.emplace_back();
      const std::size_t end = rest.find("; ");
      found[i].insert(rest.substr(0, end));
      rest = end == std::string::npos ? "" : rest.substr(end + 2);
    }
  }
  return found;
}

TEST_F(SubjectsTest, AFolderStandsForAllFilesBelowInOrder) {
  write("b.nda", kText);
  write("a/z.nda", kText);
  write("c.txt", "no program");
  const auto subjects = read_subjects({folder_.string(), path("b.nda")});
  ASSERT_TRUE(subjects) << subjects.error().describe();
  EXPECT_THAT(names(*subjects), ElementsAre(path("a/z.nda"), path("b.nda"), path("b.nda")));
}

TEST_F(SubjectsTest, AFileThatCannotBeReadIsAnErrorWithItsPlace) {
  write("a.nda", kText);
  write("b.nda", "program p(i32 a) { a = b; }");
  const auto subjects = read_subjects({folder_.string()});
  ASSERT_FALSE(subjects);
  EXPECT_THAT(subjects.error().describe(), HasSubstr("b.nda:1:"));
  EXPECT_FALSE(read_subjects({path("absent.nda")}));
}

TEST_F(SubjectsTest, TheSampleMeetsEveryBodyExitAndWidthOfTheCatalogue) {
  const auto all = catalogue_subjects();
  const auto sample = quick_subjects();
  EXPECT_LT(sample.size() * 5, all.size());
  EXPECT_EQ(parts(sample), parts(all));
}

TEST_F(SubjectsTest, GeneratedProgramsDependOnTheSeedAlone) {
  const auto one = random_subjects(5, 7, false);
  const auto again = random_subjects(5, 7, false);
  ASSERT_EQ(one.size(), 5U);
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(ast::same_program(one[i].program, again[i].program));
}

TEST_F(SubjectsTest, LoopFreeOnesAreAsManyAsAskedFor) {
  const auto subjects = random_subjects(20, 7, true);
  ASSERT_EQ(subjects.size(), 20U);
  for (const ProofSubject& subject : subjects) EXPECT_FALSE(has_loops(subject.program)) << subject.name;
}

}  // namespace
}  // namespace assay::fuzz
