// Campaigns under a supervisor with a ledger: what is recorded, and what becomes of workers that die or hang; see
// fuzz/campaign/supervised.h.
#include "fuzz/campaign/supervised.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <new>
#include <set>

#include "core/ast/codec.h"
#include "core/ast/text.h"
#include "core/base/file.h"
#include "core/base/rng.h"
#include "fuzz/campaign/wire.h"
#include "fuzz/findings/finding.h"
#include "fuzz/gen/generator.h"

namespace assay::fuzz {
namespace {

using testing::HasSubstr;

class MemoryLedger final : public Ledger {
 public:
  std::uint64_t next_batch() override { return next_++; }
  base::Result<void> record(const BatchRecord& batch) override {
    if (!numbers.insert(batch.number).second) return base::system_error("a batch was recorded twice");
    total.add(batch.figures);
    programs += batch.programs;
    for (const FindingRecord& finding : batch.findings) found.push_back(finding);
    names.insert(batch.imported.begin(), batch.imported.end());
    return {};
  }
  base::Result<void> incident(std::string_view kind, std::string_view) override {
    ++incidents[std::string(kind)];
    return {};
  }
  std::uint64_t findings() const override { return found.size(); }
  bool imported(const std::string& name) const override { return names.contains(name); }
  std::uint64_t next_import() override { return kFirstImport + imports_++; }

  std::set<std::uint64_t> numbers;
  std::set<std::string> names;  // of imported files
  BatchFigures total;
  std::uint64_t programs = 0;
  std::vector<FindingRecord> found;
  std::map<std::string, int> incidents;

 private:
  std::uint64_t imports_ = 0;
  std::uint64_t next_ = 0;
};

// A counter that all forks share.
class Shared {
 public:
  Shared() : page_(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    counter_ = new (page_) std::atomic<int>(0);
  }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  ~Shared() { ::munmap(page_, 4096); }
  std::atomic<int>& counter() { return *counter_; }

 private:
  void* page_;
  std::atomic<int>* counter_ = nullptr;
};

std::unique_ptr<oracles::BlockSource> jit() { return std::make_unique<oracles::JitBlockSource>(); }

// The JIT, but one program is too much for it.
class Stumbling final : public oracles::BlockSource {
 public:
  Stumbling(std::string victim, std::function<void()> stumble)
      : victim_(std::move(victim)), stumble_(std::move(stumble)) {}
  void compile(const ast::Program& program, const jit::CompileOptions& options, jit::CompiledBlock& block) override {
    if (ast::print_program(program) == victim_) stumble_();
    jit_.compile(program, options, block);
  }

 private:
  oracles::JitBlockSource jit_;
  std::string victim_;
  std::function<void()> stumble_;
};

class SupervisedTest : public testing::Test {
 protected:
  SupervisedTest() {
    config_.campaign.programs = 128;
    config_.campaign.batch_size = 32;
    config_.campaign.jobs = 2;
    config_.campaign.pipeline = opt::Pipeline{};  // so that compilers see the programs as they were generated
    config_.campaign.judge.enabled.fill(false);
    config_.campaign.judge.enabled[static_cast<std::size_t>(oracles::OracleId::NativeSystemV)] = true;
  }
  base::Result<EndReason> run(MemoryLedger& ledger, const BlockSourceFactory& source) {
    return run_supervised(config_, source, ledger, nullptr, interrupted_);
  }
  [[nodiscard]] std::string program(std::uint64_t index) const {
    GeneratedCase one;
    Generator().generate(base::derive_seed(config_.campaign.seed, index), one);
    return ast::print_program(one.program);
  }

