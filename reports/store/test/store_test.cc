// What a store keeps, what it refuses, and what a status says of it; see reports/store/store.h.
#include "reports/store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "core/base/file.h"
#include "reports/store/configuration.h"
#include "reports/store/status.h"

namespace assay::reports {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

fuzz::FindingRecord finding(std::uint64_t program, const std::string& signature = "native-sysv/crash") {
  fuzz::FindingRecord record;
  record.program_index = program;
  record.signature = signature;
  record.oracle = "native-sysv";
  record.verdict = "crash";
  record.text = "// program " + std::to_string(program) + " of " + signature + "\n";
  return record;
}

fuzz::BatchRecord batch(std::uint64_t number, std::vector<fuzz::FindingRecord> findings = {}) {
  fuzz::BatchRecord record;
  record.number = number;
  record.first_program = number * 256;
  record.programs = 256;
  record.figures.judged.programs = 256;
  record.figures.judged.compared = 250;
  record.figures.judged.skipped[static_cast<std::size_t>(oracles::SkipReason::OutOfFuel)] = 6;
  record.figures.forms[3] = 40;
  record.figures.registers[3][12] = 9;
  record.findings = std::move(findings);
  return record;
}

class StoreTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = (std::filesystem::temp_directory_path() / ("assay_store_test_" + std::to_string(::getpid()))).string();
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<CampaignStore> create() { return std::move(CampaignStore::create(folder_, config_)).value(); }
  std::unique_ptr<CampaignStore> resume() { return std::move(CampaignStore::resume(folder_)).value(); }
  std::uint64_t integer(const char* sql) {
    auto database = Database::open(store_path(folder_), Database::Mode::Read);
    return database->integer(sql).value();
  }
  void change(const char* sql) {
    auto database = Database::open(store_path(folder_), Database::Mode::Write);
    ASSERT_TRUE(database->execute(sql));
  }
  [[nodiscard]] std::size_t files() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(findings_path(folder_))) ++count;
    return count;
  }

  std::string folder_;
  fuzz::SupervisedConfig config_;
};

TEST_F(StoreTest, KeepsTheConfiguration) {
  config_.campaign.seed = 0xFFFFFFFFFFFFFFF7ULL;
  config_.campaign.programs = 12345;
  config_.campaign.seconds = 1.5;
  config_.campaign.jobs = 3;
  config_.campaign.pipeline = opt::Pipeline{};
  config_.campaign.judge.enabled[static_cast<std::size_t>(oracles::OracleId::Tiered)] = false;
  config_.findings = 9;
  config_.campaign.proofs = {0.125, 77};
  create();
  EXPECT_EQ(print_configuration(resume()->config()), print_configuration(config_));
  EXPECT_EQ(resume()->config().campaign.describe(), config_.campaign.describe());
  EXPECT_EQ(resume()->config().campaign.proofs.milliseconds, 77U);
}

TEST_F(StoreTest, AStoreFromBeforeATableJoinedIsReadAndGetsItWhenItGoesOn) {
  ASSERT_TRUE(create()->record(batch(0)));
  change("DROP TABLE register_use");
  const auto status = read_status(folder_);
  ASSERT_TRUE(status) << status.error().describe();
  EXPECT_EQ(status->summary.forms[3], 40U);
  EXPECT_EQ(status->summary.registers[3][12], 0U);
  ASSERT_TRUE(resume()->record(batch(1)));
  EXPECT_EQ(read_status(folder_)->summary.registers[3][12], 9U);
}

TEST_F(StoreTest, GivesOutTheFirstBatchesThatAreNotRecorded) {
  auto store = create();
  EXPECT_EQ(store->next_batch(), 0U);
  EXPECT_EQ(store->next_batch(), 1U);
  EXPECT_EQ(store->next_batch(), 2U);
  ASSERT_TRUE(store->record(batch(2)));
  ASSERT_TRUE(store->record(batch(0)));
  store.reset();
  store = resume();
  EXPECT_EQ(store->next_batch(), 1U);
  EXPECT_EQ(store->next_batch(), 3U);
}

