// The CPU as an engine; see native_engine.h. Tested by oracles/native/test/native_engine_test.cc.
#include "oracles/native/native_engine.h"

#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <utility>

#include "oracles/block_result.h"
#include "oracles/native/fault.h"

namespace assay::oracles {
namespace {

using native::ReplyEnd;
using native::Request;
using native::Response;
using native::RunReply;
using native::RunRequest;

constexpr std::uint8_t kInt3 = 0xCC;
constexpr std::uint32_t kCodeAlignment = 16;
constexpr std::uint32_t kCodeGap = 16;  // at least this much int3 behind every block

constexpr std::uint32_t kMaxLostIdle = 3;

constexpr auto kKnownViolations = static_cast<std::uint16_t>((static_cast<unsigned>(Violation::Result) << 1U) - 1U);
constexpr std::uint8_t kLastRegister = 15;

std::uint32_t room_for(std::size_t code_bytes) {
  return (static_cast<std::uint32_t>(code_bytes) + kCodeGap + kCodeAlignment - 1) / kCodeAlignment * kCodeAlignment;
}

bool fits(const Case& one, std::size_t slots) {
  return one.block->code.size() <= native::kCodeBytes - 2 * kCodeGap && slots <= native::kLargeCells &&
         one.stack_capacity <= native::kLargeCells && one.block->machine_stack_bytes <= native::kMaxBlockStackBytes;
}

}  // namespace

NativeEngine::NativeEngine(jit::Convention convention, const NativeOptions& options,
                           std::unique_ptr<native::Sandbox> sandbox)
    : convention_(convention), options_(options), sandbox_(std::move(sandbox)) {}

base::Result<std::unique_ptr<NativeEngine>> NativeEngine::create(jit::Convention convention,
                                                                 const NativeOptions& options) {
  auto sandbox = native::Sandbox::create(convention, options.cpu_budget);
  if (!sandbox) return sandbox.error();
  return std::unique_ptr<NativeEngine>(new NativeEngine(convention, options, std::move(sandbox).value()));
}

std::string_view NativeEngine::name() const {
  return convention_ == jit::Convention::SystemV ? "native-sysv" : "native-win64";
}

std::uint64_t NativeEngine::helper_cpu_nanoseconds() const { return sandbox_->worker().cpu_nanoseconds(); }
std::uint32_t NativeEngine::respawns() const { return sandbox_->worker().respawns(); }
pid_t NativeEngine::worker_pid() const { return sandbox_->worker().pid(); }

base::Result<void> NativeEngine::run(std::span<const Case> cases, std::vector<Run>& runs) {
  std::size_t total = 0;
  for (const Case& one : cases) total += one.inputs.size();
  if (runs.size() < total) runs.resize(total);

  begin_turn();
  std::size_t index = 0;
  for (const Case& one : cases) {
    bool placed = false;
    for (const Frame& input : one.inputs) {
      Run& run = runs[index];
      if (one.block == nullptr || !fits(one, input.size())) {
        run.reset();
        if (one.block != nullptr) run.skip = SkipReason::TooLarge;
        ++index;
        continue;
      }
      placed = placed || place_code(one);
      if (!placed || !add_run(one, input, index)) {
        if (auto taken = take_turn(runs); !taken) return taken;
        // Both fit into an empty turn.
        placed = place_code(one) && add_run(one, input, index);
      }
      ++index;
    }
  }
  return take_turn(runs);
}

void NativeEngine::begin_turn() {
  pending_.clear();
  code_used_ = 0;
  inputs_used_ = 0;
  outputs_used_ = 0;
}

bool NativeEngine::place_code(const Case& one) {
  const std::span<const std::uint8_t> code = one.block->code;
  const std::uint32_t room = room_for(code.size());
  if (room > native::kCodeBytes - code_used_) return false;
  std::uint8_t* at = sandbox_->code().data() + code_used_;
  if (!code.empty()) std::memcpy(at, code.data(), code.size());
  std::memset(at + code.size(), kInt3, room - code.size());
  block_ = code_used_;
  code_used_ += room;
  return true;
}

bool NativeEngine::add_run(const Case& one, const Frame& input, std::size_t run) {
  const auto slots = static_cast<std::uint32_t>(input.size());
  const std::uint32_t outputs = slots + one.stack_capacity;
  if (pending_.size() == native::kMaxRuns || slots > native::kInputCells - inputs_used_ ||
      outputs > native::kOutputCells - outputs_used_) {
    return false;
  }
  Request& request = sandbox_->request();
  RunRequest& entry = request.runs[pending_.size()];
  entry.code = block_;
  entry.stack_bytes = one.block->machine_stack_bytes;
  entry.slots = slots;
  entry.capacity = one.stack_capacity;
  entry.input = inputs_used_;
  entry.output = outputs_used_;
  std::copy(input.begin(), input.end(), request.inputs + inputs_used_);
  inputs_used_ += slots;
  outputs_used_ += outputs;
  pending_.push_back({run, &one, RunEnd::NotRun});
  return true;
}

base::Result<void> NativeEngine::take_turn(std::vector<Run>& runs) {
  if (!pending_.empty()) {
    // What an earlier turn left behind the last block is no place to run in.
    if (code_dirty_ > code_used_) std::memset(sandbox_->code().data() + code_used_, kInt3, code_dirty_ - code_used_);
    code_dirty_ = code_used_;
    if (auto executed = execute(); !executed) return executed;
    for (std::uint32_t i = 0; i < pending_.size(); ++i) read_run(i, runs[pending_[i].run]);
  }
  begin_turn();
  return {};
}

base::Result<void> NativeEngine::execute() {
  Request& request = sandbox_->request();
  const auto count = static_cast<std::uint32_t>(pending_.size());
  request.sequence = ++sequence_;
  request.count = count;
  request.first = 0;
  std::uint32_t lost_idle = 0;
  std::uint32_t last_killed = native::kNoRun;
  while (request.first < count) {
    sandbox_->response().current = native::kNoRun;
    sandbox_->worker().ring();
    if (await_worker()) return {};
    const bool stuck = sandbox_->worker().pid() != 0;
    const bool killed = !stuck && sandbox_->worker().death().signal == SIGKILL;
    const std::uint32_t claimed = std::atomic_ref(sandbox_->response().current).load(std::memory_order_acquire);
    if (auto respawned = sandbox_->respawn(); !respawned) return respawned;
    // A worker that died before its first run (somebody killed it while it was idle) is no run's fault, unless it
    // happens again and again.
    if (claimed == native::kNoRun && lost_idle++ < kMaxLostIdle) continue;
    // The word comes from memory that a block could have written; whatever it says, every worker gets through one run.
    const std::uint32_t current = std::clamp(claimed == native::kNoRun ? 0 : claimed, request.first, count);
    // Nor can a block kill its own process in this way: what is killed is run again, once.
    if (killed && current < count && last_killed != current) {
      last_killed = current;
      request.first = current;
      continue;
    }
    if (current < count) pending_[current].lost = stuck ? RunEnd::Runaway : RunEnd::ProcessDied;
    request.first = current + 1;
  }
  return {};
}

// Whether the worker finished its turn. When it did not it is dead, or makes no progress.
bool NativeEngine::await_worker() {
  std::atomic_ref current(sandbox_->response().current);
  for (;;) {
    const std::uint32_t before = current.load(std::memory_order_acquire);
    switch (sandbox_->worker().wait(options_.wall_budget)) {
      case WaitEnd::Answered:
        return true;
      case WaitEnd::Died:
        return false;
      case WaitEnd::TimedOut:
        if (current.load(std::memory_order_acquire) == before) return false;
        break;
    }
  }
}

void NativeEngine::read_run(std::uint32_t index, Run& run) const {
  const Response& response = sandbox_->response();
  const RunRequest& entry = sandbox_->request().runs[index];
  const Pending& pending = pending_[index];
  const RunReply reply = response.replies[index];

  BlockLeftovers left;
  left.frame = {response.outputs + entry.output, entry.slots};
  left.stack = {response.outputs + entry.output + entry.slots, entry.capacity};
  left.result = static_cast<std::int64_t>(reply.result);
  left.violations = static_cast<Violation>(reply.violations & kKnownViolations);
  left.register_number = std::min(reply.register_number, kLastRegister);
  // A reply of another turn, or of a kind that does not exist, means that the worker's memory was overwritten.
  const bool valid = reply.sequence == sequence_ && pending.lost == RunEnd::NotRun;
  if (valid && reply.end == ReplyEnd::Returned) {
    read_block_result(left, run);
    return;
  }
  run.reset();
  if (!valid || (reply.end != ReplyEnd::Faulted && reply.end != ReplyEnd::Runaway)) {
    run.end = pending.lost != RunEnd::NotRun ? pending.lost : RunEnd::ProcessDied;
    return;
  }
  run.end = reply.end == ReplyEnd::Faulted ? RunEnd::Fault : RunEnd::Runaway;
  run.knows_depth = false;
  run.frame.assign(left.frame.begin(), left.frame.end());
  run.stack.assign(left.stack.begin(), left.stack.end());
  run.violations = left.violations;
  run.fault = native::attribute_fault(reply, entry.code, pending.origin->block->code);
}

}  // namespace assay::oracles
