// Statements, errors and transactions over SQLite; see reports/store/database.h.
#include "reports/store/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

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

TEST(Database, WaitsForAnothersTransactionAsLongAsItIsTold) {
  const std::string path = testing::TempDir() + "assay_database_" + std::to_string(::getpid()) + ".sqlite";
  Database writer = std::move(Database::open(path, Database::Mode::Create)).value();
  ASSERT_TRUE(writer.execute("CREATE TABLE t (a)"));
  Database other = std::move(Database::open(path, Database::Mode::Write)).value();
  ASSERT_TRUE(other.execute("BEGIN IMMEDIATE"));
  writer.wait_at_most(std::chrono::milliseconds(50));
  EXPECT_THAT(writer.execute("INSERT INTO t VALUES (1)").error().describe(), HasSubstr("locked"));
  writer.wait_at_most(std::chrono::minutes(10));
  std::thread later([&other] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    ASSERT_TRUE(other.execute("COMMIT"));
  });
  EXPECT_TRUE(writer.execute("INSERT INTO t VALUES (1)"));
  later.join();
  std::remove(path.c_str());
}

TEST(Database, AMissingFileIsAnErrorWithItsName) {
  const auto database = Database::open("/nowhere/x.sqlite", Database::Mode::Read);
  ASSERT_FALSE(database);
  EXPECT_THAT(database.error().describe(), HasSubstr("/nowhere/x.sqlite"));
}

}  // namespace
}  // namespace assay::reports
