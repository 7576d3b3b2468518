// Widths of operands; see operand.h. Tested by core/x64/test/operand_test.cc.
#include "core/x64/operand.h"

namespace assay::x64 {

int operand_bits(OperandKind kind) {
  switch (kind) {
    case OperandKind::R8:
    case OperandKind::M8:
    case OperandKind::I8:
    case OperandKind::Cl:
    case OperandKind::Rel8:
      return 8;
    case OperandKind::R16:
    case OperandKind::M16:
      return 16;
    case OperandKind::R32:
    case OperandKind::M32:
    case OperandKind::I32:
    case OperandKind::Rel32:
      return 32;
    case OperandKind::R64:
    case OperandKind::M64:
    case OperandKind::I64:
      return 64;
    case OperandKind::None:
    case OperandKind::Condition:
      return 0;
  }
  return 0;
}

}  // namespace assay::x64
