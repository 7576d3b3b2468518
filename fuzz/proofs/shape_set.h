// ShapeSet: the loops that a campaign has looked at, shared by all its processes.
//
// Made by the supervisor before it forks, so that what one process proves no other proves again. Numbers only, in
// shared memory, without locks: a process that is killed at any moment leaves it usable.
//
// Tested by fuzz/proofs/test/shape_set_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/base/result.h"

namespace assay::fuzz {

class ShapeSet {
 public:
  static constexpr std::size_t kCapacity = std::size_t{1} << 20U;

  [[nodiscard]] static base::Result<std::unique_ptr<ShapeSet>> create();
  ~ShapeSet();
  ShapeSet(const ShapeSet&) = delete;
  ShapeSet& operator=(const ShapeSet&) = delete;

  [[nodiscard]] bool contains(std::uint64_t shape) const;

  // Whether it is new. False as well when the set is full, which `full` tells.
  [[nodiscard]] bool insert(std::uint64_t shape);
  [[nodiscard]] bool full() const;

 private:
  explicit ShapeSet(std::uint64_t* cells) : cells_(cells) {}

  // cells_[kCapacity] counts; the others are shapes, 0 where there is none.
  std::uint64_t* cells_;
};

}  // namespace assay::fuzz
