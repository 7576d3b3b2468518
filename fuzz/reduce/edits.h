// Edits: every single step by which the reducer tries to make a finding smaller, listed kind by kind.
//
// An edit is made on a copy of the finding it was listed for. It need not leave a valid or a smaller finding: what it
// leaves is repaired (tree.h), verified and measured before anyone looks at it. So an edit says what to try, not what
// is allowed.
//
// Kinds stand in the order in which they are tried: first what makes judging cheaper, then what removes most.
//
// Tested by fuzz/reduce/test/edits_test.cc, kind by kind.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "fuzz/findings/finding.h"

namespace assay::fuzz {

using Edit = std::function<void(Finding&)>;
using Edits = std::vector<Edit>;

// Each appends its edits, the most promising first. Precondition: the program is compact and verified, the pipeline is
// spelled out, and no two variables share a name.
void list_input_edits(const Finding& finding, Edits& edits);  // one input alone, or one fewer
void list_pass_edits(const Finding& finding, Edits& edits);   // no pass, one alone, or one fewer; fewer CPU features
void list_statement_edits(const Finding& finding, Edits& edits);  // runs of statements deleted, largest first
void list_block_edits(const Finding& finding, Edits& edits);  // `if` and loops replaced by their blocks, trip counts
void list_expression_edits(const Finding& finding,
                           Edits& edits);  // constants, operands and loads in place of expressions
void list_variable_edits(const Finding& finding, Edits& edits);  // slots removed, variables merged, values forwarded
void list_type_edits(const Finding& finding, Edits& edits);      // i64 to i32
void list_value_edits(const Finding& finding, Edits& edits);     // operators replaced by the values they had
void list_constant_edits(const Finding& finding, Edits& edits);  // constants towards 0
void list_cell_edits(const Finding& finding, Edits& edits);      // input values towards 0

struct EditKind {
  std::string_view name;
  void (*list)(const Finding& finding, Edits& edits);
};

inline constexpr std::array kEditKinds = {
    EditKind{"inputs", list_input_edits},
    EditKind{"passes", list_pass_edits},
    EditKind{"statements", list_statement_edits},
    EditKind{"blocks", list_block_edits},
    EditKind{"expressions", list_expression_edits},
    EditKind{"variables", list_variable_edits},
    EditKind{"types", list_type_edits},
    EditKind{"values", list_value_edits},
    EditKind{"constants", list_constant_edits},
    EditKind{"cells", list_cell_edits},
};

// By node, what the operators outside of loops gave in the run from that input, as far as it got.
[[nodiscard]] std::vector<std::optional<std::uint64_t>> observed_values(const ast::Program& program,
                                                                        const oracles::Frame& input);

// Gives the program one slot more, the last one, which holds the values at the start of the runs and is read in the
// place of the expression `id`. No node changes its number.
void read_from_slot(Finding& to, ast::NodeId id, const std::vector<std::uint64_t>& values);

// Smaller values to try instead of one, as bits: 0, 1, -1, the same without its sign, its low bytes, and from half of
// it up to one less, by halving steps. Nearly a binary search, so a value is least in a number of steps that grows with
// its length.
[[nodiscard]] std::vector<std::uint64_t> smaller_values(std::uint64_t bits, ast::Type type);

}  // namespace assay::fuzz
