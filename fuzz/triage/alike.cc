// Signatures put together; see alike.h. Tested by fuzz/triage/test/alike_test.cc.
#include "fuzz/triage/alike.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "core/ast/op.h"
#include "core/opt/passes.h"
#include "core/x64/form.h"
#include "fuzz/findings/signature.h"
#include "oracles/verdict.h"

namespace assay::fuzz {
namespace {

constexpr std::string_view kAny = "*";
constexpr std::string_view kSeveral = "several";
// So many operators of a family are the family.
constexpr std::size_t kFamilyFrom = 3;
// So many forms, of so many mnemonics, are the encoder.
constexpr std::size_t kEncoderForms = 4;
constexpr std::size_t kEncoderMnemonics = 3;

std::optional<x64::FormInfo> find_form(std::string_view form) {
  for (std::size_t i = 0; i < x64::kFormCount; ++i) {
    const x64::FormInfo& info = x64::form_info(static_cast<x64::Form>(i));
    if (info.id == form) return info;
  }
  return std::nullopt;
}

// Fields that a row of the table of instructions gives; all others are made from the operands.
bool of_table(std::string_view difference) {
  static constexpr std::array<std::string_view, 4> kFields = {"encoding:prefix", "encoding:opcode", "encoding:rex.w",
                                                              "encoding:vex"};
  return std::find(kFields.begin(), kFields.end(), difference) != kFields.end();
}

std::string mnemonic_of(std::string_view form) {
  const auto info = find_form(form);
  return std::string(info ? info->mnemonic : form);
}

// Operators that one piece of the compiler serves; the name of the family, or nothing.
std::string_view family_of(std::string_view node) {
  const auto op = ast::find_op(node);
  if (!op) return {};
  switch (*op) {
    case ast::Op::Eq:
    case ast::Op::Ne:
    case ast::Op::LtS:
    case ast::Op::LtU:
    case ast::Op::GtS:
    case ast::Op::GtU:
    case ast::Op::LeS:
    case ast::Op::LeU:
    case ast::Op::GeS:
    case ast::Op::GeU:
      return "comparisons";
    case ast::Op::DivS:
    case ast::Op::DivU:
    case ast::Op::RemS:
    case ast::Op::RemU:
      return "divisions";
    case ast::Op::Shl:
    case ast::Op::ShrS:
    case ast::Op::ShrU:
    case ast::Op::Rotl:
    case ast::Op::Rotr:
      return "shifts";
    case ast::Op::Wrap:
    case ast::Op::ExtendS:
    case ast::Op::ExtendU:
    case ast::Op::Extend8S:
    case ast::Op::Extend16S:
    case ast::Op::Extend32S:
      return "conversions";
    default:
      return {};
  }
}

// Quotient and remainder of one division come from the same place; its name, or nothing.
std::string_view division_of(std::string_view node) {
  if (node == "div_s" || node == "rem_s") return "signed division";
  if (node == "div_u" || node == "rem_u") return "unsigned division";
  return {};
}

// Where neither operator, loop nor branch is left, a pass takes a variable for what it is not.
bool tracked_value(std::string_view node) {
  return node == ast::node_kind_name(ast::NodeKind::Int) || node == ast::node_kind_name(ast::NodeKind::Load);
}

// Oracles that run code judge the same thing.
bool runs_code(std::string_view oracle) {
  return oracle != oracles::name(oracles::OracleId::Passes) && oracle != oracles::name(oracles::OracleId::Encoding) &&
         oracle != oracles::name(oracles::OracleId::LongRuns);
}

class Grouper {
 public:
  explicit Grouper(std::span<const CountedSignature> signatures) : signatures_(signatures) {
    for (const CountedSignature& one : signatures) parts_.push_back(parse_signature(one.signature));
  }

  AlikeGroups run() {
    find_families();
    std::map<std::string, std::vector<std::size_t>> by_key;
    AlikeGroups result;
    for (std::size_t i = 0; i < signatures_.size(); ++i) {
      if (parts_[i] && vague(*parts_[i]) && !died_of_a_violation(*parts_[i]) &&
          localised_stages_.contains(stage_of(*parts_[i]))) {
        result.not_looked_into.push_back(i);
      } else {
        by_key[key_of(i)].push_back(i);
      }
    }
    for (auto& [key, members] : by_key) result.groups.push_back(group_of(std::move(members)));
    std::sort(result.groups.begin(), result.groups.end(), [](const AlikeGroup& left, const AlikeGroup& right) {
      return left.count != right.count ? left.count > right.count : left.name < right.name;
    });
    return result;
  }

 private:
  // No construct is known, or of a pass only that it takes several: its name says more.
  static bool vague(const SignatureParts& parts) {
    const bool several = parts.node == kSeveral && parts.oracle == oracles::name(oracles::OracleId::Passes);
    return can_be_localised(parts) && (parts.node == kNotKnown || several);
  }

  [[nodiscard]] bool died_of_a_violation(const SignatureParts& parts) const {
    return parts.difference == oracles::name(oracles::DifferenceKind::ProcessDied) && !violation_.empty();
  }

  // Of signatures whose node is a construct.
  static std::string stage_of(const SignatureParts& parts) {
    return (runs_code(parts.oracle) ? std::string("code") : parts.oracle) + "/" + parts.stage;
  }

