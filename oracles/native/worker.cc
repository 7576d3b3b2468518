// The worker of the native engine: closes its own sandbox, then runs blocks until it is killed.
//
// By the time of the first block this process has no C library: everything but this file, the trampoline and the
// mappings of the plan is unmapped, and thread-local storage is gone. So the file calls nothing outside itself and
// trampoline.S, keeps no writable data but the state page, and is compiled without sanitizers, stack protector and
// calls to memcpy that the compiler makes up (CMakeLists.txt). Templates of the standard library are out: the linker
// may pick an instrumented copy from elsewhere.
//
// Tested by oracles/native/test/hostile_blocks_test.cc.
#include <asm/prctl.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>

#include <csignal>
#include <cstddef>
#include <cstdint>

#include "oracles/block_result.h"
#include "oracles/native/state.h"

namespace {

using assay::oracles::DoorbellWords;
using assay::oracles::kUnusedStackCell;
using assay::oracles::Violation;
using namespace assay::oracles::native;

State& state() { return assay_native_state; }

// What cells beside the frame, the caller's frame and unused machine stack hold: the same in every run and worker, so
// that a block that reads them by mistake is wrong in the same way each time.
constexpr std::uint64_t kFramePattern = 0xF4A3'0B5E'55ED'F4A3ULL;
constexpr std::uint64_t kCallerPattern = 0xCA11'E4F4'A3E0'CA11ULL;
// Registers and the machine stack hold addresses where nothing is mapped, so that using one tells a read from a write.
constexpr std::uint64_t kRegisterPattern = 0x0000'5AFE'C0DE'5A00ULL;
constexpr std::uint64_t kMachineStackPattern = 0x0000'5AFE'57AC'5AF0ULL;
constexpr std::uint64_t kVectorPattern = 0x5AFE'0F0F'A5A5'0000ULL;

constexpr std::uint32_t kDefaultMxcsr = 0x1F80;
constexpr std::uint32_t kMxcsrStatus = 0x3F;  // sticky exception flags; every call may set them
constexpr std::uint16_t kDefaultControl = 0x37F;
constexpr std::uint64_t kDirectionFlag = 1U << 10U;
constexpr std::uint64_t kAlignmentFlag = 1U << 18U;
constexpr std::uint64_t kInterruptFlag = 0x202;  // with the bit that is always set

enum Register : unsigned { kRax, kRcx, kRdx, kRbx, kRsp, kRbp, kRsi, kRdi, kR8 };
constexpr unsigned kRegisters = 16;
constexpr unsigned kVectors = 16;
constexpr unsigned kFirstSavedVector = 6;

// By convention (System V, Microsoft): the saved registers but RSP, as bits, and who gets the three arguments.
constexpr std::uint32_t kSaved[2] = {0xF028, 0xF0E8};
constexpr unsigned kArguments[2][3] = {{kRdi, kRsi, kRdx}, {kRcx, kRdx, kR8}};

constexpr int kBrokenExit = 99;

long system_call(long number, std::uint64_t a = 0, std::uint64_t b = 0, std::uint64_t c = 0, std::uint64_t d = 0) {
  return assay_native_syscall(number, static_cast<long>(a), static_cast<long>(b), static_cast<long>(c),
                              static_cast<long>(d), 0, 0);
}

std::uint64_t address_of(const void* pointer) { return reinterpret_cast<std::uint64_t>(pointer); }

[[noreturn]] void leave(int code) {
  for (;;) system_call(SYS_exit_group, static_cast<std::uint64_t>(code));
}

void require(bool ok, SetupStep step, long result) {
  if (ok) return;
  Response* response = state().plan->response;
  response->failed_step = step;
  response->failed_errno = static_cast<std::uint32_t>(-result);
  leave(kBrokenExit);
}

// ---- closing the sandbox

void protect_data(const Plan& plan) {
  for (std::uint32_t i = 0; i < plan.to_protect_count; ++i) {
    const Range range = plan.to_protect[i];
    const long result = system_call(SYS_mprotect, range.begin, range.end - range.begin, PROT_READ);
    require(result == 0, SetupStep::ReadOnlyData, result);
  }
}

// Everything between the kept ranges goes, so that a stray pointer finds nothing and every kept range ends at a hole.
void unmap_the_rest(const Plan& plan) {
  constexpr std::uint64_t kEndOfUserSpace = 0x7FFF'FFFF'F000;
  std::uint64_t begin = 0;
  for (std::uint32_t i = 0; i <= plan.kept_count; ++i) {
    const std::uint64_t end = i < plan.kept_count ? plan.kept[i].begin : kEndOfUserSpace;
    if (begin < end) {
      const long result = system_call(SYS_munmap, begin, end - begin);
      require(result == 0, SetupStep::Unmapping, result);
    }
    if (i < plan.kept_count) begin = plan.kept[i].end;
  }
}

void install_filter(const Plan& plan) {
  const sock_fprog program = {plan.filter_length, const_cast<sock_filter*>(plan.filter)};
  // Without this flag old kernels turn speculative store bypass off, which makes all of the worker slow.
  constexpr std::uint64_t kSpecAllow = SECCOMP_FILTER_FLAG_SPEC_ALLOW;
  const long result = system_call(SYS_seccomp, SECCOMP_SET_MODE_FILTER, kSpecAllow, address_of(&program));
  require(result == 0, SetupStep::Seccomp, result);
}

void close_sandbox(const Plan& plan) {
  protect_data(plan);
  unmap_the_rest(plan);
  const long result = system_call(SYS_arch_prctl, ARCH_SET_FS, 0);
  require(result == 0, SetupStep::ThreadPointer, result);
  install_filter(plan);
}

// ---- memory of cells

bool is_zero(Vector vector) { return (vector[0] | vector[1]) == 0; }

void fill(std::uint64_t* cell, const std::uint64_t* end, std::uint64_t value) {
  while (cell != end) *cell++ = value;
}

// Whole strides of `cell`, which is aligned to a stride; false when one of them is not all `value`. Checking two pages
// is a third of what a small run costs, so it is done in the widest steps that the CPU has.
template <class Wide>
[[gnu::always_inline]] inline bool strides_equal(const std::uint64_t*& cell, const std::uint64_t* end,
                                                 std::uint64_t value) {
  constexpr std::ptrdiff_t kStride = 4 * sizeof(Wide) / sizeof(std::uint64_t);
  const Wide wanted = Wide{} + value;
  Wide difference = {};
  for (; end - cell >= kStride; cell += kStride) {
    const auto* wide = reinterpret_cast<const Wide*>(cell);
    difference |= (wide[0] ^ wanted) | (wide[1] ^ wanted) | (wide[2] ^ wanted) | (wide[3] ^ wanted);
  }
  std::uint64_t any = 0;
  for (std::size_t i = 0; i < sizeof(Wide) / sizeof(std::uint64_t); ++i) any |= difference[i];
  return any == 0;
}

[[gnu::target("avx2")]] bool strides_equal_avx2(const std::uint64_t*& cell, const std::uint64_t* end,
                                                std::uint64_t value) {
  using Wide = std::uint64_t __attribute__((vector_size(32)));
  return strides_equal<Wide>(cell, end, value);
}

// Precondition: `cell` is 32-byte aligned.
bool all_equal(const std::uint64_t* cell, const std::uint64_t* end, std::uint64_t value) {
  const bool strides =
      state().plan->has_avx2 ? strides_equal_avx2(cell, end, value) : strides_equal<Vector>(cell, end, value);
  std::uint64_t rest = 0;
  for (; cell != end; ++cell) rest |= *cell ^ value;
  return strides && rest == 0;
}

// Whether the cells before the used ones still hold the pattern; if not, they do afterwards.
bool check_beside(const Cells& cells, std::uint64_t* used, std::uint64_t pattern) {
  if (all_equal(cells.begin, used, pattern)) return true;
  fill(cells.begin, used, pattern);
  return false;
}

const Cells& choose(const Cells (&sizes)[2], std::uint32_t count) { return sizes[count <= kSmallCells ? 0 : 1]; }

std::uint64_t* caller_cells(const Plan& plan) { return reinterpret_cast<std::uint64_t*>(plan.block_rsp); }

// ---- one run

void set_up_memory(const Plan& plan) {
  for (const Cells& cells : plan.frames) fill(cells.begin, cells.end, kFramePattern);
  for (const Cells& cells : plan.stacks) fill(cells.begin, cells.end, kUnusedStackCell);
  fill(caller_cells(plan), caller_cells(plan) + kCallerBytes / 8, kCallerPattern);
}

void set_up_registers() {
  for (unsigned i = 0; i < kRegisters; ++i) state().registers_in[i] = kRegisterPattern + 0x10 * i;
  for (unsigned i = 0; i < kVectors; ++i) state().vectors_in[i] = Vector{kVectorPattern + i, ~kVectorPattern - i};
}

// Makes uninitialised spill slots and the shadow space hold the same in every run.
void poison_machine_stack(const Plan& plan, std::uint32_t bytes) {
  constexpr std::uint64_t kSlack = 128;  // the red zone
  auto* top = reinterpret_cast<std::uint64_t*>(plan.block_rsp);
  fill(top - (bytes + kSlack) / 8, top, kMachineStackPattern);
  fill(top, top + kShadowBytes / 8, kCallerPattern);
}

void reset_floating_point() {
  const std::uint32_t mxcsr = kDefaultMxcsr;
  asm volatile("fninit\n\tldmxcsr %0" : : "m"(mxcsr));
}

std::uint32_t bit(Violation violation) { return static_cast<std::uint32_t>(violation); }

std::uint32_t check_saved_registers(bool microsoft, std::uint8_t& first_wrong) {
  const State& s = state();
  std::uint64_t difference = 0;
  const std::uint32_t saved = kSaved[microsoft ? 1 : 0];
  for (unsigned i = kRbx; i < kRegisters; ++i) {
    if ((saved >> i & 1U) == 0) continue;
    const std::uint64_t changed = s.registers_out[i] ^ s.registers_in[i];
    if (changed != 0 && difference == 0) first_wrong = static_cast<std::uint8_t>(i);
    difference |= changed;
  }
  return difference != 0 ? bit(Violation::CalleeSavedRegister) : 0;
}

std::uint32_t check_vectors(std::uint8_t& first_wrong) {
  const State& s = state();
  for (unsigned i = kFirstSavedVector; i < kVectors; ++i) {
    if (is_zero(s.vectors_out[i - kFirstSavedVector] ^ s.vectors_in[i])) continue;
    first_wrong = static_cast<std::uint8_t>(i);
    return bit(Violation::VectorRegister);
  }
  return 0;
}

std::uint32_t check_control_state() {
  const State& s = state();
  std::uint32_t found = 0;
  if ((s.flags_out & kDirectionFlag) != 0) found |= bit(Violation::DirectionFlag);
  if ((s.flags_out & kAlignmentFlag) != 0) found |= bit(Violation::ControlState);
  if (((s.mxcsr_out ^ kDefaultMxcsr) & ~kMxcsrStatus) != 0 || s.control_out != kDefaultControl) {
    found |= bit(Violation::ControlState);
  }
  if (s.mxcsr_out != kDefaultMxcsr || s.control_out != kDefaultControl) reset_floating_point();
  return found;
}

// What only a block that came back can have done; the registers of one that was stopped mean nothing.
std::uint32_t check_return(bool microsoft, std::uint8_t& register_number) {
  std::uint32_t found = microsoft ? check_vectors(register_number) : 0;
  found |= check_saved_registers(microsoft, register_number);
  found |= check_control_state();
  if (state().registers_out[kRsp] != state().registers_in[kRsp]) found |= bit(Violation::StackPointer);
  return found;
}

std::uint32_t check_caller(const Plan& plan) {
  std::uint64_t* caller = caller_cells(plan);
  std::uint64_t* begin = caller + (plan.microsoft ? kShadowBytes / 8 : 0);
  std::uint64_t* end = caller + kCallerBytes / 8;
  if (all_equal(begin, end, kCallerPattern)) return 0;
  fill(begin, end, kCallerPattern);
  return bit(Violation::CallerStack);
}

void execute(const Plan& plan, const RunRequest& request, const std::uint64_t* frame, const std::uint64_t* stack) {
  State& s = state();
  const unsigned* arguments = kArguments[plan.microsoft ? 1 : 0];
  s.registers_in[arguments[0]] = address_of(frame);
  s.registers_in[arguments[1]] = address_of(stack);
  s.registers_in[arguments[2]] = 0;
  s.registers_in[kRsp] = plan.block_rsp;
  s.entry = plan.code + request.code;
  s.outcome = Outcome::Returned;
  s.run = s.run + 1;
  s.in_block = 1;
  assay_native_call();
  s.in_block = 0;
}

void report(RunReply& reply, const Plan& plan) {
  const State& s = state();
  if (s.outcome == Outcome::Returned) {
    reply.end = ReplyEnd::Returned;
    reply.result = s.registers_out[kRax];
    return;
  }
  reply.end = s.outcome == Outcome::Faulted ? ReplyEnd::Faulted : ReplyEnd::Runaway;
  reply.rip = s.fault_rip - plan.code;
  reply.address = s.fault_address;
  reply.return_address = s.fault_return_address - plan.code;
  reply.signal = s.fault_signal;
  reply.trap_number = s.fault_trap_number;
  reply.error_code = s.fault_error_code;
}

void run(const Plan& plan, const RunRequest& request, RunReply& reply) {
  const Cells& frames = choose(plan.frames, request.slots);
  const Cells& stacks = choose(plan.stacks, request.capacity);
  std::uint64_t* frame = frames.end - request.slots;
  std::uint64_t* stack = stacks.end - request.capacity;
  const std::uint64_t* input = plan.request->inputs + request.input;
  std::uint64_t* output = plan.response->outputs + request.output;

  for (std::uint32_t i = 0; i < request.slots; ++i) frame[i] = input[i];
  poison_machine_stack(plan, request.stack_bytes);
  execute(plan, request, frame, stack);

  std::uint8_t register_number = 0;
  std::uint32_t found = 0;
  if (state().outcome == Outcome::Returned) {
    found = check_return(plan.microsoft, register_number);
  } else {
    reset_floating_point();
  }
  found |= check_caller(plan);
  if (!check_beside(frames, frame, kFramePattern)) found |= bit(Violation::BeyondFrame);
  if (!check_beside(stacks, stack, kUnusedStackCell)) found |= bit(Violation::BeyondStack);

  // Out with the results, in with the pattern that the next run relies on.
  for (; frame != frames.end; *frame++ = kFramePattern) *output++ = *frame;
  for (; stack != stacks.end; *stack++ = kUnusedStackCell) *output++ = *stack;

  report(reply, plan);
  reply.violations = static_cast<std::uint16_t>(found);
  reply.register_number = register_number;
  reply.sequence = plan.request->sequence;
}

// ---- turns

std::uint32_t wait_for_turn(DoorbellWords& words, std::uint32_t served) {
  for (;;) {
    const std::uint32_t request = __atomic_load_n(&words.request, __ATOMIC_ACQUIRE);
    if (request != served) return request;
    system_call(SYS_futex, address_of(&words.request), FUTEX_WAIT, served);
  }
}

void end_turn(DoorbellWords& words, std::uint32_t served) {
  __atomic_store_n(&words.reply, served, __ATOMIC_RELEASE);
  system_call(SYS_futex, address_of(&words.reply), FUTEX_WAKE, 1);
}

}  // namespace

