// Every operator, type, comparison and statement of the language through every engine, against tables of expected
// values.
//
// The values for operators are those of WebAssembly's definitions (core/interp/test/operator_cases.inc); no engine is
// taken as the measure of another here.
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <memory>
#include <string>

#include "core/ast/builder.h"
#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "oracles/block_source.h"
#include "oracles/emulated/emulated_engine.h"
#include "oracles/interpreter_engine.h"
#include "oracles/native/native_engine.h"
#include "oracles/tiered/tiered_engine.h"

namespace assay::oracles {
namespace {

using ast::Op;
using ast::TrapKind;
using ast::Type;

constexpr std::uint64_t kFuel = 100'000;

struct OperatorCase {
  Op op;
  Type type;
  bool two;
  std::uint64_t a;
  std::uint64_t b;
  std::uint64_t expected;
  TrapKind trap;
};

const std::vector<OperatorCase>& operator_cases() {
  static const std::vector<OperatorCase> cases = {
#define OPERATOR_CASE1(op, type, a, expected) {Op::op, Type::type, false, a, 0, expected, TrapKind::None},
#define OPERATOR_CASE2(op, type, a, b, expected) {Op::op, Type::type, true, a, b, expected, TrapKind::None},
#define OPERATOR_TRAP2(op, type, a, b, trap) {Op::op, Type::type, true, a, b, 0, TrapKind::trap},
#include "core/interp/test/operator_cases.inc"
  };
  return cases;
}

// r = op(a, b) over slots a, b, r.
ast::Program program_for(const OperatorCase& one) {
  ast::Program program;
  ast::Builder build(program);
  const auto a = build.slot("a", one.type);
  const auto b = build.slot("b", one.type);
  const auto r = build.slot("r", ast::result_type(one.op, one.type));
  ast::NodeId value;
  switch (ast::op_info(one.op).op_class) {
    case ast::OpClass::Unary:
      value = build.unary(one.op, build.load(a));
      break;
    case ast::OpClass::Convert:
      value = build.convert(one.op, build.load(a));
      break;
    case ast::OpClass::Binary:
      value = build.binary(one.op, build.load(a), build.load(b));
      break;
    case ast::OpClass::Compare:
      value = build.compare(one.op, build.load(a), build.load(b));
      break;
  }
  build.body({build.store(r, value)});
  return program;
}

struct EngineParameter {
  const char* name;
  base::Result<std::unique_ptr<Engine>> (*create)();
  bool compiled;
  jit::Convention convention;
  bool emulated;
  bool host_features;
};

base::Result<std::unique_ptr<Engine>> make_interpreter() {
  return std::unique_ptr<Engine>(std::make_unique<InterpreterEngine>());
}
base::Result<std::unique_ptr<Engine>> make_native_sysv() { return create_native_engine(jit::Convention::SystemV); }
base::Result<std::unique_ptr<Engine>> make_native_win64() { return create_native_engine(jit::Convention::Microsoft); }
base::Result<std::unique_ptr<Engine>> make_emulated_sysv() { return create_emulated_engine(jit::Convention::SystemV); }
base::Result<std::unique_ptr<Engine>> make_emulated_win64() {
  return create_emulated_engine(jit::Convention::Microsoft);
}

class EnginesTest : public testing::TestWithParam<EngineParameter> {
 protected:
  void SetUp() override {
    auto engine = GetParam().create();
    ASSERT_TRUE(engine) << engine.error().describe();
    engine_ = std::move(engine).value();
    if (GetParam().host_features) features_ = GetParam().emulated ? emulated_features() : x64::host_features();
  }

  // Adds a program with one input; give the runs with `run_all`.
  void add(ast::Program program, Frame input) {
    const auto verified = ast::verify(program);
    ASSERT_TRUE(verified) << verified.error().describe();
    programs_.push_back(std::move(program));
    inputs_.push_back({std::move(input)});
    blocks_.emplace_back();
    if (GetParam().compiled) {
      source_.compile(programs_.back(), {GetParam().convention, features_, true}, blocks_.back());
    }
  }

  const std::vector<oracles::Run>& run_all() {
    std::vector<Case> cases;
    for (std::size_t i = 0; i < programs_.size(); ++i) {
      cases.push_back({&programs_[i], GetParam().compiled ? &blocks_[i] : nullptr, inputs_[i],
                       ast::max_pushes(programs_[i]), kFuel});
    }
    const auto done = engine_->run(cases, runs_);
    EXPECT_TRUE(done) << done.error().describe();
    return runs_;
  }

