// The binary form: exact, total and stable; see core/ast/codec.h.
#include "core/ast/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/ast/codec/version1.h"
#include "core/ast/test/support.h"
#include "core/ast/verify.h"

namespace assay::ast {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string decoded_text(std::vector<std::uint8_t> bytes) {
  bytes.insert(bytes.begin(), kCodecVersion);
  const auto program = decode(bytes);
  return program ? print_program(*program) : program.error().describe();
}

// The statements that `bytes` mean in a frame of `i32 v0, i64 v1`, on one line.
std::string decoded_statement(std::vector<std::uint8_t> bytes) {
  bytes.insert(bytes.begin(), {kCodecVersion, 2, 0b10});
  const auto program = decode(bytes);
  return program && program->body().valid() ? print_node(*program, program->body()) : "";
}

void expect_exact(const Program& program) {
  const auto read = decode(encode(program));
  ASSERT_TRUE(read) << read.error().describe();
  EXPECT_TRUE(same_program(*read, program)) << print_program(program) << "came back as\n" << print_program(*read);
}

TEST(CodecTest, BeginsWithItsVersion) { EXPECT_EQ(encode(Program{}).front(), 1); }

TEST(CodecTest, RefusesOtherVersions) {
  EXPECT_THAT(decode({}).error().describe(), HasSubstr("its first byte is its version"));
  for (const int version : {0, 2, 112, 255}) {
    const std::uint8_t byte = static_cast<std::uint8_t>(version);
    const auto program = decode({&byte, 1});
    ASSERT_FALSE(program);
    EXPECT_EQ(program.error().kind, base::ErrorKind::Input);
    EXPECT_THAT(program.error().describe(), HasSubstr("version " + std::to_string(version)));
  }
}

TEST(CodecTest, TheVersionAloneIsAnEmptyProgram) {
  EXPECT_EQ(decoded_text({}), "// format 1\nprogram program() {\n}\n");
}

// Version 1 byte by byte. These lines never change.
struct Meaning {
  std::vector<std::uint8_t> bytes;
  const char* text;
};

class VersionOne : public testing::TestWithParam<Meaning> {};

TEST_P(VersionOne, MeansThisForever) { EXPECT_EQ(decoded_statement(GetParam().bytes), GetParam().text); }

INSTANTIATE_TEST_SUITE_P(
    Statements, VersionOne,
    testing::Values(Meaning{{0x00, 0xD4}, ""}, Meaning{{0x0F, 0xD4}, ""}, Meaning{{0x10, 0x91}, "v0 = 1;"},
                    Meaning{{0x11, 0x91}, "v1 = 1L;"}, Meaning{{0x12, 0x91}, "v0 = 1;"},
                    Meaning{{0x50, 0x03, 0x00, 0x91}, "v1 = 1L;"}, Meaning{{0x58, 0x91}, "let i32 v2 = 1;"},
                    Meaning{{0x6F, 0x91}, "let i64 v2 = 1L;"}, Meaning{{0x70, 0x91, 0xD4, 0x00}, "if (1) { return; }"},
                    Meaning{{0x87, 0x91, 0xD4, 0x00}, "if (1L) { return; }"},
                    Meaning{{0x88, 0x91, 0x00, 0xD4, 0x00}, "if (1) {} else { return; }"},
                    Meaning{{0xA0, 0x91, 0xC0, 0x00}, "loop (1) { break; }"},
                    Meaning{{0xAF, 0x91, 0xC7, 0x00}, "loop (1L) { break; }"},
                    Meaning{{0xB0, 0x91, 0xC8, 0x00}, "while (1) { continue; }"},
                    Meaning{{0xBF, 0x91, 0xCF, 0x00}, "while (1L) { continue; }"}, Meaning{{0xD0, 0x91}, "return 1;"},
                    Meaning{{0xD3, 0x91}, "return 1L;"}, Meaning{{0xD5}, "return;"}, Meaning{{0xD6, 0x91}, "push 1;"},
                    Meaning{{0xDD, 0x91}, "push 1L;"}, Meaning{{0xDE, 0x91}, "print 1;"},
                    Meaning{{0xDF, 0x91}, "print 1L;"}, Meaning{{0xE1, 0x91}, "v1 = 1L;"}));

INSTANTIATE_TEST_SUITE_P(
    Leaves, VersionOne,
    testing::Values(Meaning{{0xD6, 0x00}, "push v0;"}, Meaning{{0xD6, 0x7F}, "push v0;"},
                    Meaning{{0xD7, 0x05}, "push v1;"}, Meaning{{0xD6, 0x80, 0xFF, 0xFF}, "push v0;"},
                    Meaning{{0xD6, 0x81, 0x80}, "push -128;"}, Meaning{{0xD6, 0x82, 0x00, 0x80}, "push -32768;"},
                    Meaning{{0xD6, 0x83, 0x04, 0x03, 0x02, 0x01}, "push 16909060;"},
                    Meaning{{0xD7, 0x83, 0xFE, 0xFF, 0xFF, 0xFF}, "push -2L;"},
                    Meaning{{0xD7, 0x84, 1, 0, 0, 0, 0, 0, 0, 0x80}, "push -9223372036854775807L;"},
                    Meaning{{0xD6, 0x85, 33}, "push 2;"}, Meaning{{0xD7, 0x85, 33}, "push 8589934592L;"},
                    Meaning{{0xD6, 0x86, 31}, "push 2147483647;"}, Meaning{{0xD6, 0x87, 4}, "push -17;"},
                    Meaning{{0xD6, 0x88}, "push -8;"}, Meaning{{0xD6, 0x9F}, "push 15;"},
                    Meaning{{0xD7, 0xA0}, "push -9223372036854775808L;"}, Meaning{{0xD6, 0xA3}, "push -2147483648;"},
                    Meaning{{0xD6, 0xAF}, "push 65535;"}));

TEST(CodecTest, OperatorsKeepTheirOrder) {
  const auto operators = [](std::uint8_t push, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      const auto program =
          decode(std::vector<std::uint8_t>{kCodecVersion, 2, 0b10, push, static_cast<std::uint8_t>(0xB0 + i)});
      const Node& node = program->node(program->node(program->body()).child_a());
      text += node.kind == NodeKind::Select ? "select" : std::string(op_info(node.op).name);
      text += program->node(node.child_a()).type == Type::I32 ? " " : "' ";
    }
    return text;
  };
  EXPECT_EQ(operators(0xD6, codec1::kForms32.size()),
            "add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr clz ctz popcnt neg not abs "
            "eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u select "
            "eqz' eq' ne' lt_s' lt_u' gt_s' gt_u' le_s' le_u' ge_s' ge_u' select' wrap' extend8_s extend16_s ");
  EXPECT_EQ(operators(0xD7, codec1::kForms64.size()),
            "add' sub' mul' div_s' div_u' rem_s' rem_u' and' or' xor' shl' shr_s' shr_u' rotl' rotr' "
            "clz' ctz' popcnt' neg' not' abs' select select' extend_s extend_u extend8_s' extend16_s' extend32_s' ");
}

