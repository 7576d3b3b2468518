// Recording a campaign; see store.h. Tested by reports/store/test/store_test.cc and kill_test.cc.
#include "reports/store/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "core/base/file.h"
#include "core/base/fnv1a.h"
#include "fuzz/campaign/batch.h"
#include "fuzz/findings/environment.h"
#include "fuzz/gen/generator.h"
#include "reports/store/configuration.h"
#include "reports/store/counters.h"
#include "reports/store/schema.h"

namespace assay::reports {
namespace {

constexpr std::uint64_t kCampaign = 1;                        // one campaign a store; the tables would hold several
constexpr std::uint64_t kLastBatch = 2 * fuzz::kFirstImport;  // and as many imports: more than any campaign does

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// Signature and content in the name: files of one bug stand together, and one content has one name.
std::string file_name(const std::string& signature, const std::string& hash) {
  return fmt::format("{:016x}-{}.nda", base::fnv1a(signature), hash);
}

// The same finding made small lies beside it.
std::string small_name(const std::string& file) {
  return file.substr(0, file.size() - std::string_view(".nda").size()) + ".reduced.nda";
}

void remove_store(const std::string& path) {
  std::error_code ignored;
  for (const char* const suffix : {"", "-journal", "-wal", "-shm"}) std::filesystem::remove(path + suffix, ignored);
}

base::Result<void> fill_new_store(const std::string& path, const fuzz::SupervisedConfig& config) {
  auto database = Database::open(path, Database::Mode::Create);
  if (!database) return database.error();
  if (auto done = create_schema(*database); !done) return done;
  auto insert = database->prepare("INSERT INTO campaigns VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running')");
  if (!insert) return insert.error();
  insert->bind(1, kCampaign)
      .bind(2, print_configuration(config))
      .bind(3, config.campaign.describe())
      .bind(4, fmt::format("{:#x}", config.campaign.seed))
      .bind(5, std::uint64_t{fuzz::kGeneratorVersion})
      .bind(6, fuzz::build_description())
      .bind(7, fuzz::cpu_description())
      .bind(8, seconds_since_1970());
  return insert->run();
}

// Made under another name, so that a store that is there is complete. It is one file until it has its name: what is
// committed is in it and on the disk, not in a log beside it that would keep the other name.
base::Result<void> write_new_store(const std::string& path, const fuzz::SupervisedConfig& config) {
  const std::string unfinished = path + ".new";
  remove_store(unfinished);
  auto done = fill_new_store(unfinished, config);
  if (done && ::rename(unfinished.c_str(), path.c_str()) != 0) {
    done = base::name_error("cannot name the campaign store " + path, errno);
  }
  if (!done) {
    remove_store(unfinished);
    return done;
  }
  return base::flush_name(path);
}

// Somebody who looks into the store and is called away must not end a night of fuzzing.
constexpr std::chrono::hours kPatience{12};

}  // namespace

base::Result<std::unique_ptr<CampaignStore>> CampaignStore::create(const std::string& folder,
                                                                   const fuzz::SupervisedConfig& config,
                                                                   const std::string& seeds) {
  auto lock = FolderLock::take(folder);
  if (!lock) return lock.error();
  const std::string path = store_path(folder);
  const auto there = base::is_there(path);
  if (!there) return there.error();
  if (*there) {
    return base::input_error(
        fmt::format("{} holds a campaign already; `assay campaign resume` goes on with it", folder));
  }
  std::unique_ptr<CampaignStore> store;
  auto done = write_new_store(path, config);
  if (done) {
    auto database = Database::open(path, Database::Mode::Write);
    if (!database) {
      done = database.error();
    } else {
      store.reset(new CampaignStore(folder, std::move(lock).value(), std::move(database).value()));
      done = store->load({});
      if (done && !seeds.empty()) done = store->add_seeds(seeds);
    }
  }
  if (done) return store;
  // A campaign that did not begin must not be in the way of the next attempt. The lock is held until then.
  if (store) store->database_.close();
  remove_store(path);
  return done.error();
}

base::Result<std::unique_ptr<CampaignStore>> CampaignStore::resume(const std::string& folder,
                                                                   std::optional<unsigned> jobs) {
  const auto there = base::is_there(store_path(folder));
  if (!there) return there.error();
  if (!*there) return base::input_error(fmt::format("{} holds no campaign", folder));
  auto lock = FolderLock::take(folder);
  if (!lock) return lock.error();
  auto database = Database::open(store_path(folder), Database::Mode::Write);
  if (!database) return database.error();
  std::unique_ptr<CampaignStore> store(new CampaignStore(folder, std::move(lock).value(), std::move(database).value()));
  if (auto done = store->load(jobs); !done) {
    base::Error error = done.error();
    if (error.file.empty()) error.file = store_path(folder);
    return error;
  }
  return store;
}

base::Result<void> CampaignStore::load(std::optional<unsigned> jobs) {
  database_.wait_at_most(kPatience);
  if (auto done = check_schema(database_); !done) return done;
  if (auto done = add_missing_tables(database_); !done) return done;
  if (auto done = write_ahead(database_); !done) return done;
  // The log is not flushed at every commit: a power cut may cost the last batches, a killed process none.
  if (auto done = database_.execute("PRAGMA synchronous = NORMAL"); !done) return done;

  auto campaign = database_.prepare("SELECT configuration, generator_version FROM campaigns WHERE id = 1");
  if (!campaign) return campaign.error();
  auto row = campaign->step();
  if (!row) return row.error();
  if (!*row) return base::input_error("the campaign store holds no campaign");
  auto config = parse_configuration(campaign->text(0));
  if (!config) return config.error();
  config_ = std::move(config).value();
  if (jobs) config_.campaign.jobs = *jobs;
  config_.campaign.findings_folder = findings_path(folder_);
  if (campaign->integer(1) != fuzz::kGeneratorVersion) {
    return base::input_error(
        fmt::format("the campaign was started with generator version {}, and this build has version {}: its programs "
                    "would be others",
                    campaign->integer(1), fuzz::kGeneratorVersion));
  }
  campaign->reset();

  auto batches = database_.prepare("SELECT number FROM batches WHERE campaign = 1 ORDER BY number");
  if (!batches) return batches.error();
  while (true) {
    row = batches->step();
    if (!row) return row.error();
    if (!*row) break;
    const std::uint64_t number = batches->integer(0);
    if (number > kLastBatch) return base::input_error("the campaign store records a batch without a proper number");
    if (number >= fuzz::kFirstImport) {
      next_import_ = number + 1;
      continue;
    }
    mark_done(number);
    if (number == next_) {
      ++next_;
    } else {
      recorded_ahead_.insert(number);
    }
  }
  corpus_ = std::make_unique<CorpusLog>(folder_, database_);
  if (auto done = corpus_->load(); !done) return done;
  auto covered = read_coverage(database_);
  if (!covered) return covered.error();
  covered_ = covered->covered;

  auto files = database_.prepare("SELECT signature, program_index, content_hash FROM findings WHERE campaign = 1");
  if (!files) return files.error();
  while (true) {
    row = files->step();
    if (!row) return row.error();
    if (!*row) break;
    kept_[files->text(0)].emplace(files->integer(1), files->text(2));
  }
  const auto found = database_.integer("SELECT COALESCE(SUM(raw_count), 0) FROM signature_counts WHERE campaign = 1");
  if (!found) return found.error();
  findings_ = *found;
  return begin_segment();
}

base::Result<void> CampaignStore::begin_segment() {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  if (auto done = database_.execute("UPDATE segments SET how_ended = 'lost' WHERE campaign = 1 AND how_ended IS NULL");
      !done) {
    return done;
  }
  if (auto done = database_.execute("UPDATE campaigns SET state = 'running' WHERE id = 1"); !done) return done;
  auto insert = database_.prepare(
      "INSERT INTO segments (campaign, started, last_seen, build, cpu, jobs) VALUES (?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  const double now = seconds_since_1970();
  insert->bind(1, kCampaign)
      .bind(2, now)
      .bind(3, now)
      .bind(4, fuzz::build_description())
      .bind(5, fuzz::cpu_description())
      .bind(6, std::uint64_t{config_.campaign.jobs});
  if (auto done = insert->run(); !done) return done;
  segment_ = database_.last_row_id();
  return transaction->commit();
}

void CampaignStore::mark_done(std::uint64_t batch) {
  if (batch >= fuzz::kFirstImport) return;
  done_ahead_.insert(batch);
  while (done_ahead_.erase(done_) != 0) ++done_;
}

std::uint64_t CampaignStore::next_batch() {
  while (recorded_ahead_.erase(next_) != 0) ++next_;
  return next_++;
}

std::string CampaignStore::path_of(const std::string& file) const {
  return (std::filesystem::path(findings_path(folder_)) / file).string();
}

base::Result<std::vector<CampaignStore::NewFile>> CampaignStore::write_files(const fuzz::BatchRecord& batch,
                                                                             std::vector<std::string>& displaced) {
  std::vector<NewFile> files;
  for (const fuzz::FindingRecord& finding : batch.findings) {
    if (finding.text.empty()) continue;
    const std::pair key(finding.program_index, fmt::format("{:016x}", base::fnv1a(finding.text)));
    Kept& kept = kept_[finding.signature];
    const bool full = kept.size() >= config_.campaign.files_per_signature;
    if (full && (kept.empty() || *kept.rbegin() < key)) continue;
    if (kept.insert(key).second) {
      const std::string path = path_of(file_name(finding.signature, key.second));
      if (auto done = base::write_file_atomically(path, finding.text); !done) return done.error();
      if (!finding.small.empty()) {
        if (auto done = base::write_file_atomically(small_name(path), finding.small); !done) return done.error();
      }
      if (full) {
        displaced.push_back(kept.rbegin()->second);
        kept.erase(std::prev(kept.end()));
      }
    }
    files.push_back({&finding, key.second});
  }
  return files;
}

base::Result<void> CampaignStore::insert_counters(const fuzz::BatchRecord& batch) {
  auto upsert = database_.prepare(
      "INSERT INTO counters VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value");
  if (!upsert) return upsert.error();
  base::Result<void> result;
  const auto add = [&](std::string_view family, const std::string& name, const std::uint64_t& value) {
    if (!result || value == 0) return;
    upsert->bind(1, segment_).bind(2, family).bind(3, name).bind(4, value);
    result = upsert->run();
  };
  fuzz::BatchFigures figures = batch.figures;
  for_each_counter(figures, add);
  add("total", "cpu_nanoseconds", batch.cpu_nanoseconds);
  return result;
}

base::Result<void> CampaignStore::insert_registers(const fuzz::BatchRecord& batch) {
  std::string values;
  std::string sums;
  for (int i = 0; i < x64::kRegCount; ++i) {
    const std::string_view reg = x64::register_name(static_cast<x64::RegId>(i), 64);
    values += ", ?";
    sums += fmt::format("{}{} = {} + excluded.{}", i == 0 ? "" : ", ", reg, reg, reg);
  }
  auto upsert = database_.prepare(
      fmt::format("INSERT INTO register_use VALUES (?, ?{}) ON CONFLICT DO UPDATE SET {}", values, sums));
  if (!upsert) return upsert.error();
  for (std::size_t form = 0; form < x64::kFormCount; ++form) {
    const auto& counts = batch.figures.registers[form];
    if (std::all_of(counts.begin(), counts.end(), [](std::uint64_t count) { return count == 0; })) continue;
    upsert->bind(1, segment_).bind(2, x64::form_info(static_cast<x64::Form>(form)).id);
    for (std::size_t i = 0; i < counts.size(); ++i) upsert->bind(static_cast<int>(i) + 3, counts[i]);
    if (auto done = upsert->run(); !done) return done;
  }
  return {};
}

base::Result<void> CampaignStore::count_signatures(const fuzz::BatchRecord& batch, double now) {
  auto upsert = database_.prepare(
      "INSERT INTO signature_counts VALUES (?, ?, ?, ?, 1, ?, ?) ON CONFLICT DO UPDATE SET raw_count = raw_count + 1, "
      "first_program = MIN(first_program, excluded.first_program)");
  if (!upsert) return upsert.error();
  for (const fuzz::FindingRecord& finding : batch.findings) {
    upsert->bind(1, kCampaign)
        .bind(2, finding.signature)
        .bind(3, finding.oracle)
        .bind(4, finding.pass)
        .bind(5, finding.program_index)
        .bind(6, now);
    if (auto done = upsert->run(); !done) return done;
  }
  return {};
}

base::Result<void> CampaignStore::insert_coverage(const fuzz::BatchRecord& batch, double now) {
  const fuzz::Coverage fresh = batch.figures.coverage & ~covered_;
  if (fresh.none()) return {};
  auto insert = database_.prepare("INSERT OR IGNORE INTO coverage VALUES (?, ?)");
  if (!insert) return insert.error();
  for (std::size_t fact = fresh._Find_first(); fact < fuzz::kCoverageCount; fact = fresh._Find_next(fact)) {
    insert->bind(1, fuzz::coverage_name(fact)).bind(2, now);
    if (auto done = insert->run(); !done) return done;
  }
  return {};
}

base::Result<void> CampaignStore::count_keys(const fuzz::BatchRecord& batch) {
  auto upsert = database_.prepare(
      "INSERT INTO key_counts VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value");
  if (!upsert) return upsert.error();
  for (const fuzz::KeyCount& one : batch.keys) {
    upsert->bind(1, kCampaign).bind(2, one.signature).bind(3, one.key).bind(4, one.count);
    if (auto done = upsert->run(); !done) return done;
  }
  return {};
}

base::Result<void> CampaignStore::record(const fuzz::BatchRecord& batch) {
  std::vector<std::string> displaced;
  const auto files = write_files(batch, displaced);
  if (!files) return files.error();
  if (auto done = corpus_->write_files(batch); !done) return done;

  const double now = seconds_since_1970();
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  auto insert = database_.prepare("INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  insert->bind(1, kCampaign)
      .bind(2, batch.number)
      .bind(3, segment_)
      .bind(4, batch.first_program)
      .bind(5, batch.programs)
      .bind(6, batch.figures.judged.compared)
      .bind(7, std::uint64_t{batch.findings.size()})
      .bind(8, now);
  if (auto done = insert->run(); !done) return done;
  if (auto done = insert_counters(batch); !done) return done;
  if (auto done = insert_registers(batch); !done) return done;
  if (auto done = count_signatures(batch, now); !done) return done;
  if (auto done = count_keys(batch); !done) return done;
  if (auto done = insert_coverage(batch, now); !done) return done;
  if (auto done = corpus_->insert_rows(batch); !done) return done;
  auto finding_row = database_.prepare(
      "INSERT INTO findings (campaign, content_hash, signature, oracle, verdict, pass, file, first_seen, batch, "
      "program_index, raw_count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) "
      "ON CONFLICT DO UPDATE SET raw_count = raw_count + 1");
  if (!finding_row) return finding_row.error();
  for (const NewFile& file : *files) {
    finding_row->bind(1, kCampaign)
        .bind(2, file.hash)
        .bind(3, file.finding->signature)
        .bind(4, file.finding->oracle)
        .bind(5, file.finding->verdict)
        .bind(6, file.finding->pass)
        .bind(7, file_name(file.finding->signature, file.hash))
        .bind(8, now)
        .bind(9, batch.number)
        .bind(10, file.finding->program_index);
    if (auto done = finding_row->run(); !done) return done;
  }
  // The rows first, then the files: a row without its file would be a lie.
  std::vector<std::string> unneeded;
  auto lookup = database_.prepare("SELECT file FROM findings WHERE campaign = 1 AND content_hash = ?");
  if (!lookup) return lookup.error();
  auto remove = database_.prepare("DELETE FROM findings WHERE campaign = 1 AND content_hash = ?");
  if (!remove) return remove.error();
  for (const std::string& hash : displaced) {
    lookup->bind(1, hash);
    auto row = lookup->step();
    if (!row) return row.error();
    if (*row) unneeded.push_back(lookup->text(0));
    lookup->reset();
    remove->bind(1, hash);
    if (auto done = remove->run(); !done) return done;
  }
  auto seen = database_.prepare("UPDATE segments SET last_seen = ? WHERE id = ?");
  if (!seen) return seen.error();
  seen->bind(1, now).bind(2, segment_);
  if (auto done = seen->run(); !done) return done;
  if (auto done = transaction->commit(); !done) return done;
  findings_ += batch.findings.size();
  covered_ |= batch.figures.coverage;
  mark_done(batch.number);
  corpus_->recorded(batch);
  std::error_code ignored;
  for (const std::string& file : unneeded) {
    std::filesystem::remove(path_of(file), ignored);
    std::filesystem::remove(small_name(path_of(file)), ignored);
  }
  return {};
}

base::Result<void> CampaignStore::incident(std::string_view kind, std::string_view sentence) {
  auto insert = database_.prepare("INSERT INTO incidents VALUES (?, ?, ?, ?)");
  if (!insert) return insert.error();
  insert->bind(1, segment_).bind(2, seconds_since_1970()).bind(3, kind).bind(4, sentence);
  return insert->run();
}

base::Result<void> CampaignStore::sample() {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  const double now = seconds_since_1970();
  auto seen = database_.prepare("UPDATE segments SET last_seen = ? WHERE id = ?");
  if (!seen) return seen.error();
  seen->bind(1, now).bind(2, segment_);
  if (auto done = seen->run(); !done) return done;
  auto insert = database_.prepare(
      "INSERT INTO samples SELECT ?, ?, (SELECT SUM(last_seen - started) FROM segments), "
      "(SELECT COALESCE(SUM(value), 0) FROM counters WHERE family = 'total' AND name = 'programs'), "
      "(SELECT COALESCE(SUM(value), 0) FROM counters WHERE family = 'total' AND name = 'compared'), "
      "(SELECT COALESCE(SUM(raw_count), 0) FROM signature_counts), (SELECT COUNT(*) FROM signature_counts), "
      "(SELECT COUNT(DISTINCT name) FROM counters WHERE family = 'form')");
  if (!insert) return insert.error();
  insert->bind(1, segment_).bind(2, now);
  if (auto done = insert->run(); !done) return done;
  return transaction->commit();
}

base::Result<void> CampaignStore::finish(fuzz::EndReason reason) {
  if (auto done = sample(); !done) return done;
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  auto segment = database_.prepare("UPDATE segments SET how_ended = ? WHERE id = ?");
  if (!segment) return segment.error();
  segment->bind(1, fuzz::name(reason)).bind(2, segment_);
  if (auto done = segment->run(); !done) return done;
  // Out of time is not the end: `resume` has new time.
  const bool finished = reason == fuzz::EndReason::Programs || reason == fuzz::EndReason::Findings;
  auto campaign = database_.prepare("UPDATE campaigns SET state = ? WHERE id = 1");
  if (!campaign) return campaign.error();
  campaign->bind(1, std::string_view(finished ? "finished" : "stopped"));
  if (auto done = campaign->run(); !done) return done;
  return transaction->commit();
}

}  // namespace assay::reports
