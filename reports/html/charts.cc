// The campaign over time; see html_parts.h. Tested by reports/html/test/html_parts_test.cc.
//
// Each figure has a chart of its own: they have no scale in common, and two scales in one chart mislead.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "reports/html/html_parts.h"

namespace assay::reports::html {
namespace {

constexpr double kWidth = 360;
constexpr double kHeight = 160;
constexpr double kLeft = 8;
constexpr double kTop = 20;
constexpr double kBottom = 24;

std::string time_label(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

using Value = std::function<std::uint64_t(const SeriesPoint&)>;

std::string chart(std::string_view title, const std::vector<SeriesPoint>& series, const Value& value,
                  std::uint64_t ceiling) {
  double last = 0;
  std::uint64_t greatest = std::max<std::uint64_t>(ceiling, 1);
  for (const SeriesPoint& point : series) {
    last = std::max(last, point.seconds);
    greatest = std::max(greatest, value(point));
  }
  if (last <= 0) last = 1;
  const double floor = kHeight - kBottom;
  const auto x = [&](double seconds) { return kLeft + (kWidth - 2 * kLeft) * seconds / last; };
  const auto y = [&](std::uint64_t one) {
    return floor - (floor - kTop) * static_cast<double>(one) / static_cast<double>(greatest);
  };
  std::string line;
  for (const SeriesPoint& point : series) line += fmt::format("{:.1f},{:.1f} ", x(point.seconds), y(value(point)));
  if (!line.empty()) line.pop_back();
  std::string grid;
  for (const double part : {0.0, 0.5, 1.0}) {
    const double height = floor - (floor - kTop) * part;
    grid += fmt::format("<line class=\"grid\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/>", kLeft,
                        kWidth - kLeft, height);
  }
  const std::uint64_t end = value(series.back());
  return fmt::format(
      "<figure class=\"chart\"><figcaption>{0} <b>{1}</b></figcaption><svg viewBox=\"0 0 {2} {3}\" role=\"img\" "
      "aria-label=\"{0}: "
      "{1} at the end\">{4}<polygon class=\"area\" points=\"{5:.1f},{6} {7} {8:.1f},{6}\"/><polyline class=\"line\" "
      "points=\"{7}\"/><circle class=\"dot\" cx=\"{8:.1f}\" cy=\"{15:.1f}\" r=\"4\"/><text x=\"{9}\" "
      "y=\"{10}\">{11}</text><text x=\"{9}\" y=\"{12}\">0 s</text>"
      "<text x=\"{13}\" y=\"{12}\" text-anchor=\"end\">{14}</text></svg></figure>\n",
      title, grouped(end), kWidth, kHeight, grid, x(series.front().seconds), floor, line, x(series.back().seconds),
      kLeft, kTop - 6, grouped(greatest), kHeight - 6, kWidth - kLeft, time_label(last), y(end));
}

}  // namespace

std::string charts(const std::vector<SeriesPoint>& samples, std::size_t form_count) {
  if (samples.empty()) {
    return "<p class=\"quiet\">No samples were given. <code>assay campaign</code> records them while it runs, and its "
           "folder can be reported on.</p>\n";
  }
  std::vector<SeriesPoint> series = samples;
  if (series.front().seconds > 0) series.insert(series.begin(), SeriesPoint{});  // a campaign begins with nothing
  return "<div class=\"charts\">\n" +
         chart(
             "Programs compared", series, [](const SeriesPoint& point) { return point.compared; }, 0) +
         chart(
             "Instruction forms", series, [](const SeriesPoint& point) { return point.forms; }, form_count) +
         chart(
             "Findings", series, [](const SeriesPoint& point) { return point.findings; }, 0) +
         chart(
             "Signatures before grouping", series, [](const SeriesPoint& point) { return point.signatures; }, 0) +
         "</div>\n";
}

}  // namespace assay::reports::html
