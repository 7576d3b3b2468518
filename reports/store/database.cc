// SQLite wrapped; see database.h. Tested by reports/store/test/database_test.cc.
#include "reports/store/database.h"

#include <sqlite3.h>

#include <utility>

#include "core/base/file.h"

namespace assay::reports {
namespace {

constexpr int kBusyMilliseconds = 10'000;

// A file that is no database, or lacks a table, is the user's; a full disk is the machine's.
bool is_of_the_file(int code) {
  return code == SQLITE_NOTADB || code == SQLITE_CORRUPT || code == SQLITE_CANTOPEN || code == SQLITE_ERROR ||
         code == SQLITE_READONLY;
}

base::Error error_of(sqlite3* database, int code) {
  const char* const text = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  base::Error error = base::system_error(std::string("the campaign store: ") + text);
  if (is_of_the_file(code)) error.kind = base::ErrorKind::Input;
  const char* const file = database != nullptr ? sqlite3_db_filename(database, "main") : nullptr;
  if (file != nullptr) error.file = file;
  return error;
}

// The file for somebody who may write neither it nor beside it. Where no log lies beside it, it is said to be one that
// nobody changes: then SQLite asks for no place for one.
base::Result<std::string> read_only_name(const std::string& path) {
  const auto log = base::is_there(path + "-wal");
  if (!log) return log.error();
  std::string name = "file:";
  for (const char c : path) {
    const bool special = c == '%' || c == '?' || c == '#';
    name += special ? (c == '%' ? "%25" : c == '?' ? "%3f" : "%23") : std::string(1, c);
  }
  return name + (*log ? "?mode=ro" : "?mode=ro&immutable=1");
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Statement& Statement::bind(int index, std::uint64_t value) {
  const int code = sqlite3_bind_int64(statement_.get(), index, static_cast<sqlite3_int64>(value));
  if (bind_error_ == SQLITE_OK) bind_error_ = code;
  return *this;
}

Statement& Statement::bind(int index, double value) {
  const int code = sqlite3_bind_double(statement_.get(), index, value);
  if (bind_error_ == SQLITE_OK) bind_error_ = code;
  return *this;
}

Statement& Statement::bind(int index, std::string_view value) {
  const int code = sqlite3_bind_text64(statement_.get(), index, value.data() == nullptr ? "" : value.data(),
                                       value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (bind_error_ == SQLITE_OK) bind_error_ = code;
  return *this;
}

base::Result<bool> Statement::step() {
  if (bind_error_ != SQLITE_OK) return error_of(database_, bind_error_);
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  base::Error error = error_of(database_, code);
  sqlite3_reset(statement_.get());
  return error;
}

base::Result<void> Statement::run() {
  while (true) {
    auto row = step();
    if (!row) return row.error();
    if (!*row) break;
  }
  reset();
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  bind_error_ = SQLITE_OK;
}

std::uint64_t Statement::integer(int column) const {
  return static_cast<std::uint64_t>(sqlite3_column_int64(statement_.get(), column));
}
double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }
std::string Statement::text(int column) const {
  const auto* const bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}
bool Statement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

// `code` says how it went, the first look into the file included: only that needs what lies beside it.
Database Database::connect(const std::string& name, int flags, int& code) {
  sqlite3* handle = nullptr;
  code = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
  Database database(handle);
  if (code != SQLITE_OK) return database;
  sqlite3_extended_result_codes(handle, 0);
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  code = sqlite3_exec(handle, "PRAGMA user_version", nullptr, nullptr, nullptr);
  return database;
}

base::Result<Database> Database::open(const std::string& path, Mode mode) {
  // A reader, too, needs to write beside the file: that is how it sees what a running campaign has not merged yet.
  int code = SQLITE_OK;
  Database database = connect(path, SQLITE_OPEN_READWRITE | (mode == Mode::Create ? SQLITE_OPEN_CREATE : 0), code);
  if (mode == Mode::Read && (code == SQLITE_CANTOPEN || code == SQLITE_READONLY)) {
    auto name = read_only_name(path);
    if (!name) return name.error();
    database = connect(*name, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, code);
  }
  if (code != SQLITE_OK) {
    base::Error error = error_of(database.database_.get(), code);
    error.file = path;
    return error;
  }
  if (auto done = database.execute("PRAGMA foreign_keys = ON"); !done) return done.error();
  if (mode == Mode::Read) {
    if (auto done = database.execute("PRAGMA query_only = ON"); !done) return done.error();
  }
  return database;
}

void Database::wait_at_most(std::chrono::milliseconds patience) {
  sqlite3_busy_timeout(database_.get(), static_cast<int>(patience.count()));
}

base::Result<void> Database::execute(const char* sql) {
  const int code = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(database_.get(), code);
  return {};
}

base::Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()), 0, &statement, nullptr);
  if (code != SQLITE_OK) return error_of(database_.get(), code);
  return Statement(database_.get(), statement);
}

base::Result<std::uint64_t> Database::integer(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  auto row = statement->step();
  if (!row) return row.error();
  return *row ? statement->integer(0) : std::uint64_t{0};
}

std::uint64_t Database::last_row_id() const {
  return static_cast<std::uint64_t>(sqlite3_last_insert_rowid(database_.get()));
}

base::Result<Transaction> Transaction::begin(Database& database) {
  if (auto done = database.execute("BEGIN IMMEDIATE"); !done) return done.error();
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  // Fails only where SQLite has rolled back by itself.
  if (database_ != nullptr) (void)database_->execute("ROLLBACK");
}

base::Result<void> Transaction::commit() {
  auto done = database_->execute("COMMIT");
  if (done) database_ = nullptr;
  return done;
}

}  // namespace assay::reports
