// Instructions for tests, written as one writes assembly: `made([](Assembler& a) { a.add(eax, ecx); })`.
#pragma once

#include <functional>

#include "core/x64/assembler.h"
#include "oracles/instructions/trial.h"

namespace assay::oracles::instructions {

inline Instruction made(const std::function<void(x64::Assembler&)>& write) {
  x64::Assembler assembler;
  assembler.record_intents(true);
  write(assembler);
  const x64::Intent& intent = assembler.intents().front();
  return {intent.form, intent.operands};
}

// A trial on one input: registers by number, everything else zero.
inline Trial trial_of(const Instruction& instruction, const std::array<std::uint64_t, 16>& registers,
                      std::uint64_t flags = 0) {
  Trial trial;
  trial.instruction = instruction;
  Inputs inputs;
  inputs.registers = registers;
  inputs.flags = flags;
  trial.inputs.push_back(inputs);
  return trial;
}

inline constexpr x64::Reg8 al{x64::RegId::Rax}, cl{x64::RegId::Rcx}, dil{x64::RegId::Rdi};
inline constexpr x64::Reg16 ax{x64::RegId::Rax}, cx{x64::RegId::Rcx};
inline constexpr x64::Reg32 eax{x64::RegId::Rax}, ecx{x64::RegId::Rcx}, edx{x64::RegId::Rdx}, ebx{x64::RegId::Rbx},
    r9d{x64::RegId::R9};
inline constexpr x64::Reg64 rax{x64::RegId::Rax}, rcx{x64::RegId::Rcx}, rdx{x64::RegId::Rdx}, rbx{x64::RegId::Rbx},
    rsp{x64::RegId::Rsp}, rdi{x64::RegId::Rdi}, r9{x64::RegId::R9};

}  // namespace assay::oracles::instructions
