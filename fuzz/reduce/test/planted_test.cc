// End to end: generated programs in which a deliberate fault strikes are reduced by the real judge, keep their
// signature, and become small enough to read. See fuzz/reduce/signature_predicate.h.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <map>
#include <set>

#include "fuzz/gen/generator.h"
#include "fuzz/reduce/reduce.h"
#include "fuzz/reduce/signature_predicate.h"
#include "fuzz/reduce/test/planted_faults.h"
#include "fuzz/reduce/test/support.h"

namespace assay::fuzz {
namespace {

using ast::Builder;
using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Op;
using ast::Program;
using opt::PassId;
using oracles::OracleId;
using planted::at_each_node;
using planted::at_each_statement;
using planted::Rewrite;
using planted::right_is_constant;
using planted::Spoil;
using planted::taken_for;

constexpr std::uint64_t kSeeds = 4000;
constexpr std::size_t kBatch = 32;

// ASSAY_TEST_SEED looks for struck programs elsewhere.
std::uint64_t first_seed() {
  const char* const text = std::getenv("ASSAY_TEST_SEED");
  return text == nullptr ? 1 : std::strtoull(text, nullptr, 0);
}

struct Fault {
  std::string_view name;
  OracleId oracle;
  Rewrite rewrite;
  Spoil spoil;                 // of compilers
  std::optional<PassId> pass;  // of passes

