// Drawing of trials; see trial.h. Tested by oracles/instructions/test/trial_test.cc.
#include "oracles/instructions/trial.h"

#include <algorithm>
#include <limits>

namespace assay::oracles::instructions {
namespace {

using x64::Address;
using x64::Form;
using x64::Operand;
using x64::OperandKind;

constexpr std::uint64_t kAllOnes = ~std::uint64_t{0};

// Drawn values -------------------------------------------------------------------------------------------------------

std::uint64_t edge_value(base::Rng& rng) {
  constexpr std::array<std::uint64_t, 20> kEdges = {0,
                                                    1,
                                                    2,
                                                    31,
                                                    32,
                                                    33,
                                                    63,
                                                    64,
                                                    127,
                                                    128,
                                                    255,
                                                    256,
                                                    0x7FFF,
                                                    0x8000,
                                                    0xFFFF,
                                                    0x7FFF'FFFF,
                                                    0x8000'0000,
                                                    0xFFFF'FFFF,
                                                    0x7FFF'FFFF'FFFF'FFFF,
                                                    0x8000'0000'0000'0000};
  const std::uint64_t edge = kEdges[rng.below(kEdges.size())];
  switch (rng.below(4)) {
    case 0:
      return ~edge;
    case 1:
      return 0 - edge;
    default:
      return edge;
  }
}

std::uint64_t value(base::Rng& rng) {
  switch (rng.below(8)) {
    case 0:
      return std::uint64_t{1} << rng.below(64);
    case 1: {
      const std::uint64_t wide = rng.next();
      return wide >> rng.below(64);
    }
    case 2: {
      // The halves on their own: 32-bit instructions see one of them.
      const std::uint64_t high = edge_value(rng);
      return high << 32 | (edge_value(rng) & 0xFFFF'FFFF);
    }
    case 3:
    case 4:
    case 5:
      return edge_value(rng);
    default:
      return rng.next();
  }
}

// A value that has something to do with one drawn before: equal, beside it, or its opposite.
std::uint64_t related_value(std::uint64_t earlier, base::Rng& rng) {
  switch (rng.below(8)) {
    case 0:
      return earlier + 1;
    case 1:
      return earlier - 1;
    case 2:
      return 0 - earlier;
    case 3:
      return ~earlier;
    default:
      return earlier;
  }
}

std::int32_t displacement(base::Rng& rng) {
  constexpr std::array<std::int32_t, 14> kEdges = {0,
                                                   0,
                                                   1,
                                                   -1,
                                                   8,
                                                   -8,
                                                   127,
                                                   128,
                                                   -128,
                                                   -129,
                                                   0x12345678,
                                                   -0x12345678,
                                                   std::numeric_limits<std::int32_t>::max(),
                                                   std::numeric_limits<std::int32_t>::min()};
  if (rng.chance(1, 4)) return static_cast<std::int32_t>(rng.next() >> 32);
  return kEdges[rng.below(kEdges.size())];
}

std::int64_t immediate(OperandKind kind, base::Rng& rng) {
  const std::uint64_t drawn = value(rng);
  switch (kind) {
    case OperandKind::I8:
      return static_cast<std::int8_t>(drawn);
    case OperandKind::I32:
      return static_cast<std::int32_t>(drawn);
    default:
      return static_cast<std::int64_t>(drawn);
  }
}

x64::RegId random_register(base::Rng& rng) { return static_cast<x64::RegId>(rng.below(x64::kRegCount)); }
x64::RegId random_register_but_rsp(base::Rng& rng) {
  const auto number = static_cast<std::uint8_t>(rng.below(x64::kRegCount - 1));
  return static_cast<x64::RegId>(number + (number >= kRsp ? 1 : 0));
}
std::uint8_t random_scale(base::Rng& rng) { return static_cast<std::uint8_t>(1U << rng.below(4)); }

// The inverse of an odd number modulo 2^64, by Newton's steps: each doubles the bits that are right, from 3.
std::uint64_t inverse(std::uint64_t odd) {
  std::uint64_t x = odd;
  for (int i = 0; i < 5; ++i) x *= 2 - odd * x;
  return x;
}

// Operands -----------------------------------------------------------------------------------------------------------

bool is_lea(Form form) { return form == Form::LeaR32M || form == Form::LeaR64M; }
bool is_push_or_pop(Form form) {
  return form == Form::PushR64 || form == Form::PushI8 || form == Form::PushI32 || form == Form::PopR64;
}

// lea computes any address; it need not be anywhere.
Address any_address(base::Rng& rng) {
  Address address;
  address.has_base = rng.chance(3, 4);
  address.has_index = rng.chance(1, 2);
  if (address.has_base) address.base = random_register(rng);
  if (address.has_index) {
    address.index = random_register_but_rsp(rng);
    address.scale = random_scale(rng);
  }
  address.displacement = displacement(rng);
  return address;
}

class Drawing {
 public:
  Drawing(Form form, base::Rng& rng) : rng_(rng) { trial_.instruction.form = form; }

  Trial draw(std::size_t inputs) {
    draw_operands();
    for (std::size_t i = 0; i < inputs; ++i) trial_.inputs.push_back(draw_inputs());
    return std::move(trial_);
  }

 private:
  void draw_operands() {
    const Form form = trial_.instruction.form;
    const x64::FormInfo& info = x64::form_info(form);
    bool touches_rsp = is_push_or_pop(form);
    trial_.uses_stack = touches_rsp || is_branch(form);
    for (std::size_t i = 0; i < 3; ++i) {
      Operand& operand = trial_.instruction.operands[i];
      operand.kind = info.operands[i];
      if (x64::is_register(operand.kind)) {
        operand.reg = x64::number(random_register(rng_));
        touches_rsp |= operand.reg == kRsp;
      } else if (operand.kind == OperandKind::Condition) {
        operand.reg = static_cast<std::uint8_t>(rng_.below(16));
      } else if (x64::is_immediate(operand.kind)) {
        operand.immediate = immediate(operand.kind, rng_);
      } else if (x64::is_memory(operand.kind)) {
        if (is_lea(form)) {
          operand.address = any_address(rng_);
        } else {
          draw_address(operand);
        }
      }
    }
    if (touches_rsp) choose_rescue();
  }

  // An address inside one of the windows, in every shape that base, index, scale and displacement can give it but an
  // absolute one: nothing is mapped there.
  void draw_address(Operand& operand) {
    Address& address = operand.address;
    const auto bytes = static_cast<std::uint32_t>(x64::operand_bits(operand.kind)) / 8;
    target_ = rng_.below(static_cast<std::uint32_t>(8 * kWindowCells) - bytes + 1);
    address.displacement = displacement(rng_);
    address.scale = random_scale(rng_);
    switch (rng_.below(12)) {
      case 0:
        return draw_stack_address(address, false);
      case 1:
        return draw_stack_address(address, true);
      case 2:
      case 3:
        address.has_index = true;
        address.index = random_register_but_rsp(rng_);
        return point_index_only(address);
      case 4:
        address.has_base = address.has_index = true;
        address.base = address.index = random_register_but_rsp(rng_);
        return point_same_register(address);
      case 5:
      case 6:
      case 7:
      case 8:
        address.has_index = true;
        address.index = random_register_but_rsp(rng_);
        break;
      default:
        break;
    }
    address.has_base = true;
    do address.base = random_register_but_rsp(rng_);
    while (address.has_index && address.base == address.index);
    if (!address.has_index) address.scale = 1;
    moving_index_ = address.has_index;
    address_ = address;
    pointed_ = x64::number(address.base);
    pointed_input_ = target_ - static_cast<std::uint64_t>(std::int64_t{address.displacement});
    trial_.pointers.push_back({*pointed_, 1, 0});
  }

  void draw_stack_address(Address& address, bool indexed) {
    trial_.uses_stack = true;
    address.has_base = true;
    address.base = x64::RegId::Rsp;
    const std::int64_t target = static_cast<std::int64_t>(target_) - static_cast<std::int64_t>(kRspInWindow);
    if (!indexed) {
      address.scale = 1;
      address.displacement = static_cast<std::int32_t>(target);
      return;
    }
    address.has_index = true;
    address.index = random_register_but_rsp(rng_);
    pointed_ = x64::number(address.index);
    pointed_input_ = quotient(target, address, address.scale);
  }

  void point_index_only(Address& address) {
    pointed_ = x64::number(address.index);
    pointed_input_ = quotient(static_cast<std::int64_t>(target_), address, address.scale);
    std::uint8_t shift = 0;
    while ((1U << shift) != address.scale) ++shift;
    trial_.pointers.push_back({*pointed_, 1, shift});
  }

  // One register both as base and as index counts 1 + scale times.
  void point_same_register(Address& address) {
    pointed_ = x64::number(address.base);
    if (address.scale == 1) {
      pointed_input_ = quotient(static_cast<std::int64_t>(target_), address, 2);
      trial_.pointers.push_back({*pointed_, 1, 1});
      return;
    }
    const std::uint64_t factor = inverse(1U + address.scale);
    pointed_input_ = factor * (target_ - static_cast<std::uint64_t>(std::int64_t{address.displacement}));
    trial_.pointers.push_back({*pointed_, factor, 0});
  }

  // (target - displacement) / divisor, the displacement moved to where that is a whole number.
  static std::uint64_t quotient(std::int64_t target, Address& address, std::int64_t divisor) {
    std::int64_t rest = (address.displacement - target) % divisor;
    if (rest < 0) rest += divisor;
    std::int64_t moved = address.displacement - rest;
    if (moved < std::numeric_limits<std::int32_t>::min()) moved += divisor;
    address.displacement = static_cast<std::int32_t>(moved);
    return static_cast<std::uint64_t>((target - moved) / divisor);
  }

  // A register that the instruction has nothing to do with. R12 needs a longer encoding as a base, and RAX, RCX and RDX
  // are the implicit operands.
  void choose_rescue() {
    const auto taken = [this](std::uint8_t number) {
      if (number <= kRdx || number == kRsp || number == 12) return true;
      return std::ranges::any_of(trial_.instruction.operands, [number](const Operand& operand) {
        if (x64::is_register(operand.kind)) return operand.reg == number;
        if (!x64::is_memory(operand.kind)) return false;
        return (operand.address.has_base && x64::number(operand.address.base) == number) ||
               (operand.address.has_index && x64::number(operand.address.index) == number);
      });
    };
    std::uint8_t number = 0;
    do number = static_cast<std::uint8_t>(rng_.below(x64::kRegCount));
    while (taken(number));
    trial_.rescue = number;
    trial_.pointers.push_back({number, 1, 0});
  }

  // ---- inputs

  Inputs draw_inputs() {
    Inputs inputs;
    for (std::size_t i = 0; i < 16; ++i) {
      const bool related = i > 0 && rng_.chance(1, 4);
      const auto earlier = related ? rng_.below(static_cast<std::uint32_t>(i)) : 0;
      inputs.registers[i] = related ? related_value(inputs.registers[earlier], rng_) : value(rng_);
    }
    const auto cell = [this, &inputs] {
      if (!rng_.chance(1, 4)) return value(rng_);
      const std::uint32_t earlier = rng_.below(16);
      return related_value(inputs.registers[earlier], rng_);
    };
    for (std::uint64_t& one : inputs.frame) one = cell();
    for (std::uint64_t& one : inputs.stack) one = cell();
    inputs.flags = rng_.next() & kAllFlags;
    suit_division(inputs);
    if (pointed_) inputs.registers[*pointed_] = pointed_input_;
    if (moving_index_) {
      inputs.registers[*pointed_] -= inputs.registers[x64::number(address_.index)] * address_.scale;
    }
    if (trial_.rescue) inputs.registers[*trial_.rescue] = 0;
    return inputs;
  }

  // Most random dividends are too large for their divisor; so most get an upper half that suits.
  void suit_division(Inputs& inputs) {
    const x64::FormInfo& info = x64::form_info(trial_.instruction.form);
    const bool is_signed = info.mnemonic == "idiv";
    if (!is_signed && info.mnemonic != "div") return;
    const bool wide = x64::operand_bits(info.operands[0]) == 64;
    std::uint64_t& high = inputs.registers[kRdx];
    std::uint64_t& rax = inputs.registers[kRax];
    if (is_signed && !wide && rng_.chance(1, 4096)) {
      // The one case that kills the emulator (IdivOverflow).
      high = 0x8000'0000;
      rax = 0;
      inputs.frame.fill(kAllOnes);
      inputs.stack.fill(kAllOnes);
      if (x64::is_register(info.operands[0])) inputs.registers[trial_.instruction.operands[0].reg] = kAllOnes;
      return;
    }
    if (rng_.chance(1, 4)) return;
    if (is_signed) {
      high = (rax >> (wide ? 63 : 31) & 1U) != 0 ? kAllOnes : 0;
    } else {
      high = rng_.chance(1, 2) ? 0 : rng_.below(64);
    }
  }

  base::Rng& rng_;
  Trial trial_;
  std::uint64_t target_ = 0;             // byte in the window
  std::optional<std::uint8_t> pointed_;  // the register that is given its input so that the address comes out right
  std::uint64_t pointed_input_ = 0;
  bool moving_index_ = false;  // the index is drawn with the inputs, and the base makes up for it
  Address address_;
};

}  // namespace

Trial draw_trial(Form form, std::size_t inputs, base::Rng& rng) { return Drawing(form, rng).draw(inputs); }

State state_before(const Trial& trial, const Inputs& inputs, std::uint64_t window_address, std::uint64_t rsp) {
  State state;
  state.registers = inputs.registers;
  for (const Pointer& pointer : trial.pointers) {
    state.registers[pointer.register_number] += (window_address * pointer.factor) >> pointer.shift;
  }
  state.registers[kRsp] = rsp;
  state.flags = inputs.flags;
  state.frame = {window_address, inputs.frame};
  state.stack = {rsp - kRspInWindow, inputs.stack};
  return state;
}

}  // namespace assay::oracles::instructions
