// Findings before the oracles again; see replay.h. Tested by fuzz/findings/test/replay_test.cc.
#include "fuzz/findings/replay.h"

#include <array>

namespace assay::fuzz {

std::vector<oracles::Frame> default_inputs(const ast::Program& program) {
  constexpr std::uint64_t kMin32 = 0x80000000ULL;
  constexpr std::uint64_t kMin64 = 0x8000000000000000ULL;
  struct Edge {
    std::uint64_t narrow;
    std::uint64_t wide;
  };
  constexpr std::array kEdges = {Edge{0, 0}, Edge{1, 1}, Edge{~std::uint64_t{0}, ~std::uint64_t{0}},
                                 Edge{kMin32, kMin64}, Edge{kMin32 - 1, kMin64 - 1}};
  // A pattern in the high half of an i32 slot, which no program may touch.
  constexpr std::uint64_t kHighPattern = 0xA55A'C33C'0000'0000ULL;
  std::vector<oracles::Frame> inputs(kEdges.size() * 2);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    for (std::uint32_t slot = 0; slot < program.slot_count(); ++slot) {
      // The first vectors give every slot the same edge, the others neighbouring slots different ones.
      const Edge& edge = kEdges[(i < kEdges.size() ? i : i + slot * (1 + i % 3)) % kEdges.size()];
      const bool narrow = program.variable_type(ast::VarId{slot}) == ast::Type::I32;
      inputs[i].push_back(narrow ? kHighPattern | (edge.narrow & 0xFFFFFFFFU) : edge.wide);
    }
  }
  return inputs;
}

base::Result<Replay> replay(oracles::Judge& judge, const Finding& finding) {
  const std::vector<oracles::Frame> inputs = finding.inputs.empty() ? default_inputs(finding.program) : finding.inputs;
  const x64::CpuFeatures features = x64::intersection(finding.features, x64::host_features());
  const opt::Pipeline& pipeline = finding.pipeline ? *finding.pipeline : opt::default_pipeline();
  const std::array subjects = {oracles::Subject{&finding.program, inputs, features, true, pipeline}};
  Replay result;
  if (auto judged = judge.judge(subjects, result.report); !judged) return judged.error();
  for (const oracles::Conviction& conviction : result.report.convictions) {
    result.signatures.push_back(signature_of(conviction, finding.program));
  }
  return result;
}

}  // namespace assay::fuzz
