// Compiles a program for each convention and feature set, runs it natively and compares everything with the
// interpreter.
//
// Tested by core/jit/test/convention_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/ast/program.h"
#include "core/interp/outcome.h"
#include "core/jit/code_memory.h"
#include "core/jit/compile.h"

namespace assay::jit::test {

class Agreement {
 public:
  // `code_bytes`: room for the four compilations of one program.
  explicit Agreement(std::size_t code_bytes = std::size_t{1} << 20U);

  // Compiles for both conventions, each with no optional CPU feature and with all that this machine has. Fails the
  // running test when the program does not verify or does not fit.
  void prepare(const ast::Program& program);

  // Runs the prepared program from that frame in the interpreter and in every compilation. Empty when all agree on
  // result, frame and operand stack and keep the calling convention; else a sentence. A run out of fuel is not
  // compared.
  [[nodiscard]] std::string check(std::span<const std::uint64_t> frame, std::uint64_t fuel = 1000000);

  // Both at once.
  [[nodiscard]] std::string check_program(const ast::Program& program, std::span<const std::uint64_t> frame);

  // Of the last check().
  [[nodiscard]] const interp::Outcome& expected() const { return expected_; }
  // Of the last prepare(): System V without features.
  [[nodiscard]] const CompiledBlock& block() const { return first_block_; }

 private:
  struct Version {
    CompileOptions options;
    const void* entry = nullptr;
  };

  std::string check_version(const Version& version, std::span<const std::uint64_t> frame);

  CodeMemory memory_;
  Compiler compiler_;
  std::vector<Version> versions_;
  CompiledBlock block_;
  CompiledBlock first_block_;
  const ast::Program* program_ = nullptr;
  std::uint32_t pushes_ = 0;
  interp::Outcome expected_;
  std::vector<std::uint64_t> frame_;
  std::vector<std::uint64_t> stack_;
};

}  // namespace assay::jit::test
