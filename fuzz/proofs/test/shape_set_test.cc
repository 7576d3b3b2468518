// The shapes that processes share; see fuzz/proofs/shape_set.h.
#include "fuzz/proofs/shape_set.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/rng.h"

namespace assay::fuzz {
namespace {

std::unique_ptr<ShapeSet> made() {
  auto set = ShapeSet::create();
  EXPECT_TRUE(set) << set.error().describe();
  return std::move(set).value();
}

TEST(ShapeSetTest, AShapeIsNewOnce) {
  const auto set = made();
  for (const std::uint64_t shape : {0ULL, 7ULL, ~0ULL}) {
    EXPECT_FALSE(set->contains(shape));
    EXPECT_TRUE(set->insert(shape));
    EXPECT_FALSE(set->insert(shape));
    EXPECT_TRUE(set->contains(shape));
  }
}

TEST(ShapeSetTest, ShapesThatWantOneCellAreToldApart) {
  const auto set = made();
  EXPECT_TRUE(set->insert(5));
  EXPECT_FALSE(set->contains(5 + ShapeSet::kCapacity));
  EXPECT_TRUE(set->insert(5 + ShapeSet::kCapacity));
  EXPECT_TRUE(set->contains(5));
}

TEST(ShapeSetTest, ProcessesShareIt) {
  const auto set = made();
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(set->insert(42) ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
  EXPECT_TRUE(set->contains(42));
  EXPECT_FALSE(set->insert(42));
}

TEST(ShapeSetTest, AFullSetTakesNoMore) {
  const auto set = made();
  base::Rng rng(1);
  std::uint64_t taken = 0;
  while (!set->full()) {
    if (set->insert(rng.next())) ++taken;
  }
  EXPECT_GE(taken, ShapeSet::kCapacity / 2);
  EXPECT_FALSE(set->insert(rng.next()));
}

}  // namespace
}  // namespace assay::fuzz
