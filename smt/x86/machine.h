// Machine: the part of an x86-64 CPU that compiled operators use, on terms instead of numbers.
//
// Registers are 64 bits; a write of 32 bits clears the high half, one of 8 or 16 keeps the rest. Of the flags there are
// CF, PF, ZF, SF and OF. What the manual leaves undefined (flags after a multiplication, the destination of BSF for 0)
// is a symbol of its own, so that whatever depends on it cannot be proved. Memory is three things that do not overlap:
// the frame of slots, the machine stack around RSP at entry, and everything else, which is not modelled.
//
// Written from the Intel SDM, volume 2, "Operation" and "Flags Affected" of each instruction.
//
// Tested by smt/x86/test/step_test.cc.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "smt/terms.h"
#include "smt/x86/instruction.h"

namespace assay::smt::x86 {

inline constexpr std::size_t kRegisters = 16;
inline constexpr std::uint8_t kRax = 0;
inline constexpr std::uint8_t kRcx = 1;
inline constexpr std::uint8_t kRdx = 2;
inline constexpr std::uint8_t kRsp = 4;

struct Flags {
  TermId carry, parity, zero, sign, overflow;  // truths
  // After a subtraction or comparison: what the conditions made of two flags say of its operands, which are lemmas
  // (lemmas.h). Not valid otherwise.
  TermId less;            // SF != OF
  TermId less_or_equal;   // ZF or SF != OF
  TermId below_or_equal;  // CF or ZF
};

struct MachineState {
  std::array<TermId, kRegisters> registers;
  Flags flags;
  std::vector<TermId> frame;             // 64 bits each
  std::map<std::int64_t, TermId> stack;  // 64 bits each, by distance from RSP at entry
  TermId path;                           // a truth: the branches on the way here went this way
};

// Where memory is: addresses are known only as a sum of one of these and a constant.
struct Addresses {
  TermId frame;
  TermId stack_pointer;  // at entry
};

class Machine {
 public:
  // `undefined`: the value of what is undefined, all bits of it; without one it is a new symbol each time.
  Machine(Terms& terms, const Addresses& addresses, std::optional<bool> undefined = std::nullopt)
      : terms_(terms), addresses_(addresses), undefined_(undefined), faults_(terms.truth(false)), outside_(faults_) {}

  // Executes one instruction that is no jump and no return. False if it is not modelled; `refusal` says what.
  [[nodiscard]] bool step(const Instruction& one, MachineState& state);

  [[nodiscard]] TermId condition(std::uint8_t number, const MachineState& state);
  [[nodiscard]] const std::string& refusal() const { return refusal_; }

  // When a division faulted (#DE) in a state that was executed so far.
  [[nodiscard]] TermId faults() const { return faults_; }
  // When a division was executed whose high half is not the extension of its low half, so that the model, which divides
  // at the operand's width, does not say what it gives.
  [[nodiscard]] TermId outside() const { return outside_; }

 private:
  // Operands.
  [[nodiscard]] TermId read(const Operand& operand, unsigned width, MachineState& state);
  void write(const Operand& operand, TermId value, MachineState& state);
  void write_register(std::uint8_t number, TermId value, MachineState& state);
  [[nodiscard]] TermId address(const Operand& operand, const MachineState& state);
  // Finds the 64-bit cell that holds the operand's low bits; null and a refusal where there is none.
  [[nodiscard]] TermId* cell(const Operand& operand, MachineState& state);
  [[nodiscard]] TermId* cell_at(TermId place, unsigned bits, MachineState& state);
  [[nodiscard]] TermId undefined(unsigned width);
  TermId refuse(const std::string& why);

  // Groups of instructions.
  void moves(const Instruction& one, MachineState& state);
  void sums(const Instruction& one, MachineState& state);
  void logic(const Instruction& one, MachineState& state);
  void multiply(const Instruction& one, MachineState& state);
  void divide(const Instruction& one, MachineState& state);
  void divide_constants(const Instruction& one, TermId high, TermId low, TermId divisor, MachineState& state);
  void shifts(const Instruction& one, MachineState& state);
  void rotates(const Instruction& one, MachineState& state);
  void shifts_without_flags(const Instruction& one, MachineState& state);
  void counts(const Instruction& one, MachineState& state);
  void pushes(const Instruction& one, MachineState& state);

  // Flags.
  void set_result_flags(TermId result, Flags& flags);
  [[nodiscard]] TermId even_parity(TermId result);
  void undefine_flags(Flags& flags);

  Terms& terms_;
  Addresses addresses_;
  std::optional<bool> undefined_;
  std::string refusal_;
  TermId faults_;
  TermId outside_;
};

}  // namespace assay::smt::x86
