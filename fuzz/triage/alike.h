// Alike: which signatures are one fault.
//
// A signature is precise, and one fault may have many of them: an encoder that loses REX.X does so in every form, and a
// wrong comparison is seen by the emulator in one program and by the CPU in another. What is put together, and why:
//
// - wrong bytes: a form is a row of a table whatever node it was made for, so nodes do not count. A field that is made
//   from the operands (a register's high bit, a displacement) is the encoder's in whatever form it is wrong. Opcodes,
//   prefixes and REX.W come from the row: they are told apart by mnemonic, unless four forms or more, of three
//   mnemonics or more, are wrong in the same;
// - wrong values of code: who saw it does not count, nor whether the value was stored, pushed or led elsewhere;
// - of one stage, three operators or more of one family (comparisons, divisions, shifts, conversions); quotient and
//   remainder of the same signedness already when there are both;
// - of one pass, constants and variables where they are all that is left: it does not know what a variable holds;
// - one operator that several passes get wrong: they share what evaluates it;
// - broken rules of the ABI, and faults of one kind: what was broken is what counts. The tiered executor calls code
//   without a guard, so where code breaks the ABI a process of it that died has died of that;
// - runs that only the CPU finishes judge solved loops: with the loops of the pass that solves them, if that is known.
//
// Failures that nobody looked into (no node, in a stage where others have one) are counted apart: whose they are is not
// known, and none of them is a fault of its own. So are those of a pass of which only is known that several operators
// are in it.
//
// Tested by fuzz/triage/test/alike_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace assay::fuzz {

struct CountedSignature {
  std::string signature;
  std::uint64_t count = 0;
};

struct AlikeGroup {
  // The signature where there is one; otherwise the parts that all have, "*" for the others.
  std::string name;
  std::vector<std::size_t> members;  // indices, the most frequent first
  std::uint64_t count = 0;
};

struct AlikeGroups {
  std::vector<AlikeGroup> groups;            // the most frequent first; of as many, by name
  std::vector<std::size_t> not_looked_into;  // indices
};

// Every index is in one group or among those not looked into.
[[nodiscard]] AlikeGroups group_alike(std::span<const CountedSignature> signatures);

}  // namespace assay::fuzz
