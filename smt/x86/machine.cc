// Operands, memory and the order of it all; see machine.h. Tested by smt/x86/test/step_test.cc.
#include "smt/x86/machine.h"

#include "smt/x86/bits.h"

namespace assay::smt::x86 {

TermId Machine::refuse(const std::string& why) {
  if (refusal_.empty()) refusal_ = why;
  return terms_.constant(64, 0);
}

TermId Machine::undefined(unsigned width) {
  if (!undefined_) return terms_.symbol(width, "undefined");
  return terms_.constant(width, *undefined_ ? ~std::uint64_t{0} : 0);
}

TermId Machine::address(const Operand& operand, const MachineState& state) {
  TermId sum = terms_.constant(64, static_cast<std::uint64_t>(operand.value));
  if (operand.index != kNoRegister) {
    sum = terms_.add(terms_.mul(state.registers[operand.index], terms_.constant(64, operand.scale)), sum);
  }
  return operand.base == kNoRegister ? sum : terms_.add(state.registers[operand.base], sum);
}

TermId* Machine::cell_at(TermId place, unsigned bits, MachineState& state) {
  const Term term = terms_[place];
  TermId base = place;
  std::int64_t distance = 0;
  if (term.kind == Kind::Add && terms_.is_constant(term.arguments[1])) {
    base = term.arguments[0];
    distance = static_cast<std::int64_t>(terms_[term.arguments[1]].value);
  }
  if (distance % 8 != 0) {
    refuse("an access within a cell");
    return nullptr;
  }
  if (base == addresses_.frame) {
    if (distance >= 0 && static_cast<std::size_t>(distance / 8) < state.frame.size()) {
      return &state.frame[static_cast<std::size_t>(distance / 8)];
    }
    refuse("an access beside the frame");
    return nullptr;
  }
  if (base == addresses_.stack_pointer && bits <= 64) {
    const auto found = state.stack.find(distance);
    if (found != state.stack.end()) return &found->second;
    // Below RSP at entry is the block's own; what it finds there before it wrote is anything.
    if (distance < 0) return &state.stack.emplace(distance, undefined(64)).first->second;
    refuse("an access to the caller's stack");
    return nullptr;
  }
  refuse("an access to memory that is not modelled");
  return nullptr;
}

TermId* Machine::cell(const Operand& operand, MachineState& state) {
  return cell_at(address(operand, state), operand.bits, state);
}

TermId Machine::read(const Operand& operand, unsigned width, MachineState& state) {
  switch (operand.kind) {
    case OperandKind::Immediate:
      return terms_.constant(width, static_cast<std::uint64_t>(operand.value));
    case OperandKind::Register:
      return low_bits(terms_, width, state.registers[operand.reg]);
    case OperandKind::Memory: {
      const TermId* const found = cell(operand, state);
      return found == nullptr ? terms_.constant(width, 0) : low_bits(terms_, width, *found);
    }
    default:
      return low_bits(terms_, width, refuse("an operand that is not modelled"));
  }
}

void Machine::write_register(std::uint8_t number, TermId value, MachineState& state) {
  TermId& whole = state.registers[number];
  const unsigned width = terms_[value].width;
  whole = width >= 32 ? terms_.resize(Kind::ZeroExtend, 64, value) : with_low_bits(terms_, whole, value);
}

void Machine::write(const Operand& operand, TermId value, MachineState& state) {
  if (operand.kind == OperandKind::Register) {
    write_register(operand.reg, value, state);
  } else if (operand.kind == OperandKind::Memory) {
    if (TermId* const found = cell(operand, state)) *found = with_low_bits(terms_, *found, value);
  } else {
    refuse("a destination that is not modelled");
  }
}

TermId Machine::condition(std::uint8_t number, const MachineState& state) {
  const Flags& flags = state.flags;
  const auto differ = [&](TermId left, TermId right) {
    if (terms_.is_constant(right, 0)) return left;
    return terms_.negation(terms_.equal(left, right));
  };
  TermId truth;
  switch (number >> 1) {
    case 0:
      truth = flags.overflow;
      break;
    case 1:
      truth = flags.carry;
      break;
    case 2:
      truth = flags.zero;
      break;
    case 3:
      truth = flags.below_or_equal.valid() ? flags.below_or_equal : terms_.either(flags.carry, flags.zero);
      break;
    case 4:
      truth = flags.sign;
      break;
    case 5:
      truth = flags.parity;
      break;
    case 6:
      truth = flags.less.valid() ? flags.less : differ(flags.sign, flags.overflow);
      break;
    default:
      truth = flags.less_or_equal.valid() ? flags.less_or_equal
                                          : terms_.either(flags.zero, differ(flags.sign, flags.overflow));
      break;
  }
  return (number & 1) != 0 ? terms_.negation(truth) : truth;
}

TermId Machine::even_parity(TermId result) {
  TermId odd = terms_.constant(8, 0);
  const TermId low = low_bits(terms_, 8, result);
  for (unsigned i = 0; i < 8; ++i) {
    odd = terms_.binary(Kind::Xor, odd, terms_.binary(Kind::LShr, low, terms_.constant(8, i)));
  }
  return terms_.negation(has_bit(terms_, odd, 0));
}

void Machine::set_result_flags(TermId result, Flags& flags) {
  const unsigned width = terms_[result].width;
  const TermId zero = terms_.constant(width, 0);
  flags.zero = terms_.equal(result, zero);
  flags.sign = terms_.binary(Kind::Slt, result, zero);
  flags.parity = even_parity(result);
  flags.less = flags.less_or_equal = flags.below_or_equal = TermId{};
}

void Machine::undefine_flags(Flags& flags) {
  for (TermId* const flag : {&flags.carry, &flags.parity, &flags.zero, &flags.sign, &flags.overflow}) {
    *flag = terms_.nonzero(undefined(1));
  }
  flags.less = flags.less_or_equal = flags.below_or_equal = TermId{};
}

bool Machine::step(const Instruction& one, MachineState& state) {
  switch (one.operation) {
    case Operation::Mov:
    case Operation::Movzx:
    case Operation::Movsx:
    case Operation::Lea:
    case Operation::Cdq:
    case Operation::Set:
    case Operation::Cmov:
      moves(one, state);
      break;
    case Operation::Add:
    case Operation::Sub:
    case Operation::Cmp:
    case Operation::Inc:
    case Operation::Dec:
    case Operation::Neg:
      sums(one, state);
      break;
    case Operation::And:
    case Operation::Or:
    case Operation::Xor:
    case Operation::Test:
    case Operation::Not:
    case Operation::Andn:
      logic(one, state);
      break;
    case Operation::Imul:
      multiply(one, state);
      break;
    case Operation::Div:
    case Operation::Idiv:
      divide(one, state);
      break;
    case Operation::Shl:
    case Operation::Shr:
    case Operation::Sar:
      shifts(one, state);
      break;
    case Operation::Rol:
    case Operation::Ror:
      rotates(one, state);
      break;
    case Operation::Shlx:
    case Operation::Shrx:
    case Operation::Sarx:
    case Operation::Rorx:
      shifts_without_flags(one, state);
      break;
    case Operation::Popcnt:
    case Operation::Lzcnt:
    case Operation::Tzcnt:
    case Operation::Bsf:
    case Operation::Bsr:
      counts(one, state);
      break;
    case Operation::Push:
    case Operation::Pop:
      pushes(one, state);
      break;
    default:
      refuse("an instruction that is not modelled: " + one.text);
      break;
  }
  return refusal_.empty();
}

}  // namespace assay::smt::x86
