// fuzzer_stats and plot_data; see status.h. Tested by reports/store/test/store_test.cc.
#include <fmt/format.h>

#include <filesystem>

#include "core/base/file.h"
#include "fuzz/findings/environment.h"
#include "reports/store/status.h"

namespace assay::reports {

base::Result<void> write_afl_files(const std::string& folder, std::uint64_t supervisor, double now) {
  const auto status = read_status(folder);
  if (!status) return status.error();
  const auto samples = read_samples(folder);
  if (!samples) return samples.error();
  const fuzz::CampaignSummary& summary = status->summary;
  const std::uint64_t forms = samples->empty() ? 0 : samples->back().forms;
  const double speed = summary.seconds <= 0 ? 0 : static_cast<double>(summary.judged.programs) / summary.seconds;

  std::string stats;
  const auto row = [&stats](std::string_view key, const std::string& value) {
    stats += fmt::format("{:<18}: {}\n", key, value);
  };
  row("start_time", fmt::format("{:.0f}", status->started));
  row("last_update", fmt::format("{:.0f}", now));
  row("run_time", fmt::format("{:.0f}", summary.seconds));
  row("fuzzer_pid", std::to_string(supervisor));
  row("execs_done", std::to_string(summary.judged.programs));
  row("execs_per_sec", fmt::format("{:.2f}", speed));
  row("corpus_count", std::to_string(status->corpus));
  row("edges_found", std::to_string(forms));
  row("total_edges", std::to_string(summary.forms.size()));
  row("bitmap_cvg",
      fmt::format("{:.2f}%", 100.0 * static_cast<double>(forms) / static_cast<double>(summary.forms.size())));
  row("saved_crashes", std::to_string(summary.signatures.size()));
  row("saved_hangs", std::to_string(status->hangs));
  row("last_crash", fmt::format("{:.0f}", status->last_new_signature.value_or(0)));
  row("afl_banner", "assay");
  row("afl_version", fuzz::build_description());
  row("command_line", "assay campaign resume " + folder);
  const std::filesystem::path path(folder);
  if (auto done = base::write_file_atomically((path / "fuzzer_stats").string(), stats); !done) return done;

  // Assay has neither queue nor edges: instruction forms stand for both, signatures for crashes.
  std::string plot =
      "# relative_time, cycles_done, cur_item, corpus_count, pending_total, pending_favs, map_size, saved_crashes, "
      "saved_hangs, max_depth, execs_per_sec, total_execs, edges_found\n";
  Sample before;
  for (const Sample& sample : *samples) {
    const double seconds = sample.run_seconds - before.run_seconds;
    const double execs = seconds <= 0 ? 0 : static_cast<double>(sample.programs - before.programs) / seconds;
    plot += fmt::format("{:.0f}, 0, 0, {}, 0, 0, {:.2f}%, {}, 0, 0, {:.2f}, {}, {}\n", sample.run_seconds, sample.forms,
                        100.0 * static_cast<double>(sample.forms) / static_cast<double>(summary.forms.size()),
                        sample.signatures, execs, sample.programs, sample.forms);
    before = sample;
  }
  return base::write_file_atomically((path / "plot_data").string(), plot);
}

}  // namespace assay::reports