TEST(CodecTest, ASelectsConditionMayBeOfEitherType) {
  EXPECT_EQ(decoded_statement({0xD6, 0xB0 + 32, 0x00, 0x91, 0x92}), "push select(v0, 1, 2);");
  EXPECT_EQ(decoded_statement({0xD6, 0xB0 + 44, 0x00, 0x91, 0x92}), "push select(v1, 1, 2);");
}

TEST(CodecTest, OperatorsBeyondTheLastBeginAgain) {
  EXPECT_EQ(decoded_statement({0xD6, 0xB0 + 48, 0x91, 0x92}), "push 1 + 2;");
  EXPECT_EQ(decoded_statement({0xD7, 0xB0 + 28, 0x91, 0x92}), "push 1L + 2L;");
}

TEST(CodecTest, StatementsThatAreNotLegalHereAreSkipped) {
  EXPECT_EQ(decoded_statement({0xC0, 0xC8, 0xD4}), "return;");                                        // break, continue
  EXPECT_EQ(decoded_statement({0xA0, 0x91, 0xD6, 0xD4, 0x00}), "loop (1) { return; }");               // push in a loop
  EXPECT_EQ(decoded_text({0x00, 0x10, 0xD4}), "// format 1\nprogram program() {\n    return;\n}\n");  // store, no slot
}

