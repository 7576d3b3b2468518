// A libFuzzer process beside a campaign, played by a script; see fuzz/campaign/libfuzzer.h.
#include "fuzz/campaign/libfuzzer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "core/base/file.h"

namespace assay::fuzz {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class LibFuzzerTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        (std::filesystem::temp_directory_path() / ("assay_libfuzzer_test_" + std::to_string(::getpid()))).string();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string script(const std::string& body) {
    const std::string path = folder_ + "/fuzzer";
    EXPECT_TRUE(base::write_file_atomically(path, "#!/bin/sh\n" + body));
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
  LibFuzzer fuzzer(const std::string& body) {
    auto made = LibFuzzer::create({script(body), folder_ + "/fuzzer_files", 7});
    EXPECT_TRUE(made) << made.error().describe();
    return std::move(made).value();
  }
  // As files of some time ago.
  void put(const std::string& name, const std::string& bytes) {
    const std::string path = folder_ + "/fuzzer_files/" + name;
    ASSERT_TRUE(base::write_file_atomically(path, bytes));
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - std::chrono::minutes(1));
  }
  // What is in the folder, by name, with the kind of artifact.
  static std::vector<std::string> taken(const LibFuzzer& fuzzer, std::size_t most = 100) {
    const auto found = fuzzer.take(most, [](const std::string& name) { return name == "inputs/seen"; });
    EXPECT_TRUE(found) << found.error().describe();
    std::vector<std::string> result;
    for (const FoundInput& one : *found) result.push_back(one.name + " " + one.artifact + ":" + one.bytes);
    return result;
  }
  // Until the process has ended.
  static std::string ended(LibFuzzer& fuzzer) {
    for (int i = 0; i < 1000; ++i) {
      if (const auto sentence = fuzzer.poll()) return *sentence;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return "it did not end";
  }

  std::string folder_;
};

TEST_F(LibFuzzerTest, TakesArtifactsAndInputsThatAreNew) {
  const LibFuzzer one = fuzzer("exit 0\n");
  put("inputs/2b", "\x01two");
  put("inputs/1a", "\x01one");
  put("inputs/seen", "\x01seen");
  put("artifacts/crash-77",
      "\x01"
      "dead");
  put("artifacts/slow-unit-1", "\x01slow");
  EXPECT_THAT(taken(one), ElementsAre("artifacts/crash-77 crash:\x01"
                                      "dead",
                                      "inputs/1a :\x01one", "inputs/2b :\x01two"));
  EXPECT_EQ(taken(one, 2).size(), 2U);
}

TEST_F(LibFuzzerTest, DoesNotTakeWhatItOfferedOrWhatIsBeingWritten) {
  LibFuzzer one = fuzzer("exec sleep 1000\n");
  static_cast<void>(one.poll());
  ASSERT_TRUE(one.offer("\x01mine"));
  ASSERT_TRUE(base::write_file_atomically(folder_ + "/fuzzer_files/inputs/now", "\x01whole"));
  EXPECT_TRUE(taken(one).empty());
  one.stop();
  EXPECT_THAT(taken(one), ElementsAre("inputs/now :\x01whole"));
}

TEST_F(LibFuzzerTest, TakesEmptyArtifactsAndThoseOfAClockThatWasSetBack) {
  LibFuzzer one = fuzzer("exec sleep 1000\n");
  static_cast<void>(one.poll());
  put("artifacts/crash-1", "");
  put("artifacts/crash-2", "\x01x");
  std::filesystem::last_write_time(folder_ + "/fuzzer_files/artifacts/crash-2",
                                   std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_THAT(taken(one), ElementsAre("artifacts/crash-1 crash:", "artifacts/crash-2 crash:\x01x"));
}

TEST_F(LibFuzzerTest, RunsTheBinaryOverTheFolder) {
  LibFuzzer one = fuzzer("for last; do :; done\nprintf '%s ' \"$@\" > \"$last/arguments\"\nexit 3\n");
  EXPECT_THAT(ended(one), HasSubstr("ended with code 3"));
  const auto arguments = base::read_file(folder_ + "/fuzzer_files/inputs/arguments", 4096);
  ASSERT_TRUE(arguments) << arguments.error().describe();
  EXPECT_THAT(*arguments, HasSubstr("-reload=1"));
  EXPECT_THAT(*arguments, HasSubstr("-artifact_prefix=" + folder_ + "/fuzzer_files/artifacts/"));
}

TEST_F(LibFuzzerTest, AnOfferThatItDiesOfIsTakenAway) {
  LibFuzzer one = fuzzer("for last; do :; done\ncp \"$last\"/assay-* \"$last/../artifacts/crash-1\"\nexit 1\n");
  ASSERT_TRUE(one.offer("\x01poison"));
  EXPECT_THAT(ended(one), HasSubstr("ended with code 1 and is started again"));
  EXPECT_TRUE(std::filesystem::is_empty(folder_ + "/fuzzer_files/inputs"));
}

TEST_F(LibFuzzerTest, EndsWithTheCampaign) {
  {
    LibFuzzer one = fuzzer(
        "for last; do :; done\necho $$ > \"$last/../pid\"\nmv \"$last/../pid\" \"$last/pid\"\nexec sleep 1000\n");
    EXPECT_EQ(one.poll(), std::nullopt);
    for (int i = 0; i < 1000 && !std::filesystem::exists(folder_ + "/fuzzer_files/inputs/pid"); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  const auto pid = base::read_file(folder_ + "/fuzzer_files/inputs/pid", 64);
  ASSERT_TRUE(pid);
  EXPECT_NE(::kill(std::stoi(*pid), 0), 0);
}

TEST_F(LibFuzzerTest, RefusesWhatCannotBeRun) {
  EXPECT_FALSE(LibFuzzer::create({folder_ + "/absent", folder_ + "/fuzzer_files", 1}));
}

}  // namespace
}  // namespace assay::fuzz
