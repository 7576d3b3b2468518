// The bytes of an instruction; see encode.h. Tested by oracles/instructions/test/encode_test.cc.
#include "oracles/instructions/encode.h"

#include <algorithm>
#include <array>

#include "core/x64/assembler.h"

namespace assay::oracles::instructions {
namespace {

using x64::Form;

// mov qword ptr [rsp + kMarkPlace], kNotTaken
constexpr std::array<std::uint8_t, 9> kMark = {0x48, 0xC7, 0x44, 0x24, kMarkPlace, kNotTaken, 0, 0, 0};
constexpr std::uint8_t kNop = 0x90;

// What the branch goes over is written by hand, like all of the block but the instruction: first instructions of the
// right length stand there, so that the assembler finds the distance.
std::vector<std::uint8_t> encode_branch(const Instruction& branch) {
  const bool is_near = branch.form == Form::JccRel32 || branch.form == Form::JmpRel32;
  const std::size_t room = is_near ? 140 : 10;
  x64::Assembler assembler;
  const x64::Label target = assembler.new_label();
  if (branch.form == Form::JccRel8 || branch.form == Form::JccRel32) {
    assembler.jcc(static_cast<x64::Cond>(branch.operands[0].reg), target);
  } else {
    assembler.jmp(target);
  }
  for (std::size_t i = 0; i < room / 2; ++i) assembler.ud2();
  assembler.bind(target);
  assembler.finish();
  std::vector<std::uint8_t> bytes(assembler.code().begin(), assembler.code().end());
  std::fill(bytes.end() - static_cast<std::ptrdiff_t>(room), bytes.end(), kNop);
  std::ranges::copy(kMark, bytes.end() - kMark.size());
  return bytes;
}

}  // namespace

std::vector<std::uint8_t> encode(const Instruction& one) {
  if (is_branch(one.form)) return encode_branch(one);
  x64::Assembler assembler;
  assembler.emit(one.form, one.operands[0], one.operands[1], one.operands[2]);
  assembler.finish();
  return {assembler.code().begin(), assembler.code().end()};
}

}  // namespace assay::oracles::instructions
