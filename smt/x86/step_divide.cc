// DIV and IDIV; see machine.h. Tested by smt/x86/test/step_test.cc.
//
// They divide a number of twice the width. Compilers have the high half be the extension of the low half, and then the
// quotient is that of two numbers of one width, or does not fit and faults. That is the model; where the high half is
// something else is collected in `outside`, which a proof must show to be false. Given constants, the division is done
// as the manual has it, at twice the width.
#include "smt/x86/bits.h"
#include "smt/x86/execute.h"
#include "smt/x86/machine.h"

namespace assay::smt::x86 {
namespace {

__extension__ using Wide = unsigned __int128;
__extension__ using SignedWide = __int128;

}  // namespace

void Machine::divide(const Instruction& one, MachineState& state) {
  const Operand& by = one.operands[0];
  const unsigned width = by.bits;
  if (width < 32) {
    refuse("a division of 8 or 16 bits");
    return;
  }
  const TermId divisor = read(by, width, state);
  const TermId low = low_bits(terms_, width, state.registers[kRax]);
  const TermId high = low_bits(terms_, width, state.registers[kRdx]);
  undefine_flags(state.flags);
  if (terms_.is_constant(divisor) && terms_.is_constant(low) && terms_.is_constant(high)) {
    divide_constants(one, high, low, divisor, state);
    return;
  }
  const bool is_signed = one.operation == Operation::Idiv;
  const TermId zero = terms_.constant(width, 0);
  const TermId sign = terms_.binary(Kind::AShr, low, terms_.constant(width, width - 1));
  const TermId is_extension = terms_.equal(high, is_signed ? sign : zero);
  TermId fault = terms_.equal(divisor, zero);
  if (is_signed) {
    const TermId least = terms_.equal(low, terms_.constant(width, std::uint64_t{1} << (width - 1)));
    const TermId minus_one = terms_.equal(divisor, terms_.constant(width, mask_of(width)));
    fault = terms_.either(fault, terms_.both(least, minus_one));
  }
  fault = terms_.substitute(fault, known_on(terms_, state.path));
  outside_ = terms_.either(outside_, terms_.both(state.path, terms_.negation(is_extension)));
  faults_ = terms_.either(faults_, terms_.both(state.path, fault));
  write_register(kRax, terms_.binary(is_signed ? Kind::SDiv : Kind::UDiv, low, divisor), state);
  write_register(kRdx, terms_.binary(is_signed ? Kind::SRem : Kind::URem, low, divisor), state);
}

void Machine::divide_constants(const Instruction& one, TermId high, TermId low, TermId divisor, MachineState& state) {
  const unsigned width = terms_[low].width;
  const std::uint64_t by = terms_[divisor].value;
  const Wide whole = (Wide{terms_[high].value} << width) | terms_[low].value;
  bool fault = by == 0;
  std::uint64_t quotient = 0;
  std::uint64_t remainder = 0;
  if (!fault && one.operation == Operation::Div) {
    fault = whole / by > mask_of(width);
    quotient = static_cast<std::uint64_t>(whole / by);
    remainder = static_cast<std::uint64_t>(whole % by);
  } else if (!fault) {
    const SignedWide dividend = width == 64 ? static_cast<SignedWide>(whole)
                                            : SignedWide{static_cast<std::int64_t>(static_cast<std::uint64_t>(whole))};
    const SignedWide signed_by = signed_value(width, by);
    const SignedWide limit = SignedWide{1} << (width - 1);
    // The one quotient that would not even fit in twice the width.
    fault = signed_by == -1 && dividend == -dividend && dividend != 0;
    const SignedWide result = fault ? 0 : dividend / signed_by;
    fault = fault || result < -limit || result >= limit;
    quotient = static_cast<std::uint64_t>(result);
    remainder = fault ? 0 : static_cast<std::uint64_t>(dividend % signed_by);
  }
  faults_ = terms_.either(faults_, terms_.both(state.path, terms_.truth(fault)));
  write_register(kRax, terms_.constant(width, quotient), state);
  write_register(kRdx, terms_.constant(width, remainder), state);
}

}  // namespace assay::smt::x86
