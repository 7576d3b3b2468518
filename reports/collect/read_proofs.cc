// Verdicts of provers; see read_proofs.h. Tested by reports/collect/test/read_proofs_test.cc.
#include "reports/collect/read_proofs.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace assay::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kVersion = 1;  // of what `assay verify` prints

// The reason of an unknown, or the inputs that refute it, and then the program they belong to.
std::string detail_of(const Json& row) {
  std::string detail = row.at("reason").get<std::string>();
  const auto cells = row.at("counterexample").get<std::vector<std::uint64_t>>();
  if (cells.empty()) return detail;
  detail += detail.empty() ? "differs on" : "; differs on";
  for (const std::uint64_t cell : cells) detail += fmt::format(" {:#x}", cell);
  return detail + " in\n" + row.at("program").get<std::string>();
}

std::vector<Proof> read(const Json& rows) {
  std::vector<Proof> proofs;
  for (const Json& row : rows.get_ref<const Json::array_t&>()) {
    proofs.push_back({row.at("name").get<std::string>(), row.at("verdict").get<std::string>(), detail_of(row),
                      row.at("milliseconds").get<double>() / 1000});
  }
  return proofs;
}

}  // namespace

base::Result<std::vector<Proof>> read_proofs(std::string_view text, const std::string& file) {
  base::Error error = base::input_error("");
  error.file = file;
  try {
    const Json json = Json::parse(text);
    const auto version = json.at("schema_version").get<std::int64_t>();
    if (version == kVersion) return read(json.at("rows"));
    error.message =
        fmt::format("these proofs have schema version {}, and this build reads version {}", version, kVersion);
  } catch (const Json::exception& failure) {
    error.message = fmt::format("this is not what `assay verify --json` prints: {}", failure.what());
  }
  return error;
}

}  // namespace assay::reports
