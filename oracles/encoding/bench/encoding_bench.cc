// Nanoseconds per instruction of each decoder and of the whole encoding oracle, with its cache warm and without it.
//
// The stream is made once from the instruction table with a fixed seed. `Repeating` is what compiled code is like: few
// distinct instructions, met again and again. `Distinct` never meets one twice within the cache's size.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "core/base/rng.h"
#include "core/x64/assembler.h"
#include "oracles/encoding/check.h"
#include "oracles/encoding/llvm_decoder.h"
#include "oracles/encoding/sweep/operand_space.h"
#include "oracles/encoding/zydis_decoder.h"

namespace assay::oracles::encoding {
namespace {

constexpr std::size_t kBlocks = 2000;
constexpr std::size_t kInstructionsPerBlock = 50;
constexpr std::size_t kTotal = kBlocks * kInstructionsPerBlock;

struct Block {
  std::vector<std::uint8_t> code;
  std::vector<x64::Intent> intents;
};

// Blocks of random instructions out of `variety` different ones; 0: all different.
std::vector<Block> make_stream(std::uint32_t variety) {
  base::Rng rng(0x5EED);
  const auto random_instruction = [&](x64::Form& form, sweep::Operands& operands) {
    do {
      form = static_cast<x64::Form>(rng.below(x64::kFormCount));
    } while (sweep::is_branch(form));
    const sweep::OperandSpace space(form);
    operands = space.at(rng.below(static_cast<std::uint32_t>(space.size())));
    for (x64::Operand& operand : operands) {
      if (is_memory(operand.kind)) operand.address.displacement ^= static_cast<std::int32_t>(rng.below(256));
    }
  };
  std::vector<std::pair<x64::Form, sweep::Operands>> known(variety);
  for (auto& [form, operands] : known) random_instruction(form, operands);
  std::vector<Block> blocks(kBlocks);
  x64::Assembler assembler;
  assembler.record_intents(true);
  for (Block& block : blocks) {
    assembler.clear();
    for (std::size_t i = 0; i < kInstructionsPerBlock; ++i) {
      x64::Form form{};
      sweep::Operands operands;
      if (variety == 0) {
        random_instruction(form, operands);
      } else {
        std::tie(form, operands) = known[rng.below(variety)];
      }
      assembler.emit(form, operands[0], operands[1], operands[2]);
    }
    assembler.finish();
    block.code.assign(assembler.code().begin(), assembler.code().end());
    block.intents.assign(assembler.intents().begin(), assembler.intents().end());
  }
  return blocks;
}

const std::vector<Block>& repeating() {
  static const std::vector<Block> stream = make_stream(2000);
  return stream;
}

const std::vector<Block>& distinct() {
  static const std::vector<Block> stream = make_stream(0);
  return stream;
}

void report(benchmark::State& state) {
  const auto instructions = static_cast<double>(state.iterations()) * static_cast<double>(kTotal);
  state.counters["per_instruction"] =
      benchmark::Counter(instructions, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void decode_stream(benchmark::State& state, Decoder& decoder) {
  for ([[maybe_unused]] auto _ : state) {
    for (const Block& block : distinct()) {
      for (const x64::Intent& intent : block.intents) {
        benchmark::DoNotOptimize(decoder.decode(std::span(block.code).subspan(intent.offset, intent.length)));
      }
    }
  }
  report(state);
}

void check_stream(benchmark::State& state, const std::vector<Block>& stream, const CheckerOptions& options) {
  auto checker = EncodingChecker::create(options);
  if (!checker) return state.SkipWithError(checker.error().message.c_str());
  const auto run = [&] {
    for (const Block& block : stream) {
      if ((*checker)->check(block.code, block.intents)) std::abort();
    }
  };
  run();
  for ([[maybe_unused]] auto _ : state) run();
  report(state);
  state.counters["decoded_share"] =
      static_cast<double>((*checker)->instructions_decoded()) / static_cast<double>((*checker)->instructions_checked());
}

void BM_Zydis(benchmark::State& state) {
  auto decoder = ZydisDecoder::create();
  if (!decoder) return state.SkipWithError(decoder.error().message.c_str());
  decode_stream(state, **decoder);
}
BENCHMARK(BM_Zydis)->Unit(benchmark::kMillisecond);

void BM_Llvm(benchmark::State& state) {
  auto decoder = LlvmDecoder::create();
  if (!decoder) return state.SkipWithError(decoder.error().message.c_str());
  decode_stream(state, **decoder);
}
BENCHMARK(BM_Llvm)->Unit(benchmark::kMillisecond);

void BM_CheckRepeating(benchmark::State& state) { check_stream(state, repeating(), {}); }
BENCHMARK(BM_CheckRepeating)->Unit(benchmark::kMillisecond);

void BM_CheckDistinct(benchmark::State& state) { check_stream(state, distinct(), {.cache_entries = 1024}); }
BENCHMARK(BM_CheckDistinct)->Unit(benchmark::kMillisecond);

void BM_CheckDistinctHeldByTheCache(benchmark::State& state) {
  check_stream(state, distinct(), {.cache_entries = std::size_t{1} << 22});
}
BENCHMARK(BM_CheckDistinctHeldByTheCache)->Unit(benchmark::kMillisecond);

void BM_CheckWithoutCache(benchmark::State& state) { check_stream(state, repeating(), {.cache_entries = 0}); }
BENCHMARK(BM_CheckWithoutCache)->Unit(benchmark::kMillisecond);

void BM_CreateChecker(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) {
    auto checker = EncodingChecker::create();
    benchmark::DoNotOptimize(checker);
  }
}
BENCHMARK(BM_CreateChecker)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace assay::oracles::encoding
