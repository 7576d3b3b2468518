// The passes: pure functions from program to program.
//
// Each has a file of its own, named for what it does, that opens with what the pass preserves and why. A pass takes a
// verified program and gives a verified program with the same slots that, on every input, ends the same way with the
// same frame, operand stack and output; a trap happens with the frame that it happened with before. What may change is
// the number of steps, in both directions: fuel is a matter of the interpreter.
//
// Passes know nothing of each other; the pipeline (pipeline.h) puts them in order, and the harness interprets the
// program after each.
//
// Tested by core/opt/test/pipeline_test.cc; each pass by a file of its own there, and by the pass oracle on random
// programs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/ast/program.h"
#include "core/scev/loop_report.h"

namespace assay::opt {

enum class PassId : std::uint8_t {
#define ASSAY_PASS(Id, name, function, summary) Id,
#include "core/opt/passes.def"
};

// NOLINTBEGIN(bugprone-macro-parentheses): a sum with one term a row
inline constexpr std::size_t kPassCount = 0
#define ASSAY_PASS(Id, name, function, summary) +1
#include "core/opt/passes.def"
    ;
// NOLINTEND(bugprone-macro-parentheses)

struct PassResult {
  ast::Program program;
  std::uint32_t changes = 0;              // rewrites made; 0: the program is the one that went in
  std::vector<scev::LoopReport> loops{};  // of `scev` only: what became of each loop, in the order of the text
};

#define ASSAY_PASS(Id, name, function, summary) [[nodiscard]] PassResult function(const ast::Program& program);
#include "core/opt/passes.def"

using PassFunction = PassResult (*)(const ast::Program& program);

struct PassInfo {
  std::string_view name;
  std::string_view summary;
  PassFunction run;
};

[[nodiscard]] const PassInfo& pass_info(PassId pass);
[[nodiscard]] std::optional<PassId> find_pass(std::string_view name);

}  // namespace assay::opt
