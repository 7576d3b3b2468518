// The differential check of passes: programs at random, and whether two programs do the same.
//
// The texts in a pass's own test say what it rewrites; this says that what it rewrites still means the same, on
// programs that nobody thought of. Half of them are decoded from random bytes, which reach every node and operator; the
// other half are drawn so that passes find something to do: few variables, short loops that end, jumps under
// conditions, divisions that may trap, constants that meet each other.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/ast/program.h"
#include "core/opt/passes.h"

namespace assay::opt {

// The program of a text that must be valid.
[[nodiscard]] ast::Program parsed(std::string_view text);

// The same with the frame `i32 a, i32 b, i64 x, i64 y` around the statements.
[[nodiscard]] ast::Program parsed_body(std::string_view statements);

// The seed of a random test: fixed, or ASSAY_TEST_SEED.
[[nodiscard]] std::uint64_t test_seed();

// Fails the running test unless `after` is valid, has the slots of `before`, and ends on edge inputs as `before` does:
// same end, trap, frame, operand stack and output. Inputs on which `before` runs out of fuel count only as far as it
// came: what it printed and what `after` printed must begin alike. False after a failure.
bool expect_same_behaviour(const ast::Program& before, const ast::Program& after, std::uint64_t fuel = 20'000);

// Calls `check` with `count` valid programs, and stops behind the first that makes it give false; the seed and the
// number of the program are in the trace of a failure.
void for_random_programs(unsigned count, std::uint64_t seed, const std::function<bool(const ast::Program&)>& check);

// The statements of `before` (in the frame of parsed_body) must become those of `after`, which the pass must then leave
// alone, and both must behave the same. With equal texts: the pass must not change anything.
void expect_rewrite(PassFunction pass, std::string_view before, std::string_view after);

// For random programs: `pass` keeps the behaviour, says whether it changed anything, and comes to an end within a few
// runs over its own output.
void expect_sound_on_random_programs(PassFunction pass, unsigned count);

}  // namespace assay::opt
