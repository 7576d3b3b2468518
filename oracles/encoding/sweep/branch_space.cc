// Cases, what is expected of them, and the assembler's answer; see branch_space.h.
//
// Tested by oracles/encoding/test/branch_space_test.cc.
#include "oracles/encoding/sweep/branch_space.h"

#include "core/x64/assembler.h"

namespace assay::oracles::encoding::sweep {
namespace {

using x64::Form;
using x64::Intent;
using x64::OperandKind;

constexpr std::uint32_t kFarBytes = 200;

std::uint32_t length_of(BranchKind kind, bool is_short) {
  if (is_short) return 2;
  return kind < kJmp ? 6 : 5;
}

Form form_of(BranchKind kind, bool is_short) {
  if (kind == kCall) return Form::CallRel32;
  if (kind == kJmp) return is_short ? Form::JmpRel8 : Form::JmpRel32;
  return is_short ? Form::JccRel8 : Form::JccRel32;
}

// Where everything stands when branches have the given lengths.
struct Layout {
  std::array<std::int64_t, 2> offset{};
  std::array<std::int64_t, 2> length{};
  std::int64_t end = 0;

  Layout(const BranchCase& one, const std::array<bool, 2>& is_short) {
    end = one.lead;
    for (std::size_t i = 0; i < one.count; ++i) {
      offset[i] = end;
      length[i] = length_of(one.branches[i].kind, is_short[i]);
      end += length[i] + one.branches[i].gap;
    }
  }

  [[nodiscard]] std::int64_t place(Target target) const {
    if (target == Target::Start) return 0;
    return target == Target::End ? end : end + kFarBytes;
  }
  [[nodiscard]] bool reaches(const BranchCase& one, std::size_t i) const {
    const std::int64_t displacement = place(one.branches[i].target) - (offset[i] + length[i]);
    return displacement >= -128 && displacement <= 127;
  }
};

// The choice of short branches with the least code in which each of them reaches.
std::array<bool, 2> shortest(const BranchCase& one) {
  std::array<bool, 2> best{};
  std::int64_t least = -1;
  for (unsigned choice = 0; choice < (1U << one.count); ++choice) {
    const std::array<bool, 2> is_short = {(choice & 1) != 0, (choice & 2) != 0};
    const Layout layout(one, is_short);
    bool possible = true;
    for (std::size_t i = 0; i < one.count; ++i) {
      if (is_short[i]) possible = possible && one.branches[i].kind != kCall && layout.reaches(one, i);
    }
    if (!possible || (least >= 0 && layout.end >= least)) continue;
    least = layout.end;
    best = is_short;
  }
  return best;
}

std::vector<BranchCase> make_cases() {
  std::vector<BranchCase> cases;
  const auto add_alone = [&](BranchKind kind, std::uint32_t distance) {
    BranchCase one;
    one.branches[0] = {kind, Target::End, distance};
    cases.push_back(one);
    one.branches[0] = {kind, Target::Start, 0};
    one.lead = distance;
    cases.push_back(one);
  };
  for (BranchKind kind = 0; kind < kBranchKinds; ++kind) {
    for (std::uint32_t distance = 0; distance <= 300; ++distance) add_alone(kind, distance);
    for (const std::uint32_t distance : {1000U, 32767U, 32768U, 70000U}) add_alone(kind, distance);
  }
  // All four bytes of a displacement; farther branches need more code than anybody has.
  constexpr std::uint32_t kSixteenMegabytes = (1U << 24) + 5;
  for (const BranchKind kind : {BranchKind{4}, kJmp, kCall}) add_alone(kind, kSixteenMegabytes);
  // The first leads over the second, and the second over the first or far away: one that grows pushes the other.
  for (const BranchKind first : {BranchKind{4}, kJmp, kCall}) {
    for (const BranchKind second : {BranchKind{12}, kJmp, kCall}) {
      for (const Target target : {Target::Start, Target::Far}) {
        for (std::uint32_t gap = 110; gap <= 135; ++gap) {
          for (std::uint32_t last = 0; last < 8; ++last) {
            BranchCase one;
            one.count = 2;
            one.branches = {{{first, Target::End, gap}, {second, target, last}}};
            cases.push_back(one);
          }
        }
      }
    }
  }
  return cases;
}

// Instructions of so many bytes in all, which are not recorded: the gaps are not on trial.
void fill(x64::Assembler& assembler, std::uint32_t bytes) {
  assembler.record_intents(false);
  constexpr std::uint32_t kLong = 10;
  for (; bytes >= kLong; bytes -= kLong) assembler.mov(x64::Reg64{x64::RegId::Rax}, x64::Imm64{0});
  for (; bytes > 0; --bytes) assembler.ret();
  assembler.record_intents(true);
}

void branch(x64::Assembler& assembler, BranchKind kind, x64::Label target) {
  if (kind == kCall) {
    assembler.call(target);
  } else if (kind == kJmp) {
    assembler.jmp(target);
  } else {
    assembler.jcc(static_cast<x64::Cond>(kind), target);
  }
}

}  // namespace

const std::vector<BranchCase>& branch_cases() {
  static const std::vector<BranchCase> cases = make_cases();
  return cases;
}

std::vector<Intent> expected_branches(const BranchCase& one) {
  const std::array<bool, 2> is_short = shortest(one);
  const Layout layout(one, is_short);
  std::vector<Intent> intents(one.count);
  for (std::size_t i = 0; i < one.count; ++i) {
    const BranchKind kind = one.branches[i].kind;
    intents[i].form = form_of(kind, is_short[i]);
    intents[i].offset = static_cast<std::uint32_t>(layout.offset[i]);
    intents[i].length = static_cast<std::uint8_t>(layout.length[i]);
    if (kind < kJmp) {
      intents[i].operands[0].kind = OperandKind::Condition;
      intents[i].operands[0].reg = kind;
    }
    x64::Operand& target = intents[i].operands[kind < kJmp ? 1 : 0];
    target.kind = is_short[i] ? OperandKind::Rel8 : OperandKind::Rel32;
    target.immediate = layout.place(one.branches[i].target);
  }
  return intents;
}

std::vector<AssembledBranch> assemble_branches(const BranchCase& one) {
  x64::Assembler assembler;
  const std::array<x64::Label, 3> labels = {assembler.new_label(), assembler.new_label(), assembler.new_label()};
  const auto label = [&](Target target) { return labels[static_cast<std::size_t>(target)]; };
  assembler.bind(label(Target::Start));
  fill(assembler, one.lead);
  for (std::size_t i = 0; i < one.count; ++i) {
    branch(assembler, one.branches[i].kind, label(one.branches[i].target));
    fill(assembler, one.branches[i].gap);
  }
  assembler.bind(label(Target::End));
  fill(assembler, kFarBytes);
  assembler.bind(label(Target::Far));
  assembler.record_intents(false);
  assembler.ret();
  assembler.finish();
  std::vector<AssembledBranch> result;
  for (const Intent& intent : assembler.intents()) {
    const auto bytes = assembler.code().subspan(intent.offset, intent.length);
    result.push_back({intent, {bytes.begin(), bytes.end()}});
  }
  return result;
}

}  // namespace assay::oracles::encoding::sweep