  SupervisedConfig config_;
  std::atomic<bool> interrupted_{false};
};

TEST_F(SupervisedTest, RecordsEveryBatchOnceAndTheSameForAnyNumberOfJobs) {
  MemoryLedger one;
  config_.campaign.programs = 120;  // the last batch is short
  config_.campaign.jobs = 1;
  const auto end = run(one, jit);
  ASSERT_TRUE(end) << end.error().describe();
  EXPECT_EQ(*end, EndReason::Programs);
  EXPECT_THAT(one.numbers, testing::ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(one.programs, 120U);
  EXPECT_EQ(one.total.judged.programs, 120U);
  MemoryLedger three;
  config_.campaign.jobs = 3;
  ASSERT_TRUE(run(three, jit));
  EXPECT_EQ(three.numbers, one.numbers);
  EXPECT_EQ(three.total.forms, one.total.forms);
  EXPECT_EQ(three.total.judged.interpreter_steps, one.total.judged.interpreter_steps);
}

TEST_F(SupervisedTest, AWorkerThatIsKilledIsReplacedAndItsBatchDoneAgain) {
  Shared shared;
  const std::string victim = program(40);
  MemoryLedger ledger;
  const auto end = run(ledger, [&] {
    return std::make_unique<Stumbling>(victim, [&] {
      if (shared.counter().fetch_add(1) == 0) ::raise(SIGKILL);
    });
  });
  ASSERT_TRUE(end) << end.error().describe();
  EXPECT_EQ(ledger.programs, 128U);
  EXPECT_EQ(ledger.incidents["lost worker"], 1);
  EXPECT_TRUE(ledger.found.empty());
}

TEST_F(SupervisedTest, AProgramThatWorkersDieOfIsAFindingAndTheOthersAreJudged) {
  const std::string victim = program(77);
  MemoryLedger ledger;
  const auto end = run(ledger, [&] { return std::make_unique<Stumbling>(victim, [] { ::raise(SIGKILL); }); });
  ASSERT_TRUE(end) << end.error().describe();
  ASSERT_EQ(ledger.found.size(), 1U);
  EXPECT_EQ(ledger.found[0].signature, "harness/crash");
  EXPECT_EQ(ledger.found[0].program_index, 77U);
  EXPECT_EQ(ledger.programs, 128U);
  EXPECT_EQ(ledger.total.judged.programs, 128U);
  const auto finding = parse_finding(ledger.found[0].text);
  ASSERT_TRUE(finding) << finding.error().describe() << "\n" << ledger.found[0].text;
  EXPECT_EQ(ast::print_program(finding->program), victim);
  EXPECT_EQ(finding->signature, "harness/crash");
}

TEST_F(SupervisedTest, AProgramThatHangsTheHarnessIsAFinding) {
  config_.hang_seconds = 5;           // under a sanitizer, on a slow machine, two programs take more than one
  config_.campaign.proofs.share = 0;  // a proof may take longer than that
  config_.campaign.programs = 8;
  config_.campaign.batch_size = 4;
  const std::string victim = program(5);
  MemoryLedger ledger;
  const auto end = run(ledger, [&] {
    return std::make_unique<Stumbling>(victim, [] {
      while (true) ::pause();
    });
  });
  ASSERT_TRUE(end) << end.error().describe();
  ASSERT_EQ(ledger.found.size(), 1U);
  EXPECT_EQ(ledger.found[0].signature, "harness/hang");
  EXPECT_EQ(ledger.found[0].program_index, 5U);
  EXPECT_EQ(ledger.programs, 8U);
  EXPECT_GT(ledger.incidents["hang"], 0);
}

TEST_F(SupervisedTest, WorkersThatNeverGetReadyEndTheCampaignWithAnError) {
  MemoryLedger ledger;
  const auto end = run(ledger, []() -> std::unique_ptr<oracles::BlockSource> { ::_exit(9); });
  ASSERT_FALSE(end);
  EXPECT_THAT(end.error().describe(), HasSubstr("ended with code 9 before they were ready"));
}

TEST_F(SupervisedTest, AnInterruptAndATimeBudgetEndIt) {
  config_.campaign.programs.reset();
  config_.campaign.seconds = 0.2;
  MemoryLedger timed;
  EXPECT_EQ(run(timed, jit).value(), EndReason::Seconds);
  interrupted_ = true;
  MemoryLedger stopped;
  EXPECT_EQ(run(stopped, jit).value(), EndReason::Interrupted);
  EXPECT_EQ(stopped.programs, 0U);
}

TEST_F(SupervisedTest, ABudgetOfFindingsEndsIt) {
  config_.campaign.programs.reset();
  config_.findings = 1;
  const std::string victim = program(3);
  MemoryLedger ledger;
  const auto end = run(ledger, [&] { return std::make_unique<Stumbling>(victim, [] { ::raise(SIGKILL); }); });
  ASSERT_TRUE(end) << end.error().describe();
  EXPECT_EQ(*end, EndReason::Findings);
  EXPECT_GE(ledger.found.size(), 1U);
}

TEST_F(SupervisedTest, WhatLibFuzzerFoundIsJudgedInBatchesOfItsOwn) {
  const std::string folder =
      (std::filesystem::temp_directory_path() / ("assay_supervised_test_" + std::to_string(::getpid()))).string();
  std::filesystem::create_directories(folder);
  const auto put = [&folder](const std::string& name, const std::string& bytes) {
    std::filesystem::create_directories(std::filesystem::path(folder + "/" + name).parent_path());
    ASSERT_TRUE(base::write_file_atomically(folder + "/" + name, bytes));
    std::filesystem::last_write_time(folder + "/" + name,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::minutes(1));
  };
  const auto bytes_of = [](const char* text) {
    const std::vector<std::uint8_t> bytes = ast::encode(ast::parse_program(text).value());
    return std::string(bytes.begin(), bytes.end());
  };
  put("fuzzer", "#!/bin/sh\nexec sleep 1000\n");
  std::filesystem::permissions(folder + "/fuzzer", std::filesystem::perms::owner_all);
  put("fuzzer_files/inputs/1a", bytes_of("program p(i32 a) { a = a + 1; }"));
  put("fuzzer_files/inputs/seen", bytes_of("program p(i32 a) { a = a + 2; }"));
  put("fuzzer_files/inputs/no-program", "\n");
  put("fuzzer_files/artifacts/crash-7", bytes_of("program p(i32 a) { a = a * 3; }"));
  put("fuzzer_files/artifacts/crash-8", "");
  put("fuzzer_files/artifacts/timeout-9", "\x02");
  // Just written when the campaign ends.
  ASSERT_TRUE(base::write_file_atomically(folder + "/fuzzer_files/artifacts/oom-1",
                                          bytes_of("program p(i32 a) { a = a * 4; }")));
  config_.libfuzzer = LibFuzzerConfig{folder + "/fuzzer", folder + "/fuzzer_files", 1};
  MemoryLedger ledger;
  ledger.names.insert("inputs/seen");
  const auto end = run(ledger, jit);
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(end) << end.error().describe();
  EXPECT_TRUE(ledger.numbers.contains(kFirstImport));
  EXPECT_EQ(ledger.programs, 131U);
  EXPECT_THAT(ledger.names,
              testing::UnorderedElementsAre("inputs/seen", "inputs/1a", "artifacts/crash-7", "artifacts/crash-8",
                                            "artifacts/timeout-9", "artifacts/oom-1"));
  // No oracle has anything against them, so what libFuzzer said is all there is.
  std::multiset<std::pair<std::string, bool>> found;
  for (const FindingRecord& one : ledger.found) found.emplace(one.signature, one.text.empty());
  EXPECT_THAT(found,
              testing::UnorderedElementsAre(std::pair("libfuzzer/crash", false), std::pair("libfuzzer/crash", true),
                                            std::pair("libfuzzer/timeout", true), std::pair("libfuzzer/oom", false)));
}

TEST(Wire, ATaskSurvivesTheWireAndACutOneIsRefused) {
  TaskMessage message;
  message.task.first = 7;
  message.task.origin = Origin::Imported;
  message.task.programs = {"one", "two"};
  message.task.artifacts = {"", "crash"};
  message.entries.push_back({"program", "1 2"});
  const std::string bytes = encode(message);
  const auto back = decode_task(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(encode(*back), bytes);
  EXPECT_FALSE(decode_task(std::string_view(bytes).substr(0, bytes.size() - 1)));
  EXPECT_FALSE(decode_task(bytes + "x"));
}

TEST(Wire, AResultSurvivesTheWireAndACutOneIsRefused) {
  TaskResult result;
  result.cpu_nanoseconds = 7;
  result.figures.forms[2] = 9;
  result.findings.push_back({5, "signature", "oracle", "crash", "dce", "text\n", "small\n"});
  result.keys.push_back({"signature", "node:add", 3});
  const std::string bytes = encode(result);
  const auto back = decode(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(encode(*back), bytes);
  EXPECT_EQ(back->findings[0].pass, "dce");
  EXPECT_EQ(back->keys[0].key, "node:add");
  EXPECT_FALSE(decode(std::string_view(bytes).substr(0, bytes.size() - 1)));
  EXPECT_FALSE(decode(bytes + "x"));
}

}  // namespace
}  // namespace assay::fuzz
