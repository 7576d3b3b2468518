// The only file that includes LLVM; see llvm_decoder.h.
//
// Tested by oracles/encoding/test/decoders_test.cc.
#include "oracles/encoding/llvm_decoder.h"

#include <fmt/format.h>
#include <llvm/Config/llvm-config.h>
#include <llvm/MC/MCAsmInfo.h>
#include <llvm/MC/MCContext.h>
#include <llvm/MC/MCDisassembler/MCDisassembler.h>
#include <llvm/MC/MCInst.h>
#include <llvm/MC/MCInstPrinter.h>
#include <llvm/MC/MCInstrInfo.h>
#include <llvm/MC/MCRegisterInfo.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/MCTargetOptions.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/TargetParser/Triple.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/x64/form.h"
#include "oracles/encoding/fields.h"

namespace assay::oracles::encoding {
namespace {

using x64::Form;
using x64::FormInfo;
using x64::Operand;
using x64::OperandKind;

constexpr std::string_view kTriple = "x86_64-unknown-linux-gnu";

enum class Order : std::uint8_t { Same, Swapped };

struct Row {
  Form form;
  std::string_view opcode;
  Order order;
};

constexpr std::array kRows = {
#define LLVM_FORM(form, opcode, order) Row{Form::form, opcode, Order::order},
#include "oracles/encoding/llvm_opcodes.inc"
};
static_assert(kRows.size() == x64::kFormCount, "every form has exactly one row");

constexpr std::uint16_t kNoRow = 0xFFFF;

// The MCOperands of an address: base, scale, index, displacement, segment.
constexpr unsigned kAddressParts = 5;

// Bit 0 of MCInst's flags says only that a 66 stood there; the others (67, F2, F3, F0, notrack) alter what it does.
constexpr unsigned kAlteringFlags = ~1U;

struct RegisterName {
  std::uint8_t number = kOtherRegister;
  std::uint8_t bits = 0;  // 0: no general register
};

RegisterName parse_register(std::string_view name) {
  constexpr std::array<std::string_view, 8> k8 = {"AL", "CL", "DL", "BL", "SPL", "BPL", "SIL", "DIL"};
  constexpr std::array<std::string_view, 4> kHigh = {"AH", "CH", "DH", "BH"};
  constexpr std::array<std::string_view, 8> k16 = {"AX", "CX", "DX", "BX", "SP", "BP", "SI", "DI"};
  for (std::uint8_t i = 0; i < 4; ++i) {
    if (name == kHigh[i]) return {static_cast<std::uint8_t>(kHighByteBit | 4U | i), 8};
  }
  for (std::uint8_t i = 0; i < 8; ++i) {
    if (name == k8[i]) return {i, 8};
    if (name == k16[i]) return {i, 16};
    if (name.size() == 3 && name.substr(1) == k16[i] && name[0] == 'E') return {i, 32};
    if (name.size() == 3 && name.substr(1) == k16[i] && name[0] == 'R') return {i, 64};
    const std::string extended = fmt::format("R{}", i + 8);
    const auto number = static_cast<std::uint8_t>(i + 8);
    if (name == extended) return {number, 64};
    if (name == extended + "D") return {number, 32};
    if (name == extended + "W") return {number, 16};
    if (name == extended + "B") return {number, 8};
  }
  return {};
}

// The immediate of a count, or of an operation as wide as the immediate, may come back without its sign.
std::int64_t with_sign(std::int64_t value, int bits) {
  const std::int64_t range = std::int64_t{1} << bits;
  return bits < 64 && value >= range / 2 && value < range ? value - range : value;
}

bool is_count(const FormInfo& row) {
  constexpr std::array<std::string_view, 6> kShifts = {"rol", "ror", "shl", "shr", "sar", "rorx"};
  return std::find(kShifts.begin(), kShifts.end(), row.mnemonic) != kShifts.end();
}

}  // namespace

struct LlvmDecoder::Machine {
  llvm::MCTargetOptions options;
  std::unique_ptr<llvm::MCRegisterInfo> registers;
  std::unique_ptr<llvm::MCAsmInfo> syntax;
  std::unique_ptr<llvm::MCSubtargetInfo> cpu;
  std::unique_ptr<llvm::MCInstrInfo> instructions;
  std::unique_ptr<llvm::MCContext> context;
  std::unique_ptr<llvm::MCDisassembler> disassembler;
  std::unique_ptr<llvm::MCInstPrinter> printer;
  std::vector<std::uint16_t> row_of_opcode;  // into kRows, or kNoRow
  std::vector<RegisterName> register_names;  // by LLVM's number
  unsigned no_index = 0;                     // RIZ, an index that is not there

