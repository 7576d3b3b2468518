// Which mappings of this process a worker must keep: the program itself and the kernel's own pages.
//
// Tested by oracles/native/test/memory_map_test.cc.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace assay::oracles::native {

struct Mapping {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool writable = false;
};

// The mappings of the file that contains `address`, and the kernel's ([vdso] and the like, which newer kernels refuse
// to unmap), out of `text` in the format of /proc/self/maps (proc(5)). In order of address.
[[nodiscard]] base::Result<std::vector<Mapping>> mappings_to_keep(std::string_view text, std::uint64_t address);

// The same for the calling process.
[[nodiscard]] base::Result<std::vector<Mapping>> own_mappings_to_keep(std::uint64_t address);

}  // namespace assay::oracles::native