TEST_F(StoreTest, RefusesABatchThatIsThereAndKeepsNothingOfIt) {
  auto store = create();
  ASSERT_TRUE(store->record(batch(0)));
  const auto again = store->record(batch(0, {finding(7)}));
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().describe(), HasSubstr("UNIQUE"));
  EXPECT_EQ(integer("SELECT COUNT(*) FROM batches"), 1U);
  EXPECT_EQ(integer("SELECT COUNT(*) FROM findings"), 0U);
  EXPECT_EQ(integer("SELECT COUNT(*) FROM signature_counts"), 0U);
  EXPECT_EQ(integer("SELECT value FROM counters WHERE family = 'total' AND name = 'programs'"), 256U);
}

TEST_F(StoreTest, KeepsNothingOfABatchWhoseFindingCannotBeWritten) {
  auto store = create();
  std::filesystem::remove_all(findings_path(folder_));
  EXPECT_FALSE(store->record(batch(0, {finding(7)})));
  EXPECT_EQ(integer("SELECT COUNT(*) FROM batches"), 0U);
  EXPECT_EQ(integer("SELECT COUNT(*) FROM counters"), 0U);
}

TEST_F(StoreTest, CountsEveryFindingAndKeepsTheFilesOfTheLowestPrograms) {
  auto store = create();
  ASSERT_TRUE(store->record(batch(1, {finding(256), finding(257), finding(258), finding(259)})));
  EXPECT_EQ(files(), 3U);
  ASSERT_TRUE(store->record(batch(0, {finding(5), finding(9)})));
  EXPECT_EQ(files(), 3U);
  EXPECT_EQ(integer("SELECT COUNT(*) FROM findings WHERE program_index IN (5, 9, 256)"), 3U);
  EXPECT_EQ(integer("SELECT raw_count FROM signatures"), 6U);
  EXPECT_EQ(integer("SELECT first_program FROM signatures"), 5U);
  EXPECT_EQ(store->findings(), 6U);
}

TEST_F(StoreTest, HoldsOneContentOnce) {
  auto store = create();
  ASSERT_TRUE(store->record(batch(0, {finding(5), finding(5)})));
  EXPECT_EQ(files(), 1U);
  EXPECT_EQ(integer("SELECT COUNT(*) FROM findings"), 1U);
  EXPECT_EQ(integer("SELECT raw_count FROM findings"), 2U);
}

TEST_F(StoreTest, RefusesANewerSchemaWithASentence) {
  create();
  change("PRAGMA user_version = 99");
  const auto store = CampaignStore::resume(folder_);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, base::ErrorKind::Input);
  EXPECT_THAT(store.error().describe(), HasSubstr("schema version 99, and this build reads version 2"));
  EXPECT_FALSE(read_status(folder_));
}

TEST_F(StoreTest, BringsAnOlderStoreUpToDateWhoeverOpensIt) {
  {
    auto store = create();
    ASSERT_TRUE(store->record(batch(0, {finding(7)})));
    ASSERT_TRUE(store->finish(fuzz::EndReason::Seconds));
  }
  for (const char* const table :
       {"key_counts", "decisions", "candidates", "corpus", "windows", "imports", "coverage"}) {
    change((std::string("DROP TABLE ") + table).c_str());
  }
  change("PRAGMA user_version = 1");
  const auto status = read_status(folder_);
  ASSERT_TRUE(status) << status.error().describe();
  EXPECT_EQ(status->summary.findings, 1U);
  EXPECT_EQ(integer("PRAGMA user_version"), 2U);
  EXPECT_EQ(resume()->next_batch(), 1U);
}

TEST_F(StoreTest, KeepsWhatWasMadeSmallBesideItsFindingAsLongAsThat) {
  auto store = create();
  std::vector<fuzz::FindingRecord> found = {finding(300), finding(301), finding(302)};
  for (fuzz::FindingRecord& one : found) one.small = "// small\n" + one.text;
  ASSERT_TRUE(store->record(batch(1, found)));
  EXPECT_EQ(files(), 6U);
  ASSERT_TRUE(store->record(batch(0, {finding(5), finding(9)})));
  EXPECT_EQ(files(), 4U);  // three findings, one of them with what it was made
}

