// Probing of the sandbox; see native_engine.h. Tested by oracles/native/test/native_engine_test.cc.
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "oracles/native/native_engine.h"

namespace assay::oracles {
namespace {

struct Probe {
  std::string_view claim;
  std::vector<std::uint8_t> code;
  RunEnd end;
  FaultKind fault;
};

std::array<Probe, 3> probes() {
  return {{
      // xor eax, eax; ret
      {"a block can run", {0x31, 0xC0, 0xC3}, RunEnd::Finished, FaultKind::None},
      // mov eax, 39 (getpid); syscall; ret
      {"a block cannot enter the kernel",
       {0xB8, 0x27, 0x00, 0x00, 0x00, 0x0F, 0x05, 0xC3},
       RunEnd::Fault,
       FaultKind::SystemCall},
      // mov dword [0x1000], eax; ret
      {"a block cannot write outside its memory",
       {0x89, 0x04, 0x25, 0x00, 0x10, 0x00, 0x00, 0xC3},
       RunEnd::Fault,
       FaultKind::WriteMemory},
  }};
}

base::Result<void> probe(Engine& engine) {
  const std::array<Probe, 3> all = probes();
  const std::array<Frame, 1> inputs;  // one run on no slots
  std::array<jit::CompiledBlock, 3> blocks;
  std::array<Case, 3> cases;
  for (std::size_t i = 0; i < all.size(); ++i) {
    blocks[i].code = all[i].code;
    cases[i].block = &blocks[i];
    cases[i].inputs = inputs;
  }
  std::vector<Run> runs;
  if (auto ran = engine.run(cases, runs); !ran) return ran;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (runs[i].end == all[i].end && runs[i].fault.kind == all[i].fault && runs[i].violations == Violation::None)
      continue;
    return base::system_error("the sandbox for native code (" + std::string(engine.name()) + ") does not hold: that " +
                              std::string(all[i].claim) + " should end as '" + std::string(name(all[i].end)) +
                              "', but the run ended as '" + std::string(name(runs[i].end)) + "' (" +
                              std::string(name(runs[i].fault.kind)) + ")");
  }
  return {};
}

}  // namespace

base::Result<std::unique_ptr<Engine>> create_native_engine(jit::Convention convention) {
  auto engine = NativeEngine::create(convention);
  if (!engine) return engine.error();
  if (auto probed = probe(**engine); !probed) return probed.error();
  return std::unique_ptr<Engine>(std::move(engine).value());
}

base::Result<void> probe_sandbox() {
  for (const jit::Convention convention : {jit::Convention::SystemV, jit::Convention::Microsoft}) {
    auto engine = create_native_engine(convention);
    if (!engine) return engine.error();
  }
  return {};
}

}  // namespace assay::oracles