TEST(CodecTest, ALoadWithoutAVariableIsAConstant) {
  EXPECT_EQ(decoded_text({0x00, 0xD6, 0x05}), "// format 1\nprogram program() {\n    push 5;\n}\n");
}

TEST(CodecTest, WhatTheBytesLeaveOutIsZeroAndTheEnd) {
  EXPECT_EQ(decoded_statement({0xA0, 0xB0, 0x00}), "loop (v0 + 0) {}");
  EXPECT_EQ(decoded_statement({0xD6, 0x83, 0x07}), "push 7;");
  EXPECT_EQ(decoded_statement({0x88}), "if (0) {}");
}

TEST(CodecTest, ManySlotsAreCountedInTwoBytes) {
  std::string slots;
  for (int i = 0; i < 17; ++i) slots += (i > 0 ? ", i32 v" : "i32 v") + std::to_string(i);
  EXPECT_EQ(decoded_text({0xFF, 17, 0, 0, 0, 0}), "// format 1\nprogram program(" + slots + ") {\n}\n");
}

TEST(CodecTest, SlotsWithoutATypeAreLeftOut) {
  EXPECT_EQ(decoded_text({9, 0xFF}).find("v8"), std::string::npos);
  EXPECT_EQ(decoded_text({5}), "// format 1\nprogram program() {\n}\n");
}

TEST(CodecTest, UsualNamesTakeNoBytes) {
  EXPECT_THAT(encode(parsed("program program(i32 v0) { let i64 v1 = 3; }")), ElementsAre(1, 1, 0, 0x59, 0x93, 0x00));
}

TEST(CodecTest, OtherNamesStandBehindTheProgram) {
  EXPECT_THAT(encode(parsed("program p(i32 v0, i32 ab) { }")), ElementsAre(1, 2, 0, 0, 'N', 1, 'p', 0, 2, 'a', 'b'));
}

TEST(CodecTest, UsualNamesOfOtherVariablesAreKept) {
  expect_exact(parsed("program program(i32 v1, i32 v0) { let i32 v3 = v0; v1 = v3; }"));
}

TEST(CodecTest, NamesThatCannotBeAreReplacedByTheUsualOnes) {
  const std::string usual = "// format 1\nprogram program(i32 v0, i32 v1) {\n}\n";
  EXPECT_EQ(decoded_text({2, 0, 0, 'N', 1, 'p', 1, 'a', 1, 'a'}), usual);          // twice the same
  EXPECT_EQ(decoded_text({2, 0, 0, 'N', 1, 'p', 1, 'a', 1, ';'}), usual);          // no identifier
  EXPECT_EQ(decoded_text({2, 0, 0, 'N', 1, 'p', 0, 2, 'i', 'f'}), usual);          // reserved
  EXPECT_EQ(decoded_text({2, 0, 0, 'N', 1, 'p', 2, 'v', '1', 0}), usual);          // in use by the usual name
  EXPECT_EQ(decoded_text({2, 0, 0, 'N', 1, 'p', 1, 'a', 9, 'b'}), usual);          // cut off
  EXPECT_EQ(decoded_text({2, 0, 0, 'N', 1, 'p', 0xFF, 0xFF, 0xFF, 0xFF}), usual);  // a length without end
}

TEST(CodecTest, EveryStatementIsExact) {
  expect_exact(parsed_body(
      "let i32 t = a; a = t; x = 5; if (a) { let i64 u = y; push u; } if (x) { } else { push 2; } loop (x) { break; } "
      "while (b) { continue; if (b) { return y; } else { return; } } print a; print x; return 77;"));
}

TEST(CodecTest, EveryVariableIsExactHoweverMany) {
  std::string slots = "i64 s0";
  std::string statements;
  for (int i = 1; i < 300; ++i) slots += (i % 3 == 0 ? ", i64 s" : ", i32 s") + std::to_string(i);
  for (int i = 0; i < 300; ++i) statements += "s" + std::to_string(i) + " = s" + std::to_string(i) + ";";
  expect_exact(parsed("program p(" + slots + ") {" + statements + "}"));
}

