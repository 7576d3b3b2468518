// Names and figures of reports; see report.h. Tested by reports/model/test/report_test.cc.
#include "reports/model/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/fnv1a.h"

namespace assay::reports {

std::size_t Report::count(FindingState state) const {
  return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(),
                                                [state](const ReportFinding& one) { return one.state == state; }));
}

std::string_view name(ReportVerdict verdict) {
  switch (verdict) {
    case ReportVerdict::Pass:
      return "pass";
    case ReportVerdict::Findings:
      return "findings";
    case ReportVerdict::Unreadable:
      return "unreadable input";
    case ReportVerdict::HarnessFailed:
      return "harness failed";
    case ReportVerdict::Inconclusive:
      return "inconclusive";
  }
  return "?";
}

std::string_view name(FindingState state) {
  switch (state) {
    case FindingState::New:
      return "new";
    case FindingState::Known:
      return "known";
    case FindingState::Fixed:
      return "fixed";
    case FindingState::Unknown:
      return "unknown";
  }
  return "?";
}

int exit_code(ReportVerdict verdict) { return static_cast<int>(verdict); }

std::size_t hits(const std::vector<Count>& counts) {
  return static_cast<std::size_t>(
      std::count_if(counts.begin(), counts.end(), [](const Count& one) { return one.value != 0; }));
}

std::string grouped(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

bool is_utc_time(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:ddZ";
  return std::equal(text.begin(), text.end(), kShape.begin(), kShape.end(),
                    [](char c, char shape) { return shape == 'd' ? c >= '0' && c <= '9' : c == shape; });
}

std::string fingerprint(std::string_view signature) { return fmt::format("{:016x}", base::fnv1a(signature)); }

}  // namespace assay::reports
