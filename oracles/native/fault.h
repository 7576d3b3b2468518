// Attribution of a fault: from what the CPU reported to the kind and the guilty instruction.
//
// Tested by oracles/native/test/hostile_blocks_test.cc and fault_test.cc.
#pragma once

#include <cstdint>
#include <span>

#include "oracles/native/protocol.h"
#include "oracles/run.h"

namespace assay::oracles::native {

// `reply` ended as Faulted or Runaway; `code` is the block, which lies `code_offset` bytes into the code memory. A
// Runaway has no kind, and the offset of some instruction that it was executing.
[[nodiscard]] Fault attribute_fault(const RunReply& reply, std::uint32_t code_offset,
                                    std::span<const std::uint8_t> code);

}  // namespace assay::oracles::native
