// LoopUses: what each loop stores to, reads and does, itself and the loops within it: what a walk must know of a body
// before it has seen it.
//
// One list of stores and one of reads serve all loops: those of a loop are a range, which encloses the ranges of the
// loops within it.
//
// Tested by core/opt/test/dead_code_test.cc and propagate_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/ast/program.h"

namespace assay::opt {

struct LoopUses {
  std::uint32_t first_local = 0;  // the locals of the body are numbered from here on
  std::size_t first_stored = 0;
  std::size_t last_stored = 0;
  std::size_t first_read = 0;
  std::size_t last_read = 0;
  bool has_break = false;    // one that leaves this loop
  bool shows_slots = false;  // may return or trap, which is when slots are observed
  bool has_effect = false;   // does something else than store, or may be endless
};

class AllLoopUses {
 public:
  // Of reachable and unreachable loops alike. `program` is not needed any more afterwards.
  explicit AllLoopUses(const ast::Program& program);

  [[nodiscard]] const LoopUses& of(ast::NodeId loop) const { return loops_[index_[loop.value]]; }

  // Variables may be listed several times. Those that the body declares are in the lists too.
  [[nodiscard]] std::span<const ast::VarId> stored(const LoopUses& uses) const {
    return std::span(stored_).subspan(uses.first_stored, uses.last_stored - uses.first_stored);
  }
  // In the body and in the condition of a `while`. What only serves to give the variable itself a new value does not
  // count (`i = i + 1`), unless computing that may trap.
  [[nodiscard]] std::span<const ast::VarId> read(const LoopUses& uses) const {
    return std::span(read_).subspan(uses.first_read, uses.last_read - uses.first_read);
  }

 private:
  class Collector;

  std::vector<LoopUses> loops_;       // in the order of the text
  std::vector<std::uint32_t> index_;  // by node; empty in a program without loops
  std::vector<ast::VarId> stored_;
  std::vector<ast::VarId> read_;
};

}  // namespace assay::opt
