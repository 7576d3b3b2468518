// Blocks that run trials; see block.h. Tested by oracles/instructions/test/block_test.cc.
#include "oracles/instructions/block.h"

#include <algorithm>
#include <initializer_list>

namespace assay::oracles::instructions {
namespace {

// What the block keeps on the machine stack, by distance from RSP; the window of the trials is below.
constexpr std::uint8_t kFramePlace = 0x40;
constexpr std::uint8_t kRdiPlace = 0x48;
constexpr std::uint32_t kStackRoom = 0xA8;
constexpr std::uint32_t kMachineStackBytes = 512;
static_assert(8 * kWindowCells - kRspInWindow <= kFramePlace);

constexpr std::uint64_t kFiller = 0x7E57'0F11'7E57'0F11ULL;

class Writer {
 public:
  explicit Writer(std::vector<std::uint8_t>& code) : code_(code) {}

  void bytes(std::initializer_list<unsigned> list) {
    for (const unsigned byte : list) code_.push_back(static_cast<std::uint8_t>(byte));
  }
  void bytes(const std::vector<std::uint8_t>& list) { code_.insert(code_.end(), list.begin(), list.end()); }
  void number(std::uint64_t value, int count) {
    for (int i = 0; i < count; ++i) code_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }

  // An instruction with REX.W between register `reg` and [rdi + the cell's place].
  void with_cell(unsigned opcode, std::size_t reg, std::size_t cell) {
    with_base(opcode, reg, kRdi, static_cast<std::int32_t>(8 * (first_cell_ + cell)));
  }
  // ... and [base + displacement]. Precondition: base is not RSP or R12.
  void with_base(unsigned opcode, std::size_t reg, std::size_t base, std::int32_t displacement) {
    const std::size_t rex = 0x48 | (reg >= 8 ? 4 : 0) | (base >= 8 ? 1 : 0);
    const std::size_t modrm = 0x80 | (reg & 7) << 3 | (base & 7);
    bytes({static_cast<unsigned>(rex), opcode, static_cast<unsigned>(modrm)});
    number(static_cast<std::uint32_t>(displacement), 4);
  }
  // mov between RAX and [rsp + place]
  void rax_from_stack(std::uint8_t place) { bytes({0x48, 0x8B, 0x44, 0x24, place}); }
  void rax_to_stack(std::uint8_t place) { bytes({0x48, 0x89, 0x44, 0x24, place}); }

  void begin_trial(std::size_t index) { first_cell_ = index * kTrialCells; }

