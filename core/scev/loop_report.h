// LoopReport: what SCEV-Lite made of one loop.
//
// Plain numbers, cheap enough for every loop of a campaign; `explain_loops` (explain.h) tells the story in words.
//
// Tested by core/scev/test/solve_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/ast/program.h"

namespace assay::scev {

enum class LoopClass : std::uint8_t {
#define ASSAY_LOOP_CLASS(Id, name) Id,
#include "core/scev/loop_classes.def"
};

enum class Decline : std::uint8_t {
#define ASSAY_DECLINE(Id, sentence) Id,
#include "core/scev/loop_classes.def"
};

// NOLINTBEGIN(bugprone-macro-parentheses): sums with one term a row
inline constexpr std::size_t kLoopClassCount = 0
#define ASSAY_LOOP_CLASS(Id, name) +1
#include "core/scev/loop_classes.def"
    ;
inline constexpr std::size_t kDeclineCount = 0
#define ASSAY_DECLINE(Id, sentence) +1
#include "core/scev/loop_classes.def"
    ;
// NOLINTEND(bugprone-macro-parentheses)

struct LoopReport {
  ast::NodeId loop;  // in the program that went into the pass
  bool solved = false;
  bool guarded = false;            // the original loop remains behind a guard
  Decline reason = Decline::None;  // when not solved
  std::uint32_t classes = 0;       // bit set by LoopClass; of declined loops: as far as was known

  [[nodiscard]] bool is(LoopClass one) const { return (classes >> static_cast<unsigned>(one) & 1U) != 0; }
  void add(LoopClass one) { classes |= 1U << static_cast<unsigned>(one); }
};

[[nodiscard]] std::string_view name(LoopClass one);
[[nodiscard]] std::string_view sentence(Decline reason);

}  // namespace assay::scev
