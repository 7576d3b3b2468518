// Hand-made blocks for tests that plant faults: a block that does what its program says, and ways to spoil it.
//
// Tested by oracles/test/faults_test.cc, whose controls run every unspoiled block through every oracle.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ast/program.h"
#include "core/x64/assembler.h"
#include "oracles/block_source.h"

namespace assay::oracles::planted {

// Gives the same hand-made block for every program, per convention.
class FixedSource final : public BlockSource {
 public:
  using Emit = std::function<void(x64::Assembler&, jit::Convention)>;
  using Spoil = std::function<void(jit::CompiledBlock&)>;

  explicit FixedSource(Emit emit, Spoil spoil = nullptr) : emit_(std::move(emit)), spoil_(std::move(spoil)) {}

  void compile(const ast::Program&, const jit::CompileOptions& options, jit::CompiledBlock& block) override {
    assembler_.clear();
    assembler_.record_intents(true);
    assembler_.set_node(0);
    emit_(assembler_, options.convention);
    assembler_.finish();
    block.code.assign(assembler_.code().begin(), assembler_.code().end());
    block.intents.assign(assembler_.intents().begin(), assembler_.intents().end());
    block.machine_stack_bytes = 4096;
    if (spoil_) spoil_(block);
  }

 private:
  Emit emit_;
  Spoil spoil_;
  x64::Assembler assembler_;
};

inline x64::Reg64 frame_register(jit::Convention convention) {
  return {convention == jit::Convention::SystemV ? x64::RegId::Rdi : x64::RegId::Rcx};
}
inline x64::Reg64 stack_register(jit::Convention convention) {
  return {convention == jit::Convention::SystemV ? x64::RegId::Rsi : x64::RegId::Rdx};
}

// Replaces the bytes of instruction number `index` as a broken encoder would have: what follows moves, and the record
// of offsets with it, but the record of the intent stays.
inline void encode_wrongly(jit::CompiledBlock& block, std::size_t index, std::initializer_list<std::uint8_t> bytes) {
  x64::Intent& intent = block.intents[index];
  const auto begin = block.code.begin() + intent.offset;
  block.code.erase(begin, begin + intent.length);
  block.code.insert(block.code.begin() + intent.offset, bytes.begin(), bytes.end());
  const auto growth =
      static_cast<std::uint32_t>(bytes.size()) - intent.length;  // wraps when it shrinks, and back below
  intent.length = static_cast<std::uint8_t>(bytes.size());
  for (std::size_t i = index + 1; i < block.intents.size(); ++i) block.intents[i].offset += growth;
}

}  // namespace assay::oracles::planted
