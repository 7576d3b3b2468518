// The loop kernels of the benchmark: each is what its file says, and all who compiled it agree with the interpreter.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ast/verify.h"
#include "core/interp/interpreter.h"
#include "core/jit/bench/kernel_set.h"
#include "core/jit/code_memory.h"
#include "core/jit/compile.h"
#include "core/opt/pipeline.h"
#include "core/x64/cpu_features.h"

namespace assay::jit::bench {
namespace {

constexpr std::array<std::uint64_t, 7> kTripCounts{0, 1, 2, 3, 10, 57, 1000};
constexpr std::uint64_t kFuel = 100'000'000;

class KernelTest : public testing::TestWithParam<std::size_t> {
 protected:
  static const Kernel& kernel() { return kernels()[GetParam()]; }
};

TEST_P(KernelTest, HasTheNameOfItsFileAndAnInputForTheTrips) {
  const auto program = load_kernel(kernel());
  ASSERT_TRUE(program) << program.error().describe();
  EXPECT_EQ(program->name(), kernel().name);
  bool sized = false;
  for (std::uint32_t i = 0; i < program->slot_count(); ++i) {
    const std::string_view slot = program->variable_name(ast::VarId{i});
    sized |= slot == "n" || slot == "m";
  }
  EXPECT_TRUE(sized);
}

TEST_P(KernelTest, GivesEverybodyTheFrameOfTheInterpreter) {
  const auto program = load_kernel(kernel());
  ASSERT_TRUE(program) << program.error().describe();
  ASSERT_TRUE(ast::verify(*program));
  const ast::Program solved = opt::optimize(*program);
  ASSERT_TRUE(ast::verify(solved));

  auto memory = CodeMemory::create(std::size_t{1} << 20U);
  ASSERT_TRUE(memory);
  Compiler compiler;
  CompiledBlock block;
  std::vector<std::pair<std::string, BlockFunction>> peers;
  for (const auto& [name, one] : {std::pair{"assay, as written", &*program}, std::pair{"assay, solved", &solved}}) {
    compiler.compile(*one, {Convention::SystemV, x64::host_features(), false}, block);
    const void* const entry = memory->add(block.code);
    ASSERT_NE(entry, nullptr);
    peers.emplace_back(name, reinterpret_cast<BlockFunction>(reinterpret_cast<std::uintptr_t>(entry)));
  }
  if (kernel().clang_o3 != nullptr) peers.emplace_back("clang", kernel().clang_o3);
  if (kernel().gcc_o3 != nullptr) peers.emplace_back("gcc", kernel().gcc_o3);

  interp::Outcome expected;
  for (const std::uint64_t n : kTripCounts) {
    for (std::size_t set = 0; set < kInputSets; ++set) {
      const std::vector<std::uint64_t> start = kernel_frame(*program, n, set);
      interp::interpret(*program, start, kFuel, expected);
      ASSERT_NE(expected.end, interp::End::OutOfFuel) << "n = " << n << ", inputs " << set;
      ASSERT_NE(expected.end, interp::End::Trapped) << "n = " << n << ", inputs " << set;
      ASSERT_TRUE(expected.stack.empty());
      for (const auto& [name, function] : peers) {
        std::vector<std::uint64_t> frame = start;
        EXPECT_EQ(function(frame.data(), nullptr, 0), 0) << name << ", n = " << n << ", inputs " << set;
        EXPECT_EQ(frame, expected.frame) << name << ", n = " << n << ", inputs " << set;
      }
    }
  }
}

std::vector<std::size_t> all_kernels() {
  std::vector<std::size_t> indices(kernels().size());
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = i;
  return indices;
}

INSTANTIATE_TEST_SUITE_P(All, KernelTest, testing::ValuesIn(all_kernels()),
                         [](const auto& tested) { return std::string(kernels()[tested.param].name); });

TEST(KernelSetTest, HasAtLeast45Kernels) { EXPECT_GE(kernels().size(), 45U); }

}  // namespace
}  // namespace assay::jit::bench
