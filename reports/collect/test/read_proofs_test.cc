// Verdicts of provers; see reports/collect/read_proofs.h.
#include "reports/collect/read_proofs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::reports {
namespace {

TEST(ReadProofsTest, TakesEveryRow) {
  const auto proofs = read_proofs(R"({"schema_version": 1, "rows": [
      {"name": "a", "verdict": "proved", "milliseconds": 250, "reason": "", "program": "program p() { }", "counterexample": []},
      {"name": "b", "verdict": "refuted", "milliseconds": 1, "reason": "", "program": "program q(i32 x) { }", "counterexample": [10]},
      {"name": "c", "verdict": "unknown", "milliseconds": 9, "reason": "timeout", "program": "", "counterexample": []}]})",
                                  "v.json");
  ASSERT_TRUE(proofs) << proofs.error().describe();
  ASSERT_EQ(proofs->size(), 3U);
  EXPECT_EQ((*proofs)[0].verdict, "proved");
  EXPECT_EQ((*proofs)[0].seconds, 0.25);
  EXPECT_EQ((*proofs)[0].detail, "");
  EXPECT_EQ((*proofs)[1].detail, "differs on 0xa in\nprogram q(i32 x) { }");
  EXPECT_EQ((*proofs)[2].detail, "timeout");
}

TEST(ReadProofsTest, WhatIsNoProofsIsAnErrorWithTheFile) {
  for (const char* const text : {"", "[]", "{}", R"({"schema_version": 1})", R"({"schema_version": 2, "rows": []})",
                                 R"({"schema_version": 1, "rows": [{"name": "a"}]})"}) {
    const auto proofs = read_proofs(text, "v.json");
    ASSERT_FALSE(proofs) << text;
    EXPECT_EQ(proofs.error().kind, base::ErrorKind::Input);
    EXPECT_THAT(proofs.error().describe(), testing::StartsWith("v.json: "));
  }
}

}  // namespace
}  // namespace assay::reports