TEST_F(StoreTest, RefusesWhatIsNoStore) {
  EXPECT_THAT(CampaignStore::resume(folder_).error().describe(), HasSubstr("holds no campaign"));
  std::filesystem::create_directories(folder_);
  ASSERT_TRUE(base::write_file_atomically(store_path(folder_), std::string(5000, 'x')));
  EXPECT_THAT(CampaignStore::resume(folder_).error().describe(), HasSubstr("not a database"));
  EXPECT_THAT(read_status(folder_).error().describe(), HasSubstr("not a database"));
}

TEST_F(StoreTest, RefusesNumbersThatNoOptionAllows) {
  create();
  for (const char* const edit :
       {"'$.jobs', 0", "'$.jobs', 1000000", "'$.jobs', -1", "'$.jobs', 4294967297", "'$.jobs', '2'",
        "'$.batch_size', 0", "'$.batch_size', 1000000", "'$.hang_seconds', 0", "'$.hang_seconds', -1.5",
        "'$.hang_seconds', json('null')", "'$.seconds', 0", "'$.fuel', 0", "'$.tiered_sample', 0",
        "'$.mutate_every', 1001", "'$.proof_share', 1.5", "'$.proof_milliseconds', 0", "'$.seed', -1"}) {
    change("CREATE TABLE kept AS SELECT configuration FROM campaigns");
    change((std::string("UPDATE campaigns SET configuration = json_set(configuration, ") + edit + ")").c_str());
    for (const base::Error& error : {CampaignStore::resume(folder_).error(), read_status(folder_).error()}) {
      EXPECT_EQ(error.kind, base::ErrorKind::Input) << edit;
      EXPECT_EQ(error.file, store_path(folder_)) << edit;
      EXPECT_THAT(error.message, HasSubstr("within its range")) << edit;
    }
    change("UPDATE campaigns SET configuration = (SELECT configuration FROM kept)");
    change("DROP TABLE kept");
  }
  EXPECT_TRUE(CampaignStore::resume(folder_));
}

TEST_F(StoreTest, AStoreThatLacksATableIsAnInputErrorThatNamesIt) {
  create();
  change("DROP TABLE imports");
  for (const base::Error& error : {CampaignStore::resume(folder_).error(), read_status(folder_).error()}) {
    EXPECT_EQ(error.kind, base::ErrorKind::Input);
    EXPECT_THAT(error.describe(), HasSubstr("campaign.sqlite: the campaign store: no such table: imports"));
  }
}

TEST_F(StoreTest, RefusesABatchWithoutAProperNumber) {
  ASSERT_TRUE(create()->record(batch(0)));
  change("UPDATE batches SET number = -1");
  EXPECT_THAT(CampaignStore::resume(folder_).error().describe(), HasSubstr("without a proper number"));
}

// A disk that is nearly full, for want of one: files may grow to a limit, and where that is does not matter.
TEST_F(StoreTest, ACampaignThatCannotBeginIsNotInTheWayOfTheNext) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto no_signal = std::signal(SIGXFSZ, SIG_IGN);
  int refused = 0;
  for (rlim_t limit = 0; limit < 200'000; limit += 8'000) {
    const rlimit little{limit, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &little), 0);
    const bool begun = CampaignStore::create(folder_, config_).ok();
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    refused += begun ? 0 : 1;
    if (!begun) {
      for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
        EXPECT_THAT(entry.path().filename().string(), testing::Not(testing::StartsWith("campaign.sqlite"))) << limit;
      }
    }
    EXPECT_EQ(CampaignStore::create(folder_, config_).ok(), !begun) << limit;
    EXPECT_TRUE(CampaignStore::resume(folder_)) << limit;
    std::filesystem::remove_all(folder_);
  }
  std::signal(SIGXFSZ, no_signal);
  EXPECT_GT(refused, 5);
}

