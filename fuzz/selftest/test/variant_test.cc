// Building variants against the build that this test is a part of.
#include "fuzz/selftest/variant.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>

#include "core/base/file.h"
#include "fuzz/selftest/process.h"
#include "fuzz/selftest/test/support.h"

namespace assay::fuzz::selftest {
namespace {

using testing::HasSubstr;

class Variant : public testing::Test {
 protected:
  void SetUp() override {
    auto builder = VariantBuilder::create(ASSAY_BUILD_DIR, ASSAY_SOURCE_DIR);
    ASSERT_TRUE(builder) << builder.error().describe();
    builder_ = std::make_unique<VariantBuilder>(std::move(builder).value());
  }
  std::unique_ptr<VariantBuilder> builder_;
};

TEST_F(Variant, TextThatMeansTheSameIsTheSameCode) {
  const Fault fault = fault_in("same", "core/opt/comparisons.cc", "case Op::LeS:\n      return Op::GtS;",
                               "case Op::LeS:\n      return (Op::GtS);");
  const auto same = builder_->same_code(fault);
  builder_->discard(fault);
  ASSERT_TRUE(same) << same.error().describe();
  EXPECT_TRUE(*same);
}

TEST_F(Variant, AFaultIsOtherCode) {
  const Fault fault = swapped_comparison("other");
  const auto same = builder_->same_code(fault);
  builder_->discard(fault);
  ASSERT_TRUE(same) << same.error().describe();
  EXPECT_FALSE(*same);
}

TEST_F(Variant, ATableIsCompiledIntoItsUnits) {
  Fault fault = fault_in("table", "core/x64/insts.def", "XchgR64R64, xchg, \"xchg\", MR, No, One, 0x87,",
                         "XchgR64R64, xchg, \"xchg\", MR, No, One, 0x89,");
  fault.units = {"core/x64/form.cc"};
  const auto same = builder_->same_code(fault);
  builder_->discard(fault);
  ASSERT_TRUE(same) << same.error().describe();
  EXPECT_FALSE(*same);
}

TEST_F(Variant, SeveralFaultsAreInOneProgramAndCountApart) {
  const Fault first = swapped_comparison("first");
  const Fault second = fault_in("second", "core/opt/comparisons.cc", "case Op::LeU:\n      return Op::GtU;",
                                "case Op::LeU:\n      return FAULT(Op::GtU, Op::GeU);");
  const auto program = builder_->build_all({first, second}, "test-both", "assay_selftest_probe");
  ASSERT_TRUE(program) << program.error().describe();
  const std::string counts = *program + ".counts";
  // Nobody convicts, so that the run does not end before both faults were met.
  const std::string silent =
      "passes,emulated-sysv,emulated-win64,native-sysv,native-win64,tiered,long-runs,metamorphic";
  const auto end = run_process(
      {"/usr/bin/env", "ASSAY_FAULT_COUNTS=" + counts, *program, "--cpu-seconds", "1.5", "--without", silent},
      ASSAY_BUILD_DIR, {});
  ASSERT_TRUE(end && end->good());
  const auto bytes = base::read_file(counts, 4096);
  builder_->discard(fault_in("both", "", "", ""));
  ASSERT_TRUE(bytes) << bytes.error().describe();
  std::array<std::uint64_t, 4> numbers{};
  ASSERT_GE(bytes->size(), sizeof numbers);
  std::memcpy(numbers.data(), bytes->data(), sizeof numbers);
  for (const std::uint64_t number : numbers) EXPECT_GT(number, 0U);
}

TEST_F(Variant, TwoFaultsOfTheSameTextAreAnError) {
  const auto program =
      builder_->build_all({swapped_comparison("one"), swapped_comparison("two")}, "test-same", "assay_selftest_probe");
  builder_->discard(fault_in("same", "", "", ""));
  ASSERT_FALSE(program);
  EXPECT_THAT(program.error().describe(), HasSubstr("is not there"));
}

TEST_F(Variant, TextThatDoesNotCompileIsAnError) {
  const Fault fault =
      fault_in("broken", "core/opt/comparisons.cc", "case Op::LeS:\n      return Op::GtS;", "case 7 8;");
  const auto done = builder_->compile(fault);
  builder_->discard(fault);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().describe(), HasSubstr("does not compile in core/opt/comparisons.cc"));
}

TEST_F(Variant, AFileThatNobodyCompilesIsAnError) {
  Fault fault = fault_in("nobody", "core/x64/insts.def", "XchgR64R64, xchg,", "XchgR64R64,  xchg,");
  const auto done = builder_->compile(fault);
  builder_->discard(fault);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().describe(), HasSubstr("does not compile"));
}

TEST_F(Variant, AnUnknownTargetIsAnError) {
  const auto program = builder_->program_of("no_such_target");
  ASSERT_FALSE(program);
  EXPECT_THAT(program.error().describe(), HasSubstr("no program no_such_target"));
}

TEST(VariantBuilder, AFolderWithoutABuildIsAnError) {
  EXPECT_FALSE(VariantBuilder::create(ASSAY_SOURCE_DIR "/fuzz", ASSAY_SOURCE_DIR));
}

}  // namespace
}  // namespace assay::fuzz::selftest
