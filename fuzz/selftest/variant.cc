// Building variants; see variant.h. Tested by fuzz/selftest/test/variant_test.cc.
#include "fuzz/selftest/variant.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "core/base/file.h"
#include "fuzz/selftest/process.h"

namespace assay::fuzz::selftest {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t kMostSourceBytes = std::size_t{4} << 20;
constexpr std::size_t kMostObjectBytes = std::size_t{256} << 20;
constexpr ProcessLimits kBuildLimits{900, 900};

// Quoted for the shell.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string object_of(const std::string& unit, std::string_view kind) {
  std::string name = unit;
  std::replace(name.begin(), name.end(), '/', '_');
  return fmt::format("{}.{}.o", name, kind);
}

// The last lines of what a compiler says are where it counts its errors; the first ones say what is wrong.
std::string first_lines(const std::string& text) {
  std::size_t end = 0;
  for (int line = 0; line < 6 && end != std::string::npos; ++line) end = text.find('\n', end + 1);
  return text.substr(0, end);
}

}  // namespace

base::Result<VariantBuilder> VariantBuilder::create(const std::string& build, const std::string& source) {
  std::error_code failure;
  VariantBuilder builder(fs::absolute(build, failure).lexically_normal().string(),
                         fs::absolute(source, failure).lexically_normal().string());
  const std::string path = builder.build_ + "/compile_commands.json";
  const auto text = base::read_file(path, std::size_t{64} << 20);
  if (!text) return text.error();
  const Json entries = Json::parse(*text, nullptr, false);
  if (!entries.is_array()) return base::input_error(path + " is no list of compile commands");
  for (const Json& entry : entries) {
    if (!entry.is_object() || !entry.contains("file") || !entry.contains("command")) continue;
    const fs::path file(entry["file"].get<std::string>());
    const std::string unit = file.lexically_relative(builder.source_).string();
    builder.commands_.emplace(unit, entry["command"].get<std::string>());
  }
  return builder;
}

// Of this process: runs with other oracles may go on side by side.
std::string VariantBuilder::folder_of(const Fault& fault) const {
  return fmt::format("{}/selftest/{}/{}", build_, ::getpid(), fault.name);
}

void VariantBuilder::discard(const Fault& fault) const {
  std::error_code failure;
  fs::remove_all(folder_of(fault), failure);
  fs::remove(fs::path(folder_of(fault)).parent_path(), failure);  // where it is empty
}

base::Result<std::string> VariantBuilder::source_of(const Fault& fault) const {
  return base::read_file(source_ + "/" + fault.file, kMostSourceBytes);
}

// The copy lies under its own path in a folder that is searched before the sources: a faulty header or table is found
// before the true one.
base::Result<void> VariantBuilder::write_copy(const Fault& fault, const std::string& text) const {
  const fs::path copy = fs::path(folder_of(fault)) / "source" / fault.file;
  std::error_code failure;
  fs::create_directories(copy.parent_path(), failure);
  if (failure) return base::system_error("cannot create " + copy.parent_path().string() + ": " + failure.message());
  return base::write_file_atomically(copy.string(), text);
}

base::Result<void> VariantBuilder::compile_units(const Fault& fault, Counting counting, const std::string& kind) const {
  for (const std::string& unit : fault.units) {
    if (auto done = compile_unit(fault, unit, counting, folder_of(fault) + "/" + object_of(unit, kind)); !done) {
      return done;
    }
  }
  return {};
}

base::Result<void> VariantBuilder::compile_unit(const Fault& fault, const std::string& unit, Counting counting,
                                                const std::string& object) const {
  const auto known = commands_.find(unit);
  if (known == commands_.end()) {
    return base::input_error(fmt::format("the fault {} is in {}, which {} does not compile", fault.name, unit, build_));
  }
  const std::string& command = known->second;
  const std::size_t includes = command.find(" -I");
  const std::size_t output = command.rfind(" -o ");
  if (includes == std::string::npos || output == std::string::npos || includes > output) {
    return base::system_error("this is not how the build is known to compile: " + command);
  }
  const std::string copies = folder_of(fault) + "/source";
  const bool copied = fs::exists(fs::path(copies) / unit);
  const std::string file = (copied ? copies : source_) + "/" + unit;
  std::string line = command.substr(0, includes) + " -I" + quoted(copies) + command.substr(includes, output - includes);
  // No random names in the object, so that objects can be compared; no debug information, for speed.
  line += " -w -g0 -frandom-seed=assay -include " + quoted(source_ + "/fuzz/selftest/fault_point.h");
  if (counting == Counting::No) line += " -DASSAY_SELFTEST_PLAIN";
  line += fmt::format(" -o {} -c {}", quoted(object), quoted(file));
  const auto end = run_process({"/bin/sh", "-c", line}, build_, kBuildLimits);
  if (!end) return end.error();
  if (!end->good()) {
    return base::input_error(
        fmt::format("the fault {} does not compile in {}: {}", fault.name, unit, first_lines(end->output)));
  }
  return {};
}

