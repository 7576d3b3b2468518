// Specification of value numbers: when two places see the same value.
#include "core/opt/value_numbers.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "core/opt/test/differential.h"

namespace assay::opt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;

// Walks a program and notes the number of everything that is printed.
class Walk {
 public:
  explicit Walk(const ast::Program& program) : program_(program), numbers_(program) { block(program.body()); }

  [[nodiscard]] const std::vector<std::uint32_t>& printed() const { return printed_; }

 private:
  void block(NodeId first) {
    for (NodeId id = first; id.valid(); id = program_.node(id).next) statement(program_.node(id));
  }

  void statement(const Node& node) {
    switch (node.kind) {
      case NodeKind::Let:
      case NodeKind::Store:
        numbers_.assign(node.variable(), numbers_.number(program_, node.child_b()));
        return;
      case NodeKind::Print:
        printed_.push_back(numbers_.number(program_, node.child_a()));
        return;
      case NodeKind::If:
        numbers_.enter_then();
        block(node.child_b());
        numbers_.leave_then_enter_else();
        block(node.child_c());
        numbers_.leave();
        return;
      case NodeKind::Loop:
      case NodeKind::While:
        numbers_.enter_loop();
        block(node.child_b());
        numbers_.leave();
        return;
      default:
        return;
    }
  }

  const ast::Program& program_;
  ValueNumbers numbers_;
  std::vector<std::uint32_t> printed_;
};

// Equal values have equal letters: `pattern` has one for each print, in the order of the text.
void expect_printed(std::string_view text, std::string_view pattern) {
  const ast::Program program = parsed_body(text);
  const std::vector<std::uint32_t> printed = Walk(program).printed();
  ASSERT_EQ(printed.size(), pattern.size()) << text;
  for (std::size_t i = 0; i < printed.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_EQ(printed[i] == printed[j], pattern[i] == pattern[j]) << text << ": print " << j << " and print " << i;
    }
  }
}

TEST(ValueNumbersTest, DependOnOperatorsAndOperands) {
  expect_printed("print a + b; print a + b; print a - b; print a + 1; print b + a; print b - a;", "AABCAD");
  expect_printed("print select(a, b, 1); print select(a, 1, b); print select(a, b, 1); print clz(a); print ctz(a);",
                 "ABACD");
  expect_printed("print 1; print 1L; print 0x100000001L; print 2; print 1;", "ABCDA");
  expect_printed("print extend8_s(a); print extend8_s(x); print a == 0; print x == 0; print x == 0;", "ABCDD");
}

TEST(ValueNumbersTest, FollowAssignments) {
  expect_printed("print a; a = b; print a; print b; a = a + 1; print a; print b + 1;", "ABBCC");
  expect_printed("a = a; print a; print a * 2; let i32 t = a; print t * 2;", "ABB");
}

TEST(ValueNumbersTest, ChangeWhereBranchesMeet) {
  expect_printed("print a; if (b) { print a; a = 1; print a; print 1; } print a; print a; print 1;", "AABBCCB");
  expect_printed("if (b) { if (x) { a = 1; } print a; } print a;", "AB");
  expect_printed("if (b) { a = 1; } else { print a; a = 2; print a; } print a; print 2;", "ABCB");
  expect_printed("if (b) { a = 1; } else { print a; print a; } print a;", "AAB");
  expect_printed("print a; if (b) { x = 1; } print a;", "AA");
}

TEST(ValueNumbersTest, ChangeAtTheStartOfALoopThatAssigns) {
  expect_printed("print a; loop (b) { print a; print a; a = a + 1; print a; } print a;", "ABBCD");
  expect_printed("print a; loop (b) { print a; loop (b) { print a; } print a; a = 1; } print a;", "ABBBC");
  expect_printed("loop (b) { print a; loop (b) { print a; a = 1; } print a; }", "ABC");
  expect_printed("loop (b) { a = 1; loop (x) { print a; } print a; print 1; }", "AAA");
  expect_printed("loop (b) { a = 1; loop (x) { print a; if (y) { a = 2; } print a; } print a; print 1; }", "ABCD");
  expect_printed("print a; loop (b) { x = 1; } print a; while (b) { print a; x = 2; }", "AAA");
}

TEST(ValueNumbersTest, BelongToOneLoopEach) {
  expect_printed("loop (b) { print a; a = 1; } loop (b) { print a; a = 1; }", "AB");
}

}  // namespace
}  // namespace assay::opt
