// Intent: what the assembler was asked for, recorded beside the bytes it gave, for the encoding oracle and for blame.
//
// The assembler writes it from its arguments before encoding them, so that a mistake in the encoder cannot repair
// itself in the record.
//
// Tested by core/x64/test/assembler_test.cc.
#pragma once

#include <array>
#include <cstdint>

#include "core/x64/form.h"
#include "core/x64/operand.h"

namespace assay::x64 {

struct Intent {
  Form form = Form::Ud2;
  std::uint8_t length = 0;           // bytes
  std::uint32_t offset = 0;          // of the first byte in the code
  std::uint32_t node = 0xFFFFFFFFU;  // the AST node it was made for (an ast::NodeId's value); none for frame set-up
  std::array<Operand, 3> operands;   // as in FormInfo::operands
};

}  // namespace assay::x64
