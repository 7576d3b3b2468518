// What is believed of another build, and when; see fuzz/gate/base_binary.h. The builds are shell scripts here.
#include "fuzz/gate/base_binary.h"

#include <gmock/gmock.h>

#include "fuzz/corpus/test/folder.h"

namespace assay::fuzz {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class BaseBinaryTest : public FolderTest {
 protected:
  // A program that runs these lines of shell.
  BaseBinary script(const std::string& lines) {
    const std::string file = write("base", "#!/bin/sh\n" + lines + "\n");
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    return BaseBinary(file, std::chrono::seconds(20));
  }
};

TEST_F(BaseBinaryTest, SignaturesOfAFailingReplayAreRead) {
  const BaseBinary base = script(R"(echo '{"replays": [{"status": "diverges", "signatures": ["a/b", "c"]}]}'; exit 1)");
  const auto replay = base.replay("x.nda");
  ASSERT_TRUE(replay);
  EXPECT_TRUE(replay->judged);
  EXPECT_THAT(replay->signatures, ElementsAre("a/b", "c"));
}

TEST_F(BaseBinaryTest, ASkippedFileWasNotJudged) {
  const auto replay =
      script(R"(echo '{"replays": [{"status": "skipped", "signatures": []}]}'; exit 4)").replay("x.nda");
  ASSERT_TRUE(replay);
  EXPECT_FALSE(replay->judged);
}

TEST_F(BaseBinaryTest, TheFileIsAnArgumentAndNeverAnOption) {
  const BaseBinary base = script(
      R"([ "$1 $2 $3" = "replay --json ./--version" ] && echo '{"replays": [{"status": "pass", "signatures": []}]}')");
  EXPECT_TRUE(base.replay("--version"));
}

TEST_F(BaseBinaryTest, NoAnswerIsNone) {
  EXPECT_FALSE(script("echo none").replay("x.nda"));
  EXPECT_FALSE(script("echo '{}'").replay("x.nda"));
  EXPECT_FALSE(script(R"(echo '{"replays": [{"status": 1}]}')").replay("x.nda"));
  EXPECT_FALSE(script("kill -9 $$").replay("x.nda"));
  EXPECT_FALSE(BaseBinary(path("absent")).replay("x.nda"));
}

TEST_F(BaseBinaryTest, OneThatDoesNotEndIsKilled) {
  script("exec sleep 1000");
  EXPECT_FALSE(BaseBinary(path("base"), std::chrono::milliseconds(50)).replay("x.nda"));
}

TEST_F(BaseBinaryTest, RefutedLoopsAreReadFromBehindTheRowsThatAreText) {
  const BaseBinary base = script(R"(cat <<'END'
refuted   program p() {
{
  "rows": [{"verdict": "refuted", "program": "one"}, {"verdict": "proved", "program": "two"}]
}
END
exit 1)");
  const auto refuted = base.refuted_loops("x.nda");
  ASSERT_TRUE(refuted);
  EXPECT_THAT(*refuted, ElementsAre("one"));
  EXPECT_THAT(script(R"(echo '{"rows": []}')").refuted_loops("x.nda").value(), IsEmpty());
}

}  // namespace
}  // namespace assay::fuzz
