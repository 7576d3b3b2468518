// Running programs under limits.
#include "fuzz/selftest/process.h"

#include <gtest/gtest.h>
#include <signal.h>

namespace assay::fuzz::selftest {
namespace {

ProcessEnd shell(const std::string& script, const ProcessLimits& limits = {}) {
  const auto end = run_process({"/bin/sh", "-c", script}, "/", limits);
  EXPECT_TRUE(end) << end.error().describe();
  return end ? *end : ProcessEnd{};
}

TEST(RunProcess, GivesCodeAndBothStreams) {
  const ProcessEnd end = shell("echo out; echo err >&2; exit 7");
  EXPECT_EQ(end.code, 7);
  EXPECT_EQ(end.signal, 0);
  EXPECT_NE(end.output.find("out\n"), std::string::npos);
  EXPECT_NE(end.output.find("err\n"), std::string::npos);
}

TEST(RunProcess, NamesTheSignalThatEndedIt) {
  const ProcessEnd end = shell("kill -SEGV $$");
  EXPECT_EQ(end.signal, SIGSEGV);
  EXPECT_FALSE(end.good());
  EXPECT_FALSE(end.silent);
}

TEST(RunProcess, KillsWhatSaysNothing) {
  const ProcessEnd end = shell("sleep 1000", {0.2, 1000});
  EXPECT_TRUE(end.silent);
  EXPECT_EQ(end.signal, SIGKILL);
}

TEST(RunProcess, KillsWhatTalksForTooLong) {
  const ProcessEnd end = shell("while :; do echo .; sleep 0.01; done", {1000, 0.3});
  EXPECT_TRUE(end.late);
  EXPECT_FALSE(end.silent);
}

TEST(RunProcess, DoesNotWaitForWhomTheProcessLeftBehind) {
  const ProcessEnd end = shell("sleep 1000 & exit 0");
  EXPECT_TRUE(end.good());
}

TEST(RunProcess, ReportsAProgramThatIsNotThere) {
  const auto end = run_process({"/no/such/program"}, "/", {});
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().kind, base::ErrorKind::System);
}

}  // namespace
}  // namespace assay::fuzz::selftest
