// The tables of a campaign store; see schema.h. Tested by reports/store/test/store_test.cc.
#include "reports/store/schema.h"

#include <fmt/format.h>

#include "core/base/file.h"
#include "reports/store/folder.h"

namespace assay::reports {
namespace {

// Times are seconds since 1970. Seeds are text: SQLite's integers are signed.
constexpr const char* kTables = R"sql(
CREATE TABLE campaigns (
  id INTEGER PRIMARY KEY,
  configuration TEXT NOT NULL,        -- JSON: all that `resume` needs
  description TEXT NOT NULL,          -- the same for people, as findings carry it
  seed TEXT NOT NULL,
  generator_version INTEGER NOT NULL,
  build TEXT NOT NULL,
  cpu TEXT NOT NULL,
  started REAL NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'stopped', 'finished'))
);
CREATE TABLE segments (               -- one per start or resume
  id INTEGER PRIMARY KEY,
  campaign INTEGER NOT NULL REFERENCES campaigns,
  started REAL NOT NULL,
  last_seen REAL NOT NULL,
  how_ended TEXT,                     -- NULL while it runs, 'lost' when it was killed
  build TEXT NOT NULL,
  cpu TEXT NOT NULL,
  jobs INTEGER NOT NULL
);
CREATE TABLE batches (
  campaign INTEGER NOT NULL REFERENCES campaigns,
  number INTEGER NOT NULL,
  segment INTEGER NOT NULL REFERENCES segments,
  first_program INTEGER NOT NULL,
  programs INTEGER NOT NULL,
  compared INTEGER NOT NULL,
  findings INTEGER NOT NULL,
  recorded REAL NOT NULL,
  PRIMARY KEY (campaign, number)
) WITHOUT ROWID;
CREATE TABLE counters (               -- accumulated over the batches of a segment
  segment INTEGER NOT NULL REFERENCES segments,
  family TEXT NOT NULL,               -- total, verdict, oracle_skip, program_skip, pass_ran, form, ...
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (segment, family, name)
) WITHOUT ROWID;
CREATE TABLE signature_counts (
  campaign INTEGER NOT NULL REFERENCES campaigns,
  signature TEXT NOT NULL,
  oracle TEXT NOT NULL,
  pass TEXT NOT NULL,
  raw_count INTEGER NOT NULL,         -- divergences, whether or not they have a file
  first_program INTEGER NOT NULL,     -- the lowest number, which need not be the first found
  first_seen REAL NOT NULL,
  PRIMARY KEY (campaign, signature)
) WITHOUT ROWID;
CREATE TABLE findings (               -- those with a file: the first few programs of each signature
  id INTEGER PRIMARY KEY,
  campaign INTEGER NOT NULL REFERENCES campaigns,
  content_hash TEXT NOT NULL,
  signature TEXT NOT NULL,
  oracle TEXT NOT NULL,
  verdict TEXT NOT NULL,
  pass TEXT NOT NULL,
  file TEXT NOT NULL,                 -- in the findings folder beside the store
  first_seen REAL NOT NULL,
  batch INTEGER NOT NULL,
  program_index INTEGER NOT NULL,
  raw_count INTEGER NOT NULL,
  UNIQUE (campaign, content_hash)
);
CREATE TABLE samples (                -- time series; figures are of the campaign so far
  segment INTEGER NOT NULL REFERENCES segments,
  at REAL NOT NULL,
  run_seconds REAL NOT NULL,
  programs INTEGER NOT NULL,
  compared INTEGER NOT NULL,
  findings INTEGER NOT NULL,
  signatures INTEGER NOT NULL,
  forms INTEGER NOT NULL
);
CREATE TABLE incidents (              -- what happened to the harness itself
  segment INTEGER NOT NULL REFERENCES segments,
  at REAL NOT NULL,
  kind TEXT NOT NULL,
  sentence TEXT NOT NULL
);
CREATE VIEW signatures AS
  SELECT s.campaign, s.signature, s.oracle, s.pass, s.raw_count, s.first_program, s.first_seen,
         (SELECT COUNT(*) FROM findings f WHERE f.campaign = s.campaign AND f.signature = s.signature) AS files,
         (SELECT f.file FROM findings f WHERE f.campaign = s.campaign AND f.signature = s.signature
          ORDER BY f.program_index, f.content_hash LIMIT 1) AS file
  FROM signature_counts s;
)sql";

constexpr const char* kLaterTables = R"sql(
CREATE TABLE IF NOT EXISTS register_use ( -- instructions of a form with a register, accumulated over a segment
  segment INTEGER NOT NULL REFERENCES segments,
  form TEXT NOT NULL,
  rax INTEGER NOT NULL, rcx INTEGER NOT NULL, rdx INTEGER NOT NULL, rbx INTEGER NOT NULL,
  rsp INTEGER NOT NULL, rbp INTEGER NOT NULL, rsi INTEGER NOT NULL, rdi INTEGER NOT NULL,
  r8 INTEGER NOT NULL, r9 INTEGER NOT NULL, r10 INTEGER NOT NULL, r11 INTEGER NOT NULL,
  r12 INTEGER NOT NULL, r13 INTEGER NOT NULL, r14 INTEGER NOT NULL, r15 INTEGER NOT NULL,
  PRIMARY KEY (segment, form)
) WITHOUT ROWID;
)sql";

