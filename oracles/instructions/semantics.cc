// The semantics of every instruction form; see semantics.h. Section names are those of the Intel SDM, volume 2.
//
// Tested by oracles/instructions/test/semantics_test.cc.
#include "oracles/instructions/semantics.h"

#include "oracles/instructions/flags.h"
#include "oracles/instructions/wide.h"

namespace assay::oracles::instructions {
namespace {

using x64::Form;
using x64::Operand;
using x64::OperandKind;

// The 14 forms of a two-operand operation, as case labels.
#define ASSAY_TWO_OPERAND_FORMS(Op)         \
  Form::Op##R32R32 : case Form::Op##R32M32: \
  case Form::Op##M32R32:                    \
  case Form::Op##R32I8:                     \
  case Form::Op##R32I32:                    \
  case Form::Op##M32I8:                     \
  case Form::Op##M32I32:                    \
  case Form::Op##R64R64:                    \
  case Form::Op##R64M64:                    \
  case Form::Op##M64R64:                    \
  case Form::Op##R64I8:                     \
  case Form::Op##R64I32:                    \
  case Form::Op##M64I8:                     \
  case Form::Op##M64I32
// Register and memory, 32 and 64 bits, of one operand.
#define ASSAY_ONE_OPERAND_FORMS(Op)   \
  Form::Op##R32 : case Form::Op##M32: \
  case Form::Op##R64:                 \
  case Form::Op##M64
#define ASSAY_SHIFT_FORMS(Op)             \
  Form::Op##R32Cl : case Form::Op##R32I8: \
  case Form::Op##R64Cl:                   \
  case Form::Op##R64I8
#define ASSAY_SOURCE_FORMS(Op)              \
  Form::Op##R32R32 : case Form::Op##R32M32: \
  case Form::Op##R64R64:                    \
  case Form::Op##R64M64

class Execution {
 public:
  Execution(const Instruction& instruction, const State& before)
      : form_(instruction.form), info_(x64::form_info(instruction.form)), operands_(instruction.operands) {
    effect_.after = before;
  }

  Effect run() {
    dispatch();
    return effect_;
  }

 private:
  void dispatch();

  // ---- operands

  [[nodiscard]] int bits(std::size_t index) const { return x64::operand_bits(info_.operands[index]); }

  [[nodiscard]] std::uint64_t address(std::size_t index) const {
    const x64::Address& place = operands_[index].address;
    auto sum = static_cast<std::uint64_t>(std::int64_t{place.displacement});
    if (place.has_base) sum += registers()[x64::number(place.base)];
    if (place.has_index) sum += registers()[x64::number(place.index)] * place.scale;
    return sum;
  }

  // A register's or memory's value, or an immediate with its sign continued to the width of the first operand.
  std::uint64_t read(std::size_t index) {
    const OperandKind kind = info_.operands[index];
    if (x64::is_register(kind)) return low(registers()[operands_[index].reg], bits(index));
    if (x64::is_memory(kind)) return load(address(index), bits(index) / 8);
    if (kind == OperandKind::Cl) return low(registers()[kRcx], 8);
    return static_cast<std::uint64_t>(operands_[index].immediate);
  }
  std::uint64_t read(std::size_t index, int width) { return low(read(index), width); }

  // 32-bit results clear the upper half of a register, 8- and 16-bit ones leave the rest (Intel SDM 1, section
  // 3.4.1.1).
  void write(std::size_t index, std::uint64_t value) {
    if (x64::is_memory(info_.operands[index])) {
      store(address(index), bits(index) / 8, value);
    } else {
      write_register(operands_[index].reg, bits(index), value);
    }
  }
  void write_register(std::size_t number, int width, std::uint64_t value) {
    std::uint64_t& place = effect_.after.registers[number];
    if (width >= 32) {
      place = low(value, width);
    } else {
      place = (place & ~low(~std::uint64_t{0}, width)) | low(value, width);
    }
  }

  // ---- memory

