// Disassembly by the first decoder; see disassemble.h. Tested by oracles/encoding/test/decoders_test.cc.
#include "oracles/encoding/disassemble.h"

#include "oracles/encoding/zydis_decoder.h"

namespace assay::oracles::encoding {

std::string disassemble_one(std::span<const std::uint8_t> bytes, std::uint64_t offset) {
  thread_local const auto decoder = ZydisDecoder::create();
  return decoder ? (*decoder)->print(bytes, offset) : decoder.error().describe();
}

}  // namespace assay::oracles::encoding