TEST(CodecTest, EveryKindOfConstantIsExact) {
  std::set<std::int64_t> values;
  for (int k = 0; k < 64; ++k) {
    const auto power = std::int64_t{1} << std::min(k, 62);
    for (int d = -20; d <= 20; ++d) values.insert({power + d, -power + d});
  }
  values.insert({INT64_MIN, INT64_MIN + 1, INT64_MAX, INT64_MAX - 1});
  Program program;
  program.set_name("constants");
  std::string text = "program constants() {";
  for (const std::int64_t value : values) {
    text += "print " + std::to_string(value) + "L;";
    if (value == static_cast<std::int32_t>(value)) text += "print " + std::to_string(value) + ";";
  }
  expect_exact(parsed(text + "}"));
}

TEST(CodecTest, AnyBytesAreAVerifiedProgramInBothForms) {
  const std::uint64_t seed = test_seed();
  SCOPED_TRACE("ASSAY_TEST_SEED=" + std::to_string(seed));
  base::Rng rng(seed);
  for (int i = 0; i < 4'000; ++i) {
    const std::vector<std::uint8_t> bytes = random_bytes(rng, i % 20 == 0 ? 3'000 : 200);
    const auto program = decode(bytes);
    ASSERT_TRUE(program) << program.error().describe();
    ASSERT_TRUE(verify(*program));
    const std::string text = print_program(*program);
    const auto from_text = parse_program(text);
    ASSERT_TRUE(from_text) << from_text.error().describe() << '\n' << text;
    ASSERT_TRUE(same_program(*from_text, *program)) << text;
    ASSERT_EQ(print_program(*from_text), text);
    const std::vector<std::uint8_t> again = encode(*from_text);
    const auto from_bytes = decode(again);
    ASSERT_TRUE(from_bytes) << from_bytes.error().describe();
    ASSERT_TRUE(same_program(*from_bytes, *program)) << text;
    ASSERT_EQ(encode(*from_bytes), again);
  }
}

TEST(CodecTest, RandomBytesReachEveryNodeAndOperatorOfEitherType) {
  const std::uint64_t seed = test_seed();
  SCOPED_TRACE("ASSAY_TEST_SEED=" + std::to_string(seed));
  base::Rng rng(seed);
  std::set<NodeKind> kinds;
  std::set<std::pair<Op, Type>> operators;
  for (int i = 0; i < 3'000; ++i) {
    const Program program = decode(random_bytes(rng, 300)).value();
    for (std::uint32_t n = 0; n < program.node_count(); ++n) {
      const Node& node = program.node(NodeId{n});
      kinds.insert(node.kind);
      if (is_expression(node.kind) && node.kind != NodeKind::Int && node.kind != NodeKind::Load &&
          node.kind != NodeKind::Select) {
        operators.emplace(node.op, program.node(node.child_a()).type);
      }
    }
  }
  EXPECT_EQ(kinds.size(), kNodeKindCount);
  std::size_t wanted = 0;
  for (std::size_t i = 0; i < kOpCount; ++i) {
    for (const Type type : {Type::I32, Type::I64}) wanted += accepts(static_cast<Op>(i), type) ? 1U : 0U;
  }
  EXPECT_EQ(operators.size(), wanted);
}

TEST(CodecTest, EveryPrefixAndEveryChangedByteIsAProgram) {
  const std::vector<std::uint8_t> whole = encode(parsed_body(
      "let i32 t = a * b; if (t < 5) { x = y; } else { push 1234567; } loop (9) { while (x) { break; } } return t;"));
  for (std::size_t size = 1; size < whole.size(); ++size) {
    EXPECT_TRUE(decode(std::span(whole).first(size))) << size;
  }
  for (std::size_t at = 1; at < whole.size(); ++at) {
    std::vector<std::uint8_t> changed = whole;
    for (int byte = 0; byte < 256; ++byte) {
      changed[at] = static_cast<std::uint8_t>(byte);
      EXPECT_TRUE(decode(changed)) << at << ' ' << byte;
    }
  }
}

}  // namespace
}  // namespace assay::ast