  [[nodiscard]] base::Result<void> create_objects();
  [[nodiscard]] base::Result<void> create_tables();
  [[nodiscard]] bool read(std::span<const std::uint8_t> bytes, llvm::MCInst& inst, std::uint8_t& length) const;
  [[nodiscard]] std::uint8_t address_register(unsigned reg) const;
  [[nodiscard]] bool convert_address(const llvm::MCInst& inst, unsigned first, Operand& out) const;
  [[nodiscard]] bool convert_operand(const llvm::MCOperand& in, const FormInfo& row, OperandKind kind,
                                     Operand& out) const;
  [[nodiscard]] bool convert(const llvm::MCInst& inst, const Row& row, Decoded& out) const;
};

base::Result<void> LlvmDecoder::Machine::create_objects() {
  // Registration is LLVM's own global state: once per process.
  static const bool registered = [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86Disassembler();
    return true;
  }();
  static_cast<void>(registered);
  std::string error;
  const std::string triple(kTriple);
  const llvm::Target* const target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (target == nullptr) return base::system_error("LLVM has no x86-64 target: " + error);
  registers.reset(target->createMCRegInfo(triple));
  if (registers) syntax.reset(target->createMCAsmInfo(*registers, triple, options));
  cpu.reset(target->createMCSubtargetInfo(triple, "", ""));
  instructions.reset(target->createMCInstrInfo());
  if (!registers || !syntax || !cpu || !instructions) return base::system_error("LLVM cannot describe x86-64");
  context = std::make_unique<llvm::MCContext>(llvm::Triple(triple), syntax.get(), registers.get(), cpu.get());
  disassembler.reset(target->createMCDisassembler(*cpu, *context));
  constexpr unsigned kIntelSyntax = 1;
  printer.reset(target->createMCInstPrinter(llvm::Triple(triple), kIntelSyntax, *syntax, *instructions, *registers));
  if (!disassembler || !printer) return base::system_error("LLVM has no x86-64 disassembler");
  printer->setPrintImmHex(true);
  printer->setPrintBranchImmAsAddress(true);
  return {};
}

base::Result<void> LlvmDecoder::Machine::create_tables() {
  std::unordered_map<std::string_view, unsigned> opcodes;
  for (unsigned i = 0; i < instructions->getNumOpcodes(); ++i) {
    const llvm::StringRef opcode = instructions->getName(i);
    opcodes.emplace(std::string_view(opcode.data(), opcode.size()), i);
  }
  row_of_opcode.assign(instructions->getNumOpcodes(), kNoRow);
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    const auto found = opcodes.find(kRows[i].opcode);
    if (found == opcodes.end()) {
      return base::system_error(fmt::format("LLVM knows no opcode named {}", kRows[i].opcode));
    }
    if (row_of_opcode[found->second] != kNoRow) {
      return base::system_error(fmt::format("the LLVM opcode {} stands for two forms", kRows[i].opcode));
    }
    row_of_opcode[found->second] = static_cast<std::uint16_t>(i);
  }
  register_names.resize(registers->getNumRegs());
  for (unsigned i = 1; i < registers->getNumRegs(); ++i) {
    const std::string_view text = registers->getName(i);
    register_names[i] = parse_register(text);
    if (text == "RIP") register_names[i].number = kInstructionPointer;
    if (text == "RIZ") no_index = i;
  }
  return {};
}

bool LlvmDecoder::Machine::read(std::span<const std::uint8_t> bytes, llvm::MCInst& inst, std::uint8_t& length) const {
  std::uint64_t size = 0;
  const llvm::ArrayRef<std::uint8_t> data(bytes.data(), std::min(bytes.size(), kMaxInstructionBytes));
  if (disassembler->getInstruction(inst, size, data, 0, llvm::nulls()) != llvm::MCDisassembler::Success) return false;
  length = static_cast<std::uint8_t>(size);
  return true;
}

std::uint8_t LlvmDecoder::Machine::address_register(unsigned reg) const {
  const RegisterName& known = register_names[reg];
  return known.bits == 64 || known.number == kInstructionPointer ? known.number : kOtherRegister;
}

// False when the address has a segment.
bool LlvmDecoder::Machine::convert_address(const llvm::MCInst& inst, unsigned first, Operand& out) const {
  const unsigned base = inst.getOperand(first).getReg();
  const unsigned index = inst.getOperand(first + 2).getReg();
  out.address.has_base = base != 0;
  if (base != 0) out.address.base = static_cast<x64::RegId>(address_register(base));
  out.address.has_index = index != 0 && index != no_index;
  if (out.address.has_index) {
    out.address.index = static_cast<x64::RegId>(address_register(index));
    out.address.scale = static_cast<std::uint8_t>(inst.getOperand(first + 1).getImm());
  }
  out.address.displacement = static_cast<std::int32_t>(inst.getOperand(first + 3).getImm());
  return inst.getOperand(first + 4).getReg() == 0;
}

