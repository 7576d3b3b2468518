// The shared table of shapes; see shape_set.h. Tested by fuzz/proofs/test/shape_set_test.cc.
#include "fuzz/proofs/shape_set.h"

#include <sys/mman.h>

#include <atomic>
#include <cerrno>

namespace assay::fuzz {
namespace {

constexpr std::size_t kBytes = (ShapeSet::kCapacity + 1) * sizeof(std::uint64_t);
// Beyond this a search for a free cell grows long.
constexpr std::uint64_t kMostShapes = ShapeSet::kCapacity / 4 * 3;

using Cell = std::atomic_ref<std::uint64_t>;
static_assert(Cell::is_always_lock_free, "cells are shared by processes");

// 0 marks a free cell.
std::uint64_t stored(std::uint64_t shape) { return shape == 0 ? 1 : shape; }

}  // namespace

base::Result<std::unique_ptr<ShapeSet>> ShapeSet::create() {
  void* const memory = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return base::system_error("cannot share memory for the shapes of loops", errno);
  return std::unique_ptr<ShapeSet>(new ShapeSet(static_cast<std::uint64_t*>(memory)));
}

ShapeSet::~ShapeSet() { ::munmap(cells_, kBytes); }

bool ShapeSet::contains(std::uint64_t shape) const {
  const std::uint64_t wanted = stored(shape);
  for (std::size_t at = wanted % kCapacity;; at = (at + 1) % kCapacity) {
    const std::uint64_t found = Cell(cells_[at]).load(std::memory_order_relaxed);
    if (found == wanted) return true;
    if (found == 0) return false;
  }
}

bool ShapeSet::insert(std::uint64_t shape) {
  const std::uint64_t wanted = stored(shape);
  for (std::size_t at = wanted % kCapacity;; at = (at + 1) % kCapacity) {
    std::uint64_t found = Cell(cells_[at]).load(std::memory_order_relaxed);
    if (found == 0) {
      if (full()) return false;
      if (Cell(cells_[at]).compare_exchange_strong(found, wanted, std::memory_order_relaxed)) {
        Cell(cells_[kCapacity]).fetch_add(1, std::memory_order_relaxed);
        return true;
      }
    }
    if (found == wanted) return false;
  }
}

bool ShapeSet::full() const { return Cell(cells_[kCapacity]).load(std::memory_order_relaxed) >= kMostShapes; }

}  // namespace assay::fuzz