  std::unique_ptr<Engine> engine_;
  x64::CpuFeatures features_;
  JitBlockSource source_;
  std::deque<ast::Program> programs_;
  std::deque<std::array<Frame, 1>> inputs_;
  std::deque<jit::CompiledBlock> blocks_;
  std::vector<oracles::Run> runs_;
};

TEST_P(EnginesTest, EveryOperatorGivesItsDefinedValue) {
  constexpr std::uint64_t kHighPattern = 0x5A5A5A5A00000000ULL;
  const auto cell = [](Type type, std::uint64_t bits) { return type == Type::I32 ? kHighPattern | bits : bits; };
  for (const OperatorCase& one : operator_cases()) {
    add(program_for(one),
        {cell(one.type, one.a), cell(one.type, one.b), cell(ast::result_type(one.op, one.type), 0x77)});
  }
  const std::vector<oracles::Run>& runs = run_all();
  ASSERT_GE(runs.size(), operator_cases().size());
  for (std::size_t i = 0; i < operator_cases().size(); ++i) {
    const OperatorCase& one = operator_cases()[i];
    const Type result = ast::result_type(one.op, one.type);
    const bool traps = one.trap != TrapKind::None;
    SCOPED_TRACE(testing::Message() << ast::op_info(one.op).name << " " << ast::type_name(one.type) << std::hex
                                    << " a=0x" << one.a << " b=0x" << one.b);
    EXPECT_EQ(runs[i].end, traps ? RunEnd::Trapped : RunEnd::Finished) << name(runs[i].end);
    EXPECT_EQ(runs[i].trap, one.trap);
    EXPECT_EQ(runs[i].violations, Violation::None);
    ASSERT_EQ(runs[i].frame.size(), 3U);
    EXPECT_EQ(runs[i].frame[2], cell(result, traps ? 0x77 : one.expected));
    EXPECT_EQ(runs[i].frame[0], cell(one.type, one.a));
  }
}

struct StatementCase {
  const char* source;  // over slots i32 a, i32 b, i64 c
  std::uint64_t a, b, c;
  std::uint64_t expected_a, expected_b, expected_c;
  std::vector<std::uint64_t> stack;
};

const std::vector<StatementCase>& statement_cases() {
  static const std::vector<StatementCase> cases = {
      {"b = a;", 7, 1, 0, 7, 7, 0, {}},
      {"c = 0x123456789abcdefL;", 0, 0, 9, 0, 0, 0x123456789abcdef, {}},
      {"let i32 t = a; a = b; b = t;", 1, 2, 0, 2, 1, 0, {}},
      {"if (a) { b = 1; } else { b = 2; }", 0x80000000, 0, 0, 0x80000000, 1, 0, {}},
      {"if (a) { b = 1; } else { b = 2; }", 0, 0, 0, 0, 2, 0, {}},
      {"if (c) { b = 1; }", 0, 0, 0x100000000, 0, 1, 0x100000000, {}},
      {"if (a > 5) { let i32 t = a * 2; b = t; }", 6, 0, 0, 6, 12, 0, {}},
      {"if (a > 5) { let i32 t = a * 2; b = t; }", 5, 3, 0, 5, 3, 0, {}},
      {"loop (a) { b = b + 3; }", 4, 1, 0, 4, 13, 0, {}},
      {"loop (a) { b = b + 3; }", 0, 1, 0, 0, 1, 0, {}},
      {"loop (c) { b = b + 1; if (b == 10) { break; } }", 0, 0, 0xFFFFFFFFFFFFFFFF, 0, 10, 0xFFFFFFFFFFFFFFFF, {}},
      {"loop (a) { b = b + 1; if (b == 10) { break; } }", 0xFFFFFFFF, 0, 0, 0xFFFFFFFF, 10, 0, {}},
      {"while (a > 0) { a = a - 1; b = b + a; }", 5, 0, 0, 0, 10, 0, {}},
      {"while (a) { a = a - 1; if (a & 1) { continue; } b = b + 1; }", 6, 0, 0, 0, 3, 0, {}},
      {"loop (3) { loop (4) { if (b & 8) { break; } b = b + 1; } a = a + 1; }", 0, 0, 0, 3, 8, 0, {}},
      {"push a; push c; b = 1;", 5, 0, 6, 5, 1, 6, {5, 6}},
      {"if (a) { push 1; } push 2;", 0, 0, 0, 0, 0, 0, {2}},
      {"if (a) { push 1; } push 2;", 1, 0, 0, 1, 0, 0, {1, 2}},
      {"push -1; return -1L; b = 9;", 0, 0, 0, 0, 0, 0, {0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF}},
      {"loop (10) { b = b + 1; if (b == 4) { return b; } }", 0, 0, 0, 0, 4, 0, {4}},
      {"b = select(a, 10, 20); c = select(c, 1L, 2L);", 0, 0, 5, 0, 20, 1, {}},
      {"{ }", 1, 2, 3, 1, 2, 3, {}},
  };
  return cases;
}

TEST_P(EnginesTest, EveryStatementDoesWhatItSays) {
  std::vector<const StatementCase*> added;
  for (const StatementCase& one : statement_cases()) {
    if (std::string_view(one.source) == "{ }") {
      auto empty = ast::parse_program("program p(i32 a, i32 b, i64 c) { }");
      ASSERT_TRUE(empty) << empty.error().describe();
      add(std::move(empty).value(), {one.a, one.b, one.c});
    } else {
      auto program = ast::parse_program(std::string("program p(i32 a, i32 b, i64 c) { ") + one.source + " }");
      ASSERT_TRUE(program) << one.source << ": " << program.error().describe();
      add(std::move(program).value(), {one.a, one.b, one.c});
    }
    added.push_back(&one);
  }
  const std::vector<oracles::Run>& runs = run_all();
  for (std::size_t i = 0; i < added.size(); ++i) {
    SCOPED_TRACE(added[i]->source);
    EXPECT_EQ(runs[i].end, RunEnd::Finished) << name(runs[i].end);
    EXPECT_EQ(runs[i].violations, Violation::None);
    EXPECT_EQ(runs[i].frame, (std::vector{added[i]->expected_a, added[i]->expected_b, added[i]->expected_c}));
    EXPECT_EQ(runs[i].stack, added[i]->stack);
  }
}

TEST_P(EnginesTest, TheFrameAtATrapIsAsOfTheTrap) {
  auto program = ast::parse_program(
      "program p(i32 a, i32 b, i64 c) { push 7; a = a + 1; loop (5) { c = c + 1; b = 10 / (3 - wrap(c)); } a = 99; }");
  ASSERT_TRUE(program) << program.error().describe();
  add(std::move(program).value(), {1, 2, 0});
  const oracles::Run& run = run_all().front();
  EXPECT_EQ(run.end, RunEnd::Trapped);
  EXPECT_EQ(run.trap, TrapKind::DivideByZero);
  EXPECT_EQ(run.frame, (std::vector<std::uint64_t>{2, 10, 3}));
  ASSERT_GE(run.stack.size(), 1U);
  EXPECT_EQ(run.stack[0], 7U);
}

TEST_P(EnginesTest, ItSaysItsName) { EXPECT_TRUE(std::string_view(GetParam().name).starts_with(engine_->name())); }

constexpr auto kSysv = jit::Convention::SystemV;
constexpr auto kWin64 = jit::Convention::Microsoft;

INSTANTIATE_TEST_SUITE_P(
    All, EnginesTest,
    testing::Values(EngineParameter{"interp", make_interpreter, false, kSysv, false, false},
                    EngineParameter{"native-sysv", make_native_sysv, true, kSysv, false, false},
                    EngineParameter{"native-sysv-host", make_native_sysv, true, kSysv, false, true},
                    EngineParameter{"native-win64", make_native_win64, true, kWin64, false, false},
                    EngineParameter{"native-win64-host", make_native_win64, true, kWin64, false, true},
                    EngineParameter{"emulated-sysv", make_emulated_sysv, true, kSysv, true, false},
                    EngineParameter{"emulated-sysv-features", make_emulated_sysv, true, kSysv, true, true},
                    EngineParameter{"emulated-win64", make_emulated_win64, true, kWin64, true, false},
                    EngineParameter{"tiered", [] { return create_tiered_engine(); }, false, kSysv, false, false}),
    [](const testing::TestParamInfo<EngineParameter>& engine) {
      std::string text = engine.param.name;
      for (char& c : text) {
        if (c == '-') c = '_';
      }
      return text;
    });

}  // namespace
}  // namespace assay::oracles
