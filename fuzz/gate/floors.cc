// Reading and holding floors; see floors.h. Tested by fuzz/gate/test/floors_test.cc.
#include "fuzz/gate/floors.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace assay::fuzz {
namespace {

using Json = nlohmann::json;
using oracles::OracleId;
using oracles::Verdict;

constexpr std::uint64_t kSchemaVersion = 1;

base::SourcePosition position_at(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1);
  const std::size_t begin = before.rfind('\n') + 1;  // 0 in the first line
  return {line, static_cast<std::uint32_t>(before.size() - begin + 1)};
}

std::optional<x64::Form> find_form(std::string_view id) {
  for (std::size_t i = 0; i < x64::kFormCount; ++i) {
    if (x64::form_info(static_cast<x64::Form>(i)).id == id) return static_cast<x64::Form>(i);
  }
  return std::nullopt;
}

std::optional<std::size_t> find_loop_class(std::string_view wanted) {
  for (std::size_t i = 0; i < scev::kLoopClassCount; ++i) {
    if (scev::name(static_cast<scev::LoopClass>(i)) == wanted) return i;
  }
  return std::nullopt;
}

// Reads one file; the first mistake ends it.
class Reader {
 public:
  Reader(std::string_view text, std::string_view file) : text_(text), file_(file) {}

  base::Result<Floors> read() {
    Json json;
    try {
      json = Json::parse(text_);
    } catch (const Json::parse_error& error) {
      return at(error.byte == 0 ? 0 : error.byte - 1, "this is no JSON");
    }
    if (!json.is_object()) return at(0, "a floors file is one JSON object");
    std::uint64_t version = 0;
    if (auto done = number(json, "schema_version", version); !done) return done.error();
    if (version != kSchemaVersion) {
      return at_key("schema_version", fmt::format("this build reads version {} of floors files", kSchemaVersion));
    }
    Floors floors;
    for (const auto& [key, field] : kNumbers) {
      if (auto done = number(json, key, floors.*field); !done) return done.error();
    }
    for (const auto& [key, value] : json.items()) {
      if (auto done = section(key, value, floors); !done) return done.error();
    }
    // A campaign in which nothing is asked for shows nothing.
    if (floors.programs == 0) return at_key("programs", "a campaign of no programs is no floor");
    if (floors.compared_percent > 100 || floors.native_percent > 100) {
      return at_key(floors.compared_percent > 100 ? "compared_percent" : "native_percent", "more than 100 percent");
    }
    return floors;
  }

 private:
  static constexpr std::array<std::pair<const char*, std::uint64_t Floors::*>, 6> kNumbers = {{
      {"programs", &Floors::programs},
      {"compared_percent", &Floors::compared_percent},
      {"native_percent", &Floors::native_percent},
      {"seeds", &Floors::seeds},
      {"regressions", &Floors::regressions},
      {"proved", &Floors::proved},
  }};

  base::Error at(std::size_t offset, std::string message) const {
    base::Error error = base::input_error(std::move(message), position_at(text_, offset));
    error.file = file_;
    return error;
  }

  // Where the key is written, which is the first place it stands in quotes.
  base::Error at_key(const std::string& key, const std::string& message) const {
    const std::size_t offset = text_.find(fmt::format("\"{}\"", key));
    return at(offset == std::string_view::npos ? 0 : offset, fmt::format("'{}': {}", key, message));
  }

  base::Result<void> number(const Json& json, const std::string& key, std::uint64_t& value) const {
    const auto found = json.find(key);
    if (found == json.end()) return at_key(key, "this number is missing");
    return number_of(key, *found, value);
  }

  base::Result<void> number_of(const std::string& key, const Json& json, std::uint64_t& value) const {
    if (!json.is_number_unsigned()) return at_key(key, "not a number from 0 upwards");
    value = json.get<std::uint64_t>();
    return {};
  }

  base::Result<void> section(const std::string& key, const Json& value, Floors& floors) const {
    if (key == "passes" || key == "loop_classes" || key == "forms_not_expected") {
      if (!value.is_object()) return at_key(key, "not an object");
      for (const auto& [row, content] : value.items()) {
        auto done = key == "passes"         ? pass(row, content, floors)
                    : key == "loop_classes" ? loop_class(row, content, floors)
                                            : form(row, content, floors);
        if (!done) return done;
      }
      return {};
    }
    const bool known = key == "schema_version" || std::any_of(kNumbers.begin(), kNumbers.end(),
                                                              [&key](const auto& one) { return key == one.first; });
    if (!known) return at_key(key, "there is no such floor");
    return {};
  }

  base::Result<void> pass(const std::string& row, const Json& content, Floors& floors) const {
    const auto found = opt::find_pass(row);
    if (!found) return at_key(row, "there is no such pass");
    return number_of(row, content, floors.passes[static_cast<std::size_t>(*found)]);
  }

  base::Result<void> loop_class(const std::string& row, const Json& content, Floors& floors) const {
    const auto found = find_loop_class(row);
    if (!found) return at_key(row, "there is no such loop class");
    return number_of(row, content, floors.loop_classes[*found]);
  }

