// Writing decisions; see decisions.h. Tested by reports/store/test/groups_test.cc.
#include "reports/store/decisions.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "fuzz/findings/keys.h"
#include "reports/store/database.h"
#include "reports/store/groups.h"
#include "reports/store/schema.h"

namespace assay::reports {
namespace {

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

base::Error no_such(const std::string& what) {
  return base::input_error(
      fmt::format("no findings are counted under '{}'; `assay findings list` says the names", what));
}

base::Result<std::uint64_t> insert(Database& database, const Decision& decision) {
  auto row = database.prepare(
      "INSERT INTO decisions (kind, subject, selector, target, reason, decided) VALUES (?, ?, ?, ?, ?, ?)");
  if (!row) return row.error();
  row->bind(1, decision.kind)
      .bind(2, decision.subject)
      .bind(3, decision.selector)
      .bind(4, decision.target)
      .bind(5, decision.reason)
      .bind(6, seconds_since_1970());
  if (auto done = row->run(); !done) return done.error();
  return database.last_row_id();
}

// What is put together gets another name when more joins it; a signature in it keeps its own.
std::string lasting_name(const Group& group) {
  const GroupMember& first = group.members.front();
  return first.part.empty() ? first.signature : group.name;
}

// The member that a split is about, and how.
base::Result<Decision> decide_split(const Split& split, const Groups& groups) {
  if (static_cast<int>(!split.file.empty()) + static_cast<int>(!split.key.empty()) +
          static_cast<int>(!split.signature.empty()) !=
      1) {
    return base::input_error("say what to take out: one of a file, a key and a signature");
  }
  const Group* const group = find_group(groups, split.what);
  if (group == nullptr) return no_such(split.what);
  Decision decision;
  decision.kind = "split";
  decision.reason = split.reason;
  if (!split.signature.empty()) {
    const bool there = std::any_of(group->members.begin(), group->members.end(),
                                   [&split](const GroupMember& member) { return member.signature == split.signature; });
    if (!there)
      return base::input_error(fmt::format("'{}' is not among the signatures of '{}'", split.signature, group->name));
    if (group->members.size() == 1) return base::input_error(fmt::format("'{}' stands alone already", split.signature));
    if (!split.name.empty()) return base::input_error("a signature that is taken out keeps its name");
    decision.subject = decision.target = split.signature;
    decision.selector = "signature";
    return decision;
  }
  const std::string file = std::filesystem::path(split.file).filename().string();
  const GroupMember* from = nullptr;
  for (const GroupMember& member : group->members) {
    if (!member.part.empty()) continue;  // what was taken out already
    const bool holds = std::find(member.files.begin(), member.files.end(), file) != member.files.end();
    if (split.file.empty() ? from == nullptr : holds) from = &member;
  }
  if (!split.file.empty()) {
    if (from == nullptr) return base::input_error(fmt::format("'{}' holds no file '{}'", group->name, file));
    decision.selector = "file " + file;
  } else {
    if (!fuzz::is_key(split.key)) {
      return base::input_error(
          fmt::format("'{}' is no key: those are verdict:..., feature:..., pass:... and node:...; `assay findings "
                      "show` counts them",
                      split.key));
    }
    if (from == nullptr || group->members.size() != 1) {
      return base::input_error(fmt::format("'{}' holds several signatures; take one of them out first", group->name));
    }
    const bool by_key = std::any_of(groups.decisions.begin(), groups.decisions.end(), [from](const Decision& one) {
      return !one.undone && one.subject == from->signature && one.selector.starts_with("key ");
    });
    if (by_key) {
      return base::input_error(
          fmt::format("'{}' is split by a key already, and two would overlap; undo that first", from->signature));
    }
    decision.selector = "key " + split.key;
  }
  decision.subject = from->signature;
  decision.target =
      split.name.empty() ? fmt::format("{}#{}", from->signature, split.file.empty() ? split.key : file) : split.name;
  return decision;
}

}  // namespace

base::Result<std::uint64_t> split_group(const std::string& folder, const Split& split) {
  auto database = open_store(folder, Database::Mode::Write);
  if (!database) return database.error();
  auto transaction = Transaction::begin(*database);
  if (!transaction) return transaction.error();
  const auto groups = read_groups(*database, folder);
  if (!groups) return groups.error();
  const auto decision = decide_split(split, *groups);
  if (!decision) return decision.error();
  if (decision->selector != "signature" && find_group(*groups, decision->target) != nullptr) {
    return base::input_error(fmt::format("there are findings under '{}' already", decision->target));
  }
  if (decision->selector.starts_with("key ")) {
    auto count = database->prepare("SELECT value FROM key_counts WHERE signature = ? AND key = ?");
    if (!count) return count.error();
    count->bind(1, decision->subject).bind(2, split.key);
    auto row = count->step();
    if (!row) return row.error();
    const std::uint64_t with = *row ? count->integer(0) : 0;
    const Group* const group = find_group(*groups, split.what);
    if (with == 0 || with >= group->count) {
      return base::input_error(
          fmt::format("{} of the {} findings have '{}', which tells nothing apart", with, group->count, split.key));
    }
  }
  const auto id = insert(*database, *decision);
  if (!id) return id.error();
  if (auto done = transaction->commit(); !done) return done.error();
  return *id;
}

base::Result<std::uint64_t> merge_groups(const std::string& folder, const std::string& from, const std::string& into,
                                         const std::string& reason) {
  auto database = open_store(folder, Database::Mode::Write);
  if (!database) return database.error();
  auto transaction = Transaction::begin(*database);
  if (!transaction) return transaction.error();
  const auto groups = read_groups(*database, folder);
  if (!groups) return groups.error();
  const Group* const left = find_group(*groups, from);
  if (left == nullptr) return no_such(from);
  const Group* const right = find_group(*groups, into);
  if (right == nullptr) return no_such(into);
  if (left == right) return base::input_error(fmt::format("'{}' and '{}' are counted as one already", from, into));
  Decision decision;
  decision.kind = "merge";
  decision.subject = lasting_name(*left);
  decision.target = lasting_name(*right);
  decision.reason = reason;
  const auto id = insert(*database, decision);
  if (!id) return id.error();
  if (auto done = transaction->commit(); !done) return done.error();
  return *id;
}

base::Result<void> undo_decision(const std::string& folder, std::uint64_t id) {
  auto database = open_store(folder, Database::Mode::Write);
  if (!database) return database.error();
  auto transaction = Transaction::begin(*database);
  if (!transaction) return transaction.error();
  const auto groups = read_groups(*database, folder);
  if (!groups) return groups.error();
  const auto found = std::find_if(groups->decisions.begin(), groups->decisions.end(),
                                  [id](const Decision& one) { return one.id == id; });
  if (found == groups->decisions.end()) return base::input_error(fmt::format("there is no decision {}", id));
  if (found->undone) return base::input_error(fmt::format("decision {} was taken back already", id));
  auto update = database->prepare("UPDATE decisions SET undone = ? WHERE id = ?");
  if (!update) return update.error();
  update->bind(1, seconds_since_1970()).bind(2, id);
  if (auto done = update->run(); !done) return done;
  return transaction->commit();
}

}  // namespace assay::reports
