// The first decoder: Zydis (https://zydis.re), a C library made for exactly this job.
//
// Its table is its own. Zydis names a mnemonic and its operands with their encoded sizes, which together pick one row
// of insts.def; nothing but names is compared.
//
// Tested by oracles/encoding/test/decoders_test.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/base/result.h"
#include "oracles/encoding/decoder.h"
#include "oracles/encoding/fields.h"

namespace assay::oracles::encoding {

class ZydisDecoder final : public Decoder {
 public:
  // Fails when the library at run time is not the one of its headers, or knows no name for a mnemonic of the table.
  [[nodiscard]] static base::Result<std::unique_ptr<ZydisDecoder>> create();
  ~ZydisDecoder() override;

  [[nodiscard]] std::string_view name() const override { return "zydis"; }
  [[nodiscard]] Decoded decode(std::span<const std::uint8_t> bytes) override;
  [[nodiscard]] std::string print(std::span<const std::uint8_t> bytes, std::uint64_t offset) override;

  // What Zydis reports of the raw fields, for the test of read_fields (fields.h). False when it cannot decode.
  [[nodiscard]] bool raw_fields(std::span<const std::uint8_t> bytes, Fields& fields);

  // The instruction that was decoded last as Zydis' encoder writes it, which looks for the shortest way in all of x86
  // and knows nothing of insts.def. Empty when it cannot. Precondition: the last decode found an instruction.
  [[nodiscard]] std::span<const std::uint8_t> encode_again();

 private:
  struct Tables;
  explicit ZydisDecoder(std::unique_ptr<Tables> tables);

  std::unique_ptr<Tables> tables_;
};

// "Zydis 4.0.0".
[[nodiscard]] std::string zydis_version();

}  // namespace assay::oracles::encoding
