// From signatures and decisions to groups; see groups.h. Tested by reports/store/test/groups_test.cc.
#include "reports/store/groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>

#include "core/ast/limits.h"
#include "core/base/file.h"
#include "core/base/fnv1a.h"
#include "fuzz/campaign/batch.h"
#include "fuzz/findings/keys.h"
#include "fuzz/triage/alike.h"
#include "reports/store/folder.h"
#include "reports/store/schema.h"

namespace assay::reports {
namespace {

struct Raw {
  GroupMember member;
  std::map<std::string, std::uint64_t> file_counts;
};

bool more_frequent(std::uint64_t left, const std::string& left_name, std::uint64_t right,
                   const std::string& right_name) {
  return left != right ? left > right : left_name < right_name;
}

class Reader {
 public:
  Reader(Database& database, std::string folder) : database_(database), folder_(std::move(folder)) {}

  base::Result<Groups> run() {
    if (auto done = read(); !done) return done.error();
    split();
    put_together();
    merge();
    for (auto& [name, group] : groups_) {
      auto& members = group.members;
      std::sort(members.begin(), members.end(), [](const GroupMember& a, const GroupMember& b) {
        return more_frequent(a.count, a.signature + a.part, b.count, b.signature + b.part);
      });
      result_.groups.push_back(std::move(group));
    }
    std::sort(result_.groups.begin(), result_.groups.end(),
              [](const Group& a, const Group& b) { return more_frequent(a.count, a.name, b.count, b.name); });
    return std::move(result_);
  }

 private:
  base::Result<void> read() {
    auto done = for_each_row(
        database_, "SELECT id, kind, subject, selector, target, reason, decided, undone FROM decisions ORDER BY id",
        [this](const Statement& row) {
          Decision one{row.integer(0), row.text(1), row.text(2), row.text(3),
                       row.text(4),    row.text(5), row.real(6), std::nullopt};
          if (!row.is_null(7)) one.undone = row.real(7);
          result_.decisions.push_back(std::move(one));
        });
    if (!done) return done;
    done = for_each_row(database_,
                        "SELECT signature, raw_count, first_program, first_seen FROM signature_counts ORDER BY "
                        "signature",
                        [this](const Statement& row) {
                          Raw& raw = raw_[row.text(0)];
                          raw.member = {row.text(0), "", row.integer(1), row.integer(2), row.real(3), {}};
                        });
    if (!done) return done;
    done =
        for_each_row(database_, "SELECT signature, file, raw_count FROM findings ORDER BY program_index, content_hash",
                     [this](const Statement& row) {
                       Raw& raw = raw_[row.text(0)];
                       raw.member.files.push_back(row.text(1));
                       raw.file_counts[row.text(1)] = row.integer(2);
                     });
    if (!done) return done;
    return for_each_row(database_, "SELECT signature, key, value FROM key_counts",
                        [this](const Statement& row) { keys_[row.text(0)][row.text(1)] = row.integer(2); });
  }

  [[nodiscard]] bool file_has(const std::string& file, const std::string& key) const {
    const std::string path = (std::filesystem::path(findings_path(folder_)) / file).string();
    const auto text = base::read_file(path, ast::kMaxFileBytes);
    if (!text) return false;
    const auto finding = fuzz::parse_finding(*text, path);
    if (!finding) return false;
    const std::vector<std::string> keys = fuzz::finding_keys(*finding);
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  }

  void split() {
    for (const Decision& decision : result_.decisions) {
      if (decision.kind != "split" || decision.undone) continue;
      const auto found = raw_.find(decision.subject);
      if (found == raw_.end()) continue;
      Raw& raw = found->second;
      if (decision.selector == "signature") {
        alone_.insert(decision.subject);
        continue;
      }
      GroupMember part = raw.member;
      part.part = decision.selector;
      part.count = 0;
      part.files.clear();
      std::vector<std::string> rest;
      const std::string_view selector = decision.selector;
      const bool by_key = selector.starts_with("key ");
      const std::string what(selector.substr(selector.find(' ') + 1));
      for (const std::string& file : raw.member.files) {
        const bool taken = by_key ? file_has(file, what) : file == what;
        (taken ? part.files : rest).push_back(file);
        if (taken && !by_key) part.count += raw.file_counts[file];
      }
      if (by_key) part.count = keys_[decision.subject][what];
      part.count = std::min(part.count, raw.member.count);
      raw.member.count -= part.count;
      raw.member.files = std::move(rest);
      add(decision.target, std::move(part));
    }
  }