  void find_families() {
    std::map<std::string, std::set<std::string>> forms;
    std::map<std::string, std::set<std::string>> mnemonics;
    std::map<std::string, std::set<std::string>> operators;
    for (const auto& parts : parts_) {
      if (!parts) continue;
      if (parts->oracle == oracles::name(oracles::OracleId::Encoding)) {
        forms[parts->difference].insert(parts->form);
        mnemonics[parts->difference].insert(mnemonic_of(parts->form));
      }
      if (runs_code(parts->oracle) && parts->difference.starts_with("violation:")) violation_ = parts->difference;
      if (!can_be_localised(*parts) || vague(*parts)) continue;
      if (parts->oracle == oracles::name(oracles::OracleId::Passes) && ast::find_op(parts->node)) {
        passes_of_[parts->node].insert(parts->stage);
      }
      localised_stages_.insert(stage_of(*parts));
      for (const std::string_view family : {family_of(parts->node), division_of(parts->node)}) {
        if (!family.empty()) operators[stage_of(*parts) + "/" + std::string(family)].insert(parts->node);
      }
    }
    for (const auto& [field, some] : forms) {
      if (some.size() >= kEncoderForms && mnemonics[field].size() >= kEncoderMnemonics) encoder_fields_.insert(field);
    }
    for (const auto& [family, some] : operators) {
      const bool both =
          some.size() > 1 && !division_of(*some.begin()).empty() && family.ends_with(division_of(*some.begin()));
      if (some.size() >= kFamilyFrom || both) families_.insert(family);
    }
  }

  // What signatures of one fault have in common.
  std::string key_of(std::size_t index) const {
    if (!parts_[index]) return signatures_[index].signature;
    const SignatureParts& parts = *parts_[index];
    if (parts.oracle == oracles::name(oracles::OracleId::Encoding)) {
      if (!of_table(parts.difference)) {
        // The register in an opcode's low bits is another place of the encoder.
        const auto info = find_form(parts.form);
        const bool in_opcode = info && (info->encoding == x64::Encoding::O || info->encoding == x64::Encoding::OI);
        return "encoding/" + parts.difference + (in_opcode ? "/+r" : "");
      }
      const bool encoder = encoder_fields_.contains(parts.difference);
      return "encoding/" + parts.difference + (encoder ? "" : "/" + mnemonic_of(parts.form));
    }
    if (died_of_a_violation(parts)) return "code/" + parts.stage + "/" + violation_;
    if (can_be_localised(parts)) {
      const std::string stage = stage_of(parts);
      if (parts.oracle == oracles::name(oracles::OracleId::LongRuns)) return long_run_key(parts);
      const std::string family = stage + "/" + std::string(family_of(parts.node));
      if (families_.contains(family)) return family;
      const std::string division = stage + "/" + std::string(division_of(parts.node));
      if (families_.contains(division)) return division;
      if (parts.oracle == oracles::name(oracles::OracleId::Passes) && in_several_passes(parts.node)) {
        return "passes/*/" + parts.node;
      }
      if (parts.oracle == oracles::name(oracles::OracleId::Passes) && tracked_value(parts.node))
        return stage + "/values";
      return stage + "/" + parts.node;
    }
    // Rules broken, faults, and what else says itself what is wrong.
    if (runs_code(parts.oracle)) return "code/" + parts.stage + "/" + parts.difference;
    return parts.oracle + "/" + parts.stage + "/" + parts.difference;
  }

  [[nodiscard]] bool in_several_passes(const std::string& node) const {
    const auto found = passes_of_.find(node);
    return found != passes_of_.end() && found->second.size() > 1;
  }

  // Solved loops are what long runs judge, and they have a pass of their own.
  std::string long_run_key(const SignatureParts& parts) const {
    const std::string solver = "passes/" + std::string(opt::pass_info(opt::PassId::Scev).name);
    if (localised_stages_.contains(solver)) return solver + "/Loop";
    return stage_of(parts) + "/" + parts.node;
  }

  AlikeGroup group_of(std::vector<std::size_t> members) const {
    std::sort(members.begin(), members.end(), [this](std::size_t left, std::size_t right) {
      const CountedSignature& a = signatures_[left];
      const CountedSignature& b = signatures_[right];
      return a.count != b.count ? a.count > b.count : a.signature < b.signature;
    });
    AlikeGroup group;
    for (const std::size_t index : members) group.count += signatures_[index].count;
    group.name = name_of(members);
    group.members = std::move(members);
    return group;
  }

  std::string name_of(const std::vector<std::size_t>& members) const {
    if (members.size() == 1) return signatures_[members.front()].signature;
    SignatureParts common = *parts_[members.front()];
    for (const std::size_t index : members) {
      const SignatureParts& parts = *parts_[index];
      const auto keep = [](std::string& to, const std::string& from) {
        if (to != from) to = kAny;
      };
      keep(common.oracle, parts.oracle);
      keep(common.stage, parts.stage);
      keep(common.node, parts.node);
      keep(common.form, parts.form);
      keep(common.difference, parts.difference);
    }
    return print_signature(common);
  }

  std::span<const CountedSignature> signatures_;
  std::vector<std::optional<SignatureParts>> parts_;
  std::set<std::string> encoder_fields_;
  std::set<std::string> families_;
  std::set<std::string> localised_stages_;
  std::map<std::string, std::set<std::string>> passes_of_;  // by operator
  std::string violation_;                                   // one that was seen
};

}  // namespace

AlikeGroups group_alike(std::span<const CountedSignature> signatures) { return Grouper(signatures).run(); }

}  // namespace assay::fuzz
