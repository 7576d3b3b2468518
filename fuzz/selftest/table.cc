// The page; see table.h. Tested by fuzz/selftest/test/score_test.cc.
#include "fuzz/selftest/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <utility>

namespace assay::fuzz::selftest {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

struct Tally {
  std::size_t faults = 0, equivalent = 0, errors = 0, always = 0, sometimes = 0, never = 0;
  std::size_t median = 0;  // detected in more than half of the trials

  void add(const FaultScore& fault) {
    ++faults;
    const bool judged = fault.error.empty() && !fault.equivalent();
    if (judged && fault.detected_in_the_median()) ++median;
    if (!fault.error.empty()) {
      ++errors;
    } else if (fault.equivalent()) {
      ++equivalent;
    } else if (fault.detected() == 0) {
      ++never;
    } else if (fault.detected() == fault.trials.size() || fault.instrument != "fuzz") {
      ++always;  // of several tests one is enough
    } else {
      ++sometimes;
    }
  }
  [[nodiscard]] std::size_t judged() const { return always + sometimes + never; }
  [[nodiscard]] std::string score() const {
    if (judged() == 0) return "-";
    return fmt::format("{:.1f} %", 100.0 * static_cast<double>(median) / static_cast<double>(judged()));
  }
};

Tally tally_of(const Score& score) {
  Tally tally;
  for (const FaultScore& fault : score.faults) tally.add(fault);
  return tally;
}

// A cell must not end before its column does.
std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|') result += '\\';
    result += c == '\n' ? ' ' : c;
  }
  return result;
}

std::string number(double value, int digits) {
  return std::isinf(value) ? std::string("never") : fmt::format("{:.{}f}", value, digits);
}

template <class Value>
std::string median_of(const FaultScore& fault, int digits, Value value) {
  std::vector<double> samples;
  for (const Trial& trial : fault.trials) samples.push_back(trial.detected ? value(trial) : kNever);
  const MedianInterval found = median_interval(std::move(samples));
  std::string text = number(found.median, digits);
  if (found.low) text += fmt::format(" [{}, {}]", number(*found.low, digits), number(*found.high, digits));
  return text;
}

// In how many trials the counter is not zero; "?" where it is not counted.
std::string seen(const FaultScore& fault, std::optional<std::uint64_t> Trial::* counter) {
  std::size_t yes = 0;
  for (const Trial& trial : fault.trials) {
    if (!(trial.*counter)) return "?";
    if (*(trial.*counter) != 0) ++yes;
  }
  return fault.trials.empty() ? "?" : fmt::format("{}/{}", yes, fault.trials.size());
}

// "encoding 18, emulated-sysv 2"
std::string first_oracles(const FaultScore& fault) {
  std::map<std::string, std::size_t> counts;
  for (const Trial& trial : fault.trials) {
    if (trial.detected) ++counts[trial.oracle];
  }
  std::string text;
  for (const auto& [oracle, count] : counts) {
    if (!text.empty()) text += ", ";
    text += counts.size() == 1 ? oracle : fmt::format("{} {}", oracle, count);
  }
  return text.empty() ? "-" : text;
}

std::string verdict_of(const FaultScore& fault) {
  if (!fault.error.empty()) return "not tried";
  if (fault.same_code) return "equivalent (same code)";
  if (fault.equivalent()) return "equivalent (proof)";
  return fmt::format("{}/{}", fault.detected(), fault.trials.size());
}

void print_fault_row(std::string& out, const FaultScore& fault) {
  const bool counted = fault.detected() != 0;
  out += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", cell(fault.name), cell(fault.area),
                     cell(fault.row), seen(fault, &Trial::reached), seen(fault, &Trial::changed), verdict_of(fault),
                     first_oracles(fault),
                     !counted || fault.instrument != "fuzz"
                         ? "-"
                         : median_of(fault, 0, [](const Trial& trial) { return static_cast<double>(trial.programs); }),
                     counted ? median_of(fault, 1, [](const Trial& trial) { return trial.cpu_seconds; }) : "-");
}

void print_head(std::string& out, const Score& score) {
  const Tally tally = tally_of(score);
  out += "# The mutation score\n\n";
  out += "Made by\n\n```\n" + score.command + "\n```\n\n";
  out += fmt::format("{}; {}. {} seeds a fault, {:g} CPU seconds each at most.\n\n", score.build, score.cpu,
                     score.seeds, score.cpu_seconds);
  if (!score.valid())
    out += "**This score is not valid:** a control or a fault could not be tried, or a control speaks.\n\n";
  out += "| faults | equivalent | not tried | detected with every seed | with some | never | in the median | score |\n";
  out += "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";
  out += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n\n", tally.faults, tally.equivalent, tally.errors,
                     tally.always, tally.sometimes, tally.never, tally.median, tally.score());
  out +=
      "The score is the part of the faults that are not equivalent which was detected in the median: with more than "
      "half of the seeds.\n";
  out += "\n| control | trials | detections |\n| --- | ---: | ---: |\n";
  for (const FaultScore& control : score.controls) {
    out += fmt::format("| {} | {} | {} |\n", control.instrument, control.trials.size(),
                       control.error.empty() ? std::to_string(control.detected()) : cell(control.error));
  }
  out += "\n";
}

