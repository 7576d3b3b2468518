// What a sweep puts on trial: the project's encoder and assembler, unless a test puts a fault in front of them.
//
// Tested by oracles/encoding/test/sweep_faults_test.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "core/x64/encoder.h"
#include "core/x64/intent.h"
#include "oracles/encoding/sweep/operand_space.h"

namespace assay::oracles::encoding::sweep {

// More than an instruction may have, so that a wrong encoder shows what it does.
inline constexpr std::size_t kEncodingRoom = 32;

// Asked by several threads at once.
class Encoder {
 public:
  Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  virtual ~Encoder() = default;

  // Writes at most kEncodingRoom bytes to `out` and gives their number, as x64::encode does.
  [[nodiscard]] virtual int encode(x64::Form form, const Operands& operands, std::uint8_t* out) const {
    return x64::encode(x64::form_info(form), operands[0], operands[1], operands[2], out);
  }

  // A branch as the assembler has relaxed, recorded and patched it, and its bytes, before they are judged.
  virtual void branch(x64::Intent& /*recorded*/, std::vector<std::uint8_t>& /*bytes*/) const {}
};

}  // namespace assay::oracles::encoding::sweep
