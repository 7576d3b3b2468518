// The check behind the `differential` target: one program in binary form before the decoders and the CPU, in both
// conventions.
//
// The emulator stays out: under AddressSanitizer it is fifteen times slower, and campaigns run it on everything.
//
// Tested by fuzz/targets/test/targets_test.cc.
#include <fmt/format.h>

#include <memory>

#include "fuzz/findings/case_bytes.h"
#include "fuzz/findings/replay.h"
#include "fuzz/targets/checks.h"
#include "fuzz/targets/form_counters.h"

namespace assay::fuzz {
namespace {

// libFuzzer kills a target after seconds, and mutation makes endless loops easily.
constexpr std::uint64_t kFuel = 20'000;

oracles::Judge* shared_judge(std::string& error) {
  static base::Result<std::unique_ptr<oracles::Judge>> judge = [] {
    oracles::JudgeConfig config;
    config.fuel = kFuel;
    config.enabled.fill(false);
    for (const auto oracle : {oracles::OracleId::Passes, oracles::OracleId::Encoding, oracles::OracleId::NativeSystemV,
                              oracles::OracleId::NativeMicrosoft}) {
      config.enabled[static_cast<std::size_t>(oracle)] = true;
    }
    return oracles::Judge::create(config, std::make_unique<oracles::JitBlockSource>());
  }();
  if (!judge) {
    error = judge.error().describe();
    return nullptr;
  }
  return judge.value().get();
}

}  // namespace

bool differential_check(std::span<const std::uint8_t> bytes, std::string& message) {
  const auto finding = decode_case(bytes);
  if (!finding) return true;
  oracles::Judge* const judge = shared_judge(message);
  if (judge == nullptr) return false;
  const auto result = replay(*judge, *finding);
  if (!result) {
    message = result.error().describe();
    return false;
  }
  for (const jit::CompiledBlock& block : judge->blocks()) count_forms(block.intents);
  if (result->signatures.empty()) return true;
  message = fmt::format("{}\n{}", result->signatures.front(), print_finding(*finding));
  return false;
}

}  // namespace assay::fuzz
