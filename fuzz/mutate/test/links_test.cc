// Finding, setting and copying places in a program; see fuzz/mutate/links.h.
#include "fuzz/mutate/links.h"

#include <gtest/gtest.h>

#include "core/ast/text.h"
#include "core/ast/verify.h"

namespace assay::fuzz {
namespace {

ast::Program parse(const char* text) {
  auto program = ast::parse_program(text);
  EXPECT_TRUE(program) << program.error().describe();
  return std::move(program).value();
}

TEST(LinksTest, EveryStatementEndAndExpressionIsFoundOnce) {
  const ast::Program program = parse("program p(i32 a) { a = a + 1; if (a) { a = 2; } loop (3) { } }");
  Links links;
  links.find(program);
  EXPECT_EQ(links.statements.size(), 4U);
  EXPECT_EQ(links.statement_ends.size(), 4U);  // of the body, then-block, else-block and loop body
  EXPECT_EQ(links.expressions.size(), 6U);     // a + 1, a, 1, the condition, 2, 3
}

TEST(LinksTest, AnEmptyProgramHasOnePlaceToInsert) {
  Links links;
  links.find(parse("program p() { }"));
  EXPECT_TRUE(links.statements.empty());
  EXPECT_EQ(links.statement_ends.size(), 1U);
}

TEST(LinksTest, WhatIsSetIsTheTarget) {
  ast::Program program = parse("program p(i32 a) { a = 1; a = 2; }");
  Links links;
  links.find(program);
  const ast::NodeId second = target(program, links.statements[1]);
  set_target(program, links.statements[0], second);
  EXPECT_EQ(program.body(), second);
}

TEST(CloneTest, ACopyInTheSameProgramIsTheSameTree) {
  ast::Program program = parse("program p(i32 a) { a = select(a, a * 3, 7); }");
  const ast::Program from = program;
  std::vector<ast::VarId> variables = {ast::VarId{0}};
  const ast::NodeId copy = clone(from, from.body(), program, variables);
  EXPECT_NE(copy, program.body());
  program.set_body(copy);
  EXPECT_TRUE(ast::same_program(program, from));
}

TEST(CloneTest, LocalsThatTheCopyDeclaresAreNew) {
  ast::Program program = parse("program p(i32 a) { if (a) { let i32 t = a; a = t; } }");
  const ast::Program from = program;
  std::vector<ast::VarId> variables = {ast::VarId{0}, ast::VarId{1}};
  const ast::NodeId copy = clone(from, from.body(), program, variables);
  program.node(program.body()).next = copy;
  EXPECT_EQ(program.variable_count(), 3U);
  const auto verified = ast::verify(program);
  EXPECT_TRUE(verified) << verified.error().describe();
}

}  // namespace
}  // namespace assay::fuzz
