// Writes the hostile report in every format, for ci/check_reports, which puts the files before validators and a
// browser. Usage: assay_hostile_report FOLDER.
#include <cstdio>
#include <string>
#include <utility>

#include "core/base/file.h"
#include "reports/html/html_report.h"
#include "reports/json/json_report.h"
#include "reports/junit/junit_report.h"
#include "reports/markdown/markdown_report.h"
#include "reports/model/test/hostile_report.h"
#include "reports/sarif/sarif_report.h"

int main(int argument_count, char** arguments) {
  namespace reports = assay::reports;
  if (argument_count != 2) {
    std::fputs("usage: assay_hostile_report FOLDER\n", stderr);
    return 2;
  }
  const reports::Report report = reports::test::hostile_report();
  const std::string stem = std::string(arguments[1]) + "/hostile";
  for (const auto& [ending, text] :
       {std::pair(".html", reports::render_html(report)), std::pair(".sarif", reports::render_sarif(report)),
        std::pair(".xml", reports::render_junit(report)), std::pair(".json", reports::render_json(report)),
        std::pair(".md", reports::render_markdown(report))}) {
    const auto written = assay::base::write_file_atomically(stem + ending, text);
    if (written) continue;
    std::fputs((written.error().describe() + "\n").c_str(), stderr);
    return 3;
  }
  return 0;
}
