// Which programs a campaign mutates; see corpus_log.h. Tested by reports/store/test/corpus_log_test.cc.
#include "reports/store/corpus_log.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <utility>

#include "core/ast/limits.h"
#include "core/ast/verify.h"
#include "core/base/file.h"
#include "core/base/fnv1a.h"
#include "core/jit/compile.h"
#include "fuzz/campaign/batch.h"
#include "fuzz/corpus/files.h"
#include "reports/store/folder.h"

namespace assay::reports {
namespace {

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string file_of(const std::string& text) { return fmt::format("{:016x}.nda", base::fnv1a(text)); }

// As a judge would see it: compiled for both conventions.
fuzz::Coverage coverage_of_seed(const fuzz::Finding& finding) {
  std::vector<jit::CompiledBlock> blocks;
  if (ast::is_pure_scalar(finding.program, finding.program.body())) {
    jit::Compiler compiler;
    for (const jit::Convention convention : {jit::Convention::SystemV, jit::Convention::Microsoft}) {
      compiler.compile(finding.program, {convention, finding.features, true}, blocks.emplace_back());
    }
  }
  return fuzz::coverage_of(finding.program, blocks);
}

}  // namespace

std::string CorpusLog::path_of(const std::string& file) const {
  return (std::filesystem::path(corpus_path(folder_)) / file).string();
}

base::Result<std::string> CorpusLog::read_checked(const std::string& file) const {
  auto text = base::read_file(path_of(file), ast::kMaxFileBytes);
  if (!text) return text.error();
  if (file_of(*text) == file) return text;
  base::Error error =
      base::input_error("this file of the corpus was changed: it no longer has the content it is named by");
  error.file = path_of(file);
  return error;
}

base::Result<void> CorpusLog::load() {
  base::Result<void> read;
  const char* const entries = "SELECT file, coverage, position FROM corpus ORDER BY position";
  auto done = for_each_row(database_, entries, [&](const Statement& row) {
    if (!read) return;
    auto text = read_checked(row.text(0));
    const auto coverage = fuzz::parse_coverage(row.text(1));
    if (!text) {
      read = text.error();
    } else if (!coverage) {
      read = base::input_error("the campaign store records a program of the corpus without its coverage");
    } else if (row.integer(2) != entries_.size()) {
      read = base::input_error(fmt::format("the campaign store lacks entry {} of the corpus", entries_.size()));
    } else {
      files_.insert(row.text(0));
      covered_ |= *coverage;
      entries_.push_back({std::move(text).value(), row.text(1)});
    }
  });
  if (!done) return done;
  if (!read) return read;
  done = for_each_row(
      database_, "SELECT batch, program_index, file, coverage FROM candidates",
      [&](const Statement& row) { waiting_[{row.integer(0), row.integer(1)}] = {row.text(2), {"", row.text(3)}}; });
  if (!done) return done;
  done = for_each_row(database_, "SELECT number, corpus FROM windows",
                      [&](const Statement& row) { windows_[row.integer(0)] = row.integer(1); });
  if (!done) return done;
  for (const auto& [number, known] : windows_) {
    if (known <= entries_.size()) continue;
    return base::input_error(fmt::format("the campaign store has {} entries of the corpus, and window {} knows {}",
                                         entries_.size(), number, known));
  }
  return for_each_row(database_, "SELECT name FROM imports",
                      [&](const Statement& row) { imported_.insert(row.text(0)); });
}

base::Result<void> CorpusLog::add_seeds(const std::string& seeds) {
  const auto corpus = fuzz::read_corpus(seeds);
  if (!corpus) return corpus.error();
  if (!corpus->broken.empty()) return corpus->broken.front();
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  for (const fuzz::CorpusFile& file : corpus->files) {
    fuzz::Finding finding = file.finding;
    finding.inputs.clear();
    Waiting seed;
    seed.entry.text = fuzz::print_case(finding);
    seed.entry.coverage = fuzz::print_coverage(coverage_of_seed(finding));
    seed.file = file_of(seed.entry.text);
    if (auto done = base::write_file_atomically(path_of(seed.file), seed.entry.text); !done) return done;
    if (auto done = take(seed); !done) return done;
  }
  return transaction->commit();
}

base::Result<void> CorpusLog::take(const Waiting& candidate) {
  const auto coverage = fuzz::parse_coverage(candidate.entry.coverage);
  if (!coverage) return base::input_error("the campaign store records a candidate without its coverage");
  if ((*coverage & ~covered_).none() || files_.contains(candidate.file)) return {};
  auto insert = database_.prepare("INSERT INTO corpus VALUES (?, ?, ?, ?)");
  if (!insert) return insert.error();
  insert->bind(1, std::uint64_t{entries_.size()})
      .bind(2, candidate.file)
      .bind(3, candidate.entry.coverage)
      .bind(4, seconds_since_1970());
  if (auto done = insert->run(); !done) return done;
  auto text = read_checked(candidate.file);
  if (!text) return text.error();
  covered_ |= *coverage;
  files_.insert(candidate.file);
  entries_.push_back({std::move(text).value(), candidate.entry.coverage});
  return {};
}

base::Result<void> CorpusLog::open_window(std::uint64_t window) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  // Of batches with numbers, those two windows back; of programs of others, what there is.
  const std::uint64_t end = window < 2 ? 0 : (window - 1) * kWindow;
  std::vector<std::string> files;
  auto remove = database_.prepare("DELETE FROM candidates WHERE batch = ? AND program_index = ?");
  if (!remove) return remove.error();
  std::vector<std::pair<std::uint64_t, std::uint64_t>> done_with;
  for (const auto& [key, candidate] : waiting_) {
    if (key.first >= end && key.first < fuzz::kFirstImport) continue;
    if (auto done = take(candidate); !done) return done;
    remove->bind(1, key.first).bind(2, key.second);
    if (auto done = remove->run(); !done) return done;
    files.push_back(candidate.file);
    done_with.push_back(key);
  }
  auto insert = database_.prepare("INSERT INTO windows VALUES (?, ?)");
  if (!insert) return insert.error();
  insert->bind(1, window).bind(2, std::uint64_t{entries_.size()});
  if (auto done = insert->run(); !done) return done;
  if (auto done = transaction->commit(); !done) return done;
  windows_[window] = entries_.size();
  for (const auto& key : done_with) waiting_.erase(key);
  std::set<std::string> wanted;
  for (const auto& [key, candidate] : waiting_) wanted.insert(candidate.file);
  std::error_code ignored;
  for (const std::string& file : files) {
    if (!files_.contains(file) && !wanted.contains(file)) std::filesystem::remove(path_of(file), ignored);
  }
  return {};
}

