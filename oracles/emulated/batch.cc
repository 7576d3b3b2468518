// Layout of batches; see batch.h. Tested by oracles/emulated/test/emulated_engine_test.cc.
#include "oracles/emulated/batch.h"

#include <algorithm>
#include <cstring>

namespace assay::oracles::emulated {
namespace {

constexpr std::size_t kDataBegin = sizeof(BatchHeader) + kMaxBatchCases * sizeof(CaseRecord);

// Beyond it the product would wrap, and the clock decides anyway.
constexpr std::uint64_t kMaxFuel = std::uint64_t{1} << 40;

constexpr std::size_t aligned(std::size_t offset) { return (offset + 7) & ~std::size_t{7}; }

}  // namespace

void BatchWriter::clear() {
  used_ = aligned(kDataBegin);
  records_.clear();
  runs_.clear();
}

bool BatchWriter::add(const Case& one, const BlockShape& shape, std::size_t output) {
  const std::size_t code_bytes = one.block->code.size();
  const std::size_t runs_at = aligned(used_ + code_bytes);
  const std::size_t end = runs_at + one.inputs.size() * run_stride(shape);
  if (records_.size() == kMaxBatchCases || end > region_.size()) return false;

  const CaseRecord record = {shape,
                             static_cast<std::uint32_t>(used_),
                             static_cast<std::uint32_t>(code_bytes),
                             static_cast<std::uint32_t>(runs_at),
                             static_cast<std::uint32_t>(runs_.size()),
                             static_cast<std::uint32_t>(one.inputs.size()),
                             kBlocksPerStep * std::min(one.fuel, kMaxFuel)};
  const auto number = static_cast<std::uint32_t>(records_.size());
  region_.case_record(number) = record;
  records_.push_back(record);
  if (code_bytes != 0) std::memcpy(region_.code(record).data(), one.block->code.data(), code_bytes);
  for (std::uint32_t i = 0; i < record.run_count; ++i) {
    region_.run_record(record, i) = {};
    if (shape.frame_cells != 0) {
      std::memcpy(region_.frame(record, i).data(), one.inputs[i].data(), 8ULL * shape.frame_cells);
    }
    runs_.push_back({number, i, output + i});
  }
  used_ = end;
  return true;
}

}  // namespace assay::oracles::emulated
