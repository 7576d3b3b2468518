// The tiered executor as an engine: agreement with the interpreter, isolation, and survival; see oracles/tiered.
#include "oracles/tiered/tiered_engine.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <thread>

#include "core/ast/text.h"
#include "oracles/compare.h"
#include "oracles/interpreter_engine.h"
#include "oracles/test/children.h"
#include "oracles/tiered/wire.h"

namespace assay::oracles {
namespace {

class TieredEngineTest : public testing::Test {
 protected:
  void SetUp() override {
    auto engine = create_tiered_engine();
    ASSERT_TRUE(engine) << engine.error().describe();
    engine_ = std::move(engine).value();
  }
  oracles::Run run(const char* source, Frame input, std::uint64_t fuel = 10'000) {
    auto program = ast::parse_program(source);
    EXPECT_TRUE(program) << program.error().describe();
    program_ = std::move(program).value();
    const std::array inputs = {std::move(input)};
    const std::array cases = {Case{&program_, nullptr, inputs, 16, fuel}};
    std::vector<oracles::Run> runs;
    const auto done = engine_->run(cases, runs);
    EXPECT_TRUE(done) << done.error().describe();
    EXPECT_TRUE(InterpreterEngine().run(cases, reference_));
    return runs.empty() ? oracles::Run{} : runs.front();
  }
  void expect_agreement(const oracles::Run& got) {
    std::vector<Difference> differences;
    EXPECT_EQ(compare(program_, reference_.front(), got, differences), Verdict::Agree);
  }

  std::unique_ptr<Engine> engine_;
  ast::Program program_;
  std::vector<oracles::Run> reference_;
};

TEST_F(TieredEngineTest, PrintsBetweenNativeRunsAgreeWithTheInterpreter) {
  const oracles::Run got =
      run("program p(i32 a) { a = a + 1; print a; push a; loop (3) { a = a * 2; print a; } return a; }", {5});
  expect_agreement(got);
  EXPECT_EQ(got.printed.size(), 4U);
  EXPECT_TRUE(got.returned);
}

TEST_F(TieredEngineTest, ATrapInANativeRunKeepsWhatWasPrintedBefore) {
  const oracles::Run got = run("program p(i32 a) { print 1; a = a / (a - a); print 2; }", {5});
  expect_agreement(got);
  EXPECT_EQ(got.end, RunEnd::Trapped);
  EXPECT_EQ(got.printed.size(), 1U);
}

TEST_F(TieredEngineTest, ARunawayIsStoppedAndTheNextProgramRuns) {
  EXPECT_EQ(run("program p(i32 a) { while (1) { a = a + 1; } }", {5}).end, RunEnd::Runaway);
  expect_agreement(run("program p(i32 a) { a = 2; }", {5}));
}

TEST_F(TieredEngineTest, ARunWhoseWorkerIsKilledFromOutsideIsRunAgain) {
  engine_.reset();
  engine_ = std::move(create_tiered_engine(std::chrono::minutes(5))).value();
  std::thread killer([] { test::kill_the_child(1); });
  // Some seconds, so that it is killed on its way.
  const oracles::Run got = run("program p(i32 a) { loop (2000000000) { a = a * 5 + 1; } }", {5});
  killer.join();
  EXPECT_EQ(got.end, RunEnd::Finished);
}

TEST(WireTest, WhatIsPutIsGot) {
  std::array<std::byte, 64> buffer{};
  WireWriter writer(buffer);
  writer.put(std::uint32_t{7});
  writer.put_all(std::span<const std::uint64_t>(std::vector<std::uint64_t>{1, 2, 3}));
  ASSERT_TRUE(writer.ok());
  WireReader reader(buffer);
  EXPECT_EQ(reader.get<std::uint32_t>(), 7U);
  std::vector<std::uint64_t> values;
  reader.get_all(values, 3);
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(values, (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST(WireTest, WritingPastTheEndIsRefused) {
  std::array<std::byte, 6> buffer{};
  WireWriter writer(buffer);
  writer.put(std::uint32_t{7});
  writer.put(std::uint32_t{8});
  EXPECT_FALSE(writer.ok());
}

TEST(WireTest, ACountThatRunsOverTheEndIsRefused) {
  std::array<std::byte, 16> buffer{};
  WireWriter(buffer).put(std::uint32_t{1000});
  WireReader reader(buffer);
  std::vector<std::uint64_t> values;
  reader.get_all(values, 5000);
  EXPECT_FALSE(reader.ok());
  EXPECT_TRUE(values.empty());
}

TEST(WireTest, ACountOverTheCallersLimitIsRefused) {
  std::array<std::byte, 64> buffer{};
  WireWriter(buffer).put(std::uint32_t{4});
  WireReader reader(buffer);
  std::vector<std::uint64_t> values;
  reader.get_all(values, 3);
  EXPECT_FALSE(reader.ok());
}

}  // namespace
}  // namespace assay::oracles
