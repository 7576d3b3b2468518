// Table and JSON; see kernels_report.h.
#include "core/jit/bench/kernels_report.h"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>

namespace assay::jit::bench {
namespace {

[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...) {
  char buffer[256];
  va_list arguments;
  va_start(arguments, pattern);
  std::vsnprintf(buffer, sizeof buffer, pattern, arguments);
  va_end(arguments);
  return buffer;
}

// Three digits are what such a measurement has.
std::string duration(double ns) {
  if (ns <= 0) return "-";
  if (ns < 100) return format("%.1f", ns);
  if (ns < 1e4) return format("%.0f", ns);
  if (ns < 1e7) return format("%.0f us", ns / 1e3);
  return format("%.0f ms", ns / 1e6);
}

bool any_measured(const Subject& subject) {
  return std::any_of(subject.ns.begin(), subject.ns.end(), [](const auto& row) {
    return std::any_of(row.begin(), row.end(), [](double ns) { return ns > 0; });
  });
}

const char* closed_mark(const Subject& subject, std::size_t peer) {
  if (!subject.measured(peer)) return "-";
  return subject.closed(peer) ? "yes" : "no";
}

// assay's time over the peer's for n = 10; 0 when one of them is missing.
double ratio_at_10(const Subject& subject, std::size_t peer) {
  const double ours = subject.ns[kAssay][0];
  const double theirs = subject.ns[peer][0];
  return ours > 0 && theirs > 0 ? ours / theirs : 0;
}

std::string heading() {
  std::string text = format("%-26s  %-19s", "", "closed by");
  for (const std::string_view peer : kPeerNames)
    text += format("  | %-35s", (std::string(peer) + ", ns per call").c_str());
  text += "  | assay/clang\n" + format("%-26s", "kernel") + " ";
  for (const std::string_view peer : kPeerNames) text += format(" %-6s", std::string(peer).c_str());
  for (std::size_t peer = 0; peer < kPeerCount; ++peer) {
    text += peer == 0 ? "  |" : "  |";
    for (const std::string_view n : kTripNames) text += format(" %8s", std::string(n).c_str());
  }
  return text + "  | at n = 10\n";
}

// Geometric mean of assay/clang for n = 10 over the subjects that `counts` accepts.
template <class Predicate>
std::string mean_ratio(const std::vector<Subject>& subjects, const char* of_what, Predicate counts) {
  double sum = 0;
  std::size_t count = 0;
  for (const Subject& subject : subjects) {
    const double ratio = ratio_at_10(subject, kClang);
    if (ratio <= 0 || !counts(subject)) continue;
    sum += std::log(ratio);
    ++count;
  }
  if (count == 0) return {};
  return format("assay/clang at n = 10, geometric mean over %zu kernels %s: %.2f\n", count, of_what,
                std::exp(sum / static_cast<double>(count)));
}

std::string totals(const std::vector<Subject>& subjects) {
  std::string text;
  std::size_t measured = 0;
  std::array<std::size_t, kPeerCount> closed{};
  std::size_t only_assay = 0;
  std::string missed;
  for (const Subject& subject : subjects) {
    if (!subject.measured(kAssay)) continue;
    ++measured;
    for (std::size_t peer = 0; peer < kPeerCount; ++peer) closed[peer] += subject.closed(peer) ? 1U : 0U;
    const bool others = subject.closed(kClang) || subject.closed(kGcc);
    if (subject.closed(kAssay) && !others) ++only_assay;
    if (!subject.closed(kAssay) && others) missed += " " + std::string(subject.kernel.name);
  }
  text += format("closed, of %zu kernels:", measured);
  for (std::size_t peer = 0; peer < kPeerCount; ++peer) {
    text += format(" %s %zu%s", std::string(kPeerNames[peer]).c_str(), closed[peer], peer + 1 < kPeerCount ? "," : "");
  }
  text += format("; by assay alone %zu; by another but not by assay:%s\n", only_assay, missed.empty() ? " none" : "");
  if (!missed.empty()) text.insert(text.size() - 1, missed);
  text += mean_ratio(subjects, "that both close",
                     [](const Subject& subject) { return subject.closed(kAssay) && subject.closed(kClang); });
  text += mean_ratio(subjects, "in all", [](const Subject&) { return true; });
  return text;
}

}  // namespace

std::string table(const std::vector<Subject>& subjects) {
  std::string text = heading();
  for (const Subject& subject : subjects) {
    if (!any_measured(subject)) continue;
    text += format("%-26s ", std::string(subject.kernel.name).c_str());
    for (std::size_t peer = 0; peer < kPeerCount; ++peer) text += format(" %-6s", closed_mark(subject, peer));
    for (const auto& row : subject.ns) {
      text += "  |";
      for (const double ns : row) text += format(" %8s", duration(ns).c_str());
    }
    const double ratio = ratio_at_10(subject, kClang);
    text += ratio > 0 ? format("  | %.2f\n", ratio) : "  | -\n";
  }
  return text + totals(subjects);
}

std::string sentence(const Headline& headline) {
  return format("headline: loop (1000000) { sum = sum + i; i = i + 1; }\n  interpreter %.0f ns per call, JIT without ",
                headline.interpreter_ns) +
         format("optimizer %.0f ns, solved %.2f ns: interpreter over solved %.0f\n", headline.unsolved_ns,
                headline.solved_ns, headline.interpreter_ns / headline.solved_ns) +
         format("  %zu machine instructions in the solved block, %zu with entry and exit\n", headline.instructions,
                headline.total_instructions);
}

std::string json(const std::vector<Subject>& subjects, const Headline& headline) {
  std::string text = "{\n  \"kernels\": [";
  const char* comma = "\n";
  for (const Subject& subject : subjects) {
    if (!any_measured(subject)) continue;
    text += comma;
    text += "    {\"name\": \"" + std::string(subject.kernel.name) + "\"";
    for (std::size_t peer = 0; peer < kPeerCount; ++peer) {
      text += format(", \"%s\": {\"closed\": %s, \"ns\": {", std::string(kPeerNames[peer]).c_str(),
                     !subject.measured(peer) ? "null"
                     : subject.closed(peer)  ? "true"
                                             : "false");
      for (std::size_t n = 0; n < kTripCounts.size(); ++n) {
        text += format("%s\"%s\": %.2f", n == 0 ? "" : ", ", std::string(kTripNames[n]).c_str(), subject.ns[peer][n]);
      }
      text += "}}";
    }
    text += "}";
    comma = ",\n";
  }
  text += "\n  ],\n";
  text += format("  \"headline\": {\"interpreter_ns\": %.1f, \"unsolved_ns\": %.1f, \"solved_ns\": %.3f, ",
                 headline.interpreter_ns, headline.unsolved_ns, headline.solved_ns);
  return text + format("\"instructions\": %zu, \"total_instructions\": %zu}\n}\n", headline.instructions,
                       headline.total_instructions);
}

}  // namespace assay::jit::bench
