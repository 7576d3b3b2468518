// Reading and applying faults; see catalogue.h. Tested by fuzz/selftest/test/catalogue_test.cc.
#include "fuzz/selftest/catalogue.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/base/file.h"

namespace assay::fuzz::selftest {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostBytes = std::size_t{4} << 20;
constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-";

base::Error error_in(const std::string& file, std::string message) {
  base::Error error = base::input_error(std::move(message));
  error.file = file;
  return error;
}

// Text is a string or, for several lines, an array of them.
bool read_text(const Json& value, std::string& text) {
  if (value.is_string()) {
    text = value.get<std::string>();
    return true;
  }
  if (!value.is_array()) return false;
  for (const Json& line : value) {
    if (!line.is_string()) return false;
    if (&line != &value.front()) text += '\n';
    text += line.get<std::string>();
  }
  return true;
}

bool read_list(const Json& value, std::vector<std::string>& list) {
  if (!value.is_array()) return false;
  for (const Json& one : value) {
    if (!one.is_string()) return false;
    list.push_back(one.get<std::string>());
  }
  return true;
}

// Files are named relative to the source folder and stay inside it.
bool is_inside(const std::string& file) {
  const std::filesystem::path path(file);
  return !file.empty() && path.is_relative() &&
         std::none_of(path.begin(), path.end(), [](const auto& part) { return part == ".."; });
}

base::Result<Fault> read_fault(const Json& json, const std::string& area, const std::string& file, std::size_t index) {
  const std::string place = fmt::format("fault {}", index + 1);
  if (!json.is_object()) return error_in(file, place + " is no object");
  Fault fault;
  fault.area = area;
  for (const auto& [key, value] : json.items()) {
    bool good = true;
    if (key == "name") {
      good = read_text(value, fault.name);
    } else if (key == "row") {
      good = read_text(value, fault.row);
    } else if (key == "file") {
      good = read_text(value, fault.file);
    } else if (key == "from") {
      good = read_text(value, fault.from);
    } else if (key == "to") {
      good = read_text(value, fault.to);
    } else if (key == "why") {
      good = read_text(value, fault.why);
    } else if (key == "proof") {
      good = read_text(value, fault.proof);
    } else if (key == "remedy") {
      good = read_text(value, fault.remedy);
    } else if (key == "units") {
      good = read_list(value, fault.units);
    } else if (key == "targets") {
      good = read_list(value, fault.targets);
    } else {
      return error_in(file, fmt::format("{} has a member '{}', which no fault has", place, key));
    }
    if (!good) return error_in(file, fmt::format("'{}' of {} is not the text or list it should be", key, place));
  }
  const bool named =
      !fault.name.empty() && fault.name.find_first_not_of(kNameCharacters) == std::string::npos && !fault.row.empty();
  if (!named) return error_in(file, place + " has no row or no name of small letters, digits and dashes");
  if (fault.from.empty() || fault.why.empty() || fault.from == fault.to) {
    return error_in(file, fmt::format("the fault {} lacks 'from', 'to' or 'why', or changes nothing", fault.name));
  }
  if (fault.units.empty()) fault.units.push_back(fault.file);
  if (!is_inside(fault.file) || !std::all_of(fault.units.begin(), fault.units.end(), is_inside)) {
    return error_in(file, fmt::format("a file of the fault {} is not inside the source folder", fault.name));
  }
  return fault;
}

}  // namespace

bool Fault::counts_changed() const { return to.find("FAULT(") != std::string::npos; }
bool Fault::counts_reached() const { return counts_changed() || to.find("REACHED()") != std::string::npos; }

base::Result<std::vector<Fault>> parse_faults(std::string_view json, const std::string& file) {
  const Json whole = Json::parse(json, nullptr, false);
  if (whole.is_discarded()) return error_in(file, "this is no JSON");
  if (!whole.is_object() || !whole.contains("area") || !whole["area"].is_string() || !whole.contains("faults") ||
      !whole["faults"].is_array()) {
    return error_in(file, "a catalogue is an object with 'area' and 'faults'");
  }
  const std::string area = whole["area"].get<std::string>();
  std::vector<Fault> faults;
  std::set<std::string> names;
  for (const Json& one : whole["faults"]) {
    auto fault = read_fault(one, area, file, faults.size());
    if (!fault) return fault.error();
    if (!names.insert(fault->name).second) return error_in(file, fmt::format("there are two faults {}", fault->name));
    faults.push_back(std::move(fault).value());
  }
  return faults;
}

base::Result<std::vector<Fault>> load_catalogue(const std::string& folder) {
  std::error_code failure;
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path().string());
  }
  if (failure || files.empty()) return error_in(folder, "there is no catalogue of faults (*.json)");
  std::sort(files.begin(), files.end());
  std::vector<Fault> faults;
  std::set<std::string> names;
  for (const std::string& file : files) {
    const auto text = base::read_file(file, kMostBytes);
    if (!text) return text.error();
    auto some = parse_faults(*text, file);
    if (!some) return some.error();
    for (Fault& fault : *some) {
      if (!names.insert(fault.name).second) return error_in(file, fmt::format("there are two faults {}", fault.name));
      faults.push_back(std::move(fault));
    }
  }
  return faults;
}

base::Result<std::string> apply_fault(const Fault& fault, std::string_view source) {
  const std::size_t first = source.find(fault.from);
  if (first == std::string_view::npos) {
    return error_in(fault.file, fmt::format("the text that the fault {} replaces is not there", fault.name));
  }
  if (source.find(fault.from, first + 1) != std::string_view::npos) {
    return error_in(fault.file, fmt::format("the text that the fault {} replaces is there more than once", fault.name));
  }
  std::string changed(source);
  changed.replace(first, fault.from.size(), fault.to);
  return changed;
}

bool matches(std::string_view name, const std::string& patterns) {
  const std::string text(name);
  std::size_t start = 0;
  while (start <= patterns.size()) {
    const std::size_t end = std::min(patterns.find(',', start), patterns.size());
    if (::fnmatch(patterns.substr(start, end - start).c_str(), text.c_str(), 0) == 0) return true;
    start = end + 1;
  }
  return false;
}

}  // namespace assay::fuzz::selftest
