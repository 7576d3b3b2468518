// Programs of the tests from their text; a text that is no program fails the test that holds it.
//
// Tested by smt/test/loop_proof_test.cc.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "core/ast/text.h"

namespace assay::smt {

inline ast::Program parsed(const std::string& text) {
  auto program = ast::parse_program(text);
  EXPECT_TRUE(program.ok()) << program.error().describe() << "\n" << text;
  return std::move(program).value();
}

}  // namespace assay::smt
