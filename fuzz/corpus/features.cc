// What programs cover; see features.h. Tested by fuzz/corpus/test/features_test.cc.
#include "fuzz/corpus/features.h"

#include <fmt/format.h>

#include <optional>

#include "core/ast/verify.h"
#include "core/jit/compile.h"
#include "core/opt/pipeline.h"
#include "core/scev/loop_report.h"

namespace assay::fuzz {
namespace {

using ast::Node;
using ast::NodeKind;
using ast::Type;

constexpr std::size_t kNoType = 2;

std::size_t index_of(std::optional<Type> type) {
  if (!type) return kNoType;
  return *type == Type::I32 ? 0 : 1;
}

// The type a node works on: of its operand, where it has one, because that decides the code.
std::optional<Type> type_at(const ast::Program& program, const Node& node) {
  switch (node.kind) {
    case NodeKind::Int:
    case NodeKind::Load:
    case NodeKind::Select:
      return node.type;
    case NodeKind::Let:
    case NodeKind::Store:
      return program.variable_type(node.variable());
    case NodeKind::Unary:
    case NodeKind::Binary:
    case NodeKind::Compare:
    case NodeKind::Convert:
    case NodeKind::If:
    case NodeKind::Loop:
    case NodeKind::While:
    case NodeKind::Push:
    case NodeKind::Print:
      return program.node(node.child_a()).type;
    case NodeKind::Return:
      return node.child_a().valid() ? std::optional(program.node(node.child_a()).type) : std::nullopt;
    case NodeKind::Break:
    case NodeKind::Continue:
      return std::nullopt;
  }
  return std::nullopt;
}

bool has_operator(NodeKind kind) {
  return kind == NodeKind::Unary || kind == NodeKind::Binary || kind == NodeKind::Compare || kind == NodeKind::Convert;
}

bool may_have_no_type(NodeKind kind) {
  return kind == NodeKind::Break || kind == NodeKind::Continue || kind == NodeKind::Return;
}

void add_nodes(const ast::Program& program, FeatureSet& features) {
  for (std::uint32_t i = 0; i < program.node_count(); ++i) {
    const Node& node = program.node(ast::NodeId{i});
    const std::size_t type = index_of(type_at(program, node));
    features.set(feature_id(FeatureGroup::NodeKinds, static_cast<std::size_t>(node.kind) * kFeatureTypes + type));
    if (has_operator(node.kind)) {
      features.set(feature_id(FeatureGroup::Operators, static_cast<std::size_t>(node.op) * 2 + type));
    }
  }
}

void add_forms(const ast::Program& program, FeatureSet& features) {
  if (!ast::is_pure_scalar(program, program.body())) return;
  jit::Compiler compiler;
  jit::CompiledBlock block;
  constexpr x64::CpuFeatures kEvery{true, true, true, true};
  for (const jit::Convention convention : {jit::Convention::SystemV, jit::Convention::Microsoft}) {
    for (const x64::CpuFeatures& cpu : {x64::CpuFeatures{}, kEvery}) {
      compiler.compile(program, {convention, cpu, true}, block);
      for (const x64::Intent& intent : block.intents) {
        features.set(feature_id(FeatureGroup::Forms, static_cast<std::size_t>(intent.form)));
      }
    }
  }
}

void add_loop(const scev::LoopReport& loop, FeatureSet& features) {
  if (!loop.solved) {
    features.set(feature_id(FeatureGroup::Declines, static_cast<std::size_t>(loop.reason)));
    return;
  }
  for (std::size_t i = 0; i < scev::kLoopClassCount; ++i) {
    if (loop.is(static_cast<scev::LoopClass>(i))) features.set(feature_id(FeatureGroup::LoopClasses, i));
  }
}

std::string typed_name(std::string_view label, std::size_t type) {
  if (type == kNoType) return std::string(label);
  return fmt::format("{} {}", label, type == 0 ? "i32" : "i64");
}

}  // namespace

std::string_view name(FeatureGroup group) {
  switch (group) {
    case FeatureGroup::NodeKinds:
      return "node kinds by type";
    case FeatureGroup::Operators:
      return "operators by type";
    case FeatureGroup::Forms:
      return "instruction forms";
    case FeatureGroup::Passes:
      return "passes fired";
    case FeatureGroup::LoopClasses:
      return "loop classes solved";
    case FeatureGroup::Declines:
      return "reasons to decline";
  }
  return "?";
}

std::size_t feature_id(FeatureGroup group, std::size_t index) {
  std::size_t first = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(group); ++i) first += kGroupSizes[i];
  return first + index;
}

std::string feature_name(std::size_t feature) {
  std::size_t group = 0;
  while (feature >= kGroupSizes[group]) feature -= kGroupSizes[group++];
  switch (static_cast<FeatureGroup>(group)) {
    case FeatureGroup::NodeKinds:
      return typed_name(ast::node_kind_name(static_cast<NodeKind>(feature / kFeatureTypes)), feature % kFeatureTypes);
    case FeatureGroup::Operators:
      return typed_name(ast::op_info(static_cast<ast::Op>(feature / 2)).name, feature % 2);
    case FeatureGroup::Forms:
      return std::string(x64::form_info(static_cast<x64::Form>(feature)).id);
    case FeatureGroup::Passes:
      return fmt::format("pass {}", opt::pass_info(static_cast<opt::PassId>(feature)).name);
    case FeatureGroup::LoopClasses:
      return fmt::format("loop {}", scev::name(static_cast<scev::LoopClass>(feature)));
    case FeatureGroup::Declines:
      return fmt::format("declined: {}", scev::sentence(static_cast<scev::Decline>(feature)));
  }
  return "?";
}

FeatureSet possible_features(FeatureGroup group) {
  FeatureSet possible;
  for (std::size_t i = 0; i < kGroupSizes[static_cast<std::size_t>(group)]; ++i) {
    bool can_be = true;
    if (group == FeatureGroup::NodeKinds) {
      const auto kind = static_cast<NodeKind>(i / kFeatureTypes);
      const bool typed = i % kFeatureTypes != kNoType;
      can_be = typed ? kind != NodeKind::Break && kind != NodeKind::Continue : may_have_no_type(kind);
    } else if (group == FeatureGroup::Operators) {
      can_be = ast::accepts(static_cast<ast::Op>(i / 2), i % 2 == 0 ? Type::I32 : Type::I64);
    } else if (group == FeatureGroup::Declines) {
      can_be = static_cast<scev::Decline>(i) != scev::Decline::None;
    }
    if (can_be) possible.set(feature_id(group, i));
  }
  return possible;
}

FeatureSet node_features(const ast::Program& program) {
  FeatureSet features;
  add_nodes(program, features);
  return features;
}

FeatureSet features_of(const Finding& finding) {
  FeatureSet features;
  add_nodes(finding.program, features);
  add_forms(finding.program, features);
  const opt::Pipeline& pipeline = finding.pipeline ? *finding.pipeline : opt::default_pipeline();
  const ast::Program optimised =
      opt::run_pipeline(finding.program, pipeline, [&features](opt::PassId pass, const opt::PassResult& result) {
        if (result.changes != 0) features.set(feature_id(FeatureGroup::Passes, static_cast<std::size_t>(pass)));
        for (const scev::LoopReport& loop : result.loops) add_loop(loop, features);
      });
  add_forms(optimised, features);
  return features;
}

}  // namespace assay::fuzz
