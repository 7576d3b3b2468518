// Reading a campaign store; see status.h. Tested by reports/store/test/store_test.cc.
#include "reports/store/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <numeric>
#include <utility>

#include "core/base/one_line.h"
#include "reports/store/configuration.h"
#include "reports/store/counters.h"
#include "reports/store/database.h"
#include "reports/store/folder.h"
#include "reports/store/schema.h"

namespace assay::reports {
namespace {

base::Result<void> read_counters(Database& database, fuzz::CampaignSummary& summary) {
  std::map<std::pair<std::string, std::string>, std::uint64_t> values;
  auto done = for_each_row(database, "SELECT family, name, SUM(value) FROM counters GROUP BY family, name",
                           [&](const Statement& row) { values[{row.text(0), row.text(1)}] = row.integer(2); });
  if (!done) return done;
  fuzz::BatchFigures figures;
  for_each_counter(figures, [&values](std::string_view family, const std::string& name, std::uint64_t& value) {
    const auto found = values.find({std::string(family), name});
    if (found != values.end()) value = found->second;
  });
  summary.judged = figures.judged;
  summary.nodes_generated = figures.nodes_generated;
  summary.forms = figures.forms;
  summary.kinds = figures.kinds;
  summary.ops = figures.ops;
  summary.proofs = figures.proofs;
  summary.cpu_seconds = static_cast<double>(values[{"total", "cpu_nanoseconds"}]) / 1e9;
  return {};
}

base::Result<void> read_registers(Database& database, fuzz::RegisterUse& use) {
  const auto there = database.integer("SELECT COUNT(*) FROM sqlite_master WHERE name = 'register_use'");
  if (!there) return there.error();
  if (*there == 0) return {};  // of an older build
  std::string sums;
  for (int i = 0; i < x64::kRegCount; ++i)
    sums += fmt::format(", SUM({})", x64::register_name(static_cast<x64::RegId>(i), 64));
  std::map<std::string, std::size_t, std::less<>> forms;
  for (std::size_t i = 0; i < x64::kFormCount; ++i) forms.emplace(x64::form_info(static_cast<x64::Form>(i)).id, i);
  return for_each_row(database, fmt::format("SELECT form{} FROM register_use GROUP BY form", sums),
                      [&](const Statement& row) {
                        const auto form = forms.find(row.text(0));
                        if (form == forms.end()) return;
                        auto& counts = use[form->second];
                        for (std::size_t i = 0; i < counts.size(); ++i)
                          counts[i] = row.integer(static_cast<int>(i) + 1);
                      });
}

std::string duration(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::max(0.0, seconds));
  if (whole < 120) return fmt::format("{} s", whole);
  if (whole < 7200) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

double rate(std::uint64_t count, double seconds) { return seconds <= 0 ? 0 : static_cast<double>(count) / seconds; }

template <std::size_t N>
std::size_t hit_count(const std::array<std::uint64_t, N>& counts) {
  return N - static_cast<std::size_t>(std::count(counts.begin(), counts.end(), std::uint64_t{0}));
}

std::size_t forms_hit(const fuzz::CampaignSummary& summary) { return hit_count(summary.forms); }

}  // namespace

base::Result<CampaignStatus> read_status(const std::string& folder) {
  auto database = open_store(folder, Database::Mode::Read);
  if (!database) return database.error();
  // One transaction, so that all figures are of one moment.
  if (auto done = database->execute("BEGIN"); !done) return done.error();
  CampaignStatus status;
  std::string configuration;
  auto done = for_each_row(*database, "SELECT configuration, state, started FROM campaigns WHERE id = 1",
                           [&](const Statement& row) {
                             configuration = row.text(0);
                             status.state = row.text(1);
                             status.started = row.real(2);
                           });
  if (!done) return done.error();
  auto config = parse_configuration(configuration);
  if (!config) {
    base::Error error = config.error();
    error.file = store_path(folder);
    return error;
  }
  status.config = std::move(config).value();
  status.config.campaign.findings_folder = findings_path(folder);
  fuzz::CampaignSummary& summary = status.summary;
  summary.config = status.config.campaign;
  if (done = read_counters(*database, summary); !done) return done.error();
  if (done = read_registers(*database, summary.registers); !done) return done.error();
  done = for_each_row(
      *database,
      "SELECT COUNT(*), COALESCE(SUM(how_ended = 'lost'), 0), SUM(last_seen - started), MAX(last_seen) FROM "
      "segments",
      [&](const Statement& row) {
        status.segments = row.integer(0);
        status.segments_lost = row.integer(1);
        summary.seconds = row.real(2);
        status.last_seen = row.real(3);
      });
  if (!done) return done.error();
  done = for_each_row(*database, "SELECT COUNT(*) FROM batches",
                      [&](const Statement& row) { status.batches = row.integer(0); });
  if (!done) return done.error();
  auto coverage = read_coverage(*database);
  if (!coverage) return coverage.error();
  status.covered = coverage->covered;
  status.last_new_coverage = coverage->last_new;
  status.last_coverage = coverage->last_name;
  done = for_each_row(*database, "SELECT COUNT(*), MAX(taken) FROM corpus", [&](const Statement& row) {
    status.corpus = row.integer(0);
    if (!row.is_null(1)) status.last_new_entry = row.real(1);
  });
  if (!done) return done.error();
  done = for_each_row(*database, "SELECT COUNT(*) FROM imports",
                      [&](const Statement& row) { status.imported = row.integer(0); });
  if (!done) return done.error();
  const unsigned every = status.config.campaign.mutate_every;
  if (every != 0) {
    // Batches with numbers of their own are those of libFuzzer.
    const auto mutants = database->integer(fmt::format(
        "SELECT COUNT(*) FROM batches WHERE number % {} = {} AND number < {}", every, every - 1, fuzz::kFirstImport));
    if (!mutants) return mutants.error();
    status.mutants = *mutants;
  }
  auto groups = read_groups(*database, folder);
  if (!groups) return groups.error();
  for (const Group& group : groups->groups) {
    summary.signatures.push_back({group.name, group.file(), group.count});
    // A signature that joins a group is no new thing to look at.
    status.last_new_signature = std::max(status.last_new_signature.value_or(0), group.first_seen);
  }
  summary.findings = groups->findings();
  status.not_looked_into = std::move(groups->not_looked_into);
  done = for_each_row(*database, "SELECT kind, COUNT(*), sentence, MAX(at) FROM incidents GROUP BY kind ORDER BY 4",
                      [&](const Statement& row) {
                        if (row.text(0) == "hang") status.hangs = row.integer(1);
                        if (row.text(0) == "lost worker") status.workers_lost = row.integer(1);
                        status.last_incident = row.text(2);
                      });
  if (!done) return done.error();
  return status;
}

base::Result<std::vector<Sample>> read_samples(const std::string& folder) {
  auto database = open_store(folder, Database::Mode::Read);
  if (!database) return database.error();
  std::vector<Sample> samples;
  auto done = for_each_row(
      *database, "SELECT at, run_seconds, programs, compared, findings, signatures, forms FROM samples ORDER BY at",
      [&](const Statement& row) {
        samples.push_back(
            {row.real(0), row.real(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5), row.integer(6)});
      });
  if (!done) return done.error();
  return samples;
}

std::vector<StatusLine> status_lines(const CampaignStatus& status, double now) {
  const fuzz::CampaignSummary& summary = status.summary;
  const oracles::JudgeCounts& judged = summary.judged;
  std::vector<StatusLine> lines;
  const auto row = [&lines](std::string_view label, std::string value) {
    lines.push_back({std::string(label), std::move(value)});
  };
  row("campaign", fmt::format("{}, {} segment{} ({} lost)", status.state, status.segments,
                              status.segments == 1 ? "" : "s", status.segments_lost));
  row("configuration", status.config.campaign.describe());
  row("running time",
      fmt::format("{} of wall clock, {} of CPU", duration(summary.seconds), duration(summary.cpu_seconds)));
  row("batches recorded", std::to_string(status.batches));
  row("programs",
      fmt::format("{}, compared {} ({:.1f} a second, {:.1f} a CPU-second)", judged.programs, judged.compared,
                  rate(judged.compared, summary.seconds), rate(judged.compared, summary.cpu_seconds)));
  std::string reasons;
  for (std::size_t i = 0; i < judged.skipped.size(); ++i) {
    if (judged.skipped[i] == 0) continue;
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", oracles::name(static_cast<oracles::SkipReason>(i)),
                           judged.skipped[i]);
  }
  row("discarded", fmt::format("{}{}{}", judged.programs - judged.compared, reasons.empty() ? "" : ": ", reasons));
  row("instruction forms", fmt::format("{} of {}", forms_hit(summary), summary.forms.size()));
  const fuzz::RegisterCells cells = fuzz::register_cells(summary.registers);
  row("forms x registers", fmt::format("{} of {}", cells.hit, cells.all));
  row("shapes of loops proved", fuzz::proofs_text(summary));
  const fuzz::Coverage& possible = fuzz::possible_coverage();
  const auto covered = [&](std::size_t first, std::size_t size) {
    std::size_t hit = 0;
    std::size_t all = 0;
    for (std::size_t i = first; i < first + size; ++i) {
      all += possible.test(i) ? 1U : 0U;
      hit += possible.test(i) && status.covered.test(i) ? 1U : 0U;
    }
    return fmt::format("{} of {}", hit, all);
  };
  row("forms by register class", covered(fuzz::kNodeFacts, fuzz::kFormBins));
  row("node kinds by type", covered(0, fuzz::kGroupSizes[0]));
  row("operators by type", covered(fuzz::kGroupSizes[0], fuzz::kGroupSizes[1]));
  const oracles::PassCounts& passes = judged.passes;
  const auto sum = [](const auto& counts) { return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}); };
  // A loop has a class for what it is and more for how; its decline has one reason.
  row("loops solved",
      fmt::format("{} (counted once in each of its classes, {} of {} classes), {} declined", sum(passes.solved),
                  hit_count(passes.solved), passes.solved.size(), sum(passes.reasons)));
  row("passes that fired", fmt::format("{} of {}", hit_count(passes.fired), passes.fired.size()));
  if (status.config.campaign.mutate_every != 0 || status.imported != 0) {
    row("corpus", fmt::format("{} programs; {} batches of mutants, {} programs of libFuzzer", status.corpus,
                              status.mutants, status.imported));
  }
  row("workers lost, tasks hung", fmt::format("{}, {}{}{}", status.workers_lost, status.hangs,
                                              status.last_incident.empty() ? "" : "; last: ", status.last_incident));
  const double newest = std::max(
      {status.last_new_signature.value_or(0), status.last_new_coverage.value_or(0), status.last_new_entry.value_or(0)});
  std::string newest_name = status.last_coverage;
  if (status.last_new_entry == newest) newest_name = "a program for the corpus";
  if (status.last_new_signature == newest) newest_name = "a signature";
  row("last new thing", newest == 0 ? "none yet" : fmt::format("{} ago: {}", duration(now - newest), newest_name));
  row("last new signature",
      status.last_new_signature ? duration(now - *status.last_new_signature) + " ago" : std::string("none yet"));
  std::uint64_t more = 0;
  for (const GroupMember& member : status.not_looked_into) more += member.count;
  row("findings", fmt::format("{} under {} signatures{}", summary.findings, summary.signatures.size(),
                              more == 0 ? "" : fmt::format(" ({} of them alike, not looked into)", more)));
  return lines;
}

std::string print_status(const CampaignStatus& status, double now) {
  std::string text;
  for (const StatusLine& line : status_lines(status, now))
    text += fmt::format("{:<28}{}\n", line.name, base::one_line(line.value));
  for (const fuzz::SignatureCount& one : status.summary.signatures) {
    text += fmt::format("  {:>9} x  {}  {}\n", one.count, base::one_line(one.signature), base::one_line(one.file));
  }
  return text;
}

}  // namespace assay::reports
