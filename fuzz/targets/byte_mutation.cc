// Programs as bytes; see byte_mutation.h. Tested by fuzz/targets/test/targets_test.cc.
#include "fuzz/targets/byte_mutation.h"

#include <algorithm>
#include <vector>

#include "core/ast/codec.h"
#include "core/base/rng.h"
#include "fuzz/gen/generator.h"
#include "fuzz/mutate/mutator.h"

namespace assay::fuzz {
namespace {

std::size_t write(const ast::Program& program, std::span<std::uint8_t> out) {
  const std::vector<std::uint8_t> bytes = ast::encode(program);
  if (bytes.size() > out.size()) return 0;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return bytes.size();
}

}  // namespace

std::size_t mutate_bytes(std::span<std::uint8_t> buffer, std::size_t size, std::uint64_t seed) {
  base::Rng rng(seed);
  auto program = ast::decode(buffer.first(size));
  // Now and then a fresh program; always when these bytes are none.
  if (!program || rng.chance(1, 64)) {
    Generator generator;
    GeneratedCase fresh;
    generator.generate(rng.next(), fresh);
    return write(fresh.program, buffer);
  }
  const std::uint32_t edits = rng.between(1, 4);
  for (std::uint32_t i = 0; i < edits; ++i) mutate(*program, rng);
  return write(*program, buffer);
}

std::size_t cross_bytes(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b, std::span<std::uint8_t> out,
                        std::uint64_t seed) {
  const auto left = ast::decode(a);
  const auto right = ast::decode(b);
  ast::Program child;
  base::Rng rng(seed);
  if (!left || !right || !crossover(*left, *right, rng, child)) return 0;
  return write(child, out);
}

}  // namespace assay::fuzz
