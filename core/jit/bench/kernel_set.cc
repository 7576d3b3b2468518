// The kernels' files and functions; see kernel_set.h. Tested by core/jit/test/kernels_test.cc.
#include "core/jit/bench/kernel_set.h"

#include <array>
#include <limits>
#include <string>
#include <string_view>

#include "core/ast/limits.h"
#include "core/ast/text.h"
#include "core/base/file.h"

#define ASSAY_KERNEL(file, name) ASSAY_C_DECLARATION(kernel, name)
#include "core/jit/kernel_table.def"
#undef ASSAY_KERNEL

namespace assay::jit::bench {
namespace {

constexpr std::size_t kValues = 6;

std::uint64_t input(std::size_t set, std::size_t slot) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  // i32 slots take the low half: INT32_MAX and INT32_MIN are among those halves, and INT64_MAX and INT64_MIN are there.
  constexpr std::array<std::array<std::uint64_t, kValues>, kInputSets> kTable{{
      {3, 5, 7, 2, 11, 13},
      {1, 1, 1, 1, 1, 1},
      {0, 0, 0, 0, 0, 0},
      {0 - 1ULL, 0 - 7ULL, 6, 0 - 2ULL, 0 - 1000003ULL, 0 - 4ULL},
      {kMost, 0x7FFFFFFF, 0x80000000, kMost + 1, 0x80000001, 0x5DEECE66D},
  }};
  return kTable[set][slot % kValues];
}

// Rounded down.
std::uint64_t square_root(std::uint64_t n) {
  std::uint64_t root = 0;
  while ((root + 1) * (root + 1) <= n) ++root;
  return root;
}

}  // namespace

const std::vector<Kernel>& kernels() {
  static const std::vector<Kernel> all = {
#define ASSAY_KERNEL(file, name) ASSAY_C_ROW(kernel, file, name)
#include "core/jit/kernel_table.def"
#undef ASSAY_KERNEL
  };
  return all;
}

base::Result<ast::Program> load_kernel(const Kernel& kernel) {
  const std::string path = std::string(ASSAY_KERNEL_FOLDER) + "/" + std::string(kernel.file);
  const auto text = base::read_file(path, ast::kMaxFileBytes);
  if (!text) return text.error();
  return ast::parse_program(*text, path);
}

std::vector<std::uint64_t> kernel_frame(const ast::Program& program, std::uint64_t n, std::size_t set) {
  std::vector<std::uint64_t> frame;
  for (std::uint32_t i = 0; i < program.slot_count(); ++i) {
    const std::string_view name = program.variable_name(ast::VarId{i});
    if (name == "n") {
      frame.push_back(n);
    } else if (name == "m") {
      frame.push_back(square_root(n));
    } else if (name == "i") {
      frame.push_back(0);
    } else if (name == "step") {
      frame.push_back(2 * set + 1);
    } else {
      frame.push_back(input(set, i));
    }
  }
  return frame;
}

}  // namespace assay::jit::bench