// What version 2 added.
constexpr const char* kTablesOf2 = R"sql(
CREATE TABLE key_counts (             -- what the findings of a signature have in common (fuzz/findings/keys.h)
  campaign INTEGER NOT NULL REFERENCES campaigns,
  signature TEXT NOT NULL,
  key TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (campaign, signature, key)
) WITHOUT ROWID;
CREATE TABLE decisions (              -- of people: which signatures are one fault, and which are two; never deleted
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('merge', 'split')),
  subject TEXT NOT NULL,              -- a signature, or what is shown under that name
  selector TEXT NOT NULL,             -- of a split: 'file NAME', 'key KEY', 'signature'; empty for a merge
  target TEXT NOT NULL,               -- the name under which it is counted from then on
  reason TEXT NOT NULL,
  decided REAL NOT NULL,
  undone REAL                         -- when it was taken back
);
CREATE TABLE candidates (             -- programs that covered something new when their batch was done
  batch INTEGER NOT NULL,
  program_index INTEGER NOT NULL,
  file TEXT NOT NULL,                 -- in the corpus folder beside the store, named by its content
  coverage TEXT NOT NULL,             -- numbers of fuzz/corpus/coverage.h
  PRIMARY KEY (batch, program_index)
) WITHOUT ROWID;
CREATE TABLE corpus (                 -- those that were taken, in order
  position INTEGER PRIMARY KEY,
  file TEXT NOT NULL UNIQUE,
  coverage TEXT NOT NULL,
  taken REAL NOT NULL
);
CREATE TABLE windows (                -- how much of the corpus the batches of a window mutate
  number INTEGER PRIMARY KEY,
  corpus INTEGER NOT NULL
);
CREATE TABLE coverage (               -- what some program covered
  name TEXT PRIMARY KEY,              -- as fuzz/corpus/coverage.h calls it
  first_seen REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE imports (                -- inputs of libFuzzer that were judged
  name TEXT PRIMARY KEY,
  batch INTEGER NOT NULL
) WITHOUT ROWID;
)sql";

base::Result<void> set_version(Database& database) {
  return database.execute(fmt::format("PRAGMA user_version = {}", kStoreVersion).c_str());
}

base::Result<void> upgrade(Database& database) {
  auto transaction = Transaction::begin(database);
  if (!transaction) return transaction.error();
  // Another process may have been faster.
  const auto version = database.integer("PRAGMA user_version");
  if (!version) return version.error();
  if (*version == kStoreVersion) return {};
  if (auto done = database.execute(kTablesOf2); !done) return done;
  if (auto done = set_version(database); !done) return done;
  return transaction->commit();
}

}  // namespace

base::Result<void> add_missing_tables(Database& database) { return database.execute(kLaterTables); }

base::Result<void> write_ahead(Database& database) { return database.execute("PRAGMA journal_mode = WAL"); }

base::Result<void> create_schema(Database& database) {
  auto transaction = Transaction::begin(database);
  if (!transaction) return transaction.error();
  if (auto done = database.execute(kTables); !done) return done;
  if (auto done = database.execute(kTablesOf2); !done) return done;
  if (auto done = add_missing_tables(database); !done) return done;
  if (auto done = set_version(database); !done) return done;
  return transaction->commit();
}

base::Result<void> check_schema(Database& database) {
  const auto version = database.integer("PRAGMA user_version");
  if (!version) return version.error();
  if (*version == kStoreVersion) return {};
  if (*version == 1) return upgrade(database);
  if (*version == 0) return base::input_error("this file is no campaign store");
  return base::input_error(
      fmt::format("this campaign store has schema version {}, and this build reads version {}: a newer assay wrote it",
                  *version, kStoreVersion));
}

base::Result<Database> open_store(const std::string& folder, Database::Mode mode) {
  const std::string path = store_path(folder);
  const auto there = base::is_there(path);
  if (!there) return there.error();
  if (!*there) return base::input_error(fmt::format("{} holds no campaign", folder));
  auto database = Database::open(path, mode);
  if (!database) return database;
  const auto version = database->integer("PRAGMA user_version");
  if (!version) return version.error();
  if (mode == Database::Mode::Read && *version == kStoreVersion) return database;
  // Whoever reads an older store has to write it first.
  auto writable = mode == Database::Mode::Write ? std::move(database) : Database::open(path, Database::Mode::Write);
  if (!writable) return writable;
  if (auto done = check_schema(*writable); !done) {
    base::Error error = done.error();
    error.file = path;
    return error;
  }
  return mode == Database::Mode::Write ? std::move(writable) : Database::open(path, mode);
}

}  // namespace assay::reports
