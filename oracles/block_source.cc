// The JIT as a source of blocks; see block_source.h. Tested by oracles/test/judge_test.cc.
#include "oracles/block_source.h"

namespace assay::oracles {

void JitBlockSource::compile(const ast::Program& program, const jit::CompileOptions& options,
                             jit::CompiledBlock& block) {
  compiler_.compile(program, options, block);
}

}  // namespace assay::oracles
