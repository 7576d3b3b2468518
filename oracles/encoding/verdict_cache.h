// VerdictCache: which (intent, bytes) pairs both decoders have already found to agree.
//
// Decoders are pure functions and compiled code repeats itself, so that remembering is as good as decoding and ten
// times as fast. Exact: the whole intent and all bytes are stored and compared, and a hash collision costs a decode,
// never a wrong answer. Bounded: direct-mapped, a newer pair takes an older one's place. Only agreement is remembered.
//
// Tested by oracles/encoding/test/verdict_cache_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/x64/intent.h"

namespace assay::oracles::encoding {

// Everything that a verdict on one instruction depends on. Two keys are equal only if form, length, every operand and
// every byte are; a branch target counts as its distance from the end of the instruction.
struct VerdictKey {
  std::array<std::uint64_t, 6> words{};

  // Without a branch or a call: what it finds in the cache is mostly equal, and look-ups should overlap.
  friend bool operator==(const VerdictKey& a, const VerdictKey& b) {
    std::uint64_t differing = 0;
    for (std::size_t i = 0; i < a.words.size(); ++i) differing |= a.words[i] ^ b.words[i];
    return differing == 0;
  }
};

// Precondition: 1 <= intent.length <= 15, the instruction lies inside `code`, and the form is one of the table.
// Writes in place, because a key that is returned and copied stalls on its own stores.
void make_key(const x64::Intent& intent, std::span<const std::uint8_t> code, VerdictKey& key);

class VerdictCache {
 public:
  // `entries` is rounded up to a power of two, at least 2. Takes 64 bytes for each.
  explicit VerdictCache(std::size_t entries);

  // The first slot of the key's set.
  [[nodiscard]] std::size_t set_of(const VerdictKey& key) const;
  void prefetch(std::size_t set) const {
    __builtin_prefetch(&slots_[set]);
    __builtin_prefetch(&slots_[set + 1]);
  }
  [[nodiscard]] bool holds(std::size_t set, const VerdictKey& key) const {
    return slots_[set].key == key || slots_[set + 1].key == key;
  }
  // Precondition: the set does not hold the key.
  void store(std::size_t set, const VerdictKey& key) {
    slots_[set + 1] = slots_[set];
    slots_[set].key = key;
  }

  [[nodiscard]] std::size_t capacity() const { return slots_.size(); }

 private:
  // A cache line each, so that most look-ups touch one line.
  struct alignas(64) Slot {
    VerdictKey key;
  };
  std::vector<Slot> slots_;
  int shift_;
};

}  // namespace assay::oracles::encoding
