// Comparison of a run with the reference run of the same program and input.
//
// Everything that both engines know is compared: how the run ended, every slot to the last bit, the operand stack, what
// was printed, and the rules of the calling convention. The differences come back in the order of a reader's interest.
//
// Tested by oracles/test/compare_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/ast/program.h"
#include "oracles/run.h"
#include "oracles/verdict.h"

namespace assay::oracles {

// Whether rules of the calling convention and of memory that the code broke are differences. Left out only by the
// self-test, to measure what watching them is worth.
enum class Rules : std::uint8_t { Watched, Ignored };

// The verdict on `got`. `differences` is cleared and filled unless the runs agree.
[[nodiscard]] Verdict compare(const ast::Program& program, const Run& expected, const Run& got,
                              std::vector<Difference>& differences, Rules rules = Rules::Watched);

// One line for people: "slot 2 (sum): expected 0x0000000a, got 0x0000000b".
[[nodiscard]] std::string describe(const ast::Program& program, const Difference& difference, const Run& got);

}  // namespace assay::oracles
