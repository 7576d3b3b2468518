// The second decoder: LLVM's X86 disassembler, through the C++ API of its MC layer.
//
// Chosen over Capstone because it is independent where Capstone is not, and faster: its tables are generated from the
// instruction descriptions that LLVM's own assembler and compilers are built from, where Capstone's are a fork of an
// old copy of the same; and it takes about 70 ns per instruction where Capstone takes 260 to 410. It needs no text:
// LLVM's opcode enumeration is finer than a mnemonic (ADD32ri8 and ADD32ri are two), so that one opcode is one row of
// insts.def, through the reviewed table llvm_opcodes.inc.
//
// Tested by oracles/encoding/test/decoders_test.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/base/result.h"
#include "oracles/encoding/decoder.h"

namespace assay::oracles::encoding {

class LlvmDecoder final : public Decoder {
 public:
  // Takes about two milliseconds. The objects hold neither threads nor descriptors, so that a process may fork with
  // them. Fails when LLVM has no X86 target or does not know a name of llvm_opcodes.inc.
  [[nodiscard]] static base::Result<std::unique_ptr<LlvmDecoder>> create();
  ~LlvmDecoder() override;

  [[nodiscard]] std::string_view name() const override { return "llvm"; }
  [[nodiscard]] Decoded decode(std::span<const std::uint8_t> bytes) override;
  [[nodiscard]] std::string print(std::span<const std::uint8_t> bytes, std::uint64_t offset) override;

 private:
  struct Machine;
  explicit LlvmDecoder(std::unique_ptr<Machine> machine);

  std::unique_ptr<Machine> machine_;
};

// "LLVM 19.1.7".
[[nodiscard]] std::string llvm_version();

}  // namespace assay::oracles::encoding
