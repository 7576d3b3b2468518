// Database: the SQLite C API as values that close themselves and errors that cannot be overlooked.
//
// The only file, with its .cc, that knows sqlite3.h: the store is written in terms of statements.
//
// Tested by reports/store/test/database_test.cc.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace assay::reports {

class Database;

// A prepared statement. What goes wrong while values are bound is told by the step that follows.
class Statement {
 public:
  // Parameters are numbered from 1, in the order of the question marks.
  Statement& bind(int index, std::uint64_t value);
  Statement& bind(int index, double value);
  Statement& bind(int index, std::string_view value);

  // True while there is a row.
  [[nodiscard]] base::Result<bool> step();
  // To the end, for statements without rows; ready to be bound again.
  [[nodiscard]] base::Result<void> run();
  void reset();

  // Columns are numbered from 0.
  [[nodiscard]] std::uint64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(sqlite3* database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}

  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_error_ = 0;
};

class Database {
 public:
  enum class Mode : std::uint8_t { Create, Write, Read };

  // Waits up to ten seconds for another process's transaction. `Read` refuses every change, and reads what nobody here
  // may write, too: a store of another user, or in a folder that is mounted for reading.
  [[nodiscard]] static base::Result<Database> open(const std::string& path, Mode mode);

  [[nodiscard]] base::Result<void> execute(const char* sql);
  [[nodiscard]] base::Result<Statement> prepare(std::string_view sql);
  // The first column of the first row; 0 when there is none.
  [[nodiscard]] base::Result<std::uint64_t> integer(std::string_view sql);
  [[nodiscard]] std::uint64_t last_row_id() const;
  // How long to wait for another process's transaction from now on, instead.
  void wait_at_most(std::chrono::milliseconds patience);
  // Before its files are removed; nothing else may be asked of it then.
  void close() { database_.reset(); }

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Database(sqlite3* database) : database_(database) {}
  [[nodiscard]] static Database connect(const std::string& name, int flags, int& code);

  std::unique_ptr<sqlite3, Close> database_;
};

// All or nothing: rolled back by the destructor unless committed.
class Transaction {
 public:
  [[nodiscard]] static base::Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  [[nodiscard]] base::Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}

  Database* database_;
};

// Calls `each` with every row of a question without parameters.
template <class Each>
[[nodiscard]] base::Result<void> for_each_row(Database& database, std::string_view sql, Each each) {
  auto statement = database.prepare(sql);
  if (!statement) return statement.error();
  while (true) {
    const auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return {};
    each(*statement);
  }
}

}  // namespace assay::reports
