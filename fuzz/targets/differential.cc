// libFuzzer target: programs before the decoders and the CPU, mutated as trees. Tested by
// fuzz/targets/test/targets_test.cc.
#include "fuzz/targets/abort_with.h"
#include "fuzz/targets/byte_mutation.h"
#include "fuzz/targets/checks.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  // Raw bytes keep the decoder honest, but most edits are of the tree.
  if (seed % 16 == 0) return LLVMFuzzerMutate(data, size, max_size);
  const std::size_t mutated = assay::fuzz::mutate_bytes({data, max_size}, size, seed);
  return mutated != 0 ? mutated : LLVMFuzzerMutate(data, size, max_size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* a, std::size_t a_size, const std::uint8_t* b,
                                                 std::size_t b_size, std::uint8_t* out, std::size_t max_size,
                                                 unsigned seed) {
  return assay::fuzz::cross_bytes({a, a_size}, {b, b_size}, {out, max_size}, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string message;
  const bool kept = assay::fuzz::differential_check({data, size}, message);
  assay::fuzz::abort_unless(kept, message);
  return 0;
}
