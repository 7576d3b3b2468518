// The progress line; see progress.h. Tested by fuzz/campaign/test/summary_test.cc.
#include "fuzz/campaign/progress.h"

#include <fmt/format.h>

namespace assay::fuzz {

std::string progress_line(const CampaignSummary& summary, std::size_t width) {
  const oracles::JudgeCounts& judged = summary.judged;
  const double skipped = judged.programs == 0 ? 0
                                              : 100.0 * static_cast<double>(judged.programs - judged.compared) /
                                                    static_cast<double>(judged.programs);
  std::string budget;
  if (summary.config.seconds) budget = fmt::format("/{:.0f}", *summary.config.seconds);
  std::string goal;
  if (summary.config.programs) goal = fmt::format("/{}", *summary.config.programs);
  std::string line =
      fmt::format("{:.0f}{} s  {}{} programs  {:.0f}/cpu-s  skipped {:.2f}%  findings {}", summary.seconds, budget,
                  judged.programs, goal, summary.programs_per_cpu_second(), skipped, summary.findings);
  if (line.size() > width) line.resize(width);
  return line;
}

}  // namespace assay::fuzz