  Window* window_of(std::uint64_t place, int bytes) {
    for (Window* window : {&effect_.after.frame, &effect_.after.stack}) {
      const std::uint64_t offset = place - window->address;
      if (offset <= 8 * kWindowCells - static_cast<std::uint64_t>(bytes)) return window;
    }
    effect_.ending = Ending::OutsideMemory;
    return nullptr;
  }
  std::uint64_t load(std::uint64_t place, int bytes) {
    const Window* window = window_of(place, bytes);
    if (window == nullptr) return 0;
    std::uint64_t value = 0;
    for (int i = bytes - 1; i >= 0; --i) {
      const std::uint64_t offset = place - window->address + static_cast<std::uint64_t>(i);
      value = value << 8 | low(window->cells[offset / 8] >> (offset % 8 * 8), 8);
    }
    return value;
  }
  void store(std::uint64_t place, int bytes, std::uint64_t value) {
    Window* window = window_of(place, bytes);
    if (window == nullptr) return;
    for (int i = 0; i < bytes; ++i) {
      const std::uint64_t offset = place - window->address + static_cast<std::uint64_t>(i);
      std::uint64_t& cell = window->cells[offset / 8];
      const auto shift = static_cast<int>(offset % 8 * 8);
      cell = (cell & ~(std::uint64_t{0xFF} << shift)) | (low(value >> (8 * i), 8) << shift);
    }
  }

  // ---- flags

  // All six flags are given or undefined.
  void set_flags(std::uint64_t flags, std::uint64_t undefined = 0) {
    effect_.after.flags = flags & ~undefined;
    effect_.undefined_flags = undefined;
  }
  // The named ones are given; the others stay.
  void set_some(std::uint64_t which, std::uint64_t flags, std::uint64_t undefined = 0) {
    effect_.after.flags = ((effect_.after.flags & ~which) | flags) & ~undefined;
    effect_.undefined_flags = undefined;
  }

  // ---- instructions, by section of the manual

  void move() { write(0, read(1)); }
  void move_sign_extended() { write(0, sign_extended(read(1), bits(1))); }

  void add(bool keeps_carry, std::uint64_t b) {
    const Flagged sum = sum_of(read(0), low(b, bits(0)), bits(0));
    write(0, sum.result);
    set_some(keeps_carry ? kAllFlags & ~kCarry : kAllFlags, keeps_carry ? sum.flags & ~kCarry : sum.flags);
  }
  void subtract(bool keeps_carry, std::uint64_t b) {
    const Flagged difference = difference_of(read(0), low(b, bits(0)), bits(0));
    write(0, difference.result);
    set_some(keeps_carry ? kAllFlags & ~kCarry : kAllFlags,
             keeps_carry ? difference.flags & ~kCarry : difference.flags);
  }
  void compare() { set_flags(difference_of(read(0), read(1, bits(0)), bits(0)).flags); }
  void negate() {
    const Flagged difference = difference_of(0, read(0), bits(0));
    write(0, difference.result);
    set_flags(difference.flags);
  }

  // AND, OR, XOR and TEST: CF and OF are cleared, AF is undefined.
  void logic_flags(std::uint64_t result) { set_flags(result_flags(result, bits(0)), kAdjust); }
  void logic(std::uint64_t result) {
    write(0, result);
    logic_flags(result);
  }

  // IMUL with two or three operands: CF and OF say that the product did not fit, the rest is undefined.
  void multiply_signed(std::size_t first, std::size_t second) {
    const int width = bits(0);
    const std::uint64_t a = sign_extended(read(first), width);
    const std::uint64_t b = sign_extended(read(second, width), width);
    Wide product = product_of(a, b);
    // Of a two's complement factor the unsigned product counts 2^64 times the other too much.
    if (sign_of(a, 64)) product.high -= b;
    if (sign_of(b, 64)) product.high -= a;
    const std::uint64_t fitting = sign_extended(product.low, width);
    const bool fits = fitting == product.low && product.high == (sign_of(fitting, 64) ? ~std::uint64_t{0} : 0);
    write(0, product.low);
    set_flags(fits ? 0 : kCarry | kOverflow, kSign | kZero | kAdjust | kParity);
  }
  void multiply() {
    const int width = bits(0);
    const Wide product = product_of(low(registers()[kRax], width), read(0));
    const std::uint64_t high = width == 64 ? product.high : product.low >> width;
    write_register(kRax, width, product.low);
    write_register(kRdx, width, high);
    set_flags(high == 0 ? 0 : kCarry | kOverflow, kSign | kZero | kAdjust | kParity);
  }
  void divide(bool is_signed) {
    const int width = bits(0);
    const Wide dividend{low(registers()[kRdx], width), low(registers()[kRax], width)};
    const std::uint64_t divisor = read(0);
    if (effect_.ending != Ending::Done) return;
    const Division done =
        is_signed ? divide_signed(dividend, divisor, width) : divide_unsigned(dividend, divisor, width);
    if (done.error) {
      effect_.ending = Ending::DivideError;
      return;
    }
    write_register(kRax, width, done.quotient);
    write_register(kRdx, width, done.remainder);
    set_flags(0, kAllFlags);
  }
  // CDQ, CQO
  void sign_to_rdx(int width) {
    write_register(kRdx, width, sign_of(registers()[kRax], width) ? ~std::uint64_t{0} : 0);
  }

