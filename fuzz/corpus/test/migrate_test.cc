// Files of older versions written anew; see fuzz/corpus/migrate.h.
#include "fuzz/corpus/migrate.h"

#include <gmock/gmock.h>

#include "core/ast/text.h"
#include "fuzz/corpus/files.h"
#include "fuzz/corpus/test/folder.h"

namespace assay::fuzz {
namespace {

using testing::HasSubstr;

using MigrateTest = FolderTest;

constexpr const char* kVersion0 = ASSAY_SOURCE_DIR "/fuzz/corpus/test/fixtures/version0.nda";

TEST_F(MigrateTest, AFileOfVersion0GetsTheVersionLineAndKeepsEverythingElse) {
  const std::string before = read(kVersion0);
  const std::string file = write("f.nda", before);
  const auto migration = migrate_file(file);
  ASSERT_TRUE(migration) << migration.error().describe();
  EXPECT_EQ(migration->from, 0U);
  EXPECT_EQ(read(file), "// format 1\n" + before);
}

TEST_F(MigrateTest, WhatWasMigratedIsTheSameFinding) {
  const auto migration = migrate_text(read(kVersion0));
  ASSERT_TRUE(migration) << migration.error().describe();
  const auto before = read_corpus_file(kVersion0);
  const auto after = parse_finding(migration->text);
  ASSERT_TRUE(before && after);
  EXPECT_TRUE(ast::same_program(before->finding.program, after->program));
  EXPECT_EQ(before->finding.inputs, after->inputs);
  EXPECT_EQ(before->finding.signature, after->signature);
}

TEST_F(MigrateTest, AMigratedFileIsCurrent) {
  const auto once = migrate_text("program p() { }");
  ASSERT_TRUE(once);
  const auto twice = migrate_text(once->text);
  ASSERT_TRUE(twice);
  EXPECT_EQ(twice->from, ast::kTextVersion);
  EXPECT_EQ(twice->text, once->text);
}

TEST_F(MigrateTest, ACurrentFileIsLeftAlone) {
  const std::string file = write("f.nda", "// a comment first\n// format 1\nprogram p() { }");
  const auto before = std::filesystem::last_write_time(file);
  const auto migration = migrate_file(file);
  ASSERT_TRUE(migration);
  EXPECT_EQ(migration->from, 1U);
  EXPECT_EQ(read(file), "// a comment first\n// format 1\nprogram p() { }");
  EXPECT_EQ(std::filesystem::last_write_time(file), before);
}

TEST_F(MigrateTest, LineEndsStayWhatTheyAre) {
  const auto migration = migrate_text("program p()\r\n{ }\r\n");
  ASSERT_TRUE(migration);
  EXPECT_EQ(migration->text, "// format 1\r\nprogram p()\r\n{ }\r\n");
}

TEST_F(MigrateTest, ANewerVersionIsAnErrorWithAPlaceAndTheFileStays) {
  const std::string file = write("f.nda", "// format 2\nprogram p() { }");
  const auto migration = migrate_file(file);
  ASSERT_FALSE(migration);
  EXPECT_EQ(migration.error().kind, base::ErrorKind::Input);
  EXPECT_THAT(migration.error().describe(), HasSubstr("f.nda:1:1: "));
  EXPECT_EQ(read(file), "// format 2\nprogram p() { }");
}

TEST_F(MigrateTest, ABrokenFileIsAnErrorWithAPlaceAndTheFileStays) {
  const std::string file = write("f.nda", "program p(i32 a) {\n a = ; }");
  const auto migration = migrate_file(file);
  ASSERT_FALSE(migration);
  EXPECT_THAT(migration.error().describe(), HasSubstr("f.nda:2:6: "));
  EXPECT_EQ(read(file), "program p(i32 a) {\n a = ; }");
}

}  // namespace
}  // namespace assay::fuzz
