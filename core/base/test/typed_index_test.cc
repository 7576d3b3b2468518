// Indices that cannot be mixed up; see core/base/typed_index.h.
#include "core/base/typed_index.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace assay::base {
namespace {

using Apple = TypedIndex<struct AppleTag>;
using Pear = TypedIndex<struct PearTag>;

static_assert(!std::is_convertible_v<Apple, Pear>);
static_assert(!std::is_assignable_v<Apple&, Pear>);
static_assert(!std::is_convertible_v<Apple, std::uint32_t>);
static_assert(sizeof(Apple) == 4);

TEST(TypedIndex, IsNoneUnlessGivenAValue) {
  EXPECT_FALSE(Apple().valid());
  EXPECT_FALSE(Apple::none().valid());
  EXPECT_EQ(Apple(), Apple::none());
}

TEST(TypedIndex, IsValidWithAnyOtherValue) {
  EXPECT_TRUE(Apple{0}.valid());
  EXPECT_TRUE(Apple{Apple::kNoneValue - 1}.valid());
  EXPECT_FALSE(Apple{Apple::kNoneValue}.valid());
}

TEST(TypedIndex, ComparesByValue) {
  EXPECT_EQ(Apple{3}, Apple{3});
  EXPECT_NE(Apple{3}, Apple{4});
  EXPECT_LT(Apple{3}, Apple{4});
  EXPECT_LT(Apple{4}, Apple::none());
}

}  // namespace
}  // namespace assay::base
