// The limits of limits.h hold in the verifier, the parser and the codec alike, each at its exact value.
#include "core/ast/limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/test/support.h"
#include "core/ast/verify.h"

namespace assay::ast {
namespace {

using testing::HasSubstr;

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  result.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

std::string complaint(const std::string& text) {
  const auto program = parse_program(text);
  return program ? "" : program.error().describe();
}

std::string complaint(const Program& program) {
  const auto verified = verify(program);
  return verified ? "" : verified.error().describe();
}

// The program survives both forms.
void expect_round_trip(const Program& program) {
  ASSERT_EQ(complaint(program), "");
  const auto text = parse_program(print_program(program));
  ASSERT_TRUE(text) << text.error().describe();
  EXPECT_TRUE(same_program(*text, program));
  const auto binary = decode(encode(program));
  ASSERT_TRUE(binary) << binary.error().describe();
  EXPECT_TRUE(same_program(*binary, program));
}

// `push` of operators nested so that the deepest node is `levels` deep; the statement counts.
Program nested_operators(std::uint32_t levels, bool to_the_left) {
  Program program;
  Builder build(program);
  NodeId value = build.i32(1);
  for (std::uint32_t i = 2; i < levels; ++i) {
    const NodeId one = build.i32(1);
    value = to_the_left ? build.binary(Op::Sub, value, one) : build.binary(Op::Sub, one, value);
  }
  build.body({build.push(value)});
  return program;
}

Program nested_blocks(std::uint32_t levels) {
  Program program;
  Builder build(program);
  NodeId statement = build.break_loop();
  for (std::uint32_t i = 1; i < levels; ++i) statement = build.loop(build.i32(1), statement);
  program.set_body(statement);
  return program;
}

TEST(DepthLimit, HoldsForExpressions) {
  for (const bool to_the_left : {false, true}) {
    expect_round_trip(nested_operators(kMaxDepth, to_the_left));
    const Program deeper = nested_operators(kMaxDepth + 1, to_the_left);
    EXPECT_THAT(complaint(deeper), HasSubstr("nested deeper than 256 levels"));
    EXPECT_THAT(complaint(print_program(deeper)), HasSubstr("nested deeper than 256 levels"));
  }
}

TEST(DepthLimit, HoldsForStatements) {
  expect_round_trip(nested_blocks(kMaxDepth));
  const Program deeper = nested_blocks(kMaxDepth + 1);
  EXPECT_THAT(complaint(deeper), HasSubstr("nested deeper than 256 levels"));
  EXPECT_THAT(complaint(print_program(deeper)), HasSubstr("nested deeper than 256 levels"));
}

TEST(DepthLimit, HoldsForEveryWayToNestInText) {
  constexpr std::size_t kMany = 1'000'000;
  const std::string end = "; }";
  for (const auto& [open, close] :
       std::vector<std::pair<std::string, std::string>>{{"(", ")"},
                                                        {"-", ""},
                                                        {"- ~ ! ", ""},
                                                        {"clz(", ")"},
                                                        {"add(1, ", ")"},
                                                        {"select(", ", 1, 1)"},
                                                        {"1 + (", ")"},
                                                        {"1 | 1 ^ 1 & 1 == 1 < 1 << 1 + 1 * (", ")"},
                                                        {"(((((((1 + ", ")))))))"}}) {
    for (const std::size_t times : {std::size_t{300}, kMany / open.size()}) {
      const std::string value = repeated(open, times) + "1" + repeated(close, times);
      EXPECT_THAT(complaint(std::string("program p() { push ").append(value).append(end)),
                  HasSubstr("nested deeper than 256 levels"))
          << open;
    }
  }
  for (const std::string open : {"if (1) {", "loop (1) {", "while (1) {", "if (1) { } else {", "if (1) { } else "}) {
    EXPECT_THAT(complaint("program p() {" + repeated(open, 100'000)), HasSubstr("nested deeper than 256 levels"))
        << open;
  }
  EXPECT_THAT(complaint("program p() { push 1" + repeated(" + 1", kMany / 4) + end), HasSubstr("nested deeper"));
}

TEST(DepthLimit, CutsWhatBytesNestDeeper) {
  // `loop (0)`, and the bitwise not of the bitwise not.
  for (const std::vector<std::uint8_t>& unit : {std::vector<std::uint8_t>{0xA0, 0x90}, {0xB0 + 19}}) {
    std::vector<std::uint8_t> bytes{kCodecVersion, 0, 0xD6};
    if (unit.size() == 2) bytes.pop_back();
    for (int i = 0; i < 5'000; ++i) bytes.insert(bytes.end(), unit.begin(), unit.end());
    const auto program = decode(bytes);
    ASSERT_TRUE(program) << program.error().describe();
    EXPECT_GE(program->node_count(), kMaxDepth - 1);
    EXPECT_TRUE(same_program(*decode(encode(*program)), *program));
  }
}

// Nothing but `return;`.
Program many_nodes(std::uint32_t nodes) {
  Program program;
  Builder build(program);
  std::vector<NodeId> statements;
  statements.reserve(nodes);
  for (std::uint32_t i = 0; i < nodes; ++i) statements.push_back(build.return_nothing());
  program.set_body(build.block(statements));
  return program;
}

TEST(NodeLimit, HoldsInTheVerifierAndBothForms) {
  expect_round_trip(many_nodes(kMaxNodes));
  const Program more = many_nodes(kMaxNodes + 1);
  EXPECT_THAT(complaint(more), HasSubstr("nodes, more than 1048576"));
  EXPECT_THAT(complaint(print_program(more)), HasSubstr("more than 1048576 nodes"));
}

TEST(NodeLimit, EndsWhatBytesGoOnWith) {
  std::vector<std::uint8_t> bytes(kMaxNodes + 100, 0xD4);
  bytes[0] = kCodecVersion;
  bytes[1] = 0;
  const auto program = decode(bytes);
  ASSERT_TRUE(program);
  EXPECT_EQ(program->node_count(), kMaxNodes);
  // `print 0 + (0 + ...` asks for two nodes a time: the limit falls inside of a statement.
  std::vector<std::uint8_t> sums{kCodecVersion, 0};
  while (sums.size() < std::size_t{2} * kMaxNodes) sums.insert(sums.end(), {0xDE, 0xB0, 0x90, 0xB0, 0x90, 0xB0});
  const auto cut = decode(sums);
  ASSERT_TRUE(cut);
  EXPECT_LE(cut->node_count(), kMaxNodes);
  EXPECT_GE(cut->node_count(), kMaxNodes - 3);
}

std::string with_slots(std::size_t count) {
  std::string text = "program p(";
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "i32 s" : ", i64 s") + std::to_string(i);
  return text + ") { }";
}

TEST(SlotLimit, HoldsInTheVerifierAndBothForms) {
  expect_round_trip(parsed(with_slots(kMaxSlots)));
  EXPECT_THAT(complaint(with_slots(kMaxSlots + 1)), HasSubstr("more than 4096 slots"));
  Program program = parsed(with_slots(kMaxSlots));
  program.add_slot("one_more", Type::I32);
  EXPECT_THAT(complaint(program), HasSubstr("4097 slots, more than 4096"));
}

TEST(SlotLimit, BoundsWhatBytesAskFor) {
  std::vector<std::uint8_t> bytes(2'000, 0xFF);
  bytes[0] = kCodecVersion;
  const auto program = decode(bytes);
  ASSERT_TRUE(program);
  EXPECT_EQ(program->slot_count(), 0xFFFF % (kMaxSlots + 1));
}

std::string with_locals(std::size_t count) {
  std::string text = "program p(i32 a) {";
  for (std::size_t i = 0; i < count; ++i) text += "let i32 t" + std::to_string(i) + "=a;";
  return text + "}";
}

TEST(VariableLimit, HoldsInTheVerifierAndBothForms) {
  expect_round_trip(parsed(with_locals(kMaxVariables - 1)));
  EXPECT_THAT(complaint(with_locals(kMaxVariables)), HasSubstr("more than 65536 variables"));
  Program program = parsed(with_locals(kMaxVariables - 1));
  program.add_local("one_more", Type::I32);
  EXPECT_THAT(complaint(program), HasSubstr("65537 variables, more than 65536"));
}

TEST(VariableLimit, BoundsWhatBytesAskFor) {
  std::vector<std::uint8_t> bytes{kCodecVersion, 0};
  for (std::uint32_t i = 0; i < kMaxVariables + 10; ++i) bytes.insert(bytes.end(), {0x58, 0x90});
  const auto program = decode(bytes);
  ASSERT_TRUE(program);
  EXPECT_EQ(program->variable_count(), kMaxVariables);
}

TEST(PushLimit, HoldsInTheVerifierAndBothForms) {
  const std::string most = "program p() {" + repeated("push 1;", kMaxPushes - 1) + "return 1; }";
  expect_round_trip(parsed(most));
  EXPECT_EQ(max_pushes(parsed(most)), kMaxPushes);
  for (const char* last : {"push 1;", "return 1;", "if (1) { } else { push 1; }"}) {
    const std::string text = "program p() {" + repeated("push 1;", kMaxPushes) + last + "}";
    EXPECT_THAT(complaint(text), HasSubstr("pushes more than 4096 values")) << last;
  }
  expect_round_trip(parsed("program p() {" + repeated("push 1;", kMaxPushes) + "return; }"));
}

TEST(PushLimit, BoundsWhatBytesAskFor) {
  std::vector<std::uint8_t> bytes{kCodecVersion, 0};
  for (std::uint32_t i = 0; i < kMaxPushes + 10; ++i) bytes.insert(bytes.end(), {0xD6, 0x90});
  bytes.insert(bytes.end(), {0xD0, 0x90});
  const auto program = decode(bytes);
  ASSERT_TRUE(program);
  EXPECT_EQ(max_pushes(*program), kMaxPushes);
}

TEST(NameLimit, HoldsInTheVerifierAndBothForms) {
  const std::string name(kMaxNameBytes, 'n');
  expect_round_trip(parsed("program " + name + "(i32 " + name + ") { " + name + " = 1; }"));
  EXPECT_THAT(complaint("program p(i32 " + name + "n) { }"), HasSubstr("longer than 256 bytes"));
  Program program;
  program.add_slot(name + "n", Type::I32);
  EXPECT_THAT(complaint(program), HasSubstr("1 to 256 letters"));
  program.set_variable_name(VarId{0}, std::string(0x10001, 'n'));
  EXPECT_THAT(complaint(program), HasSubstr("1 to 256 letters"));
}

TEST(FileLimit, HoldsInTheParser) {
  const std::string program = "program p() { }";
  const std::string most = program + std::string(kMaxFileBytes - program.size(), ' ');
  EXPECT_EQ(complaint(most), "");
  EXPECT_THAT(complaint(most + " "), HasSubstr("larger than the limit of 16777216 bytes"));
}

}  // namespace
}  // namespace assay::ast