  [[nodiscard]] int count(std::size_t index) {
    return static_cast<int>(read(index) & static_cast<std::uint64_t>(bits(0) - 1));
  }
  // OF is defined for a count of one only, and no flag changes for a count of zero.
  void rotate(bool left) {
    const int width = bits(0);
    const int by = count(1);
    const std::uint64_t value = read(0);
    const int left_by = left ? by : width - by;
    const std::uint64_t result =
        by == 0 ? value : low(value << (left_by % width), width) | (value >> ((width - left_by) % width));
    write(0, result);
    if (by == 0) return;
    const bool carry = left ? bit_of(result, 0) : sign_of(result, width);
    const bool overflow = left ? sign_of(result, width) != carry : carry != bit_of(result, width - 2);
    set_some(kCarry | kOverflow, flag_if(carry, kCarry) | flag_if(overflow, kOverflow), by == 1 ? 0 : kOverflow);
  }
  void shift_left() {
    const int width = bits(0);
    const int by = count(1);
    const std::uint64_t value = read(0);
    const std::uint64_t result = low(value << by, width);
    write(0, result);
    if (by == 0) return;
    const bool carry = bit_of(value, width - by);
    set_flags(
        flag_if(carry, kCarry) | flag_if(sign_of(result, width) != carry, kOverflow) | result_flags(result, width),
        by == 1 ? kAdjust : kAdjust | kOverflow);
  }
  void shift_right(bool arithmetic) {
    const int width = bits(0);
    const int by = count(1);
    const std::uint64_t value = read(0);
    const std::uint64_t result = shifted_right(value, by, width, arithmetic);
    write(0, result);
    if (by == 0) return;
    set_flags(flag_if(bit_of(value, by - 1), kCarry) | flag_if(!arithmetic && sign_of(value, width), kOverflow) |
                  result_flags(result, width),
              by == 1 ? kAdjust : kAdjust | kOverflow);
  }
  static std::uint64_t shifted_right(std::uint64_t value, int by, int width, bool arithmetic) {
    const std::uint64_t plain = value >> by;
    if (!arithmetic || !sign_of(value, width) || by == 0) return plain;
    return plain | low(~std::uint64_t{0} << (width - by), width);
  }
  // SHLX, SHRX, SARX, RORX: no flag changes.
  void shift_left_without_flags() { write(0, low(read(1) << count(2), bits(0))); }
  void shift_right_without_flags(bool arithmetic) { write(0, shifted_right(read(1), count(2), bits(0), arithmetic)); }
  void rotate_right_without_flags() {
    const int width = bits(0);
    const int by = count(2);
    const std::uint64_t value = read(1);
    write(0, by == 0 ? value : value >> by | low(value << (width - by), width));
  }

  void and_not() {
    const std::uint64_t result = low(~read(1) & read(2), bits(0));
    write(0, result);
    set_flags(result_flags(result, bits(0)) & (kZero | kSign), kAdjust | kParity);
  }

  // BSF, BSR: of zero, the destination is undefined, or unchanged if one asks AMD (APM 3).
  void scan(bool forward) {
    const int width = bits(0);
    const std::uint64_t value = read(1);
    set_flags(flag_if(value == 0, kZero), kAllFlags & ~kZero);
    if (value == 0) {
      effect_.undefined_register = operands_[0].reg;
    } else {
      write(0, static_cast<std::uint64_t>(forward ? zeros_below(value, width) : width - 1 - zeros_above(value, width)));
    }
  }
  // TZCNT, LZCNT
  void count_zeros(bool below) {
    const int width = bits(0);
    const std::uint64_t value = read(1);
    const int zeros = below ? zeros_below(value, width) : zeros_above(value, width);
    write(0, static_cast<std::uint64_t>(zeros));
    set_flags(flag_if(value == 0, kCarry) | flag_if(zeros == 0, kZero), kAllFlags & ~(kCarry | kZero));
  }
  static int zeros_below(std::uint64_t value, int width) {
    int zeros = 0;
    while (zeros < width && !bit_of(value, zeros)) ++zeros;
    return zeros;
  }
  static int zeros_above(std::uint64_t value, int width) {
    int zeros = 0;
    while (zeros < width && !bit_of(value, width - 1 - zeros)) ++zeros;
    return zeros;
  }
  void count_ones() {
    const std::uint64_t value = read(1);
    std::uint64_t ones = 0;
    for (int i = 0; i < bits(0); ++i) ones += bit_of(value, i) ? 1U : 0U;
    write(0, ones);
    set_flags(flag_if(value == 0, kZero));
  }

