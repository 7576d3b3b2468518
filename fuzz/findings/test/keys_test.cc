// What can be said of findings beside their signature; see fuzz/findings/keys.h.
#include "fuzz/findings/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::fuzz {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

Finding finding_of(const char* text) {
  auto finding = parse_finding(text);
  EXPECT_TRUE(finding) << finding.error().describe();
  return std::move(finding).value();
}

TEST(KeysTest, AreVerdictFeaturesPassesAndNodes) {
  const Finding finding = finding_of(
      "// verdict: crash\n// features: lzcnt\n// passes: fold,dce,fold\nprogram p(i32 a) { a = a + 1 + 2; }");
  EXPECT_THAT(finding_keys(finding), ElementsAre("feature:lzcnt", "node:Int", "node:Load", "node:Store", "node:add",
                                                 "pass:dce", "pass:fold", "verdict:crash"));
}

TEST(KeysTest, TellTheOldestCpuFromOthers) {
  EXPECT_THAT(finding_keys(finding_of("// features: baseline\nprogram p(i32 a) { a = 1; }")),
              Contains("feature:baseline"));
  EXPECT_THAT(finding_keys(finding_of("// features: bmi2\nprogram p(i32 a) { a = 1; }")),
              Not(Contains("feature:baseline")));
}

TEST(KeysTest, HaveAFamily) {
  EXPECT_TRUE(is_key("node:div_s"));
  EXPECT_FALSE(is_key("node:"));
  EXPECT_FALSE(is_key("colour:red"));
}

}  // namespace
}  // namespace assay::fuzz
