// The parts of the HTML report, each of which gives markup that is complete in itself, or nothing when it has nothing
// to show.
//
// Tested by reports/html/test/html_report_test.cc and html_parts_test.cc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/model/report.h"

namespace assay::reports::html {

// Findings: the table, and a section for each (finding_section.cc).
[[nodiscard]] std::string findings_table(const std::vector<ReportFinding>& findings);
[[nodiscard]] std::string not_looked_into(const std::vector<Count>& rows);
[[nodiscard]] std::string finding_section(const ReportFinding& finding, std::size_t index, bool open);

// The code around the guilty instruction, with the bytes that are wrong marked (disassembly.cc).
[[nodiscard]] std::string disassembly(const std::vector<Instruction>& instructions);

// What the oracles said, what fired, what was proved (tables.cc).
[[nodiscard]] std::string oracles_table(const Report& report);
[[nodiscard]] std::string firing_tables(const Report& report);
[[nodiscard]] std::string proof_counts_table(const ProofCounts& counts);
[[nodiscard]] std::string proofs_table(const Report& report);

// What became of the deliberate faults (selftest_table.cc).
[[nodiscard]] std::string selftest_table(const std::vector<FaultRow>& faults);

// The status screen (tables.cc).
[[nodiscard]] std::string status_list(const std::vector<StatusLine>& lines);

// A cell for each name, darker where it was hit more often, marked where it never was (heat_map.cc).
[[nodiscard]] std::string heat_map(std::string_view title, const std::vector<Count>& counts);

// A row for each form and a cell for each register it was or was not emitted with (register_map.cc).
[[nodiscard]] std::string register_map(const std::vector<std::string>& registers,
                                       const std::vector<FormRegisters>& rows);

// What both maps share: 0 for never, 1 for a single hit, kShades for the greatest count; and counts in few letters.
inline constexpr int kShades = 5;
[[nodiscard]] int shade(std::uint64_t value, std::uint64_t greatest);
[[nodiscard]] std::string short_number(std::uint64_t value);

// The campaign over time, as inline SVG (charts.cc).
[[nodiscard]] std::string charts(const std::vector<SeriesPoint>& samples, std::size_t form_count);

// Constant text of the page (page_text.cc).
[[nodiscard]] std::string_view style_sheet();
[[nodiscard]] std::string_view script();

// <pre> with the text escaped, or nothing for an empty one.
[[nodiscard]] std::string preformatted(std::string_view text, std::string_view css_class = "code");

}  // namespace assay::reports::html
