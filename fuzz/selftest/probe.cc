// The probe: what a variant is linked into. Runs the batches of a campaign in this process until the first finding, or
// until the CPU time is used up, and says in one line of JSON what came of it.
//
// It is the campaign's own generator, judge and worker processes, without supervisor and store. A dot goes out for
// every batch, so that whoever waits can tell a long run from one that hangs.
//
// Tested by fuzz/selftest/test/driver_test.cc.
#include <fmt/format.h>
#include <getopt.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <exception>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fuzz/campaign/batch.h"
#include "fuzz/selftest/instruments.h"
#include "oracles/block_source.h"
#include "oracles/judge.h"

// Defined by a variant's objects only.
extern "C" {
extern unsigned long long assay_selftest_reached __attribute__((weak));
extern unsigned long long assay_selftest_changed __attribute__((weak));
}

#if defined(__SANITIZE_ADDRESS__)
#define ASSAY_PROBE_HAS_SHADOW_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASSAY_PROBE_HAS_SHADOW_MEMORY 1
#endif
#endif

namespace {

using namespace assay;

constexpr int kUsage = 2;
constexpr int kHarnessFailed = 3;
// A broken compiler may make programs that need any amount of memory.
[[maybe_unused]] constexpr rlim_t kMostMemory = rlim_t{16} << 30;

struct Options {
  std::uint64_t seed = 1;
  double cpu_seconds = 60;
  unsigned batch = 64;
  bool naive = false;
  std::vector<std::string> without;
};

// The first program that was convicted, by the oracle that spoke first.
const oracles::Conviction* first_conviction(const fuzz::BatchRunner& batch) {
  const auto convictions = batch.convictions();
  const auto first = std::min_element(convictions.begin(), convictions.end(),
                                      [](const auto& a, const auto& b) { return a.subject < b.subject; });
  return first == convictions.end() ? nullptr : &*first;
}

nlohmann::json counter(const unsigned long long* value) {
  return value == nullptr ? nlohmann::json(nullptr) : nlohmann::json(*value);
}

int run(const Options& options) {
#ifndef ASSAY_PROBE_HAS_SHADOW_MEMORY  // which is terabytes, none of them used
  const rlimit memory{kMostMemory, kMostMemory};
  ::setrlimit(RLIMIT_AS, &memory);
#endif
  fuzz::CampaignConfig config;
  config.seed = options.seed;
  config.batch_size = options.batch;
  config.naive = options.naive;
  const auto off = [&options](std::string_view name) {
    return std::find(options.without.begin(), options.without.end(), name) != options.without.end();
  };
  for (const oracles::OracleId oracle : oracles::kAllOracles) {
    if (off(oracles::name(oracle))) config.judge.enabled[static_cast<std::size_t>(oracle)] = false;
  }
  if (off(fuzz::selftest::kAbi)) config.judge.rules = oracles::Rules::Ignored;
  auto judge = oracles::Judge::create(config.judge, std::make_unique<oracles::JitBlockSource>());
  if (!judge) {
    fmt::print(stderr, "assay: {}\n", judge.error().describe());
    return kHarnessFailed;
  }
  fuzz::BatchRunner batch(config, std::move(judge).value());
  const auto cpu_seconds = [&batch] {
    return static_cast<double>(batch.own_cpu_nanoseconds() + batch.helper_cpu_nanoseconds()) / 1e9;
  };
  nlohmann::json result;
  std::uint64_t programs = 0;
  result["end"] = "limit";
  while (cpu_seconds() < options.cpu_seconds) {
    std::fputs(".\n", stdout);
    std::fflush(stdout);
    if (auto done = batch.run(programs, options.batch); !done) {
      fmt::print(stderr, "assay: {}\n", done.error().describe());
      return kHarnessFailed;
    }
    programs += options.batch;
    const oracles::Conviction* const conviction = first_conviction(batch);
    if (conviction == nullptr) continue;
    programs = batch.program_index(*conviction) + 1;
    result["end"] = "finding";
    result["oracle"] = oracles::name(conviction->oracle);
    result["verdict"] = oracles::name(conviction->verdict);
    result["signature"] = batch.signature(*conviction);
    break;
  }
  result["programs"] = programs;
  result["cpu_seconds"] = cpu_seconds();
  result["reached"] = counter(&assay_selftest_reached);
  result["changed"] = counter(&assay_selftest_changed);
  fmt::print("{}\n", result.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  return 0;
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && number > Number{0};
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(','));
    words.emplace_back(word);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return words;
}

// Started by the driver; who starts it by hand is told what it takes.
std::optional<Options> read_options(int argc, char** argv) {
  constexpr std::array<option, 6> kOptions = {{{"seed", required_argument, nullptr, 's'},
                                               {"cpu-seconds", required_argument, nullptr, 'c'},
                                               {"batch", required_argument, nullptr, 'b'},
                                               {"naive", no_argument, nullptr, 'n'},
                                               {"without", required_argument, nullptr, 'w'},
                                               {nullptr, 0, nullptr, 0}}};
  Options options;
  bool good = true;
  for (int one = 0; good && (one = ::getopt_long(argc, argv, "", kOptions.data(), nullptr)) != -1;) {
    const std::string_view value = one == '?' || one == 'n' ? "" : optarg;
    good = one == 's'   ? read_number(value, options.seed)
           : one == 'c' ? read_number(value, options.cpu_seconds)
           : one == 'b' ? read_number(value, options.batch)
                        : one == 'w' || one == 'n';
    if (one == 'w') options.without = words_of(value);
    if (one == 'n') options.naive = true;
  }
  if (good && optind == argc) return options;
  fmt::print(stderr, "usage: {} [--seed N] [--cpu-seconds S] [--batch N] [--naive] [--without ORACLE,...]\n", argv[0]);
  return std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto options = read_options(argc, argv);
    return options ? run(*options) : kUsage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "assay: {}\n", error.what());
  }
  return kHarnessFailed;
}
