// Reading of /proc/self/maps; see memory_map.h. Tested by oracles/native/test/memory_map_test.cc.
#include "oracles/native/memory_map.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>

namespace assay::oracles::native {
namespace {

struct Line {
  Mapping mapping;
  std::string_view file;  // "device inode"; "00:00 0" when there is none
  std::string_view name;
};

std::string_view next_field(std::string_view& line) {
  const std::size_t end = line.find(' ');
  const std::string_view field = line.substr(0, end);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  return field;
}

bool parse_hex(std::string_view text, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return error == std::errc{} && end == text.data() + text.size();
}

// "begin-end perms offset device inode   name"
std::optional<Line> parse(std::string_view text) {
  Line line;
  const std::string_view range = next_field(text);
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos || !parse_hex(range.substr(0, dash), line.mapping.begin) ||
      !parse_hex(range.substr(dash + 1), line.mapping.end)) {
    return std::nullopt;
  }
  const std::string_view permissions = next_field(text);
  if (permissions.size() != 4) return std::nullopt;
  line.mapping.writable = permissions[1] == 'w';
  (void)next_field(text);
  const std::string_view device = next_field(text);
  const std::string_view inode = next_field(text);
  if (inode.empty()) return std::nullopt;
  line.file = {device.data(), static_cast<std::size_t>(inode.data() + inode.size() - device.data())};
  const std::size_t name = text.find_first_not_of(' ');
  if (name != std::string_view::npos) line.name = text.substr(name);
  return line;
}

bool is_kernels(std::string_view name) {
  // [vsyscall] lies outside the user's half, where nothing can be unmapped.
  return name.starts_with("[vdso") || name.starts_with("[vvar") || name.starts_with("[uprobes");
}

}  // namespace

base::Result<std::vector<Mapping>> mappings_to_keep(std::string_view text, std::uint64_t address) {
  std::vector<Line> lines;
  std::string_view file;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const auto line = parse(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line) return base::system_error("cannot understand /proc/self/maps");
    if (line->mapping.begin <= address && address < line->mapping.end) file = line->file;
    lines.push_back(*line);
  }
  if (file.empty() || file.ends_with(" 0")) return base::system_error("the program's own code is mapped from no file");
  std::vector<Mapping> kept;
  for (const Line& line : lines) {
    if (line.file == file || is_kernels(line.name)) kept.push_back(line.mapping);
  }
  return kept;
}

base::Result<std::vector<Mapping>> own_mappings_to_keep(std::uint64_t address) {
  const int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (file < 0) return base::system_error("cannot open /proc/self/maps", errno);
  std::string text;
  std::array<char, 4096> buffer{};
  ssize_t length = 0;
  while ((length = read(file, buffer.data(), buffer.size())) > 0)
    text.append(buffer.data(), static_cast<std::size_t>(length));
  const int error = errno;
  close(file);
  if (length < 0) return base::system_error("cannot read /proc/self/maps", error);
  return mappings_to_keep(text, address);
}

}  // namespace assay::oracles::native
