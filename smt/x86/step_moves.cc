// Instructions that compute nothing and set no flag; see machine.h. Tested by smt/x86/test/step_test.cc.
#include "smt/x86/bits.h"
#include "smt/x86/machine.h"

namespace assay::smt::x86 {

void Machine::moves(const Instruction& one, MachineState& state) {
  const Operand& to = one.operands[0];
  const Operand& from = one.operands[1];
  const unsigned width = to.bits;
  switch (one.operation) {
    case Operation::Mov: {
      const TermId value = read(from, width, state);
      write(to, value, state);
      break;
    }
    case Operation::Movzx:
    case Operation::Movsx: {
      const TermId value = read(from, from.bits, state);
      const Kind kind = one.operation == Operation::Movsx ? Kind::SignExtend : Kind::ZeroExtend;
      write(to, terms_.resize(kind, width, value), state);
      break;
    }
    case Operation::Lea:
      write(to, low_bits(terms_, width, address(from, state)), state);
      break;
    case Operation::Cdq: {
      const TermId low = low_bits(terms_, width, state.registers[kRax]);
      write_register(kRdx, terms_.binary(Kind::AShr, low, terms_.constant(width, width - 1)), state);
      break;
    }
    case Operation::Set: {
      const TermId holds = condition(one.condition, state);
      write(to, terms_.ite(holds, terms_.constant(8, 1), terms_.constant(8, 0)), state);
      break;
    }
    default: {
      // CMOVcc reads its source and writes its destination whatever the condition is: 32 bits clear the high half.
      const TermId moved = read(from, width, state);
      const TermId kept = read(to, width, state);
      write(to, terms_.ite(condition(one.condition, state), moved, kept), state);
      break;
    }
  }
}

void Machine::pushes(const Instruction& one, MachineState& state) {
  const Operand& operand = one.operands[0];
  if (operand.kind != OperandKind::Register || operand.bits != 64) {
    refuse("a push or pop of something else than a whole register");
    return;
  }
  TermId& pointer = state.registers[kRsp];
  if (one.operation == Operation::Push) {
    const TermId pushed = state.registers[operand.reg];
    pointer = terms_.add(pointer, terms_.constant(64, ~std::uint64_t{7}));
    if (TermId* const top = cell_at(pointer, 64, state)) *top = pushed;
    return;
  }
  if (const TermId* const top = cell_at(pointer, 64, state)) {
    const TermId popped = *top;
    pointer = terms_.add(pointer, terms_.constant(64, 8));
    state.registers[operand.reg] = popped;
  }
}

}  // namespace assay::smt::x86
