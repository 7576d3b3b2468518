// A value or an error, and the sentence an error becomes; see core/base/result.h and error.h.
#include "core/base/result.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>
#include <utility>

namespace assay::base {
namespace {

TEST(Result, HoldsAValue) {
  const Result<int> result(7);
  EXPECT_TRUE(result.ok());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(result.value(), 7);
  EXPECT_EQ(*result, 7);
}

TEST(Result, HoldsAnError) {
  const Result<int> result(input_error("no such thing"));
  EXPECT_FALSE(result.ok());
  EXPECT_FALSE(static_cast<bool>(result));
  EXPECT_EQ(result.error().message, "no such thing");
}

TEST(Result, OfATextTellsValueAndErrorApart) {
  const Result<std::string> value(std::string("text"));
  const Result<std::string> error(input_error("text"));
  EXPECT_TRUE(value.ok());
  EXPECT_FALSE(error.ok());
}

TEST(Result, GivesAccessToMembersAndChangesOfItsValue) {
  Result<std::string> result(std::string("abc"));
  EXPECT_EQ(result->size(), 3U);
  *result += "d";
  EXPECT_EQ(std::as_const(result)->size(), 4U);
}

TEST(Result, MovesItsValueOut) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(5));
  const std::unique_ptr<int> taken = std::move(result).value();
  ASSERT_NE(taken, nullptr);
  EXPECT_EQ(*taken, 5);
}

TEST(Result, OfNothingIsFineUnlessGivenAnError) {
  const Result<void> fine;
  EXPECT_TRUE(fine.ok());
  EXPECT_TRUE(static_cast<bool>(fine));
  const Result<void> failed(system_error("out of luck"));
  EXPECT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().kind, ErrorKind::System);
}

TEST(Error, DescribesWhatItKnows) {
  Error error = input_error("expected ';'", {3, 9});
  EXPECT_EQ(error.describe(), "<input>:3:9: expected ';'");
  error.file = "a.nda";
  EXPECT_EQ(error.describe(), "a.nda:3:9: expected ';'");
  error.position = {};
  EXPECT_EQ(error.describe(), "a.nda: expected ';'");
  error.file.clear();
  EXPECT_EQ(error.describe(), "expected ';'");
}

TEST(Error, KindsAreSetByWhoMadeThem) {
  EXPECT_EQ(input_error("x").kind, ErrorKind::Input);
  EXPECT_EQ(system_error("x").kind, ErrorKind::System);
  EXPECT_EQ(system_error("x", ENOENT).kind, ErrorKind::System);
}

TEST(Error, OfTheSystemEndsWithItsReason) {
  EXPECT_EQ(system_error("cannot open /x", ENOENT).message, "cannot open /x: No such file or directory");
}

TEST(SourcePosition, IsUnknownAtLineZero) {
  EXPECT_FALSE(SourcePosition{}.known());
  EXPECT_TRUE((SourcePosition{1, 1}).known());
}

}  // namespace
}  // namespace assay::base
