// The emulated CPU; see emulator.h. The only file that knows Unicorn.
//
// What is done here and why, each measured with Unicorn 2.0.1:
//   - code stays at one address and the translations of the whole old and new range are dropped before it changes:
//     dropping only the first byte leaves loops stale, and moving the code grows the process without bound;
//   - the saved context is restored before every run: after an emulated exception the CPU is blind to the next ones;
//   - a hook at the start of basic blocks counts and stops runaways: an instruction count single-steps, and a time-out
//     starts a thread per call;
//   - no hooks on loads and stores: they corrupt the flags of shifts in memory. Mapping permissions do their work;
//   - `syscall` is a no-op unless hooked, and `hlt` ends the emulation like a return: only RIP tells.
//
// Tested by oracles/emulated/test/emulator_test.cc and hostile_test.cc.
#include "oracles/emulated/emulator.h"

#include <unicorn/unicorn.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <string>

#include "oracles/emulated/registers.h"

namespace assay::oracles::emulated {
namespace {

// By architectural number.
constexpr std::array<int, 16> kGeneral = {UC_X86_REG_RAX, UC_X86_REG_RCX, UC_X86_REG_RDX, UC_X86_REG_RBX,
                                          UC_X86_REG_RSP, UC_X86_REG_RBP, UC_X86_REG_RSI, UC_X86_REG_RDI,
                                          UC_X86_REG_R8,  UC_X86_REG_R9,  UC_X86_REG_R10, UC_X86_REG_R11,
                                          UC_X86_REG_R12, UC_X86_REG_R13, UC_X86_REG_R14, UC_X86_REG_R15};

constexpr int vector_id(std::size_t number) { return UC_X86_REG_XMM0 + static_cast<int>(number); }

// All general and vector registers, flags, MXCSR and the x87 control word.
constexpr std::size_t kMaxRead = 16 + 16 + 3;

base::Error unicorn_error(const char* doing, uc_err error) {
  return base::system_error(std::string("Unicorn: ") + doing + ": " + uc_strerror(error));
}

FaultKind fault_of_access(uc_mem_type type) {
  switch (type) {
    case UC_MEM_READ_UNMAPPED:
    case UC_MEM_READ_PROT:
      return FaultKind::ReadMemory;
    case UC_MEM_WRITE_UNMAPPED:
    case UC_MEM_WRITE_PROT:
      return FaultKind::WriteMemory;
    case UC_MEM_FETCH_UNMAPPED:
    case UC_MEM_FETCH_PROT:
      return FaultKind::ExecuteMemory;
    default:
      return FaultKind::Other;
  }
}

// Interrupt vectors (Intel SDM 3, table 6-1); 0x80 is Linux's gate into the kernel.
FaultKind fault_of_interrupt(std::uint32_t vector) {
  switch (vector) {
    case 0:
      return FaultKind::Arithmetic;
    case 1:
    case 3:
      return FaultKind::Breakpoint;
    case 6:
      return FaultKind::IllegalInstruction;
    case 0x80:
      return FaultKind::SystemCall;
    default:
      return FaultKind::Other;
  }
}

}  // namespace

// One Unicorn engine over the guest's memory.
class Emulator::Machine {
 public:
  // A tracing machine knows the address of every instruction and is an order of magnitude slower.
  [[nodiscard]] static base::Result<std::unique_ptr<Machine>> create(GuestMemory& memory, jit::Convention convention,
                                                                     bool tracing);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // Follows the memory to newly loaded code.
  [[nodiscard]] base::Result<void> adopt_code();
  // Of the next executions.
  void limit_blocks(std::uint64_t max_blocks) { max_blocks_ = max_blocks; }
  // Runs from the context saved at creation. Fills everything of `seen` but what memory alone can tell. A tracing
  // machine keeps the offset of the last instruction it began inside the code in `last_offset`.
  void execute(Observation& seen, std::uint32_t* last_offset = nullptr);

  // Of the last execution: where its last basic block began, or the last instruction if the machine is a tracing one.
  [[nodiscard]] std::uint64_t last_address() const { return last_address_; }

