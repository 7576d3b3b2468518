// Decisions: what people say about which findings are one fault, written into the store.
//
// Each is one transaction of one row, may be made while the campaign runs, and can be taken back. What makes no sense
// is refused with a sentence and changes nothing.
//
// Tested by reports/store/test/groups_test.cc.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"

namespace assay::reports {

struct Split {
  std::string what;       // a group, as find_group takes it
  std::string file;       // take this file out
  std::string key;        // or those that have this key
  std::string signature;  // or this signature, which others were put together with
  std::string name;       // for what is taken out; empty: made from the signature and the choice
  std::string reason;
};

// Gives the number of the decision. Exactly one of file, key and signature is given.
[[nodiscard]] base::Result<std::uint64_t> split_group(const std::string& folder, const Split& split);

// `from` is counted under `into` from now on.
[[nodiscard]] base::Result<std::uint64_t> merge_groups(const std::string& folder, const std::string& from,
                                                       const std::string& into, const std::string& reason);

[[nodiscard]] base::Result<void> undo_decision(const std::string& folder, std::uint64_t id);

}  // namespace assay::reports
