// Statements, errors and transactions over SQLite; see reports/store/database.h.
#include "reports/store/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::reports {
namespace {

using testing::HasSubstr;

Database memory() { return std::move(Database::open(":memory:", Database::Mode::Create)).value(); }

TEST(Database, GivesBackWhatWasBound) {
  Database database = memory();
  auto statement = database.prepare("SELECT ?, ?, ?, NULL");
  ASSERT_TRUE(statement);
  statement->bind(1, std::uint64_t{41}).bind(2, 0.5).bind(3, std::string_view("a\0b", 3));
  ASSERT_TRUE(statement->step().value());
  EXPECT_EQ(statement->integer(0), 41U);
  EXPECT_EQ(statement->real(1), 0.5);
  EXPECT_EQ(statement->text(2), std::string("a\0b", 3));
  EXPECT_TRUE(statement->is_null(3));
}

TEST(Database, TellsOfAWrongStatementAndAWrongParameter) {
  Database database = memory();
  EXPECT_THAT(database.prepare("SELEKT 1").error().describe(), HasSubstr("syntax error"));
  auto statement = database.prepare("SELECT ?");
  statement->bind(2, std::uint64_t{1});
  EXPECT_FALSE(statement->step());
}

TEST(Database, RollsBackWhatIsNotCommitted) {
  Database database = memory();
  ASSERT_TRUE(database.execute("CREATE TABLE t (a)"));
  {
    auto transaction = Transaction::begin(database);
    ASSERT_TRUE(database.execute("INSERT INTO t VALUES (1)"));
  }
  EXPECT_EQ(database.integer("SELECT COUNT(*) FROM t").value(), 0U);
  {
    auto transaction = Transaction::begin(database);
    ASSERT_TRUE(database.execute("INSERT INTO t VALUES (1)"));
    ASSERT_TRUE(transaction->commit());
  }
  EXPECT_EQ(database.integer("SELECT COUNT(*) FROM t").value(), 1U);
}

TEST(Database, AMissingFileIsAnErrorWithItsName) {
  const auto database = Database::open("/nowhere/x.sqlite", Database::Mode::Read);
  ASSERT_FALSE(database);
  EXPECT_THAT(database.error().describe(), HasSubstr("/nowhere/x.sqlite"));
}

}  // namespace
}  // namespace assay::reports