 private:
  Machine(GuestMemory& memory, jit::Convention convention) : memory_(memory), convention_(convention) {}

  base::Result<void> set_up(bool tracing);
  base::Result<void> add_hooks(bool tracing);
  uc_err write_entry_state();
  uc_err map(const Area& area, std::uint32_t permissions);
  uc_err remap(const Area& area, std::size_t& mapped);
  void judge_registers(Observation& seen);

  void stop(FaultKind kind, std::uint64_t address);
  static void on_block(uc_engine* engine, std::uint64_t address, std::uint32_t size, void* self);
  static void on_instruction(uc_engine* engine, std::uint64_t address, std::uint32_t size, void* self);
  static void on_interrupt(uc_engine* engine, std::uint32_t vector, void* self);
  static void on_system_call(uc_engine* engine, void* self);
  static bool on_invalid_instruction(uc_engine* engine, void* self);
  static bool on_invalid_access(uc_engine* engine, uc_mem_type type, std::uint64_t address, int size,
                                std::int64_t value, void* self);

  GuestMemory& memory_;
  jit::Convention convention_;
  std::uint64_t max_blocks_ = 0;
  uc_engine* engine_ = nullptr;
  uc_context* entry_ = nullptr;
  RegisterFile at_entry_;
  std::size_t frame_mapped_ = 0;
  std::size_t stack_mapped_ = 0;
  std::uint64_t translated_end_ = 0;  // translations may exist from the start of the code up to here

