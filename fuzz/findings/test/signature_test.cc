// Signatures and their parts; see fuzz/findings/signature.h.
#include "fuzz/findings/signature.h"

#include <gtest/gtest.h>

namespace assay::fuzz {
namespace {

TEST(SignatureTest, HasFiveParts) {
  const auto parts = parse_signature("encoding/codegen/add/AddR32M32/encoding:modrm.rm");
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->oracle, "encoding");
  EXPECT_EQ(parts->stage, "codegen");
  EXPECT_EQ(parts->node, "add");
  EXPECT_EQ(parts->form, "AddR32M32");
  EXPECT_EQ(parts->difference, "encoding:modrm.rm");
  EXPECT_EQ(print_signature(*parts), "encoding/codegen/add/AddR32M32/encoding:modrm.rm");
}

TEST(SignatureTest, IsNothingWithFewerOrMoreOrEmptyParts) {
  EXPECT_FALSE(parse_signature("harness/hang"));
  EXPECT_FALSE(parse_signature("a/b/c/d/e/f"));
  EXPECT_FALSE(parse_signature("a/b//d/e"));
  EXPECT_FALSE(parse_signature(""));
}

TEST(SignatureTest, AWrongValueCanBeLocalised) {
  EXPECT_TRUE(can_be_localised(*parse_signature("native-sysv/codegen/-/-/slot")));
  EXPECT_TRUE(can_be_localised(*parse_signature("passes/fold/-/-/end")));
  EXPECT_TRUE(can_be_localised(*parse_signature("tiered/codegen/-/-/process-died")));
}

TEST(SignatureTest, AGuiltyInstructionOrABrokenRuleNeedsNoLocalising) {
  EXPECT_FALSE(can_be_localised(*parse_signature("encoding/codegen/add/AddR32M32/encoding:opcode")));
  EXPECT_FALSE(can_be_localised(*parse_signature("emulated-sysv/codegen/-/-/violation:saved-register")));
  EXPECT_FALSE(can_be_localised(*parse_signature("passes/dce/-/-/invalid")));
}

TEST(SignatureTest, OneJudgementSeesALocalisedFaultWithoutItsNode) {
  EXPECT_EQ(unlocalised("passes/fold/shr_s/-/slot"), "passes/fold/-/-/slot");
  EXPECT_EQ(unlocalised("encoding/codegen/add/AddR32M32/encoding:opcode"),
            "encoding/codegen/add/AddR32M32/encoding:opcode");
  EXPECT_EQ(unlocalised("harness/hang"), "harness/hang");
  EXPECT_TRUE(same_fault("passes/fold/shr_s/-/slot", "passes/fold/-/-/slot"));
  EXPECT_FALSE(same_fault("passes/fold/shr_s/-/slot", "passes/fold/-/-/trap"));
  EXPECT_FALSE(same_fault("passes/fold/-/-/slot", "passes/prop/-/-/slot"));
}

}  // namespace
}  // namespace assay::fuzz
