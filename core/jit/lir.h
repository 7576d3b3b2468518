// LIR: the machine-level form between selection and emission. Virtual registers, one operation per entry, in a flat
// vector.
//
// Values live in virtual registers, of which there are as many as needed; control flow is labels and branches over
// them. The operations are close to x86-64's, but three-operand: which register is overwritten is emission's concern.
//
// Tested by core/jit/test/operators_test.cc and statements_test.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "core/ast/trap.h"
#include "core/base/typed_index.h"
#include "core/x64/registers.h"

namespace assay::jit {

struct VRegTag;
using VReg = base::TypedIndex<VRegTag>;

enum class LirOp : std::uint8_t {
  Constant,  // dst = imm
  Move,      // dst = a; at width 32 the high half of dst is zero
  // dst = a op (b, or imm when b is none). The immediate of arithmetic fits in 32 bits, sign-extended.
  Add,
  Sub,
  And,
  Or,
  Xor,
  Mul,
  AndNot,     // a & ~b
  AddScaled,  // a + b * imm; imm is 2, 4 or 8
  Shl,
  ShrS,
  ShrU,
  Rotl,
  Rotr,  // the count is masked by the width
  // dst = a op b; the caller has excluded what would fault
  DivS,
  DivU,
  RemS,
  RemU,
  // dst = op a
  Neg,
  Not,
  Abs,
  Clz,
  Ctz,
  Popcnt,
  SignExtend8,
  SignExtend16,
  SignExtend32,
  SetCondition,  // dst = a cond (b or imm) ? 1 : 0; dst has width 32
  Select,        // dst = c != 0 ? a : b (or imm when b is none); `condition_width` is c's
  // dst = a cond (b or imm) ? c : d; `condition_width` is that of a and b
  SelectIf,

  Label,      // label
  Jump,       // to label
  Branch,     // to label if a cond (b or imm)
  LoopBegin,  // marks: what lives into a loop lives through it
  LoopEnd,
  FirstBranch,  // marks: what lives into the second branch need not live through the first
  SecondBranch,
  BranchesEnd,
  Push,    // operand stack cell = a, zero-extended; index + 1
  TrapIf,  // leave with trap kind `label` if a cond (b or imm)
  Leave,   // leave with the stack index
};

struct Lir {
  LirOp op = LirOp::Leave;
  std::uint8_t width = 32;            // of the operands, 32 or 64
  std::uint8_t condition_width = 32;  // Select and SelectIf only
  x64::Cond cond = x64::Cond::E;
  std::uint32_t node = 0xFFFFFFFFU;  // the AST node it was made for
  VReg dst;
  VReg a;
  VReg b;
  VReg c;
  VReg d;
  std::uint32_t label = 0;  // or the number of a trap kind
  std::int64_t imm = 0;
};

// What selection knows of a virtual register.
struct VRegInfo {
  std::uint8_t width = 32;
  bool loaded_at_entry = false;  // a frame slot whose value at entry is used
  bool stored_at_exit = false;   // a frame slot that some statement assigns
  std::int32_t slot = -1;        // the frame slot it holds, or -1
  std::uint32_t weight = 0;      // uses, times 8 for each enclosing loop, capped
  std::uint32_t loads = 0;       // of a variable: places in the text that read it
};

struct LirProgram {
  std::vector<Lir> code;
  std::vector<VRegInfo> vregs;
  std::uint32_t label_count = 0;
  VReg stack_base;   // the operand stack's address; none when nothing is pushed
  VReg stack_index;  // always there: it is the result

  void clear();
};

}  // namespace assay::jit