  // Of the current execution.
  std::uint64_t blocks_ = 0;
  std::uint64_t last_address_ = 0;
  std::uint32_t* last_offset_ = nullptr;
  bool above_entry_ = false;
  bool runaway_ = false;
  Fault fault_;
};

base::Result<std::unique_ptr<Emulator::Machine>> Emulator::Machine::create(GuestMemory& memory,
                                                                           jit::Convention convention, bool tracing) {
  std::unique_ptr<Machine> machine(new Machine(memory, convention));
  if (auto ready = machine->set_up(tracing); !ready) return ready.error();
  return machine;
}

Emulator::Machine::~Machine() {
  if (entry_ != nullptr) uc_context_free(entry_);
  if (engine_ != nullptr) uc_close(engine_);
}

base::Result<void> Emulator::Machine::set_up(bool tracing) {
  if (const uc_err error = uc_open(UC_ARCH_X86, UC_MODE_64, &engine_); error != UC_ERR_OK) {
    engine_ = nullptr;
    return unicorn_error("uc_open", error);
  }
  frame_mapped_ = memory_.frame_area().mapped;
  stack_mapped_ = memory_.stack_area().mapped;
  for (const auto& [area, permissions] : {
           std::pair{&memory_.code_area(), UC_PROT_READ | UC_PROT_EXEC},
           std::pair{&memory_.return_area(), UC_PROT_READ | UC_PROT_EXEC},
           std::pair{&memory_.frame_area(), UC_PROT_READ | UC_PROT_WRITE},
           std::pair{&memory_.stack_area(), UC_PROT_READ | UC_PROT_WRITE},
           std::pair{&memory_.machine_area(), UC_PROT_READ | UC_PROT_WRITE},
       }) {
    if (const uc_err error = map(*area, static_cast<std::uint32_t>(permissions)); error != UC_ERR_OK) {
      return unicorn_error("uc_mem_map_ptr", error);
    }
  }
  if (auto hooked = add_hooks(tracing); !hooked) return hooked;
  if (const uc_err error = write_entry_state(); error != UC_ERR_OK) return unicorn_error("uc_reg_write", error);
  if (const uc_err error = uc_context_alloc(engine_, &entry_); error != UC_ERR_OK) {
    entry_ = nullptr;
    return unicorn_error("uc_context_alloc", error);
  }
  if (const uc_err error = uc_context_save(engine_, entry_); error != UC_ERR_OK) {
    return unicorn_error("uc_context_save", error);
  }
  return {};
}

base::Result<void> Emulator::Machine::add_hooks(bool tracing) {
  uc_err error = UC_ERR_OK;
  // begin > end: everywhere. `extra` is the instruction of an instruction hook.
  const auto add = [&](int type, auto* callback, int extra = 0) {
    uc_hook hook = 0;
    if (error == UC_ERR_OK) {
      error = uc_hook_add(engine_, &hook, type, reinterpret_cast<void*>(callback), this, 1, 0, extra);
    }
  };
  add(UC_HOOK_BLOCK, &on_block);
  add(UC_HOOK_INTR, &on_interrupt);
  add(UC_HOOK_INSN, &on_system_call, UC_X86_INS_SYSCALL);
  add(UC_HOOK_INSN_INVALID, &on_invalid_instruction);
  add(UC_HOOK_MEM_INVALID, &on_invalid_access);
  if (tracing) add(UC_HOOK_CODE, &on_instruction);
  if (error != UC_ERR_OK) return unicorn_error("uc_hook_add", error);
  return {};
}

uc_err Emulator::Machine::write_entry_state() {
  // The two pointers follow with each block.
  at_entry_ = entry_registers(convention_, memory_.entry_rsp(), {0, 0, kFirstStackIndex});
  uc_err error = UC_ERR_OK;
  const auto write = [&](int id, const auto& value) {
    if (error == UC_ERR_OK) error = uc_reg_write(engine_, id, &value);
  };
  for (std::size_t i = 0; i < kGeneral.size(); ++i) write(kGeneral[i], at_entry_.general[i]);
  for (std::size_t i = 0; i < at_entry_.vector.size(); ++i) write(vector_id(i), at_entry_.vector[i]);
  write(UC_X86_REG_EFLAGS, at_entry_.flags);
  write(UC_X86_REG_MXCSR, at_entry_.mxcsr);
  write(UC_X86_REG_FPCW, at_entry_.x87_control);
  return error;
}

uc_err Emulator::Machine::map(const Area& area, std::uint32_t permissions) {
  return uc_mem_map_ptr(engine_, area.begin(), area.mapped, permissions, area.host_begin());
}

uc_err Emulator::Machine::remap(const Area& area, std::size_t& mapped) {
  if (area.mapped == mapped) return UC_ERR_OK;
  if (const uc_err error = uc_mem_unmap(engine_, area.end - mapped, mapped); error != UC_ERR_OK) return error;
  mapped = area.mapped;
  return map(area, UC_PROT_READ | UC_PROT_WRITE);
}

base::Result<void> Emulator::Machine::adopt_code() {
  const std::uint64_t begin = memory_.code_area().begin();
  const std::uint64_t end = begin + memory_.code_bytes();
  if (const uc_err error = uc_ctl_remove_cache(engine_, begin, std::max(end, translated_end_) + 1);
      error != UC_ERR_OK) {
    return unicorn_error("uc_ctl_remove_cache", error);
  }
  translated_end_ = end;
  if (const uc_err error = remap(memory_.frame_area(), frame_mapped_); error != UC_ERR_OK) {
    return unicorn_error("mapping the frame", error);
  }
  if (const uc_err error = remap(memory_.stack_area(), stack_mapped_); error != UC_ERR_OK) {
    return unicorn_error("mapping the operand stack", error);
  }
  const std::array<std::uint8_t, 3> arguments = argument_registers(convention_);
  const std::uint64_t frame = memory_.frame_pointer();
  const std::uint64_t stack = memory_.stack_pointer();
  uc_err error = uc_context_reg_write(entry_, kGeneral[arguments[0]], &frame);
  if (error == UC_ERR_OK) error = uc_context_reg_write(entry_, kGeneral[arguments[1]], &stack);
  if (error != UC_ERR_OK) return unicorn_error("uc_context_reg_write", error);
  return {};
}

void Emulator::Machine::execute(Observation& seen, std::uint32_t* last_offset) {
  blocks_ = 0;
  last_address_ = 0;
  last_offset_ = last_offset;
  above_entry_ = false;
  runaway_ = false;
  fault_ = {};
  uc_err error = uc_context_restore(engine_, entry_);
  if (error == UC_ERR_OK) error = uc_emu_start(engine_, memory_.code_area().begin(), kReturnAddress, 0, 0);

  seen = {};
  if (above_entry_) seen.violations = Violation::StackRange;
  if (runaway_) {
    seen.end = RunEnd::Runaway;
    if (memory_.in_code(last_address_)) {
      seen.fault.code_offset = static_cast<std::uint32_t>(last_address_ - memory_.code_area().begin());
    }
    return;
  }
  std::uint64_t rip = 0;
  uc_reg_read(engine_, UC_X86_REG_RIP, &rip);
  if (fault_.kind == FaultKind::None && error == UC_ERR_OK && rip == kReturnAddress) {
    seen.end = RunEnd::Finished;
    judge_registers(seen);
    return;
  }
  seen.end = RunEnd::Fault;
  seen.fault = fault_;
  if (fault_.kind == FaultKind::None) {
    // Stopped with no hook called: an instruction that halts, or an error Unicorn has no hook for.
    seen.fault.kind = FaultKind::Other;
    seen.fault.address = rip;
  }
}

void Emulator::Machine::judge_registers(Observation& seen) {
  RegisterFile now;
  std::array<int, kMaxRead> ids{};
  std::array<void*, kMaxRead> values{};
  std::size_t count = 0;
  const auto read = [&](int id, void* value) {
    ids[count] = id;
    values[count] = value;
    ++count;
  };
  for (std::size_t i = 0; i < kGeneral.size(); ++i) read(kGeneral[i], &now.general[i]);
  read(UC_X86_REG_EFLAGS, &now.flags);
  read(UC_X86_REG_MXCSR, &now.mxcsr);
  read(UC_X86_REG_FPCW, &now.x87_control);
  for (std::size_t i = first_saved_vector(convention_); i < now.vector.size(); ++i) {
    read(vector_id(i), &now.vector[i]);
  }
  uc_reg_read_batch(engine_, ids.data(), values.data(), static_cast<int>(count));

  seen.result = std::bit_cast<std::int64_t>(now.general[0]);
  const RegisterVerdict verdict = check_registers(convention_, at_entry_, now);
  seen.violations = seen.violations | verdict.violations;
  seen.register_number = verdict.register_number;
}

void Emulator::Machine::stop(FaultKind kind, std::uint64_t address) {
  if (fault_.kind == FaultKind::None) {
    fault_.kind = kind;
    fault_.address = address;
  }
  uc_emu_stop(engine_);
}

void Emulator::Machine::on_block(uc_engine* engine, std::uint64_t address, std::uint32_t, void* self) {
  auto& machine = *static_cast<Machine*>(self);
  if (address == kReturnAddress) return;
  machine.last_address_ = address;
  // Code run behind the block's end is translated too, and must be forgotten with it.
  if (address >= machine.translated_end_) machine.translated_end_ = machine.memory_.code_area().end - 1;
  std::uint64_t rsp = 0;
  uc_reg_read(engine, UC_X86_REG_RSP, &rsp);
  if (rsp > machine.memory_.entry_rsp()) machine.above_entry_ = true;
  machine.memory_.clobber_below(rsp);
  if (++machine.blocks_ > machine.max_blocks_) {
    machine.runaway_ = true;
    uc_emu_stop(engine);
  }
}

void Emulator::Machine::on_instruction(uc_engine*, std::uint64_t address, std::uint32_t, void* self) {
  auto& machine = *static_cast<Machine*>(self);
  machine.last_address_ = address;
  if (machine.last_offset_ != nullptr && machine.memory_.in_code(address)) {
    // Atomic because the process may die before it does anything else, and another process reads it then.
    std::atomic_ref(*machine.last_offset_)
        .store(static_cast<std::uint32_t>(address - machine.memory_.code_area().begin()), std::memory_order_relaxed);
  }
}

void Emulator::Machine::on_interrupt(uc_engine*, std::uint32_t vector, void* self) {
  static_cast<Machine*>(self)->stop(fault_of_interrupt(vector), 0);
}

void Emulator::Machine::on_system_call(uc_engine*, void* self) {
  static_cast<Machine*>(self)->stop(FaultKind::SystemCall, 0);
}

bool Emulator::Machine::on_invalid_instruction(uc_engine*, void* self) {
  static_cast<Machine*>(self)->stop(FaultKind::IllegalInstruction, 0);
  return false;
}

bool Emulator::Machine::on_invalid_access(uc_engine*, uc_mem_type type, std::uint64_t address, int, std::int64_t,
                                          void* self) {
  static_cast<Machine*>(self)->stop(fault_of_access(type), address);
  return false;
}

Emulator::Emulator(jit::Convention convention, const EmulatorOptions& options, std::unique_ptr<GuestMemory> memory)
    : convention_(convention), options_(options), memory_(std::move(memory)) {}

Emulator::~Emulator() = default;

base::Result<std::unique_ptr<Emulator>> Emulator::create(jit::Convention convention, const EmulatorOptions& options) {
  auto memory = GuestMemory::create(convention);
  if (!memory) return memory.error();
  std::unique_ptr<Emulator> emulator(new Emulator(convention, options, std::move(memory).value()));
  auto machine = Machine::create(*emulator->memory_, convention, false);
  if (!machine) return machine.error();
  emulator->machine_ = std::move(machine).value();
  return emulator;
}

base::Result<void> Emulator::load(std::span<const std::uint8_t> code, const BlockShape& shape,
                                  std::uint64_t max_blocks) {
  max_blocks_ = std::max(max_blocks, options_.max_blocks);
  memory_->load(code, shape);
  if (++programs_ > options_.programs_per_machine) {
    programs_ = 1;
    machine_.reset();
    tracer_.reset();
    auto machine = Machine::create(*memory_, convention_, false);
    if (!machine) return machine.error();
    machine_ = std::move(machine).value();
  }
  machine_->limit_blocks(max_blocks_);
  return machine_->adopt_code();
}

base::Result<Observation> Emulator::run(std::span<const std::uint64_t> frame) {
  if (!machine_) return base::system_error("the emulator lost its engine");
  memory_->prepare(frame);
  Observation seen;
  machine_->execute(seen);
  if (seen.end == RunEnd::Fault) locate_fault(frame, seen.fault);
  seen.violations = seen.violations | memory_->check_and_restore();
  return seen;
}

base::Result<void> Emulator::prepare_tracer(std::span<const std::uint64_t> frame) {
  if (!tracer_) {
    auto tracer = Machine::create(*memory_, convention_, true);
    if (!tracer) return tracer.error();
    tracer_ = std::move(tracer).value();
  }
  tracer_->limit_blocks(max_blocks_);
  if (auto ready = tracer_->adopt_code(); !ready) return ready;
  memory_->prepare(frame);
  return {};
}

base::Result<void> Emulator::trace(std::span<const std::uint64_t> frame, std::uint32_t& last_offset) {
  last_offset = kUnknownOffset;
  if (auto ready = prepare_tracer(frame); !ready) return ready;
  Observation seen;
  tracer_->execute(seen, &last_offset);
  static_cast<void>(memory_->check_and_restore());
  return {};
}

// Unicorn knows a fault only by the basic block it happened in. The run is deterministic, so a second one that watches
// every instruction ends at the same place; it costs a translation, and faults are rare.
void Emulator::locate_fault(std::span<const std::uint64_t> frame, Fault& fault) {
  static_cast<void>(memory_->check_and_restore());  // the second run finds the same
  if (auto ready = prepare_tracer(frame); !ready) return;
  Observation seen;
  std::uint32_t last_offset = kUnknownOffset;
  tracer_->execute(seen, &last_offset);
  if (seen.end != RunEnd::Fault || seen.fault.kind != fault.kind) return;
  fault.code_offset = last_offset;
  if (!memory_->in_code(tracer_->last_address())) {
    // The padding's int3, or whatever bytes the block jumped to: the fault is that it got there.
    fault.kind = FaultKind::ExecuteMemory;
    fault.address = tracer_->last_address();
  }
}

std::string emulator_version() {
  unsigned major = 0;
  unsigned minor = 0;
  const unsigned whole = uc_version(&major, &minor);
  // The version's third and fourth byte, from the left, are patch and pre-release (unicorn.h, UC_MAKE_VERSION).
  const unsigned patch = (whole >> 8) & 0xFFU;
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

}  // namespace assay::oracles::emulated
