// Report: everything a report says, as plain data, before it has a format.
//
// One struct between those who find out (collect/) and those who write (html/, sarif/, junit/, json/, markdown/,
// annotations/), so that all formats say the same thing and a renderer is a pure function: no clock, no file, no judge.
// Strings hold what programs, files and people gave, unescaped; escaping is each renderer's business. Tables are in the
// order in which they are shown, and a renderer keeps it.
//
// Tested by reports/model/test/report_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::reports {

// The exit codes of every command, in words.
enum class ReportVerdict : std::uint8_t { Pass, Findings, Unreadable, HarnessFailed, Inconclusive };

enum class FindingState : std::uint8_t {
  New,      // an oracle convicts it, now or, where no file is left, in the campaign; not among the known ones
  Known,    // an oracle convicts it, and the signature is known
  Fixed,    // judged again on this build, and every oracle agrees
  Unknown,  // not judged again (it was skipped, or would take the harness down): never called fixed
};
inline constexpr std::array kAllStates = {FindingState::New, FindingState::Known, FindingState::Fixed,
                                          FindingState::Unknown};

struct Count {
  std::string name;
  std::uint64_t value = 0;
};

// What one oracle said, in programs. Only `agree` is agreement.
struct OracleCounts {
  std::string name;
  std::uint64_t agree = 0;
  std::uint64_t diverge = 0;
  std::uint64_t skipped = 0;
  std::uint64_t timeout = 0;
  std::uint64_t crash = 0;
  std::uint64_t untrusted = 0;
  std::uint64_t unknown = 0;
  std::vector<Count> skips;  // why, with their counts

  // Everything but the skipped ones.
  [[nodiscard]] std::uint64_t judged() const { return agree + diverge + timeout + crash + untrusted + unknown; }
};

// A pass (ran, fired) or a loop class (solved, declined).
struct Firing {
  std::string name;
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

struct Instruction {
  std::uint32_t offset = 0;
  std::string bytes;  // "48 83 ec 80"
  std::string text;   // Intel syntax
  std::string node;   // what it was made for; empty where that is not known
  bool guilty = false;
  std::string intended;  // the bytes it should have been, as `bytes`; empty where that is not known to differ
};

// The registers that a form was emitted with.
struct FormRegisters {
  std::string form;
  std::vector<std::uint64_t> counts;  // in the order of Report::registers
};

// One thing observed of both sides.
struct StateRow {
  std::string what;
  std::string expected;
  std::string got;
  bool differs = false;
};

struct ReportFinding {
  FindingState state = FindingState::Unknown;
  std::string signature;  // of this judgement; the recorded one where nothing convicts it now
  std::string recorded_signature;
  std::string oracle;
  std::string stage;  // the guilty pass, or "codegen"
  std::string node;
  std::string form;
  std::string difference;
  std::string verdict;
  std::string file;                     // to replay; empty where there is a count only
  std::vector<std::string> more_files;  // of the same signature
  std::string source_file;              // of this project: where to begin to look
  std::uint64_t count = 0;              // divergences seen under the signature; at least the files
  std::string seed;
  std::string program_index;
  std::string configuration;
  std::string build;
  std::string cpu;
  std::string features;
  std::string passes;
  std::string inputs;
  std::string replays;          // "10 of 10"; empty before triage
  std::string source;           // as found
  std::string reduced;          // empty where nobody reduced it
  bool reduced_judged = false;  // what follows is of the reduced program, not of the one as found
  std::string after_pass;       // what the guilty pass gave, or, under "codegen", what the passes gave
  std::vector<Instruction> disassembly;
  std::vector<StateRow> states;
  std::vector<std::string> explanation;
  std::string replay_command;
};

struct Proof {
  std::string name;
  std::string verdict;  // "proved", "refuted", "unknown", "timeout"; only the first is a pass
  std::string detail;
  double seconds = 0;
};

// A deliberate fault and what became of it.
struct FaultRow {
  std::string name, area, stands_for;
  bool equivalent = false;
  bool in_the_median = false;  // detected in more than half of the trials
  std::uint64_t detected = 0;  // of so many trials
  std::uint64_t trials = 0;
  std::string oracle;  // that spoke first most often; empty: none did
  // Up to the first finding, over all trials; infinite where most of them have none.
  double median_cpu_seconds = 0;
};

// What the prover that runs beside a campaign came to, in shapes of loops.
struct ProofCounts {
  std::uint64_t proved = 0;
  std::uint64_t refuted = 0;
  std::uint64_t unknown = 0;
  std::uint64_t declined = 0;     // not solved when taken out of the program: nothing to prove
  std::uint64_t over_budget = 0;  // met, but not looked at
  double seconds = 0;

  [[nodiscard]] std::uint64_t met() const { return proved + refuted + unknown + declined + over_budget; }
};

// A line of the campaign's status screen.
struct StatusLine {
  std::string name;
  std::string value;
};

// A figure of the campaign so far, at a time since its start.
struct SeriesPoint {
  double seconds = 0;
  std::uint64_t compared = 0;
  std::uint64_t findings = 0;
  std::uint64_t signatures = 0;
  std::uint64_t forms = 0;
};

struct Report {
  ReportVerdict verdict = ReportVerdict::Inconclusive;
  std::vector<std::string> reasons;  // for the verdict, a sentence each; at least one
  std::string generated;             // ISO 8601, UTC; the only time in the report
  std::string build;
  std::string cpu;
  std::string command;  // that repeats the campaign
  std::string seed;
  std::string configuration;
  bool campaign = false;  // whether there is a summary: without one, the figures below are empty
  double seconds = 0;
  double cpu_seconds = 0;
  std::uint64_t programs = 0;
  std::uint64_t compared = 0;
  std::uint64_t runs = 0;
  std::uint64_t instructions_checked = 0;
  std::vector<Count> skipped;  // programs judged by no oracle, by reason
  std::vector<OracleCounts> oracles;
  std::vector<Firing> passes;  // ran, fired
  std::vector<Firing> loops;   // solved, declined
  std::vector<Count> declined;
  std::vector<Count> forms;                   // emitted instructions by form, zeros included
  std::vector<std::string> registers;         // by number
  std::vector<FormRegisters> form_registers;  // of forms that take registers
  std::vector<Count> node_kinds;              // generated nodes, zeros included
  std::vector<Count> operators;
  std::vector<std::string> never_fired;
  ProofCounts proof_counts;
  std::vector<StatusLine> status;  // of a campaign with a store, as of its last record
  std::vector<SeriesPoint> series;
  std::vector<ReportFinding> findings;  // new, known, unknown, fixed; by signature within each
  // Failures that the campaign counted without making them small, by signature: others that look alike are findings.
  std::vector<Count> not_looked_into;
  std::vector<Proof> proofs;
  std::vector<FaultRow> selftest;
  std::vector<std::string> problems;  // files that could not be read, harness failures

  [[nodiscard]] std::size_t count(FindingState state) const;
};

[[nodiscard]] std::string_view name(ReportVerdict verdict);
[[nodiscard]] std::string_view name(FindingState state);
[[nodiscard]] int exit_code(ReportVerdict verdict);

// How many of the counts are not zero.
[[nodiscard]] std::size_t hits(const std::vector<Count>& counts);

// 1234567 -> "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t number);

// Whether a text is a time of the form 2026-01-02T03:04:05Z, as formats with a type for times want it.
[[nodiscard]] bool is_utc_time(std::string_view text);

// FNV-1a of the signature as 16 hexadecimal digits: the same fault has the same one in every report.
[[nodiscard]] std::string fingerprint(std::string_view signature);

}  // namespace assay::reports
