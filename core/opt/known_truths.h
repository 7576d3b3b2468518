// Known truths: which values are known to be zero or not, from the conditions that led to the current place.
//
// What is known is known of value numbers, so it stays true however variables change.
//
// Tested by core/opt/test/common_subexpressions_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/ast/program.h"
#include "core/opt/value_numbers.h"

namespace assay::opt {

class KnownTruths {
 public:
  explicit KnownTruths(ValueNumbers& numbers) : numbers_(numbers) {}

  struct Fact {
    std::uint32_t number = 0;
    bool truth = false;
  };
  // The most useful ones; conditions of many parts have more.
  struct Facts {
    std::array<Fact, 12> all{};
    std::size_t count = 0;

    void add(std::uint32_t number, bool truth) {
      if (count < all.size()) all[count++] = {number, truth};
    }
  };

  // What follows from the truth of a condition, which has been numbered and stands as it did then.
  [[nodiscard]] Facts facts(const ast::Program& program, ast::NodeId condition, bool truth);

  void learn(const Facts& facts);
  // What is learned from here on can be forgotten again, in the order of a stack.
  [[nodiscard]] std::size_t mark() const { return undo_.size(); }
  void forget(std::size_t mark);

  [[nodiscard]] std::optional<bool> of(std::uint32_t number) const {
    if (number >= truths_.size() || truths_[number] == Truth::Unknown) return std::nullopt;
    return truths_[number] == Truth::True;
  }

 private:
  enum class Truth : std::uint8_t { Unknown, False, True };
  struct Undo {
    std::uint32_t number = 0;
    Truth truth = Truth::Unknown;
  };

  void collect(const ast::Program& program, ast::NodeId id, bool truth, unsigned depth, Facts& facts);
  void collect_comparison(const ast::Program& program, ast::NodeId id, bool truth, Facts& facts);

  ValueNumbers& numbers_;
  std::vector<Truth> truths_;  // by value number
  std::vector<Undo> undo_;
};

}  // namespace assay::opt
