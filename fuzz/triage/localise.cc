// Making programs small to see what they are about; see localise.h. Tested by fuzz/triage/test/localise_test.cc.
#include "fuzz/triage/localise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ast/compact.h"
#include "core/opt/pipeline.h"
#include "fuzz/findings/replay.h"
#include "fuzz/reduce/signature_predicate.h"
#include "fuzz/triage/first_diverging.h"
#include "oracles/blame.h"

namespace assay::fuzz {
namespace {

using ast::NodeKind;

constexpr std::string_view kSeveral = "several";

bool is_loop(NodeKind kind) { return kind == NodeKind::Loop || kind == NodeKind::While; }
bool is_branch(NodeKind kind) { return kind == NodeKind::If || kind == NodeKind::Break || kind == NodeKind::Continue; }
bool is_operator(NodeKind kind) {
  return kind == NodeKind::Unary || kind == NodeKind::Binary || kind == NodeKind::Compare ||
         kind == NodeKind::Convert || kind == NodeKind::Select;
}

// The labels that guilty_construct may give for a program, whatever it is reduced to.
bool may_be_about(const ast::Program& program, std::string_view node) {
  if (node == kNotKnown || node == kSeveral) return true;
  for (std::uint32_t i = 0; i < program.node_count(); ++i) {
    const ast::Node& one = program.node(ast::NodeId{i});
    if (node == oracles::node_label(one)) return true;
    if (is_loop(one.kind) && node == ast::node_kind_name(NodeKind::Loop)) return true;
    if (is_branch(one.kind) && node == ast::node_kind_name(NodeKind::If)) return true;
  }
  return false;
}

// The signatures' parts that a predicate compares.
bool of_stage(std::string_view signature, const SignatureParts& wanted) {
  const auto parts = parse_signature(signature);
  return parts && can_be_localised(*parts) && parts->oracle == wanted.oracle && parts->stage == wanted.stage;
}

class StagePredicate {
 public:
  StagePredicate(oracles::Judge& judge, SignatureParts parts) : judge_(&judge), parts_(std::move(parts)) {}

  base::Result<std::vector<bool>> operator()(std::span<const Finding> findings) {
    const x64::CpuFeatures host = x64::host_features();
    std::vector<oracles::Subject> subjects;
    const bool tiered = parts_.oracle == oracles::name(oracles::OracleId::Tiered);
    for (const Finding& finding : findings) {
      subjects.push_back({&finding.program, finding.inputs, x64::intersection(finding.features, host), tiered,
                          finding.pipeline ? *finding.pipeline : opt::default_pipeline()});
    }
    oracles::BatchReport report;
    if (const auto judged = judge_->judge(subjects, report); !judged) return judged.error();
    std::vector<bool> same(findings.size(), false);
    std::vector<bool> other(findings.size(), false);
    for (const oracles::Conviction& conviction : report.convictions) {
      const ast::Program& program = findings[conviction.subject].program;
      // Bytes that are wrong in themselves are another fault, whatever comes of running them.
      other[conviction.subject] = other[conviction.subject] || conviction.oracle == oracles::OracleId::Encoding;
      if (!may_be_about(program, parts_.node)) continue;
      if (of_stage(signature_of(conviction, program), parts_)) same[conviction.subject] = true;
    }
    for (std::size_t i = 0; i < same.size(); ++i) same[i] = same[i] && !other[i];
    return same;
  }