TEST_F(StoreTest, ACampaignWhoseSeedsCannotBeReadLeavesNoStore) {
  EXPECT_FALSE(CampaignStore::create(folder_, config_, folder_ + "/absent"));
  EXPECT_FALSE(std::filesystem::exists(store_path(folder_)));
}

TEST_F(StoreTest, AStoreThatNobodyMayWriteIsRead) {
  {
    auto store = create();
    ASSERT_TRUE(store->record(batch(0, {finding(7)})));
    ASSERT_TRUE(store->finish(fuzz::EndReason::Seconds));
  }
  using std::filesystem::perms;
  const perms all_read = perms::owner_read | perms::group_read | perms::others_read;
  std::filesystem::permissions(store_path(folder_), all_read);
  std::filesystem::permissions(folder_, all_read | perms::owner_exec | perms::group_exec | perms::others_exec);
  // Root may write everything.
  const uid_t user = ::geteuid();
  constexpr uid_t kNobody = 65534;
  ASSERT_TRUE(user != 0 || ::seteuid(kNobody) == 0);
  const auto status = read_status(folder_);
  const auto written = CampaignStore::resume(folder_);
  ASSERT_EQ(::seteuid(user), 0);
  std::filesystem::permissions(folder_, perms::owner_all);
  ASSERT_TRUE(status) << status.error().describe();
  EXPECT_EQ(status->summary.findings, 1U);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, base::ErrorKind::Input);
}

// The log beside it holds what was recorded last.
TEST_F(StoreTest, AStoreOfAnotherUsersRunningCampaignIsRead) {
  auto store = create();
  ASSERT_TRUE(store->record(batch(0, {finding(7)})));
  using std::filesystem::perms;
  const perms all_read = perms::owner_read | perms::group_read | perms::others_read;
  // Who records has the files open; whoever opens them now may only read. Root may write everything.
  for (const char* const beside : {"", "-wal", "-shm"}) {
    std::filesystem::permissions(store_path(folder_) + beside, all_read);
  }
  std::filesystem::permissions(folder_, all_read | perms::owner_exec | perms::group_exec | perms::others_exec);
  const uid_t user = ::geteuid();
  constexpr uid_t kNobody = 65534;
  ASSERT_TRUE(user != 0 || ::seteuid(kNobody) == 0);
  const auto status = read_status(folder_);
  ASSERT_EQ(::seteuid(user), 0);
  std::filesystem::permissions(folder_, perms::owner_all);
  ASSERT_TRUE(status) << status.error().describe();
  EXPECT_EQ(status->summary.findings, 1U);
}

TEST_F(StoreTest, RefusesToBeginWhereACampaignIs) {
  create();
  EXPECT_THAT(CampaignStore::create(folder_, config_).error().describe(), HasSubstr("holds a campaign already"));
}

TEST_F(StoreTest, RefusesProgramsOfAnotherGenerator) {
  create();
  change("UPDATE campaigns SET generator_version = 1000");
  EXPECT_THAT(CampaignStore::resume(folder_).error().describe(), HasSubstr("generator version 1000"));
}

