// Batch: runs handed to the emulator's process, and what it saw of them, in one region of shared memory.
//
// The owner lays the batch out and keeps its own record of where everything is; of what comes back it reads only cells
// and observations, and checks the latter. The worker goes through the cases in order and keeps `current` on the run it
// is about to execute, so that whoever dies or hangs is known by name.
//
// Tested by oracles/emulated/test/emulated_engine_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "oracles/emulated/emulator.h"
#include "oracles/engine.h"

namespace assay::oracles::emulated {

inline constexpr std::size_t kBatchBytes = 16U << 20;
inline constexpr std::uint32_t kMaxBatchCases = 1024;
// Basic blocks per step of a case's interpreter fuel: a step is at least a node, and no node becomes more than a
// handful of basic blocks.
inline constexpr std::uint64_t kBlocksPerStep = 20;

enum class Task : std::uint32_t {
  Execute,  // every run from `first_run` on
  Trace,    // only `first_run`, instruction by instruction
};

struct alignas(8) BatchHeader {
  Task task = Task::Execute;
  std::uint32_t case_count = 0;
  std::uint32_t run_count = 0;
  std::uint32_t first_run = 0;
  // Written by the worker.
  std::uint32_t current = 0;                   // the run being executed; run_count when there is none left
  std::uint32_t last_offset = kUnknownOffset;  // Trace: of the last instruction begun
  std::uint32_t failed = 0;                    // 1: the emulator itself could not go on, for `reason`
  std::array<char, 120> reason{};
};

struct CaseRecord {
  BlockShape shape;
  std::uint32_t code_at = 0;  // byte offsets in the region
  std::uint32_t code_bytes = 0;
  std::uint32_t runs_at = 0;
  std::uint32_t first_run = 0;
  std::uint32_t run_count = 0;
  std::uint64_t max_blocks = 0;  // see Emulator::load
};

// Followed by the frame's cells (values before the run, and after it) and the operand stack's (after it).
struct RunRecord {
  Observation seen;
};
static_assert(sizeof(RunRecord) % 8 == 0 && sizeof(BatchHeader) % alignof(CaseRecord) == 0);

[[nodiscard]] constexpr std::size_t run_stride(const BlockShape& shape) {
  return sizeof(RunRecord) + 8 * (std::size_t{shape.frame_cells} + shape.stack_cells);
}

// The region, for either process. Offsets come from the owner and are not checked again.
class BatchRegion {
 public:
  explicit BatchRegion(std::span<std::byte> bytes) : bytes_(bytes) {}

  [[nodiscard]] BatchHeader& header() const { return *at<BatchHeader>(0); }
  [[nodiscard]] CaseRecord& case_record(std::uint32_t index) const {
    return at<CaseRecord>(sizeof(BatchHeader))[index];
  }
  [[nodiscard]] std::span<std::uint8_t> code(const CaseRecord& record) const {
    return {at<std::uint8_t>(record.code_at), record.code_bytes};
  }
  [[nodiscard]] RunRecord& run_record(const CaseRecord& record, std::uint32_t index) const {
    return *at<RunRecord>(record.runs_at + index * run_stride(record.shape));
  }
  [[nodiscard]] std::span<std::uint64_t> frame(const CaseRecord& record, std::uint32_t index) const {
    const std::size_t offset = record.runs_at + index * run_stride(record.shape) + sizeof(RunRecord);
    return {at<std::uint64_t>(offset), record.shape.frame_cells};
  }
  [[nodiscard]] std::span<std::uint64_t> stack(const CaseRecord& record, std::uint32_t index) const {
    const std::span<std::uint64_t> cells = frame(record, index);
    return {cells.data() + cells.size(), record.shape.stack_cells};
  }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

 private:
  template <class T>
  [[nodiscard]] T* at(std::size_t offset) const {
    return reinterpret_cast<T*>(bytes_.data() + offset);
  }

  std::span<std::byte> bytes_;
};

// The owner's side: lays cases out one after the other.
class BatchWriter {
 public:
  explicit BatchWriter(BatchRegion region) : region_(region) { clear(); }

  void clear();
  // False, and nothing changed, when there is no room left. `output` is the number of the case's first Run.
  // Precondition: GuestMemory::fits, and every input has the shape's frame_cells.
  [[nodiscard]] bool add(const Case& one, const BlockShape& shape, std::size_t output);

  // One run of the batch, as the owner remembers it.
  struct Place {
    std::uint32_t record = 0;  // index of its case in the batch
    std::uint32_t index = 0;   // among the case's inputs
    std::size_t output = 0;
  };
  [[nodiscard]] std::span<const Place> runs() const { return runs_; }
  [[nodiscard]] std::span<const CaseRecord> records() const { return records_; }

 private:
  BatchRegion region_;
  std::size_t used_ = 0;
  std::vector<CaseRecord> records_;
  std::vector<Place> runs_;
};

}  // namespace assay::oracles::emulated
