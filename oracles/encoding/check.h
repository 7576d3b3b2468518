// The encoding oracle: every emitted instruction is what was intended, bit by bit.
//
// For each recorded intent three judges look at its bytes: two decoders that share no code with the assembler must read
// back form and operands, and the bytes must be the shortest encoding of the form by a reading of the manual of the
// oracle's own (fields.h), which forbids what decoders forgive: superfluous prefixes, long displacements, near branches
// where short ones reach. The intents must tile the code, and branches must lead to instructions.
//
// What has been found good is remembered exactly (verdict_cache.h).
//
// Tested by oracles/encoding/test/check_test.cc, convictions_test.cc and encoder_sweep_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/x64/intent.h"
#include "oracles/encoding/decoder.h"
#include "oracles/encoding/encoding_field.h"
#include "oracles/encoding/known_differences.h"
#include "oracles/encoding/verdict_cache.h"

namespace assay::oracles::encoding {

struct CheckerOptions {
  std::size_t cache_entries = std::size_t{1} << 16;  // 64 bytes each; 0 switches the cache off
  std::span<const KnownDifference> known_differences = kKnownDifferences;
};

struct Mismatch {
  EncodingField field = EncodingField::Opcode;
  std::uint32_t offset = 0;       // of the instruction in the code
  std::uint32_t instruction = 0;  // its index among the intents; their number when bytes follow the last one
  std::string message;            // a sentence that names every wrong field
};

// Not for several threads at once: one per thread.
class EncodingChecker {
 public:
  // Takes a few milliseconds, for the decoders. Fails when a decoder's library is not usable.
  [[nodiscard]] static base::Result<std::unique_ptr<EncodingChecker>> create(const CheckerOptions& options = {});

  // With decoders of the caller's choice.
  EncodingChecker(std::unique_ptr<Decoder> first, std::unique_ptr<Decoder> second, const CheckerOptions& options);

  // The first mismatch, if there is any. `intents` are those of the whole code, in order.
  [[nodiscard]] std::optional<Mismatch> check(std::span<const std::uint8_t> code, std::span<const x64::Intent> intents);

  // The first `limit` mismatches. A gap or overlap is the last one reported: what follows cannot be attributed.
  [[nodiscard]] std::vector<Mismatch> check_all(std::span<const std::uint8_t> code,
                                                std::span<const x64::Intent> intents, std::size_t limit);

  // One instruction by itself and without the cache, for sweeps: whether `bytes` are what the intent asks for, and in a
  // sentence why they are not. The intent stands at offset 0, and a target of it counts from there.
  [[nodiscard]] bool is_right(const x64::Intent& intent, std::span<const std::uint8_t> bytes);
  [[nodiscard]] Mismatch explain(const x64::Intent& intent, std::span<const std::uint8_t> bytes);

  // Since creation.
  [[nodiscard]] std::uint64_t instructions_checked() const { return checked_; }
  // By each of the two decoders; the rest repeated, intent and bytes, one that was decoded before.
  [[nodiscard]] std::uint64_t instructions_decoded() const { return decoded_; }

 private:
  // An instruction whose bytes are inside the code.
  struct Place {
    std::span<const std::uint8_t> code;
    std::span<const std::uint8_t> bytes;
    const x64::Intent& intent;
    std::uint32_t instruction;
  };

  // How many intents lie one behind the other from the start of the code; `broken` says why not all, if so.
  [[nodiscard]] std::size_t tile(std::span<const std::uint8_t> code, std::span<const x64::Intent> intents,
                                 std::optional<Mismatch>& broken);
  void check_instructions(std::span<const std::uint8_t> code, std::span<const x64::Intent> intents, std::size_t limit,
                          std::vector<Mismatch>& found);
  [[nodiscard]] bool is_good(const x64::Intent& intent, std::span<const std::uint8_t> bytes);
  [[nodiscard]] Mismatch explain(const Place& place);
  void check_targets(std::span<const std::uint8_t> code, std::span<const x64::Intent> intents, std::size_t limit,
                     std::vector<Mismatch>& found) const;

  std::unique_ptr<Decoder> first_;
  std::unique_ptr<Decoder> second_;
  CheckerOptions options_;
  std::optional<VerdictCache> cache_;
  std::vector<std::uint64_t> starts_;    // a bit per byte of the code: an instruction starts there
  std::vector<std::uint32_t> branches_;  // intents with a target
  std::uint64_t checked_ = 0;
  std::uint64_t decoded_ = 0;
};

// "Zydis 4.0.0, LLVM 19.1.7".
[[nodiscard]] std::string decoder_versions();

}  // namespace assay::oracles::encoding
