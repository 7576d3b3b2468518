// Which lines of /proc/self/maps a worker keeps.
#include "oracles/native/memory_map.h"

#include <gtest/gtest.h>

#include <string_view>

namespace assay::oracles::native {
namespace {

constexpr std::string_view kMaps =
    "555555554000-555555556000 r--p 00000000 fe:00 4242                       /opt/a b/assay\n"
    "555555556000-555555558000 r-xp 00002000 fe:00 4242                       /opt/a b/assay\n"
    "555555558000-555555559000 rw-p 00004000 fe:00 4242                       /opt/a b/assay\n"
    "555555559000-55555557a000 rw-p 00000000 00:00 0                          [heap]\n"
    "7ffff7d00000-7ffff7e00000 r-xp 00000000 fe:00 99                         /lib/libc.so.6\n"
    "7ffff7fc0000-7ffff7fc4000 r--p 00000000 00:00 0                          [vvar]\n"
    "7ffff7fc4000-7ffff7fc6000 r-xp 00000000 00:00 0                          [vdso]\n"
    "7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0                          [stack]\n"
    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n";

TEST(MemoryMap, KeepsTheProgramAndTheKernelsPages) {
  const auto kept = mappings_to_keep(kMaps, 0x555555556100);
  ASSERT_TRUE(kept.ok());
  ASSERT_EQ(kept.value().size(), 5U);
  EXPECT_EQ(kept.value()[0].begin, 0x555555554000U);
  EXPECT_FALSE(kept.value()[1].writable);
  EXPECT_TRUE(kept.value()[2].writable);
  EXPECT_EQ(kept.value()[2].end, 0x555555559000U);
  EXPECT_EQ(kept.value()[3].begin, 0x7ffff7fc0000U);
  EXPECT_EQ(kept.value()[4].end, 0x7ffff7fc6000U);
}

TEST(MemoryMap, CodeThatComesFromNoFileIsAnError) {
  EXPECT_FALSE(mappings_to_keep(kMaps, 0x555555560000).ok());
  EXPECT_FALSE(mappings_to_keep(kMaps, 0x1000).ok());
}

TEST(MemoryMap, ALineItDoesNotUnderstandIsAnError) {
  EXPECT_FALSE(mappings_to_keep("not a line\n", 0x1000).ok());
  EXPECT_FALSE(mappings_to_keep("1000-2000 r-xp 0 fe:00\n", 0x1000).ok());
  EXPECT_FALSE(mappings_to_keep("1000-zz00 r-xp 0 fe:00 1 /x\n", 0x1000).ok());
}

TEST(MemoryMap, TheCallingProcessHasItsOwnCode) {
  const auto kept = own_mappings_to_keep(reinterpret_cast<std::uint64_t>(&mappings_to_keep));
  ASSERT_TRUE(kept.ok()) << kept.error().describe();
  EXPECT_GE(kept.value().size(), 2U);
}

}  // namespace
}  // namespace assay::oracles::native