  void put_together() {
    std::vector<fuzz::CountedSignature> signatures;
    for (const auto& [signature, raw] : raw_) {
      if (alone_.contains(signature)) {
        add(signature, raw.member);
      } else if (raw.member.count != 0) {
        signatures.push_back({signature, raw.member.count});
      }
    }
    const fuzz::AlikeGroups alike = fuzz::group_alike(signatures);
    for (const fuzz::AlikeGroup& group : alike.groups) {
      for (const std::size_t index : group.members) add(group.name, raw_[signatures[index].signature].member);
    }
    for (const std::size_t index : alike.not_looked_into) {
      result_.not_looked_into.push_back(raw_[signatures[index].signature].member);
    }
  }

  // The group of that name, or the one that holds the signature of that name: what was merged may have got another name
  // since, because a signature joined it.
  std::string holder_of(const std::string& name) const {
    if (groups_.contains(name)) return name;
    for (const auto& [holder, group] : groups_) {
      for (const GroupMember& member : group.members) {
        if (member.signature == name && member.part.empty()) return holder;
      }
    }
    return {};
  }

  void merge() {
    for (const Decision& decision : result_.decisions) {
      if (decision.kind != "merge" || decision.undone) continue;
      const std::string from = holder_of(decision.subject);
      std::string to = holder_of(decision.target);
      if (from.empty() || from == to) continue;
      if (to.empty()) to = decision.target;
      for (GroupMember& member : groups_[from].members) add(to, std::move(member));
      groups_.erase(from);
    }
  }

  void add(const std::string& name, GroupMember member) {
    const bool fresh = !groups_.contains(name);
    Group& group = groups_[name];
    group.name = name;
    group.first_program = fresh ? member.first_program : std::min(group.first_program, member.first_program);
    group.first_seen = fresh ? member.first_seen : std::min(group.first_seen, member.first_seen);
    group.count += member.count;
    group.members.push_back(std::move(member));
  }

  Database& database_;
  std::string folder_;
  std::map<std::string, Raw> raw_;
  std::map<std::string, std::map<std::string, std::uint64_t>> keys_;
  std::set<std::string> alone_;
  std::map<std::string, Group> groups_;
  Groups result_;
};

}  // namespace

std::string Group::id() const { return fmt::format("{:016x}", base::fnv1a(name)).substr(0, 8); }

std::string Group::file() const {
  for (const GroupMember& member : members) {
    if (!member.files.empty()) return member.files.front();
  }
  return {};
}

std::uint64_t Groups::findings() const {
  std::uint64_t total = 0;
  for (const Group& group : groups) total += group.count;
  for (const GroupMember& member : not_looked_into) total += member.count;
  return total;
}

base::Result<Groups> read_groups(Database& database, const std::string& folder) {
  return Reader(database, folder).run();
}

base::Result<Groups> read_groups(const std::string& folder) {
  auto database = open_store(folder, Database::Mode::Read);
  if (!database) return database.error();
  // One transaction, so that all figures are of one moment.
  if (auto done = database->execute("BEGIN"); !done) return done.error();
  return read_groups(*database, folder);
}

const Group* find_group(const Groups& groups, const std::string& what) {
  const std::string file = std::filesystem::path(what).filename().string();
  for (const Group& group : groups.groups) {
    if (group.name == what || group.id() == what) return &group;
  }
  for (const Group& group : groups.groups) {
    for (const GroupMember& member : group.members) {
      if (member.signature == what && member.part.empty()) return &group;
      if (std::find(member.files.begin(), member.files.end(), file) != member.files.end()) return &group;
    }
  }
  return nullptr;
}

base::Result<std::vector<std::pair<std::string, std::uint64_t>>> read_keys(const std::string& folder,
                                                                           const Group& group) {
  auto database = open_store(folder, Database::Mode::Read);
  if (!database) return database.error();
  std::set<std::string> signatures;
  for (const GroupMember& member : group.members) signatures.insert(member.signature);
  std::map<std::string, std::uint64_t> counts;
  auto done = for_each_row(*database, "SELECT signature, key, value FROM key_counts", [&](const Statement& row) {
    if (signatures.contains(row.text(0))) counts[row.text(1)] += row.integer(2);
  });
  if (!done) return done.error();
  std::vector<std::pair<std::string, std::uint64_t>> keys(counts.begin(), counts.end());
  std::sort(keys.begin(), keys.end(),
            [](const auto& a, const auto& b) { return more_frequent(a.second, a.first, b.second, b.first); });
  return keys;
}

}  // namespace assay::reports
