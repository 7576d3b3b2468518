// Groups: the findings of a campaign as people count them, a fault each.
//
// Three things decide under which name a finding is counted, one after the other: its signature, what fuzz/triage/alike
// puts together, and the decisions of people: a signature split by a key, by its files or out of its group, and groups
// merged. Decisions are rows beside what was counted, which they never change: each can be taken back, and what was
// decided stays to be read.
//
// Tested by reports/store/test/groups_test.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "reports/store/database.h"

namespace assay::reports {

struct Decision {
  std::uint64_t id = 0;
  std::string kind;      // "merge", "split"
  std::string subject;   // what it is about
  std::string selector;  // of a split: "file NAME", "key KEY", "signature"
  std::string target;    // the name it is counted under
  std::string reason;
  double decided = 0;
  std::optional<double> undone;
};

// One signature, or the part of it that a split made.
struct GroupMember {
  std::string signature;
  std::string part;  // the key or file; empty for (the rest of) a signature
  std::uint64_t count = 0;
  std::uint64_t first_program = 0;
  double first_seen = 0;
  std::vector<std::string> files;  // in the findings folder, the lowest program first
};

struct Group {
  std::string name;
  std::uint64_t count = 0;
  std::uint64_t first_program = 0;
  double first_seen = 0;
  std::vector<GroupMember> members;  // the most frequent first

  [[nodiscard]] std::string id() const;    // eight hexadecimal digits made from the name
  [[nodiscard]] std::string file() const;  // of the first member that has one; empty when none has
};

struct Groups {
  std::vector<Group> groups;                 // the most frequent first
  std::vector<GroupMember> not_looked_into;  // failures in a stage where others were made small
  std::vector<Decision> decisions;           // all of them, in order

  [[nodiscard]] std::uint64_t findings() const;  // raw, those not looked into included
};

[[nodiscard]] base::Result<Groups> read_groups(Database& database, const std::string& folder);
[[nodiscard]] base::Result<Groups> read_groups(const std::string& folder);

// By name, by id, or by one of its signatures or files (with or without a path).
[[nodiscard]] const Group* find_group(const Groups& groups, const std::string& what);

// How many findings of a group have each key, the most frequent first.
[[nodiscard]] base::Result<std::vector<std::pair<std::string, std::uint64_t>>> read_keys(const std::string& folder,
                                                                                         const Group& group);

}  // namespace assay::reports
