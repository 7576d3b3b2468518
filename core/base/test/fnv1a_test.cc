// FNV-1a against values of its authors' reference implementation.
#include "core/base/fnv1a.h"

#include <gtest/gtest.h>

#include <array>

namespace assay::base {
namespace {

TEST(Fnv1aTest, HashesTextAsTheReferenceDoes) {
  EXPECT_EQ(fnv1a(""), 0xCBF29CE484222325ULL);
  EXPECT_EQ(fnv1a("a"), 0xAF63DC4C8601EC8CULL);
  EXPECT_EQ(fnv1a("foobar"), 0x85944171F73967E8ULL);
}

TEST(Fnv1aTest, AWordIsItsBytesTheLowestFirst) {
  Fnv1a of_word;
  of_word.add_word(0x0807060504030201ULL);
  Fnv1a of_bytes;
  of_bytes.add_all(std::array<std::uint8_t, 8>{1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_EQ(of_word.value(), of_bytes.value());
}

}  // namespace
}  // namespace assay::base
