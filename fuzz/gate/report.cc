// What follows from what the gate saw; see report.h. Tested by fuzz/gate/test/report_test.cc.
#include "fuzz/gate/report.h"

#include <algorithm>

namespace assay::fuzz {

std::uint64_t GateReport::count(GateLabel label) const {
  return static_cast<std::uint64_t>(
      std::count_if(items.begin(), items.end(), [label](const GateItem& item) { return item.label == label; }));
}

std::uint64_t GateReport::missed_floors() const {
  return static_cast<std::uint64_t>(std::count_if(
      floors.begin(), floors.end(), [](const FloorResult& floor) { return floor.state == FloorState::Missed; }));
}

int GateReport::exit_code() const {
  if (count(GateLabel::New) != 0) return 1;
  if (campaign.jobs_lost != 0) return 3;
  if (count(GateLabel::Broken) != 0) return 2;
  // What was interrupted may have met its floors already and is no pass.
  if (campaign.interrupted) return 1;
  // A gate without floors has not been held to anything.
  return missed_floors() != 0 || floors.empty() || count(GateLabel::NotJudged) != 0 ? 1 : 0;
}

std::string_view name(GateStage stage) {
  switch (stage) {
    case GateStage::Seeds:
      return "seeds";
    case GateStage::Regressions:
      return "regressions";
    case GateStage::Known:
      return "known";
    case GateStage::Proofs:
      return "proofs";
    case GateStage::Campaign:
      return "campaign";
  }
  return "?";
}

std::string_view name(GateLabel label) {
  switch (label) {
    case GateLabel::New:
      return "new";
    case GateLabel::Known:
      return "known";
    case GateLabel::Fixed:
      return "fixed";
    case GateLabel::Broken:
      return "broken";
    case GateLabel::NotJudged:
      return "not-judged";
  }
  return "?";
}

}  // namespace assay::fuzz