TEST_F(StoreTest, TheStatusAddsUpAllSegments) {
  auto store = create();
  fuzz::BatchRecord first = batch(0, {finding(7)});
  first.figures.proofs = {4, 0, 2, 1, 30, 5'000'000};
  ASSERT_TRUE(store->record(first));
  store.reset();  // without finish: killed
  store = resume();
  ASSERT_TRUE(store->record(batch(1, {finding(300), finding(301, "encoding/other")})));
  ASSERT_TRUE(store->incident("lost worker", "a worker was killed by signal 9"));
  const auto running = read_status(folder_);
  ASSERT_TRUE(running) << running.error().describe();
  EXPECT_EQ(running->state, "running");
  ASSERT_TRUE(store->finish(fuzz::EndReason::Programs));
  const auto status = read_status(folder_);
  ASSERT_TRUE(status) << status.error().describe();
  EXPECT_EQ(status->state, "finished");
  EXPECT_EQ(status->segments, 2U);
  EXPECT_EQ(status->segments_lost, 1U);
  EXPECT_EQ(status->workers_lost, 1U);
  EXPECT_EQ(status->summary.judged.programs, 512U);
  EXPECT_EQ(status->summary.judged.compared, 500U);
  EXPECT_EQ(status->summary.forms[3], 80U);
  EXPECT_EQ(status->summary.registers[3][12], 18U);
  EXPECT_EQ(status->summary.registers[3][11], 0U);
  EXPECT_EQ(status->summary.findings, 3U);
  EXPECT_EQ(status->summary.signatures.front().signature, "native-sysv/crash");
  const std::string text = print_status(*status, status->last_seen);
  EXPECT_THAT(text, HasSubstr("out-of-fuel 12"));
  EXPECT_THAT(text, HasSubstr("3 under 2 signatures"));
  EXPECT_THAT(text, HasSubstr("last new thing              0 s ago: a signature"));
  EXPECT_THAT(text, HasSubstr("killed by signal 9"));
  EXPECT_THAT(text, HasSubstr("4, 0 refuted, 2 unknown, 1 not solved alone; 30 met over budget"));
}

TEST_F(StoreTest, TheStatusSaysWhatWasCoveredOfWhatIsPossible) {
  config_.campaign.mutate_every = 4;
  auto store = create();
  fuzz::BatchRecord first = batch(3);
  first.figures.coverage.set(0);  // a node kind
  first.figures.coverage.set(fuzz::kNodeFacts);
  first.figures.judged.passes.solved[1] = 12;
  ASSERT_TRUE(store->record(first));
  store.reset();
  store = resume();
  fuzz::BatchRecord second = batch(0);
  second.figures.coverage = first.figures.coverage;
  second.figures.coverage.set(1);
  ASSERT_TRUE(store->record(second));
  const auto status = read_status(folder_);
  ASSERT_TRUE(status) << status.error().describe();
  EXPECT_EQ(status->covered, second.figures.coverage);
  EXPECT_EQ(status->mutants, 1U);
  const std::string text = print_status(*status, *status->last_new_coverage + 90);
  EXPECT_THAT(text, HasSubstr("node kinds by type          2 of "));
  EXPECT_THAT(text, HasSubstr("forms by register class     1 of "));
  EXPECT_THAT(text, HasSubstr("operators by type           0 of "));
  EXPECT_THAT(text, HasSubstr("loops solved                12 (counted once in each of its classes, 1 of "));
  EXPECT_THAT(text, HasSubstr("corpus                      0 programs; 1 batches of mutants, 0 programs of libFuzzer"));
  EXPECT_THAT(text, HasSubstr("last new thing              90 s ago: " + fuzz::coverage_name(1)));
}

TEST_F(StoreTest, WritesTheFilesOfAfl) {
  auto store = create();
  ASSERT_TRUE(store->record(batch(0, {finding(7)})));
  ASSERT_TRUE(store->sample());
  ASSERT_TRUE(write_afl_files(folder_, 4711, 1e9));
  const auto stats = base::read_file(folder_ + "/fuzzer_stats", 1 << 20);
  ASSERT_TRUE(stats);
  EXPECT_THAT(*stats, HasSubstr("execs_done        : 256\n"));
  EXPECT_THAT(*stats, HasSubstr("saved_crashes     : 1\n"));
  EXPECT_THAT(*stats, HasSubstr("fuzzer_pid        : 4711\n"));
  const auto plot = base::read_file(folder_ + "/plot_data", 1 << 20);
  ASSERT_TRUE(plot);
  EXPECT_THAT(*plot, HasSubstr("# relative_time, cycles_done"));
  EXPECT_THAT(*plot, HasSubstr(", 256, 1\n"));
}

}  // namespace
}  // namespace assay::reports