base::Result<std::optional<std::uint64_t>> CorpusLog::entries_for(std::uint64_t batch, std::uint64_t done) {
  using Entries = std::optional<std::uint64_t>;
  if (batch >= fuzz::kFirstImport) return Entries(windows_.empty() ? 0 : windows_.rbegin()->second);
  const std::uint64_t window = batch / kWindow;
  if (const auto known = windows_.find(window); known != windows_.end()) return Entries(known->second);
  if (window >= 2 && done < (window - 1) * kWindow) return Entries();
  if (auto opened = open_window(window); !opened) return opened.error();
  return Entries(windows_[window]);
}

base::Result<void> CorpusLog::write_files(const fuzz::BatchRecord& batch) {
  for (const fuzz::CorpusCandidate& one : batch.candidates) {
    const std::string path = path_of(file_of(one.entry.text));
    std::error_code failure;
    if (std::filesystem::exists(path, failure)) continue;
    if (auto done = base::write_file_atomically(path, one.entry.text); !done) return done;
  }
  return {};
}

base::Result<void> CorpusLog::insert_rows(const fuzz::BatchRecord& batch) {
  auto candidate = database_.prepare("INSERT INTO candidates VALUES (?, ?, ?, ?)");
  if (!candidate) return candidate.error();
  for (const fuzz::CorpusCandidate& one : batch.candidates) {
    candidate->bind(1, batch.number)
        .bind(2, one.program_index)
        .bind(3, file_of(one.entry.text))
        .bind(4, one.entry.coverage);
    if (auto done = candidate->run(); !done) return done;
  }
  auto imported = database_.prepare("INSERT INTO imports VALUES (?, ?)");
  if (!imported) return imported.error();
  for (const std::string& name : batch.imported) {
    imported->bind(1, name).bind(2, batch.number);
    if (auto done = imported->run(); !done) return done;
  }
  return {};
}

void CorpusLog::recorded(const fuzz::BatchRecord& batch) {
  for (const fuzz::CorpusCandidate& one : batch.candidates) {
    waiting_[{batch.number, one.program_index}] = {file_of(one.entry.text), {"", one.entry.coverage}};
  }
  imported_.insert(batch.imported.begin(), batch.imported.end());
}

}  // namespace assay::reports