  [[nodiscard]] std::unique_ptr<oracles::Judge> judge() const {
    std::unique_ptr<oracles::PassSource> passes;
    if (pass) passes = std::make_unique<planted::WrongPass>(*pass, rewrite);
    auto judge = oracles::Judge::create(judge_config_for(oracle),
                                        std::make_unique<planted::WrongCompiler>(pass ? Rewrite() : rewrite, spoil),
                                        std::move(passes));
    EXPECT_TRUE(judge) << judge.error().describe();
    return std::move(judge).value();
  }
};

bool is_power_of_two(std::uint64_t bits) { return bits > 1 && bits < (1U << 30) && std::has_single_bit(bits); }

// Inserts bytes in front of the code, as a prologue that is wrong would begin.
Spoil begins_with(Op op, std::vector<std::uint8_t> bytes) {
  return [op, bytes](const Program& program, jit::CompiledBlock& block) {
    if (!planted::has_op(program, op)) return;
    block.code.insert(block.code.begin(), bytes.begin(), bytes.end());
    for (x64::Intent& intent : block.intents) intent.offset += static_cast<std::uint32_t>(bytes.size());
  };
}

std::vector<Fault> compiler_faults() {
  std::vector<Fault> faults;
  const auto add = [&](std::string_view name, OracleId oracle, Rewrite rewrite, Spoil spoil = nullptr) {
    faults.push_back({name, oracle, std::move(rewrite), std::move(spoil), std::nullopt});
  };
  add("div_s taken for div_u", OracleId::NativeSystemV, taken_for(Op::DivS, Op::DivU));
  add("sub taken for add", OracleId::EmulatedSystemV, taken_for(Op::Sub, Op::Add));
  add("shr_s taken for shr_u", OracleId::NativeMicrosoft, taken_for(Op::ShrS, Op::ShrU));
  add("lt_s taken for le_s", OracleId::NativeSystemV, taken_for(Op::LtS, Op::LeS));
  add("rotl taken for rotr", OracleId::EmulatedMicrosoft, taken_for(Op::Rotl, Op::Rotr));
  add("extend16_s taken for extend8_s", OracleId::NativeSystemV, taken_for(Op::Extend16S, Op::Extend8S));
  add("i64 products of i32 width", OracleId::NativeSystemV, at_each_node([](Program& program, NodeId id) {
        const Node node = program.node(id);
        if (node.kind != NodeKind::Binary || node.op != Op::Mul || node.type != ast::Type::I64) return false;
        const NodeId copy = program.add_node(node);
        program.node(id).kind = NodeKind::Convert;
        program.node(id).op = Op::Extend32S;
        program.node(id).a = copy.value;
        return true;
      }));
  add("the values of select swapped", OracleId::EmulatedSystemV, at_each_node([](Program& program, NodeId id) {
        if (program.node(id).kind != NodeKind::Select) return false;
        std::swap(program.node(id).b, program.node(id).c);
        return true;
      }));
  add("a loop runs once", OracleId::NativeSystemV, at_each_statement(NodeKind::Loop, [](Program& program, Link link) {
        const NodeId loop = target(program, link);
        if (!program.node(loop).child_b().valid()) return false;
        program.node(loop).a = Builder(program).i32(1).value;
        return true;
      }));
  add("an empty else for a full one", OracleId::NativeSystemV,
      at_each_statement(NodeKind::If, [](Program& program, Link link) {
        Node& node = program.node(target(program, link));
        if (!node.child_c().valid()) return false;
        node.c = NodeId::kNoneValue;
        return true;
      }));
  add("while never ends", OracleId::EmulatedSystemV,
      at_each_statement(NodeKind::While, [](Program& program, Link link) {
        Builder build(program);
        set_target(program, link, build.while_loop(build.i32(1), NodeId::none()));
        return true;
      }));
  add("loop never ends on the CPU", OracleId::NativeSystemV,
      at_each_statement(NodeKind::Loop, [](Program& program, Link link) {
        Builder build(program);
        set_target(program, link, build.while_loop(build.i32(1), NodeId::none()));
        return true;
      }));
  add("rem_s begins with ud2", OracleId::NativeSystemV, nullptr, begins_with(Op::RemS, {0x0F, 0x0B}));
  add("popcnt begins with std", OracleId::NativeMicrosoft, nullptr, begins_with(Op::Popcnt, {0xFD}));
  add("a wrong register in and", OracleId::Encoding, nullptr, [](const Program&, jit::CompiledBlock& block) {
    for (const x64::Intent& intent : block.intents) {
      if (x64::form_info(intent.form).id == "AndR32R32") block.code[intent.offset + intent.length - 1U] ^= 1;
    }
  });
  return faults;
}

std::vector<Fault> pass_faults() {
  std::vector<Fault> faults;
  const auto add = [&](std::string_view name, PassId pass, Rewrite rewrite) {
    faults.push_back({name, OracleId::Passes, std::move(rewrite), nullptr, pass});
  };
  const auto with_constant = [](Op op, auto holds, auto change) {
    return at_each_node([=](Program& program, NodeId id) {
      const Node& node = program.node(id);
      if (node.kind != NodeKind::Binary || node.op != op || !right_is_constant(program, node, holds)) return false;
      change(program, id);
      return true;
    });
  };
  add("division by a power as a shift", PassId::Simplify,
      with_constant(Op::DivS, is_power_of_two, [](Program& program, NodeId id) {
        Node& right = program.node(program.node(id).child_b());
        right.a = static_cast<std::uint32_t>(std::countr_zero(right.bits()));
        program.node(id).op = Op::ShrS;
      }));
  add("remainder by a power as a mask", PassId::Simplify,
      with_constant(Op::RemS, is_power_of_two, [](Program& program, NodeId id) {
        --program.node(program.node(id).child_b()).a;
        program.node(id).op = Op::And;
      }));
  add("shift by the width or more is 0", PassId::Fold,
      with_constant(
          Op::Shl, [](std::uint64_t bits) { return bits >= 32; },
          [](Program& program, NodeId id) {
            const ast::Type type = program.node(id).type;
            program.node(id) = Node{};
            program.node(id).type = type;
            program.node(id).a = program.node(id).b = 0;
          }));
  add("x - y taken for y - x", PassId::Cse, at_each_node([](Program& program, NodeId id) {
        Node& node = program.node(id);
        if (node.kind != NodeKind::Binary || node.op != Op::Sub) return false;
        std::swap(node.a, node.b);
        return true;
      }));
  add("a constant over a store", PassId::Prop, [](Program& program) {
    std::map<std::uint32_t, NodeId> constants;
    for (std::uint32_t i = 0; i < program.node_count(); ++i) {
      const Node& node = program.node(NodeId{i});
      if (node.kind == NodeKind::Let && program.node(node.child_b()).kind == NodeKind::Int)
        constants[node.a] = node.child_b();
    }
    bool struck = false;
    for (std::uint32_t i = 0; i < program.node_count(); ++i) {
      Node& node = program.node(NodeId{i});
      if (node.kind != NodeKind::Load || !constants.contains(node.a)) continue;
      node = program.node(constants[node.a]);
      struck = true;
    }
    return struck;
  });
  add("the last store of a block dropped", PassId::Dce, [](Program& program) {
    Links links;
    links.find(program);
    for (const Link link : links.statements) {
      const Node& node = program.node(target(program, link));
      if (node.kind != NodeKind::Store || node.next.valid() || !link.owner.valid()) continue;
      set_target(program, link, NodeId::none());
      return true;
    }
    return false;
  });
  add("hoisted out of a loop of no iterations", PassId::Hoist,
      at_each_statement(NodeKind::Loop, [](Program& program, Link link) {
        const NodeId loop = target(program, link);
        const NodeId first = program.node(loop).child_b();
        if (!first.valid() || program.node(first).kind != NodeKind::Store) return false;
        program.node(loop).b = program.node(first).next.value;
        program.node(first).next = loop;
        set_target(program, link, first);
        return true;
      }));
  add("one iteration too many", PassId::Unroll, at_each_statement(NodeKind::Loop, [](Program& program, Link link) {
        Node& count = program.node(program.node(target(program, link)).child_a());
        if (count.kind != NodeKind::Int || count.bits() < 2 || count.bits() > 16) return false;
        ++count.a;
        return true;
      }));
  add("one iteration too few", PassId::Scev, at_each_statement(NodeKind::Loop, [](Program& program, Link link) {
        const NodeId loop = target(program, link);
        const NodeId count = program.node(loop).child_a();
        if (!program.node(loop).child_b().valid()) return false;
        Builder build(program);
        const NodeId one = build.constant(program.node(count).type, 1);
        program.node(loop).a = build.binary(Op::Sub, count, one).value;
        return true;
      }));
  add("i < n taken for i <= n", PassId::Scev, at_each_statement(NodeKind::While, [](Program& program, Link link) {
        Node& condition = program.node(program.node(target(program, link)).child_a());
        if (condition.kind != NodeKind::Compare || condition.op != Op::LtS) return false;
        condition.op = Op::LeS;
        return true;
      }));
  add("solved in spite of a break", PassId::Scev, at_each_statement(NodeKind::Break, [](Program& program, Link link) {
        set_target(program, link, program.node(target(program, link)).next);
        return true;
      }));
  add("statement order in a body ignored", PassId::Scev,
      at_each_statement(NodeKind::Loop, [](Program& program, Link link) {
        const NodeId loop = target(program, link);
        const NodeId first = program.node(loop).child_b();
        if (!first.valid() || program.node(first).kind != NodeKind::Store) return false;
        const NodeId second = program.node(first).next;
        if (!second.valid() || program.node(second).kind != NodeKind::Store) return false;
        program.node(first).next = program.node(second).next;
        program.node(second).next = first;
        program.node(loop).b = second.value;
        return true;
      }));
  add("a branch converted the wrong way round", PassId::Select,
      at_each_statement(NodeKind::If, [](Program& program, Link link) {
        const Node node = program.node(target(program, link));
        const NodeId store = node.child_b();
        if (!store.valid() || node.child_c().valid()) return false;
        if (program.node(store).kind != NodeKind::Store || program.node(store).next.valid()) return false;
        Builder build(program);
        const NodeId old = build.load(program.node(store).variable());
        const NodeId value = build.select(node.child_a(), old, program.node(store).child_b());
        program.node(store).b = value.value;
        program.node(store).next = node.next;
        set_target(program, link, store);
        return true;
      }));
  return faults;
}

// The first generated program that the fault's oracle convicts, as a campaign records it.
std::optional<Finding> find_struck(oracles::Judge& judge, OracleId oracle) {
  Generator generator;
  std::vector<GeneratedCase> cases(kBatch);
  const std::uint64_t seed = first_seed();
  for (std::uint64_t first = 0; first < kSeeds; first += kBatch) {
    std::vector<oracles::Subject> subjects;
    for (std::size_t i = 0; i < kBatch; ++i) {
      generator.generate(seed + first + i, cases[i]);
      subjects.push_back({&cases[i].program, cases[i].inputs, {}, true, opt::default_pipeline()});
    }
    oracles::BatchReport report;
    const auto judged = judge.judge(subjects, report);
    EXPECT_TRUE(judged) << judged.error().describe();
    for (const oracles::Conviction& conviction : report.convictions) {
      if (conviction.oracle != oracle) continue;
      Finding finding;
      finding.program = cases[conviction.subject].program;
      finding.inputs = cases[conviction.subject].inputs;
      std::rotate(finding.inputs.begin(), finding.inputs.begin() + conviction.input,
                  finding.inputs.begin() + conviction.input + 1);
      finding.pipeline = opt::default_pipeline();
      finding.oracle = oracles::name(oracle);
      finding.signature = signature_of(conviction, finding.program);
      return finding;
    }
  }
  return std::nullopt;
}

// Reduces one program per fault; gives the median number of nodes.
std::uint32_t median_of_reduced(const std::vector<Fault>& faults) {
  std::vector<std::uint32_t> nodes;
  std::string table;
  for (const Fault& fault : faults) {
    SCOPED_TRACE(fault.name);
    const auto judge = fault.judge();
    const std::optional<Finding> found = find_struck(*judge, fault.oracle);
    EXPECT_TRUE(found) << "strikes in no program";
    if (!found) continue;
    SignaturePredicate same(*judge, found->signature);
    const Reduction reduction = reduce(*found, std::ref(same));
    EXPECT_EQ(reduction.end, ReductionEnd::Complete);
    // Behind a file and before a fresh judge it is still the same.
    const auto fresh = fault.judge();
    const Finding read = support::finding_of(print_finding(reduction.finding));
    SignaturePredicate again(*fresh, found->signature);
    const auto verdict = again(std::span(&read, 1));
    EXPECT_TRUE(verdict && verdict->front()) << "the signature is lost";
    nodes.push_back(reduction.nodes_after);
    table +=
        fmt::format("{:<42} {:>4} -> {:>2} nodes, {:>5} tried, {:>3} kept  {}\n", fault.name, reduction.nodes_before,
                    reduction.nodes_after, reduction.tried, reduction.kept, found->signature);
    std::string text = support::text_of(reduction.finding.program);
    std::replace(text.begin(), text.end(), '\n', ' ');
    table += fmt::format("    {} [{}]\n", text, opt::print_pipeline(*reduction.finding.pipeline));
  }
  fmt::print("ASSAY_TEST_SEED={}\n{}", first_seed(), table);
  EXPECT_GE(nodes.size(), 10U);
  if (nodes.empty()) return ~0U;
  std::sort(nodes.begin(), nodes.end());
  fmt::print("median of {}: {} nodes, largest {}\n", nodes.size(), nodes[nodes.size() / 2], nodes.back());
  return nodes[nodes.size() / 2];
}

TEST(PlantedTest, CompilerFaultsReduceToEightNodes) { EXPECT_LE(median_of_reduced(compiler_faults()), 8U); }

TEST(PlantedTest, OptimizerAndLoopFaultsReduceToFifteenNodes) { EXPECT_LE(median_of_reduced(pass_faults()), 15U); }

TEST(PlantedTest, TheResultDoesNotDependOnTheRunOrTheBatch) {
  const std::vector<Fault> faults = compiler_faults();
  for (const std::size_t index : {0U, 8U}) {
    SCOPED_TRACE(faults[index].name);
    std::string text;
    for (const std::size_t batch : {64U, 64U, 1U}) {
      const auto judge = faults[index].judge();
      const std::optional<Finding> found = find_struck(*judge, faults[index].oracle);
      ASSERT_TRUE(found);
      SignaturePredicate same(*judge, found->signature);
      ReduceConfig config;
      config.largest_batch = batch;
      const Reduction reduction = reduce(*found, std::ref(same), config);
      if (text.empty()) text = print_finding(reduction.finding);
      EXPECT_EQ(print_finding(reduction.finding), text);
      EXPECT_EQ(reduce(reduction.finding, std::ref(same)).kept, 0U);
    }
  }
}

TEST(PlantedTest, TheSamePassIsGuiltyNotJustSomeOther) {
  // Two passes are wrong about the same thing. The finding blames one; a pipeline with the other alone would make the
  // same difference, and must not be taken for it.
  class TwoWrongPasses final : public oracles::PassSource {
   public:
    opt::PassResult run(PassId pass, const Program& program) override {
      Program wrong = program;
      const bool guilty = pass == PassId::Cse || pass == PassId::Dce;
      if (guilty && taken_for(Op::Rotl, Op::Rotr)(wrong)) return {std::move(wrong), 1};
      return PassSource::run(pass, program);
    }
  };
  auto judge = oracles::Judge::create(judge_config_for(OracleId::Passes), std::make_unique<oracles::JitBlockSource>(),
                                      std::make_unique<TwoWrongPasses>());
  ASSERT_TRUE(judge) << judge.error().describe();
  const Finding finding = support::finding_of(
      "// passes: prop,dce,fold,cse\n// input: 0x5 0x3\nprogram p(i32 a, i32 b) { b = rotl(a, 3); a = a + b; }");
  SignaturePredicate same(*judge.value(), "passes/dce/-/-/slot");
  const Reduction reduction = reduce(finding, std::ref(same));
  EXPECT_EQ(reduction.end, ReductionEnd::Complete);
  EXPECT_EQ(opt::print_pipeline(*reduction.finding.pipeline), "dce");
}

TEST(PlantedTest, WithoutTheFaultTheFindingDoesNotReproduce) {
  auto judge =
      oracles::Judge::create(judge_config_for(OracleId::NativeSystemV), std::make_unique<oracles::JitBlockSource>());
  ASSERT_TRUE(judge) << judge.error().describe();
  SignaturePredicate same(*judge.value(), "native-sysv/codegen/-/-/slot");
  const Finding finding = support::finding_of("program p(i32 a) { a = a / 3; }");
  EXPECT_EQ(reduce(finding, std::ref(same)).end, ReductionEnd::NotReproduced);
}

}  // namespace
}  // namespace assay::fuzz
