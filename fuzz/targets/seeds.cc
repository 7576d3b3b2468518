// From text to bytes; see seeds.h. Tested by fuzz/targets/test/seeds_test.cc.
#include "fuzz/targets/seeds.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <system_error>

#include "core/ast/codec.h"
#include "core/ast/limits.h"
#include "core/ast/text.h"
#include "core/base/file.h"

namespace assay::fuzz {
namespace fs = std::filesystem;

base::Result<std::size_t> encode_seeds(const std::string& folder, const std::vector<std::string>& files) {
  std::map<std::string, std::string> seeds;
  for (const std::string& file : files) {
    const auto text = base::read_file(file, ast::kMaxFileBytes);
    if (!text) return text.error();
    const auto program = ast::parse_program(*text, file);
    if (!program) return program.error();
    const std::vector<std::uint8_t> bytes = ast::encode(*program);
    const std::string name = fs::path(file).stem().string();
    if (!seeds.emplace(name, std::string(bytes.begin(), bytes.end())).second) {
      return base::input_error(fmt::format("two programs are called '{}'", name));
    }
  }
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) return base::system_error(fmt::format("cannot create '{}': {}", folder, failure.message()));
  for (const auto& [name, bytes] : seeds) {
    if (auto written = base::write_file_atomically((fs::path(folder) / name).string(), bytes); !written) {
      return written.error();
    }
  }
  return seeds.size();
}

}  // namespace assay::fuzz
