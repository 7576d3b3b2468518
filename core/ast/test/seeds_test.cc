// The seeds of the corpus: each parses, says what it is for, and survives both forms; together they are the language.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/ast/limits.h"
#include "core/ast/test/support.h"
#include "core/base/file.h"

namespace assay::ast {
namespace {

std::vector<std::string> seed_paths() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(ASSAY_SOURCE_DIR "/corpus/seeds")) {
    if (entry.path().extension() == ".nda") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

class SeedTest : public testing::TestWithParam<std::string> {
 protected:
  static std::string text() { return base::read_file(GetParam(), kMaxFileBytes).value(); }
};

TEST_P(SeedTest, SurvivesBothForms) {
  const auto program = parse_program(text(), GetParam());
  ASSERT_TRUE(program) << program.error().describe();
  EXPECT_TRUE(same_program(parsed(print_program(*program)), *program));
  EXPECT_TRUE(same_program(decode(encode(*program)).value(), *program));
}

TEST_P(SeedTest, HasTheNameOfItsFileAndSaysWhatItIsFor) {
  EXPECT_EQ(parsed(text()).name(), std::filesystem::path(GetParam()).stem().string());
  EXPECT_TRUE(text().starts_with("// format 1\n// ")) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(All, SeedTest, testing::ValuesIn(seed_paths()),
                         [](const auto& tested) { return std::filesystem::path(tested.param).stem().string(); });

TEST(SeedsTest, TogetherHaveEveryNodeAndEveryOperatorOnEitherType) {
  std::set<NodeKind> kinds;
  std::set<std::pair<Op, Type>> operators;
  for (const std::string& path : seed_paths()) {
    const Program program = parsed(base::read_file(path, kMaxFileBytes).value());
    for (std::uint32_t i = 0; i < program.node_count(); ++i) {
      const Node& node = program.node(NodeId{i});
      kinds.insert(node.kind);
      if (node.kind == NodeKind::Unary || node.kind == NodeKind::Binary || node.kind == NodeKind::Compare ||
          node.kind == NodeKind::Convert) {
        operators.emplace(node.op, program.node(node.child_a()).type);
      }
    }
  }
  for (std::size_t i = 0; i < kNodeKindCount; ++i) {
    EXPECT_TRUE(kinds.contains(static_cast<NodeKind>(i))) << node_kind_name(static_cast<NodeKind>(i));
  }
  for (std::size_t i = 0; i < kOpCount; ++i) {
    for (const Type type : {Type::I32, Type::I64}) {
      const Op op = static_cast<Op>(i);
      EXPECT_TRUE(!accepts(op, type) || operators.contains({op, type})) << op_info(op).name << ' ' << type_name(type);
    }
  }
}

}  // namespace
}  // namespace assay::ast