  [[nodiscard]] bool holds() const { return condition_holds(operands_[0].reg, effect_.after.flags); }
  void set_byte() { write(1, holds() ? 1 : 0); }
  // The source is read, and a 32-bit destination's upper half is cleared, whether the condition holds or not.
  void move_if() {
    const std::uint64_t source = read(2);
    write(1, holds() ? source : read(1));
  }

  // The source of `push rsp` is RSP before it, and `pop rsp` ends with what was popped.
  void push() {
    const std::uint64_t value = read(0);
    registers()[kRsp] -= 8;
    store(registers()[kRsp], 8, value);
  }
  void pop() {
    const std::uint64_t value = load(registers()[kRsp], 8);
    registers()[kRsp] += 8;
    write(0, value);
  }
  void exchange() {
    const std::uint64_t first = read(0);
    const std::uint64_t second = read(1);
    write(0, second);
    write(1, first);
  }

  void branch(bool taken) {
    if (!taken) store(registers()[kRsp] + kMarkPlace, 8, kNotTaken);
  }

  [[nodiscard]] std::array<std::uint64_t, 16>& registers() { return effect_.after.registers; }
  [[nodiscard]] const std::array<std::uint64_t, 16>& registers() const { return effect_.after.registers; }

  Form form_;
  const x64::FormInfo& info_;
  const std::array<Operand, 3>& operands_;
  Effect effect_;
};

void Execution::dispatch() {
  switch (form_) {
    case Form::MovR32R32:
    case Form::MovR32M32:
    case Form::MovM32R32:
    case Form::MovM32I32:
    case Form::MovR64R64:
    case Form::MovR64M64:
    case Form::MovM64R64:
    case Form::MovM64I32:
    case Form::MovM8R8:
    case Form::MovM16R16:
    case Form::MovR32I32:
    case Form::MovR64I32:
    case Form::MovR64I64:
    case Form::MovzxR32R8:
    case Form::MovzxR32M8:
    case Form::MovzxR32R16:
    case Form::MovzxR32M16:
      return move();
    case Form::MovsxR32R8:
    case Form::MovsxR32M8:
    case Form::MovsxR32R16:
    case Form::MovsxR32M16:
    case Form::MovsxR64R8:
    case Form::MovsxR64M8:
    case Form::MovsxR64R16:
    case Form::MovsxR64M16:
    case Form::MovsxdR64R32:
    case Form::MovsxdR64M32:
      return move_sign_extended();
    case Form::LeaR32M:
    case Form::LeaR64M:
      return write(0, address(1));
    case ASSAY_TWO_OPERAND_FORMS(Add):
      return add(false, read(1));
    case ASSAY_TWO_OPERAND_FORMS(Or):
      return logic(read(0) | read(1, bits(0)));
    case ASSAY_TWO_OPERAND_FORMS(And):
      return logic(read(0) & read(1, bits(0)));
    case ASSAY_TWO_OPERAND_FORMS(Sub):
      return subtract(false, read(1));
    case ASSAY_TWO_OPERAND_FORMS(Xor):
      return logic(read(0) ^ read(1, bits(0)));
    case ASSAY_TWO_OPERAND_FORMS(Cmp):
      return compare();
    case Form::TestR32R32:
    case Form::TestR32I32:
    case Form::TestM32R32:
    case Form::TestR64R64:
    case Form::TestR64I32:
    case Form::TestM64R64:
    case Form::TestR8R8:
      return logic_flags(read(0) & read(1, bits(0)));
    case ASSAY_ONE_OPERAND_FORMS(Inc):
      return add(true, 1);
    case ASSAY_ONE_OPERAND_FORMS(Dec):
      return subtract(true, 1);
    case ASSAY_ONE_OPERAND_FORMS(Not):
      return write(0, ~read(0));
    case ASSAY_ONE_OPERAND_FORMS(Neg):
      return negate();
    case ASSAY_SOURCE_FORMS(Imul):
      return multiply_signed(0, 1);
    case Form::ImulR32R32I8:
    case Form::ImulR32R32I32:
    case Form::ImulR32M32I8:
    case Form::ImulR32M32I32:
    case Form::ImulR64R64I8:
    case Form::ImulR64R64I32:
    case Form::ImulR64M64I8:
    case Form::ImulR64M64I32:
      return multiply_signed(1, 2);
    case ASSAY_ONE_OPERAND_FORMS(Mul):
      return multiply();
    case ASSAY_ONE_OPERAND_FORMS(Div):
      return divide(false);
    case ASSAY_ONE_OPERAND_FORMS(Idiv):
      return divide(true);
    case Form::Cdq:
      return sign_to_rdx(32);
    case Form::Cqo:
      return sign_to_rdx(64);
    case ASSAY_SHIFT_FORMS(Rol):
      return rotate(true);
    case ASSAY_SHIFT_FORMS(Ror):
      return rotate(false);
    case ASSAY_SHIFT_FORMS(Shl):
      return shift_left();
    case ASSAY_SHIFT_FORMS(Shr):
      return shift_right(false);
    case ASSAY_SHIFT_FORMS(Sar):
      return shift_right(true);
    case Form::ShlxR32R32R32:
    case Form::ShlxR64R64R64:
      return shift_left_without_flags();
    case Form::ShrxR32R32R32:
    case Form::ShrxR64R64R64:
      return shift_right_without_flags(false);
    case Form::SarxR32R32R32:
    case Form::SarxR64R64R64:
      return shift_right_without_flags(true);
    case Form::RorxR32R32I8:
    case Form::RorxR64R64I8:
      return rotate_right_without_flags();
    case Form::AndnR32R32R32:
    case Form::AndnR64R64R64:
      return and_not();
    case ASSAY_SOURCE_FORMS(Bsf):
      return scan(true);
    case ASSAY_SOURCE_FORMS(Bsr):
      return scan(false);
    case ASSAY_SOURCE_FORMS(Tzcnt):
      return count_zeros(true);
    case ASSAY_SOURCE_FORMS(Lzcnt):
      return count_zeros(false);
    case ASSAY_SOURCE_FORMS(Popcnt):
      return count_ones();
    case Form::SetccR8:
    case Form::SetccM8:
      return set_byte();
    case ASSAY_SOURCE_FORMS(Cmovcc):
      return move_if();
    case Form::PushR64:
    case Form::PushI8:
    case Form::PushI32:
      return push();
    case Form::PopR64:
      return pop();
    case Form::XchgR32R32:
    case Form::XchgR64R64:
      return exchange();
    case Form::Ud2:
      effect_.ending = Ending::InvalidOpcode;
      return;
    case Form::JmpRel8:
    case Form::JmpRel32:
      return branch(true);
    case Form::JccRel8:
    case Form::JccRel32:
      return branch(holds());
    case Form::CallR64:
    case Form::JmpR64:
    case Form::Ret:
    case Form::CallRel32:
      effect_.ending = Ending::NotModelled;
      return;
  }
}

}  // namespace

Effect execute(const Instruction& instruction, const State& before) {
  Effect effect = Execution(instruction, before).run();
  // A faulting instruction leaves everything as it was (Intel SDM 3, section 6.5).
  if (effect.ending != Ending::Done) effect.after = before;
  return effect;
}

std::optional<std::string_view> why_not_run(Form form) {
  switch (form) {
    case Form::CallR64:
    case Form::CallRel32:
      return "a call needs a callee; blocks call nothing";
    case Form::JmpR64:
      return "its operand is a place in the code, which no input can hold";
    case Form::Ret:
      return "every block ends with it";
    default:
      return std::nullopt;
  }
}

bool may_fault(Form form) {
  switch (form) {
    case ASSAY_ONE_OPERAND_FORMS(Div):
    case ASSAY_ONE_OPERAND_FORMS(Idiv):
    case Form::Ud2:
      return true;
    default:
      return false;
  }
}

}  // namespace assay::oracles::instructions