 private:
  oracles::Judge* judge_;
  SignatureParts parts_;
};

struct Constructs {
  bool loop = false;
  bool branch = false;
  bool constant = false;
  std::set<std::string_view> operators;
};

Constructs constructs_of(const ast::Program& program) {
  Constructs result;
  for (std::uint32_t i = 0; i < program.node_count(); ++i) {
    const ast::Node& node = program.node(ast::NodeId{i});
    result.loop |= is_loop(node.kind);
    result.branch |= is_branch(node.kind);
    result.constant |= node.kind == NodeKind::Int;
    if (is_operator(node.kind)) result.operators.insert(oracles::node_label(node));
  }
  return result;
}

// The operator at the root of a statement's expression; none for a constant or a variable.
std::optional<std::string_view> root_operator(const ast::Program& program, const ast::Node& statement) {
  const bool stores = statement.kind == NodeKind::Store || statement.kind == NodeKind::Let;
  const ast::NodeId value = stores ? statement.child_b() : statement.child_a();
  if (!value.valid()) return std::nullopt;
  const ast::Node& root = program.node(value);
  if (!is_operator(root.kind)) return std::nullopt;
  return oracles::node_label(root);
}

// Of each whether some pass, whichever, gives it another value.
base::Result<std::vector<bool>> any_pass_convicts(oracles::Judge& judge, std::span<const Finding> findings) {
  std::vector<oracles::Subject> subjects;
  for (const Finding& one : findings)
    subjects.push_back({&one.program, one.inputs, {}, false, opt::default_pipeline()});
  oracles::BatchReport report;
  if (const auto judged = judge.judge(subjects, report); !judged) return judged.error();
  std::vector<bool> convicted(findings.size(), false);
  for (const oracles::Conviction& conviction : report.convictions)
    convicted[conviction.subject] = convicted[conviction.subject] || conviction.oracle == oracles::OracleId::Passes;
  return convicted;
}

// With its first input alone, which is the one that failed, where that is enough. Every attempt runs all inputs, and
// where code runs away each of them costs all the time there is.
base::Result<Finding> with_one_input(const Finding& finding, const Predicate& still_fails) {
  if (finding.inputs.size() < 2) return finding;
  Finding one = finding;
  one.inputs.resize(1);
  const auto verdict = still_fails(std::span(&one, 1));
  if (!verdict) return verdict.error();
  return verdict->front() ? one : finding;
}

}  // namespace

Predicate stage_predicate(oracles::Judge& judge, const SignatureParts& parts) {
  // Predicates are copied; the judge and its state are not.
  return StagePredicate(judge, parts);
}

std::string guilty_construct(const ast::Program& small, const SignatureParts& parts) {
  ast::Program program;
  ast::compact(small, program);  // dead nodes are about nothing
  const Constructs constructs = constructs_of(program);
  if (constructs.loop) return std::string(ast::node_kind_name(NodeKind::Loop));
  // A branch that needs a comparison is about the comparison.
  if (constructs.branch && constructs.operators.size() != 1) return std::string(ast::node_kind_name(NodeKind::If));
  if (constructs.operators.empty()) {
    return std::string(ast::node_kind_name(constructs.constant ? NodeKind::Int : NodeKind::Load));
  }
  if (constructs.operators.size() == 1) return std::string(*constructs.operators.begin());
  // Of a guilty pass the operands are not compiled, so several operators are one expression that it changed; the one at
  // its root gives the value.
  if (parts.stage != "codegen") {
    std::set<std::string_view> roots;
    for (ast::NodeId id = program.body(); id.valid(); id = program.node(id).next) {
      if (const auto root = root_operator(program, program.node(id))) roots.insert(*root);
    }
    if (roots.size() == 1) return std::string(*roots.begin());
  }
  return std::string(kSeveral);
}

base::Result<std::string> localised_signature(oracles::Judge& judge, const Finding& small) {
  const auto recorded = parse_signature(small.signature);
  if (!recorded) return small.signature;
  const auto replayed = replay(judge, small);
  if (!replayed) return replayed.error();
  if (recorded->oracle == oracles::name(oracles::OracleId::Tiered)) {
    for (const std::string& seen : replayed->signatures) {
      const auto parts = parse_signature(seen);
      if (parts && !can_be_localised(*parts)) return seen;
    }
  }
  for (const std::string& seen : replayed->signatures) {
    if (!of_stage(seen, *recorded)) continue;
    // The kind of difference is that of the small program.
    SignatureParts parts = *parse_signature(seen);
    parts.node = guilty_construct(small.program, parts);
    if (lone_expressions(small).size() > 1 || !ast::find_op(parts.node)) {
      SignatureParts stage = parts;
      stage.node = std::string(kNotKnown);
      const Predicate same_stage = stage_predicate(judge, stage);
      const bool of_passes = parts.oracle == oracles::name(oracles::OracleId::Passes);
      const auto first = first_diverging(small, [&](std::span<const Finding> alone) -> base::Result<std::vector<bool>> {
        auto wrong = same_stage(alone);
        if (!wrong || !of_passes) return wrong;
        // A pass may be wrong because of what evaluates for it, which other passes show by itself.
        const auto anywhere = any_pass_convicts(judge, alone);
        if (!anywhere) return anywhere.error();
        for (std::size_t i = 0; i < alone.size(); ++i) (*wrong)[i] = (*wrong)[i] || (*anywhere)[i];
        return wrong;
      });
      if (!first) return first.error();
      if (*first) parts.node = **first;
    }
    if (parts.stage != "codegen" && ast::find_op(parts.node)) {
      SignatureParts stage = parts;
      stage.node = std::string(kNotKnown);
      const auto any = any_value_does(small, parts.node, stage_predicate(judge, stage));
      if (!any) return any.error();
      if (*any) parts.node = std::string(ast::node_kind_name(NodeKind::Load));
    }
    return print_signature(parts);
  }
  return small.signature;
}

base::Result<Localised> localise(oracles::Judge& judge, const Finding& finding, const ReduceConfig& config) {
  Localised result;
  const auto parts = parse_signature(finding.signature);
  if (!parts || !can_be_localised(*parts)) {
    return base::input_error(
        fmt::format("the signature '{}' names no stage that could be localised", finding.signature));
  }
  const Predicate same_stage = stage_predicate(judge, *parts);
  const auto begin = with_one_input(finding, same_stage);
  if (!begin) return begin.error();
  Reduction reduction = reduce(*begin, same_stage, config);
  if (reduction.failure) return *reduction.failure;
  result.attempts = reduction.tried;
  if (reduction.end == ReductionEnd::NotReproduced) return result;
  result.found = true;
  result.complete = reduction.end == ReductionEnd::Complete;
  result.finding = std::move(reduction.finding);
  auto signature = localised_signature(judge, result.finding);
  if (!signature) return signature.error();
  result.finding.signature = std::move(signature).value();
  return result;
}

base::Result<Localised> localise(oracles::Judge& judge, const Finding& finding) {
  ReduceConfig config;
  config.attempts = kLocaliseAttempts;
  return localise(judge, finding, config);
}

oracles::JudgeConfig localise_config(oracles::OracleId oracle) {
  // Code that the decoders convict is not looked into for what it does.
  oracles::JudgeConfig config = judge_config_with_decoders(oracle);
  config.fuel = kLocaliseFuel;
  const auto enable = [&config](oracles::OracleId one) { config.enabled[static_cast<std::size_t>(one)] = true; };
  // The decoders look at nothing that no engine would run.
  if (oracle != oracles::OracleId::Passes) enable(oracles::OracleId::NativeSystemV);
  // What is left of a program that only the tiered executor could run may say more to others.
  if (oracle == oracles::OracleId::Tiered) enable(oracles::OracleId::EmulatedSystemV);
  return config;
}

base::Result<bool> recognise(const JudgeFactory& make_judge, const Finding& finding,
                             const std::vector<std::string>& seen) {
  if (std::find(seen.begin(), seen.end(), finding.signature) != seen.end()) return true;
  const auto recorded = parse_signature(finding.signature);
  if (!recorded || recorded->stage.empty()) return false;
  for (const std::string& one : seen) {
    const auto parts = parse_signature(one);
    // The construct that was found, or, by the tiered executor, what other oracles said of the small program.
    const bool tiered = parts && parts->oracle == oracles::name(oracles::OracleId::Tiered);
    const bool same_oracle = parts && parts->oracle == recorded->oracle && recorded->node != kNotKnown;
    if (!parts || parts->stage != recorded->stage || !can_be_localised(*parts) || !(tiered || same_oracle)) continue;
    const auto oracle = find_oracle(parts->oracle);
    if (!oracle) continue;
    const auto judge = make_judge(localise_config(*oracle));
    if (!judge) return judge.error();
    // On the way that found it: without knowing where that leads.
    Finding vague = finding;
    vague.signature = one;
    const auto localised = localise(*judge.value(), vague);
    if (!localised) return localised.error();
    if (localised->found && localised->finding.signature == finding.signature) return true;
  }
  return false;
}

}  // namespace assay::fuzz