 private:
  std::vector<std::uint8_t>& code_;
  std::size_t first_cell_ = 0;
};

constexpr unsigned kLoad = 0x8B;   // mov r64, m64
constexpr unsigned kStore = 0x89;  // mov m64, r64
constexpr unsigned kAddTo = 0x01;  // add m64, r64
constexpr unsigned kLea = 0x8D;

std::uint8_t stack_window_place(std::size_t cell) { return static_cast<std::uint8_t>(8 * cell - kRspInWindow); }

void write_before(Writer& out, const Trial& trial) {
  // A jump to the next instruction: with it the emulator begins a basic block, so that none ends inside the trial.
  out.bytes({0xEB, 0x00});
  out.bytes({0x48, 0x8B, 0x7C, 0x24, kFramePlace});  // mov rdi, [rsp + ...]
  out.with_cell(kLea, kRax, kFrameWindowCell);
  out.with_cell(kStore, kRax, kWindowAddressCell);
  out.with_cell(kStore, kRsp, kRspBeforeCell);
  for (const Pointer& pointer : trial.pointers) {
    if (pointer.factor == 1 && pointer.shift == 0) {
      out.with_cell(kAddTo, kRax, pointer.register_number);
      continue;
    }
    out.bytes({0x48, 0xB9});  // mov rcx, factor; imul rcx, rax; shr rcx, shift
    out.number(pointer.factor, 8);
    out.bytes({0x48, 0x0F, 0xAF, 0xC8});
    if (pointer.shift != 0) out.bytes({0x48, 0xC1, 0xE9, pointer.shift});
    out.with_cell(kAddTo, kRcx, pointer.register_number);
  }
  for (std::size_t i = 0; trial.uses_stack && i < kWindowCells; ++i) {
    out.with_cell(kLoad, kRax, kStackWindowCell + i);
    out.rax_to_stack(stack_window_place(i));
  }
  out.with_cell(kLoad, kRax, kFlagsCell);
  out.bytes({0x04, 0x7F, 0x9E});  // add al, 127 makes OF; sahf makes the others
  for (std::size_t reg = 0; reg < 16; ++reg) {
    if (reg != kRsp && reg != kRdi) out.with_cell(kLoad, reg, reg);
  }
  out.with_cell(kLoad, kRdi, kRdi);
}

void write_after(Writer& out, const Trial& trial) {
  // From here to `seto` nothing may change a flag.
  if (trial.rescue) {
    const auto cell = [](std::size_t number) {
      return 8 * (static_cast<std::int32_t>(number) - static_cast<std::int32_t>(kFrameWindowCell));
    };
    out.with_base(kStore, kRsp, *trial.rescue, cell(kRsp));
    out.with_base(kLoad, kRsp, *trial.rescue, cell(kRspBeforeCell));
  }
  out.bytes({0x48, 0x89, 0x7C, 0x24, kRdiPlace});    // mov [rsp + ...], rdi
  out.bytes({0x48, 0x8B, 0x7C, 0x24, kFramePlace});  // mov rdi, [rsp + ...]
  for (std::size_t reg = 0; reg < 16; ++reg) {
    if (reg == kRdi || (reg == kRsp && trial.rescue)) continue;
    out.with_cell(kStore, reg, reg);
  }
  out.bytes({0xB8, 0, 0, 0, 0, 0x9F, 0x0F, 0x90, 0xC0});  // mov eax, 0; lahf; seto al
  out.with_cell(kStore, kRax, kFlagsCell);
  out.rax_from_stack(kRdiPlace);
  out.with_cell(kStore, kRax, kRdi);
  for (std::size_t i = 0; trial.uses_stack && i < kWindowCells; ++i) {
    out.rax_from_stack(stack_window_place(i));
    out.with_cell(kStore, kRax, kStackWindowCell + i);
  }
}

}  // namespace

TrialBlock make_block(std::span<const Trial* const> trials) {
  TrialBlock block;
  Writer out(block.code.code);
  out.bytes({0x53, 0x55, 0x41, 0x54, 0x41, 0x55, 0x41, 0x56, 0x41, 0x57});  // push rbx, rbp, r12 to r15
  out.bytes({0x48, 0x81, 0xEC});                                            // sub rsp, room
  out.number(kStackRoom, 4);
  out.bytes({0x48, 0x89, 0x7C, 0x24, kFramePlace});  // mov [rsp + ...], rdi
  for (std::size_t i = 0; i < trials.size(); ++i) {
    out.begin_trial(i);
    write_before(out, *trials[i]);
    block.offsets.push_back(static_cast<std::uint32_t>(block.code.code.size()));
    out.bytes(trials[i]->bytes);
    write_after(out, *trials[i]);
  }
  out.bytes({0x48, 0x81, 0xC4});  // add rsp, room
  out.number(kStackRoom, 4);
  out.bytes({0x41, 0x5F, 0x41, 0x5E, 0x41, 0x5D, 0x41, 0x5C, 0x5D, 0x5B});  // pop
  out.bytes({0x31, 0xC0, 0xC3});                                            // xor eax, eax; ret
  block.code.machine_stack_bytes = kMachineStackBytes;
  return block;
}

Frame make_frame(std::span<const Trial* const> trials, std::size_t input) {
  Frame frame(trials.size() * kTrialCells, kFiller);
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const Inputs& inputs = trials[i]->inputs[input];
    std::uint64_t* cells = frame.data() + i * kTrialCells;
    std::ranges::copy(inputs.registers, cells);
    cells[kFlagsCell] = pack_flags(inputs.flags);
    std::ranges::copy(inputs.frame, cells + kFrameWindowCell);
    std::ranges::copy(inputs.stack, cells + kStackWindowCell);
  }
  return frame;
}

void expect_cells(const State& before, const State& after, std::span<std::uint64_t> cells) {
  std::ranges::copy(after.registers, cells.begin());
  cells[kFlagsCell] = pack_flags(after.flags);
  cells[kWindowAddressCell] = before.frame.address;
  cells[kRspBeforeCell] = before.registers[kRsp];
  cells[kRspBeforeCell + 1] = kFiller;
  std::ranges::copy(after.frame.cells, cells.data() + kFrameWindowCell);
  std::ranges::copy(after.stack.cells, cells.data() + kStackWindowCell);
}

void expect_cells_at_fault(const State& before, const Inputs& inputs, std::span<std::uint64_t> cells) {
  expect_cells(before, before, cells);
  cells[kRsp] = inputs.registers[kRsp];
}

std::uint64_t pack_flags(std::uint64_t flags) {
  // AL: OF. AH: SF, ZF, AF, PF and CF where EFLAGS has them, and the bit that is always 1 (LAHF).
  const std::uint64_t high = (flags & kAllFlags & 0xFF) | 2U;
  return high << 8 | ((flags & kOverflow) != 0 ? 1 : 0);
}

std::uint64_t unpack_flags(std::uint64_t cell) {
  return (cell >> 8 & kAllFlags & 0xFF) | ((cell & 1U) != 0 ? kOverflow : 0);
}

}  // namespace assay::oracles::instructions