bool LlvmDecoder::Machine::convert_operand(const llvm::MCOperand& in, const FormInfo& row, OperandKind kind,
                                           Operand& out) const {
  out.kind = kind;
  if (kind == OperandKind::Condition) {
    if (!in.isImm()) return false;
    out.reg = static_cast<std::uint8_t>(in.getImm());
    return true;
  }
  if (is_register(kind)) {
    if (!in.isReg()) return false;
    // The width is the register's own, not the row's.
    out.kind = register_kind(register_names[in.getReg()].bits);
    out.reg = register_names[in.getReg()].number;
    return true;
  }
  if (!in.isImm()) return false;
  out.immediate = in.getImm();
  if (is_count(row)) {
    out.immediate = with_sign(out.immediate, 8);
  } else if (kind == OperandKind::I32 && !row.rex_w && row.encoding != x64::Encoding::I) {
    out.immediate = with_sign(out.immediate, 32);
  }
  return true;
}

bool LlvmDecoder::Machine::convert(const llvm::MCInst& inst, const Row& row, Decoded& out) const {
  const FormInfo& info = x64::form_info(row.form);
  const llvm::MCInstrDesc& description = instructions->get(inst.getOpcode());
  const bool has_condition = info.operands[0] == OperandKind::Condition;
  std::size_t next = has_condition ? 1 : 0;
  unsigned part = 0;
  while (part < inst.getNumOperands()) {
    // The second mention of a register that is both source and destination.
    if (description.getOperandConstraint(part, llvm::MCOI::TIED_TO) != -1) {
      ++part;
      continue;
    }
    const bool is_last = part + 1 == inst.getNumOperands();
    if (has_condition && is_last) {
      if (!convert_operand(inst.getOperand(part), info, OperandKind::Condition, out.operands[0])) return false;
      ++part;
      continue;
    }
    if (next == info.operands.size()) return false;
    const OperandKind kind = info.operands[next];
    Operand& operand = out.operands[next];
    ++next;
    if (is_memory(kind)) {
      if (part + kAddressParts > inst.getNumOperands()) return false;
      operand.kind = kind;
      if (!convert_address(inst, part, operand)) out.altered = true;
      part += kAddressParts;
      continue;
    }
    if (!convert_operand(inst.getOperand(part), info, kind, operand)) return false;
    ++part;
  }
  // CL is no operand of LLVM's: the opcode says it.
  if (next < info.operands.size() && info.operands[next] == OperandKind::Cl)
    out.operands[next++].kind = OperandKind::Cl;
  if (next < info.operands.size() && info.operands[next] != OperandKind::None) return false;
  if (row.order == Order::Swapped) std::swap(out.operands[0], out.operands[1]);
  return true;
}

LlvmDecoder::LlvmDecoder(std::unique_ptr<Machine> machine) : machine_(std::move(machine)) {}
LlvmDecoder::~LlvmDecoder() = default;

base::Result<std::unique_ptr<LlvmDecoder>> LlvmDecoder::create() {
  auto machine = std::make_unique<Machine>();
  if (auto made = machine->create_objects(); !made) return made.error();
  if (auto made = machine->create_tables(); !made) return made.error();
  return std::unique_ptr<LlvmDecoder>(new LlvmDecoder(std::move(machine)));
}

Decoded LlvmDecoder::decode(std::span<const std::uint8_t> bytes) {
  Decoded result;
  llvm::MCInst inst;
  if (!machine_->read(bytes, inst, result.length)) return result;
  result.altered = (inst.getFlags() & kAlteringFlags) != 0;
  result.status = DecodeStatus::Foreign;
  const std::uint16_t number = machine_->row_of_opcode[inst.getOpcode()];
  if (number == kNoRow) return result;
  if (!machine_->convert(inst, kRows[number], result)) return result;
  result.mnemonic = x64::form_info(kRows[number].form).mnemonic;
  result.status = DecodeStatus::Decoded;
  return result;
}

std::string LlvmDecoder::print(std::span<const std::uint8_t> bytes, std::uint64_t offset) {
  llvm::MCInst inst;
  std::uint8_t length = 0;
  if (!machine_->read(bytes, inst, length)) return "(no instruction)";
  std::string text;
  llvm::raw_string_ostream stream(text);
  // A branch is printed relative to the address given here, which has to be that of its end.
  machine_->printer->printInst(&inst, offset + length, "", *machine_->cpu, stream);
  stream.flush();
  // LLVM separates with tabs, as an assembler's input would be.
  std::replace(text.begin(), text.end(), '\t', ' ');
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

std::string llvm_version() { return "LLVM " LLVM_VERSION_STRING; }

}  // namespace assay::oracles::encoding