  base::Result<void> form(const std::string& row, const Json& content, Floors& floors) const {
    const auto found = find_form(row);
    if (!found) return at_key(row, "there is no such instruction form");
    if (!content.is_string() || content.get_ref<const std::string&>().empty()) {
      return at_key(row, "what is not expected needs a reason");
    }
    floors.forms_not_expected.emplace(*found, content.get<std::string>());
    return {};
  }

  std::string_view text_;
  std::string_view file_;
};

std::uint64_t spoken(const CampaignSummary& campaign, OracleId oracle) {
  std::uint64_t count = 0;
  const auto& verdicts = campaign.judged.verdicts[static_cast<std::size_t>(oracle)];
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (static_cast<Verdict>(i) != Verdict::Skipped) count += verdicts[i];
  }
  return count;
}

std::string joined(const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, ", ")); }

class Check {
 public:
  Check(const Floors& floors, const CampaignSummary& campaign, const FloorFigures& figures)
      : floors_(floors), campaign_(campaign), figures_(figures) {}

  std::vector<FloorResult> run() {
    const std::uint64_t asked = campaign_.config.programs.value_or(floors_.programs);
    const std::uint64_t compared = campaign_.judged.compared;
    add("programs compared", share(asked, floors_.compared_percent), compared);
    for (const OracleId oracle : {OracleId::NativeSystemV, OracleId::NativeMicrosoft}) {
      add(fmt::format("programs judged by {}", oracles::name(oracle)), share(compared, floors_.native_percent),
          spoken(campaign_, oracle));
    }
    std::vector<std::string> silent;
    for (const OracleId oracle : campaign_.silent_oracles()) silent.emplace_back(oracles::name(oracle));
    add("oracles that judged", 0, 0, !silent.empty(), silent.empty() ? "" : "silent: " + joined(silent));
    add("seeds that agree", floors_.seeds, figures_.seeds);
    add("regressions that agree", floors_.regressions, figures_.regressions);
    add("loops proved", floors_.proved, figures_.proved);
    small_ = asked < floors_.programs;
    forms();
    for (std::size_t i = 0; i < opt::kPassCount; ++i) {
      of_size(fmt::format("pass {} fired", opt::pass_info(static_cast<opt::PassId>(i)).name), floors_.passes[i],
              campaign_.judged.passes.fired[i]);
    }
    for (std::size_t i = 0; i < scev::kLoopClassCount; ++i) {
      of_size(fmt::format("loop class {} solved", scev::name(static_cast<scev::LoopClass>(i))), floors_.loop_classes[i],
              campaign_.judged.passes.solved[i]);
    }
    return std::move(results_);
  }

 private:
  // Rounded up: 99 % of 10 are 10. Something must have been there, whatever the share.
  static std::uint64_t share(std::uint64_t whole, std::uint64_t percent) {
    return std::max<std::uint64_t>(1, whole / 100 * percent + (whole % 100 * percent + 99) / 100);
  }

  void add(std::string name, std::uint64_t least, std::uint64_t seen, bool missed, std::string detail = {}) {
    results_.push_back(
        {std::move(name), least, seen, missed ? FloorState::Missed : FloorState::Met, std::move(detail)});
  }
  void add(std::string name, std::uint64_t least, std::uint64_t seen) {
    add(std::move(name), least, seen, seen < least);
  }

  // A floor that only a campaign of size is held to.
  void of_size(std::string name, std::uint64_t least, std::uint64_t seen) {
    least = std::max<std::uint64_t>(1, least);
    add(std::move(name), least, seen);
    not_held_if_small();
  }

  void not_held_if_small() {
    FloorResult& result = results_.back();
    if (!small_ || result.state == FloorState::Met) return;
    result.state = FloorState::NotHeld;
    const std::string why = fmt::format("for campaigns of {} programs and more", floors_.programs);
    result.detail = result.detail.empty() ? why : why + "; " + result.detail;
  }

  void forms() {
    std::vector<std::string> missing;
    std::uint64_t expected = 0;
    for (std::size_t i = 0; i < x64::kFormCount; ++i) {
      const auto form = static_cast<x64::Form>(i);
      const bool listed = floors_.forms_not_expected.contains(form);
      if (listed || !x64::provides(figures_.cpu, x64::form_info(form).feature)) continue;
      ++expected;
      if (campaign_.forms[i] + figures_.corpus_forms[i] == 0) missing.emplace_back(x64::form_info(form).id);
    }
    add("instruction forms emitted", expected, expected - missing.size(), !missing.empty(),
        missing.empty() ? "" : "never: " + joined(missing));
    not_held_if_small();
  }

  const Floors& floors_;
  const CampaignSummary& campaign_;
  const FloorFigures& figures_;
  bool small_ = false;
  std::vector<FloorResult> results_;
};

}  // namespace

base::Result<Floors> parse_floors(std::string_view text, std::string_view file) { return Reader(text, file).read(); }

std::string_view name(FloorState state) {
  switch (state) {
    case FloorState::Met:
      return "met";
    case FloorState::Missed:
      return "missed";
    case FloorState::NotHeld:
      return "not-held";
  }
  return "?";
}

std::vector<FloorResult> check_floors(const Floors& floors, const CampaignSummary& campaign,
                                      const FloorFigures& figures) {
  return Check(floors, campaign, figures).run();
}

}  // namespace assay::fuzz
