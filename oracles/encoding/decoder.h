// Decoder: an independent reader of machine code.
//
// The encoding oracle asks two that were written by different people from different tables (zydis_decoder.h,
// llvm_decoder.h). They share no code with the assembler and none with each other; both know the names and operand
// kinds of insts.def, so that they can answer in its terms.
//
// Tested by oracles/encoding/test/decoders_test.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "oracles/encoding/decoded.h"

namespace assay::oracles::encoding {

class Decoder {
 public:
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  virtual ~Decoder() = default;

  [[nodiscard]] virtual std::string_view name() const = 0;  // "zydis"

  // Reads the first instruction of `bytes`, at most 15 of them. A pure function of the bytes, which the verdict cache
  // relies on. Not for several threads at once.
  [[nodiscard]] virtual Decoded decode(std::span<const std::uint8_t> bytes) = 0;

  // The first instruction in the decoder's own words, as if it stood at address `offset`; for people only.
  [[nodiscard]] virtual std::string print(std::span<const std::uint8_t> bytes, std::uint64_t offset) = 0;
};

}  // namespace assay::oracles::encoding