void assay_native_worker_main() {
  const Plan& plan = *state().plan;
  close_sandbox(plan);
  set_up_memory(plan);
  set_up_registers();
  reset_floating_point();
  std::uint32_t served = 0;
  for (;;) {
    served = wait_for_turn(*plan.doorbell, served);
    assay_native_serialize();
    const std::uint32_t count = plan.request->count;
    for (std::uint32_t i = plan.request->first; i < count; ++i) {
      __atomic_store_n(&plan.response->current, i, __ATOMIC_RELEASE);
      run(plan, plan.request->runs[i], plan.response->replies[i]);
    }
    __atomic_store_n(&plan.response->current, count, __ATOMIC_RELEASE);
    end_turn(*plan.doorbell, served);
  }
}

namespace {

// Whether the tick is one too many for the run that it interrupted. Ticks count CPU time of this thread, and every one
// of them must fall into the same run, so neither a busy machine nor a long pause of the whole machine makes a runaway.
bool is_runaway(State& s) {
  if (s.in_block == 0 || s.ticked_run != s.run) {
    s.ticked_run = s.run;
    s.ticks = 0;
  }
  return s.in_block != 0 && ++s.ticks >= s.plan->strikes;
}

void record_fault(State& s, std::uint32_t signal, const siginfo_t& info, const greg_t* registers) {
  const auto rsp = static_cast<std::uint64_t>(registers[REG_RSP]);
  const std::uint64_t stack_end = s.plan->block_rsp + kCallerBytes;
  const bool rsp_in_stack = rsp >= s.plan->machine_stack && rsp <= stack_end - 8;
  s.fault_signal = signal;
  s.fault_trap_number = static_cast<std::uint32_t>(registers[REG_TRAPNO]);
  s.fault_error_code = static_cast<std::uint32_t>(registers[REG_ERR]);
  s.fault_rip = static_cast<std::uint64_t>(registers[REG_RIP]);
  s.fault_address = signal == SIGSEGV ? static_cast<std::uint64_t>(registers[REG_CR2]) : address_of(info.si_addr);
  // The cell may be unaligned: RSP is whatever the block made of it.
  s.fault_return_address = ~std::uint64_t{0} + s.plan->code;
  if (rsp_in_stack) {
    for (unsigned i = 0; i < 8; ++i) {
      reinterpret_cast<volatile unsigned char*>(&s.fault_return_address)[i] =
          reinterpret_cast<const volatile unsigned char*>(rsp)[i];
    }
  }
}

}  // namespace

// Turns a fault inside a block into the end of its run: the context that the kernel will restore becomes the worker's.
void assay_native_on_signal(int signal, void* info, void* context) {
  State& s = state();
  greg_t* registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  if (signal == SIGALRM) {
    if (!is_runaway(s)) return;
    s.outcome = Outcome::Runaway;
  } else {
    // A fault of the worker itself, be it that the block's doing came to light late: this process cannot go on.
    if (s.in_block == 0) leave(kBrokenExit);
    s.outcome = Outcome::Faulted;
  }
  record_fault(s, static_cast<std::uint32_t>(signal), *static_cast<const siginfo_t*>(info), registers);
  s.in_block = 0;
  constexpr greg_t kUserSegments = 0x33 | (greg_t{0x2B} << 48U);  // a block can load others
  registers[REG_CSGSFS] = kUserSegments;
  registers[REG_RIP] = static_cast<greg_t>(reinterpret_cast<std::uint64_t>(&assay_native_recovered));
  registers[REG_RSP] = static_cast<greg_t>(s.worker_rsp);
  registers[REG_EFL] = static_cast<greg_t>(kInterruptFlag);
}
