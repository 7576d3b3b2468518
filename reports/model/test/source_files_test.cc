// From signatures to files of this project; see reports/model/source_files.h.
#include "reports/model/source_files.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/opt/passes.h"
#include "oracles/verdict.h"

namespace assay::reports {
namespace {

std::filesystem::path in_source(std::string_view file) { return std::filesystem::path(ASSAY_SOURCE_DIR) / file; }

TEST(SourceFilesTest, EveryPassHasAFileThatExists) {
  for (std::size_t i = 0; i < opt::kPassCount; ++i) {
    const std::string_view pass = opt::pass_info(static_cast<opt::PassId>(i)).name;
    const std::string_view file = guilty_source_file("passes", pass, "-");
    EXPECT_TRUE(std::filesystem::is_regular_file(in_source(file))) << pass << ": " << file;
    EXPECT_NE(file, "core/opt/pipeline.cc") << pass;
  }
}

TEST(SourceFilesTest, EveryOracleHasAFileThatExists) {
  for (const oracles::OracleId oracle : oracles::kAllOracles) {
    for (const char* const node : {"", "-", "add", "Store", "Select"}) {
      const std::string_view file = guilty_source_file(oracles::name(oracle), "codegen", node);
      EXPECT_TRUE(std::filesystem::is_regular_file(in_source(file))) << oracles::name(oracle) << ": " << file;
    }
  }
  EXPECT_TRUE(std::filesystem::is_regular_file(in_source(guilty_source_file("harness", "hang", ""))));
}

TEST(SourceFilesTest, StatementsAndExpressionsAreSelectedInDifferentFiles) {
  EXPECT_EQ(guilty_source_file("native-sysv", "codegen", "While"), "core/jit/select_statements.cc");
  EXPECT_EQ(guilty_source_file("native-sysv", "codegen", "div_s"), "core/jit/select_expressions.cc");
}

TEST(SourceFilesTest, ANameThatIsNoFileNeverBecomesOne) {
  EXPECT_EQ(guilty_source_file("../../etc/passwd", "../x", "/y"), "core/jit/select_expressions.cc");
}

TEST(SignaturePartsTest, SplitsIntoFive) {
  const SignatureParts parts = split_signature("encoding/codegen/add/AddR32M32/encoding:a/b");
  EXPECT_EQ(parts.oracle, "encoding");
  EXPECT_EQ(parts.stage, "codegen");
  EXPECT_EQ(parts.node, "add");
  EXPECT_EQ(parts.form, "AddR32M32");
  EXPECT_EQ(parts.difference, "encoding:a/b");
}

TEST(SignaturePartsTest, ShortOnesLeavePartsEmpty) {
  const SignatureParts parts = split_signature("harness/hang");
  EXPECT_EQ(parts.stage, "hang");
  EXPECT_TRUE(parts.difference.empty());
  EXPECT_TRUE(split_signature("").oracle.empty());
}

}  // namespace
}  // namespace assay::reports
