// Reports as JUnit XML; see junit_report.h. Tested by reports/junit/test/junit_report_test.cc.
#include "reports/junit/junit_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reports/model/escape.h"

namespace assay::reports {
namespace {

struct TestCase {
  std::string name;
  std::string classname;
  std::string element;  // "failure", "error", "skipped"; none: it passes
  std::string message;
  std::string text;
  double seconds = 0;
};

struct Suite {
  std::string name;
  std::vector<TestCase> cases;

  [[nodiscard]] std::size_t count(std::string_view element) const {
    return static_cast<std::size_t>(
        std::count_if(cases.begin(), cases.end(), [element](const TestCase& one) { return one.element == element; }));
  }
};

// Attribute values lose line feeds when they are read, so they are written without.
std::string attribute(std::string_view text) { return escape_markup(one_line(text)); }

Suite oracle_suite(const Report& report) {
  Suite suite{"oracles", {}};
  for (const OracleCounts& oracle : report.oracles) {
    const std::string counts =
        fmt::format("agree {}, diverge {}, skipped {}, timeout {}, crash {}, untrusted {}, unknown {}", oracle.agree,
                    oracle.diverge, oracle.skipped, oracle.timeout, oracle.crash, oracle.untrusted, oracle.unknown);
    // What diverged is under findings: a known finding must not make its oracle fail.
    const bool silent = oracle.judged() == 0;
    suite.cases.push_back(
        {oracle.name, "assay.oracles", silent ? "error" : "", silent ? "judged nothing" : "", silent ? counts : "", 0});
  }
  return suite;
}

Suite firing_suite(const Report& report) {
  Suite suite{"fired", {}};
  const auto add = [&](const std::string& what, const std::string& classname) {
    const bool never =
        std::find(report.never_fired.begin(), report.never_fired.end(), what) != report.never_fired.end();
    suite.cases.push_back(
        {what, classname, never ? "error" : "", never ? "never fired, so it was not tested" : "", "", 0});
  };
  for (const Firing& pass : report.passes) add("pass " + pass.name, "assay.passes");
  for (const Firing& loop : report.loops) add("loop class " + loop.name, "assay.loops");
  return suite;
}

TestCase finding_case(const ReportFinding& finding) {
  TestCase one{finding.signature, "assay.findings", "", "", "", 0};
  std::string text;
  for (const std::string& line : finding.explanation) text += line + "\n";
  if (!finding.replay_command.empty()) text += "replay: " + finding.replay_command + "\n";
  switch (finding.state) {
    case FindingState::New:
      one.element = "failure";
      one.message = fmt::format("new: {} says {}", finding.oracle, finding.verdict);
      break;
    case FindingState::Known:
      one.element = "skipped";
      one.message = "known";
      break;
    case FindingState::Unknown:
      one.element = "error";
      one.message = "unknown: it was not judged again";
      break;
    case FindingState::Fixed:
      return one;
  }
  one.text = std::move(text);
  return one;
}

Suite proof_suite(const Report& report) {
  Suite suite{"proofs", {}};
  for (const Proof& proof : report.proofs) {
    const std::string element = proof.verdict == "proved" ? "" : proof.verdict == "refuted" ? "failure" : "error";
    suite.cases.push_back(
        {proof.name, "assay.proofs", element, element.empty() ? "" : proof.verdict, proof.detail, proof.seconds});
  }
  return suite;
}

// The verdict itself, so that a report in which nothing ran holds a failing case.
Suite verdict_suite(const Report& report) {
  Suite suite{"verdict", {}};
  std::string reasons;
  for (const std::string& reason : report.reasons) reasons += reason + "\n";
  for (const std::string& problem : report.problems) reasons += problem + "\n";
  const bool pass = report.verdict == ReportVerdict::Pass;
  const bool findings = report.verdict == ReportVerdict::Findings;
  suite.cases.push_back({"verdict", "assay",
                         pass       ? ""
                         : findings ? "failure"
                                    : "error",
                         pass ? "" : std::string(name(report.verdict)), pass ? "" : reasons, report.seconds});
  return suite;
}

void append(const TestCase& one, std::string& out) {
  out += fmt::format("    <testcase name=\"{}\" classname=\"{}\" time=\"{:.3f}\"", attribute(one.name),
                     attribute(one.classname), one.seconds);
  if (one.element.empty()) {
    out += "/>\n";
    return;
  }
  out += fmt::format(">\n      <{} message=\"{}\"", one.element, attribute(one.message));
  // <skipped> holds no text in the schema that most readers follow.
  if (one.element == "skipped") {
    out += "/>\n";
  } else {
    out += fmt::format(" type=\"{}\">{}</{}>\n", attribute(one.classname), escape_markup(one.text), one.element);
  }
  out += "    </testcase>\n";
}

}  // namespace

std::string render_junit(const Report& report) {
  std::vector<Suite> suites = {verdict_suite(report), oracle_suite(report), firing_suite(report), Suite{"findings", {}},
                               proof_suite(report)};
  for (const ReportFinding& finding : report.findings) suites[3].cases.push_back(finding_case(finding));
  std::erase_if(suites, [](const Suite& suite) { return suite.cases.empty(); });
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::string body;
  const std::string timestamp = is_utc_time(report.generated) ? fmt::format(" timestamp=\"{}\"", report.generated) : "";
  for (const Suite& suite : suites) {
    tests += suite.cases.size();
    failures += suite.count("failure");
    errors += suite.count("error");
    body += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"{}>\n",
                        attribute(suite.name), suite.cases.size(), suite.count("failure"), suite.count("error"),
                        suite.count("skipped"), timestamp);
    if (&suite == &suites.front()) {
      body += "    <properties>\n";
      for (const auto& [key, value] : {std::pair{"command", &report.command},
                                       {"seed", &report.seed},
                                       {"configuration", &report.configuration},
                                       {"build", &report.build},
                                       {"cpu", &report.cpu}}) {
        body += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", key, attribute(*value));
      }
      body += "    </properties>\n";
    }
    for (const TestCase& one : suite.cases) append(one, body);
    body += "  </testsuite>\n";
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"assay\" tests=\"{}\" failures=\"{}\" "
      "errors=\"{}\" "
      "time=\"{:.3f}\">\n{}</testsuites>\n",
      tests, failures, errors, report.seconds, body);
}

}  // namespace assay::reports