base::Result<void> VariantBuilder::compile(const Fault& fault) const {
  const auto source = source_of(fault);
  if (!source) return source.error();
  const auto changed = apply_fault(fault, *source);
  if (!changed) return changed.error();
  if (auto done = write_copy(fault, *changed); !done) return done;
  return compile_units(fault, Counting::Yes, "counting");
}

// Both are compiled from the same path: objects hold the names of their files.
base::Result<bool> VariantBuilder::same_code(const Fault& fault) const {
  const auto source = source_of(fault);
  if (!source) return source.error();
  const auto changed = apply_fault(fault, *source);
  if (!changed) return changed.error();
  if (auto done = write_copy(fault, *source); !done) return done.error();
  if (auto done = compile_units(fault, Counting::No, "right"); !done) return done.error();
  if (auto done = write_copy(fault, *changed); !done) return done.error();
  if (auto done = compile_units(fault, Counting::No, "wrong"); !done) return done.error();
  for (const std::string& unit : fault.units) {
    const auto wrong = base::read_file(folder_of(fault) + "/" + object_of(unit, "wrong"), kMostObjectBytes);
    if (!wrong) return wrong.error();
    const auto right = base::read_file(folder_of(fault) + "/" + object_of(unit, "right"), kMostObjectBytes);
    if (!right) return right.error();
    if (*wrong != *right) return false;
  }
  return true;
}

base::Result<std::string> VariantBuilder::link_command(const std::string& target) const {
  const auto end = run_process({"ninja", "-C", build_, "-t", "commands", target}, build_, kBuildLimits);
  if (!end) return end.error();
  std::string_view lines = end->output;
  while (lines.ends_with('\n')) lines.remove_suffix(1);
  const std::string line(lines.substr(lines.rfind('\n') + 1));
  if (!end->good() || line.find(" -o ") == std::string::npos || line.find(" -c ") != std::string::npos) {
    return base::input_error(fmt::format("{} has no program {} that Ninja links", build_, target));
  }
  return line;
}

base::Result<std::string> VariantBuilder::program_of(const std::string& target) const {
  auto line = link_command(target);
  if (!line) return line.error();
  const std::size_t name = line->find(" -o ") + 4;
  std::string program = build_ + "/" + line->substr(name, line->find(' ', name) - name);
  if (!fs::exists(program)) return base::input_error(program + " is not built");
  return program;
}

base::Result<std::string> VariantBuilder::link(const Fault& fault, const std::string& target) const {
  auto line = link_command(target);
  if (!line) return line.error();
  const std::size_t option = line->find(" -o ");
  const std::size_t after = std::min(line->find(' ', option + 4), line->size());
  const std::string program = folder_of(fault) + "/" + target;
  std::string objects;
  for (const std::string& unit : fault.units) {
    objects += " " + quoted(folder_of(fault) + "/" + object_of(unit, "counting"));
  }
  // Nobody debugs a variant, and the debug information is most of what there is to link.
  const std::string command =
      line->substr(0, option) + objects + " -Wl,--strip-debug -o " + quoted(program) + line->substr(after);
  const auto end = run_process({"/bin/sh", "-c", command}, build_, kBuildLimits);
  if (!end) return end.error();
  if (!end->good()) {
    return base::input_error(
        fmt::format("the fault {} does not link into {}: {}", fault.name, target, first_lines(end->output)));
  }
  return program;
}

// The fault's text with its counters numbered.
Fault VariantBuilder::numbered(Fault fault, std::size_t number) {
  const auto replace = [&fault](std::string_view from, const std::string& to) {
    for (std::size_t at = fault.to.find(from); at != std::string::npos; at = fault.to.find(from, at + to.size())) {
      fault.to.replace(at, from.size(), to);
    }
  };
  replace("FAULT(", fmt::format("FAULT_OF({}, ", number));
  replace("REACHED()", fmt::format("REACHED_OF({})", number));
  return fault;
}

base::Result<std::string> VariantBuilder::build_all(const std::vector<Fault>& faults, const std::string& name,
                                                    const std::string& target) const {
  Fault all;
  all.name = name;
  std::map<std::string, std::string> texts;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const Fault& fault = faults[i];
    if (!texts.contains(fault.file)) {
      auto source = source_of(fault);
      if (!source) return source.error();
      texts[fault.file] = std::move(source).value();
    }
    auto changed = apply_fault(numbered(fault, i), texts[fault.file]);
    if (!changed) return changed.error();
    texts[fault.file] = std::move(changed).value();
    for (const std::string& unit : fault.units) {
      if (std::find(all.units.begin(), all.units.end(), unit) == all.units.end()) all.units.push_back(unit);
    }
  }
  for (const auto& [file, text] : texts) {
    all.file = file;
    if (auto done = write_copy(all, text); !done) return done.error();
  }
  if (auto done = compile_units(all, Counting::Yes, "counting"); !done) return done.error();
  return link(all, target);
}

}  // namespace assay::fuzz::selftest
