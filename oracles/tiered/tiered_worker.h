// The worker's side of the tiered engine: what it is asked, what it answers, and its loop.
//
// Tested by oracles/tiered/test/tiered_engine_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "oracles/process/doorbell.h"

namespace assay::oracles {

// The shared region: a request from the owner in the first part, the answer in the second.
//   request  fuel u64, program as binary form, number of cells of the frame and its cells
//   answer   AnswerKind u32; when Ran: end, trap, frame, stack, printed
inline constexpr std::size_t kTieredRequestBytes = std::size_t{4} << 20;
inline constexpr std::size_t kTieredAnswerBytes = std::size_t{4} << 20;
inline constexpr std::size_t kTieredCodeBytes = std::size_t{8} << 20;

enum class TieredAnswer : std::uint32_t { None, Ran, TooLarge, BadRequest };

// A WorkerBody; `context` is the jit::CodeMemory to use, mapped by the owner because the worker may not open files.
// Never returns.
void serve_tiered(std::span<std::byte> shared, Doorbell& doorbell, const void* context);

}  // namespace assay::oracles
