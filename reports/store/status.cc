// Reading a campaign store; see status.h. Tested by reports/store/test/store_test.cc.
#include "reports/store/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "reports/store/configuration.h"
#include "reports/store/counters.h"
#include "reports/store/database.h"
#include "reports/store/folder.h"
#include "reports/store/schema.h"

namespace assay::reports {
namespace {

base::Result<Database> open_for_reading(const std::string& folder) {
  const std::string path = store_path(folder);
  if (!std::filesystem::exists(path)) return base::input_error(fmt::format("{} holds no campaign", folder));
  auto database = Database::open(path, Database::Mode::Read);
  if (!database) return database.error();
  if (auto done = check_schema(*database); !done) {
    base::Error error = done.error();
    error.file = path;
    return error;
  }
  return database;
}

// Calls `each` with every row.
template <class Each>
base::Result<void> query(Database& database, std::string_view sql, Each each) {
  auto statement = database.prepare(sql);
  if (!statement) return statement.error();
  while (true) {
    const auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return {};
    each(*statement);
  }
}

base::Result<void> read_counters(Database& database, fuzz::CampaignSummary& summary) {
  std::map<std::pair<std::string, std::string>, std::uint64_t> values;
  auto done = query(database, "SELECT family, name, SUM(value) FROM counters GROUP BY family, name",
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
  return query(database, fmt::format("SELECT form{} FROM register_use GROUP BY form", sums), [&](const Statement& row) {
    const auto form = forms.find(row.text(0));
    if (form == forms.end()) return;
    auto& counts = use[form->second];
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = row.integer(static_cast<int>(i) + 1);
  });
}

std::string duration(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::max(0.0, seconds));
  if (whole < 120) return fmt::format("{} s", whole);
  if (whole < 7200) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

double rate(std::uint64_t count, double seconds) { return seconds <= 0 ? 0 : static_cast<double>(count) / seconds; }

std::size_t forms_hit(const fuzz::CampaignSummary& summary) {
  return summary.forms.size() -
         static_cast<std::size_t>(std::count(summary.forms.begin(), summary.forms.end(), std::uint64_t{0}));
}

}  // namespace

base::Result<CampaignStatus> read_status(const std::string& folder) {
  auto database = open_for_reading(folder);
  if (!database) return database.error();
  // One transaction, so that all figures are of one moment.
  if (auto done = database->execute("BEGIN"); !done) return done.error();
  CampaignStatus status;
  std::string configuration;
  auto done =
      query(*database, "SELECT configuration, state, started FROM campaigns WHERE id = 1", [&](const Statement& row) {
        configuration = row.text(0);
        status.state = row.text(1);
        status.started = row.real(2);
      });
  if (!done) return done.error();
  auto config = parse_configuration(configuration);
  if (!config) return config.error();
  status.config = std::move(config).value();
  status.config.campaign.findings_folder = findings_path(folder);
  fuzz::CampaignSummary& summary = status.summary;
  summary.config = status.config.campaign;
  if (done = read_counters(*database, summary); !done) return done.error();
  if (done = read_registers(*database, summary.registers); !done) return done.error();
  done = query(*database,
               "SELECT COUNT(*), COALESCE(SUM(how_ended = 'lost'), 0), SUM(last_seen - started), MAX(last_seen) FROM "
               "segments",
               [&](const Statement& row) {
                 status.segments = row.integer(0);
                 status.segments_lost = row.integer(1);
                 summary.seconds = row.real(2);
                 status.last_seen = row.real(3);
               });
  if (!done) return done.error();
  done =
      query(*database, "SELECT COUNT(*) FROM batches", [&](const Statement& row) { status.batches = row.integer(0); });
  if (!done) return done.error();
  done = query(*database,
               "SELECT signature, COALESCE(file, ''), raw_count, first_seen FROM signatures ORDER BY raw_count DESC, "
               "signature",
               [&](const Statement& row) {
                 summary.signatures.push_back({row.text(0), row.text(1), row.integer(2)});
                 summary.findings += row.integer(2);
                 status.last_new_signature = std::max(status.last_new_signature.value_or(0), row.real(3));
               });
  if (!done) return done.error();
  done = query(*database, "SELECT kind, COUNT(*), sentence, MAX(at) FROM incidents GROUP BY kind ORDER BY 4",
               [&](const Statement& row) {
                 (row.text(0) == "hang" ? status.hangs : status.workers_lost) = row.integer(1);
                 status.last_incident = row.text(2);
               });
  if (!done) return done.error();
  return status;
}

base::Result<std::vector<Sample>> read_samples(const std::string& folder) {
  auto database = open_for_reading(folder);
  if (!database) return database.error();
  std::vector<Sample> samples;
  auto done = query(*database,
                    "SELECT at, run_seconds, programs, compared, findings, signatures, forms FROM samples ORDER BY at",
                    [&](const Statement& row) {
                      samples.push_back({row.real(0), row.real(1), row.integer(2), row.integer(3), row.integer(4),
                                         row.integer(5), row.integer(6)});
                    });
  if (!done) return done.error();
  return samples;
}

std::string print_status(const CampaignStatus& status, double now) {
  const fuzz::CampaignSummary& summary = status.summary;
  const oracles::JudgeCounts& judged = summary.judged;
  std::string text;
  const auto row = [&text](std::string_view label, const std::string& value) {
    text += fmt::format("{:<28}{}\n", label, value);
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
  row("workers lost, tasks hung", fmt::format("{}, {}{}{}", status.workers_lost, status.hangs,
                                              status.last_incident.empty() ? "" : "; last: ", status.last_incident));
  row("last new signature",
      status.last_new_signature ? duration(now - *status.last_new_signature) + " ago" : std::string("none yet"));
  row("findings", fmt::format("{} under {} signatures", summary.findings, summary.signatures.size()));
  for (const fuzz::SignatureCount& one : summary.signatures) {
    text += fmt::format("  {:>9} x  {}  {}\n", one.count, one.signature, one.file);
  }
  return text;
}

}  // namespace assay::reports
