// Reports as workflow commands; see annotations.h. Tested by reports/annotations/test/annotations_test.cc.
#include "reports/annotations/annotations.h"

#include <fmt/format.h>

#include "reports/model/escape.h"

namespace assay::reports {
namespace {

// %, CR and LF everywhere; : and , in properties too. The percent sign first, as the runner undoes it last.
std::string escape(std::string_view text, bool property) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\n') {
      out += "%0A";
    } else if (property && c == ':') {
      out += "%3A";
    } else if (property && c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

void add(std::string& out, std::string_view level, std::string_view file, std::string_view title,
         std::string_view message) {
  out += fmt::format("::{} ", level);
  if (!file.empty()) out += fmt::format("file={},line=1,", escape(file, true));
  out += fmt::format("title={}::{}\n", escape(title, true), escape(message, false));
}

std::string message_of(const ReportFinding& finding) {
  std::string text = finding.signature;
  for (const std::string& line : finding.explanation) text += "\n" + line;
  if (!finding.replay_command.empty()) text += "\nreplay: " + finding.replay_command;
  return text;
}

}  // namespace

std::string render_annotations(const Report& report) {
  std::string out;
  for (const ReportFinding& finding : report.findings) {
    const std::string title = fmt::format("{} finding: {}", name(finding.state), finding.signature);
    const std::string_view level = finding.state == FindingState::New       ? "error"
                                   : finding.state == FindingState::Unknown ? "warning"
                                                                            : "notice";
    add(out, level, finding.source_file, title, message_of(finding));
  }
  for (const std::string& problem : report.problems) add(out, "error", "", "assay", problem);
  for (const OracleCounts& oracle : report.oracles) {
    if (oracle.judged() == 0)
      add(out, "warning", "", "silent oracle", fmt::format("the oracle {} judged nothing", oracle.name));
  }
  for (const std::string& what : report.never_fired) add(out, "warning", "", "never fired", what + " never fired");
  for (const Proof& proof : report.proofs) {
    if (proof.verdict == "proved") continue;
    add(out, proof.verdict == "refuted" ? "error" : "warning", "", "proof: " + proof.verdict,
        proof.name + "\n" + proof.detail);
  }
  std::string reasons;
  for (const std::string& reason : report.reasons) reasons += (reasons.empty() ? "" : "; ") + reason;
  const bool pass = report.verdict == ReportVerdict::Pass;
  const bool inconclusive = report.verdict == ReportVerdict::Inconclusive;
  add(out,
      pass           ? "notice"
      : inconclusive ? "warning"
                     : "error",
      "", fmt::format("assay: {}", name(report.verdict)), reasons);
  return out;
}

}  // namespace assay::reports