void print_areas(std::string& out, const Score& score) {
  std::map<std::string, Tally> areas;
  std::map<std::string, std::size_t> first;
  for (const FaultScore& fault : score.faults) {
    areas[fault.area].add(fault);
    for (const Trial& trial : fault.trials) {
      if (trial.detected) ++first[trial.oracle];
    }
  }
  out += "## By area\n\n| area | faults | equivalent | every seed | some | never | in the median | score |\n";
  out += "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";
  for (const auto& [area, tally] : areas) {
    out += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", cell(area), tally.faults, tally.equivalent,
                       tally.always, tally.sometimes, tally.never, tally.median, tally.score());
  }
  out += "\n## By the oracle that spoke first\n\n| oracle | trials |\n| --- | ---: |\n";
  for (const auto& [oracle, trials] : first) out += fmt::format("| {} | {} |\n", cell(oracle), trials);
  out += "\n";
}

void print_survivors(std::string& out, const Score& score) {
  out += "## Not detected\n\n";
  bool any = false;
  for (const FaultScore& fault : score.faults) {
    if (fault.equivalent() || !fault.error.empty() || fault.detected() != 0) continue;
    any = true;
    out += fmt::format("- `{}` ({}, {}): {}", fault.name, fault.area, fault.file, fault.why);
    if (!fault.remedy.empty()) out += fmt::format(". It would take {}", fault.remedy);
    out += "\n";
  }
  if (!any) out += "None.\n";
  out += "\n";
  std::string equivalent;
  std::string errors;
  for (const FaultScore& fault : score.faults) {
    if (!fault.error.empty()) {
      errors += fmt::format("- `{}`: {}\n", fault.name, fault.error);
    } else if (fault.equivalent()) {
      equivalent += fmt::format("- `{}`: {}\n", fault.name,
                                fault.same_code ? "the object code is the same, byte for byte" : fault.proof);
    }
  }
  if (!equivalent.empty()) out += "## Equivalent\n\n" + equivalent + "\n";
  if (!errors.empty()) out += "## Not tried\n\n" + errors + "\n";
}

// What only an oracle that is off in the ablation would have detected.
void print_ablations(std::string& out, std::span<const Score> scores) {
  const Score& whole = scores.front();
  out +=
      "## Ablations\n\nThe same with an oracle off, for the faults of both runs. The last column names what then is no "
      "longer detected. A run with\n`--lone` tries the faults of which no other oracle was ever the first to speak: "
      "the others are not lost.\n\n";
  out +=
      "| without | faults | detected by all oracles | detected without | lost |\n| --- | ---: | ---: | ---: | --- |\n";
  for (const Score& ablation : scores.subspan(1)) {
    std::size_t both = 0, before = 0, after = 0;
    std::string lost;
    for (const FaultScore& one : ablation.faults) {
      const auto same = std::find_if(whole.faults.begin(), whole.faults.end(),
                                     [&one](const FaultScore& other) { return other.name == one.name; });
      if (same == whole.faults.end() || same->equivalent() || !same->error.empty() || !one.error.empty()) continue;
      ++both;
      if (same->detected() != 0) ++before;
      if (one.detected() != 0) ++after;
      if (same->detected() != 0 && one.detected() == 0) lost += (lost.empty() ? "" : ", ") + one.name;
    }
    const std::string without = ablation.naive ? "the generator's swarm, edge values and idioms"
                                               : fmt::format("{}", fmt::join(ablation.without, ", "));
    out += fmt::format("| {} | {} | {} | {} | {} |\n", without, both, before, after,
                       lost.empty() ? "nothing" : cell(lost));
  }
  out += "\nMade by\n\n```\n";
  for (const Score& ablation : scores.subspan(1)) out += ablation.command + "\n";
  out += "```\n\n";
}

}  // namespace

std::string describe(const FaultScore& fault) {
  if (!fault.error.empty()) return "could not be tried: " + fault.error;
  if (fault.equivalent()) return verdict_of(fault);
  if (fault.detected() == 0) return fmt::format("not detected in {} trials", fault.trials.size());
  return fmt::format("detected {}/{}, first by {}", fault.detected(), fault.trials.size(), first_oracles(fault));
}

std::string print_table(std::span<const Score> scores) {
  std::string out;
  if (scores.empty()) return out;
  const Score& score = scores.front();
  print_head(out, score);
  print_areas(out, score);
  print_survivors(out, score);
  if (scores.size() > 1) print_ablations(out, scores);
  out +=
      "## Every fault\n\n`reached` and `changed` count the trials in which the faulty place was asked for, and gave "
      "another value than the "
      "right code\n(`?`: not counted). Programs and CPU seconds up to the first finding: median, and the interval that "
      "holds "
      "it with 95 % (from six\nseeds on); `never` stands for trials without a finding. A fault of an oracle is tried "
      "with that oracle's tests, once.\n\n";
  out += "| fault | area | stands for | reached | changed | detected | first oracle | programs | CPU s |\n";
  out += "| --- | --- | --- | ---: | ---: | ---: | --- | ---: | ---: |\n";
  for (const FaultScore& fault : score.faults) print_fault_row(out, fault);
  return out;
}

}  // namespace assay::fuzz::selftest
