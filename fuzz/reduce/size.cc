// The order of findings; see size.h. Tested by fuzz/reduce/test/size_test.cc.
#include "fuzz/reduce/size.h"

namespace assay::fuzz {

Distance distance_from_zero(std::uint64_t bits, ast::Type type) {
  const std::uint64_t sign = std::uint64_t{1} << (ast::bit_width(type) - 1);
  if (type == ast::Type::I32) bits &= 0xFFFFFFFFU;
  const bool negative = (bits & sign) != 0;
  if (!negative) return {bits, false};
  const std::uint64_t magnitude = ~bits + 1;
  return {type == ast::Type::I32 ? magnitude & 0xFFFFFFFFU : magnitude, true};
}

Size size_of(const Finding& finding) {
  const ast::Program& program = finding.program;
  Size size;
  size.nodes = program.node_count();
  size.variables = program.variable_count();
  size.inputs = finding.inputs.size();
  size.passes = finding.pipeline ? finding.pipeline->size() : opt::default_pipeline().size();
  const x64::CpuFeatures& features = finding.features;
  for (const bool feature : {features.popcnt, features.lzcnt, features.bmi1, features.bmi2}) {
    if (feature) ++size.features;
  }
  for (std::uint32_t i = 0; i < program.variable_count(); ++i) {
    if (program.variable_type(ast::VarId{i}) == ast::Type::I64) ++size.wide;
  }
  for (std::uint32_t i = 0; i < program.node_count(); ++i) {
    const ast::Node& node = program.node(ast::NodeId{i});
    if (!ast::is_expression(node.kind)) continue;
    if (node.type == ast::Type::I64) ++size.wide;
    if (node.kind == ast::NodeKind::Load) ++size.loads;
    if (node.kind != ast::NodeKind::Int) continue;
    ++size.constants;
    size.values.push_back(distance_from_zero(node.bits(), node.type));
  }
  for (const oracles::Frame& input : finding.inputs) {
    for (std::uint32_t slot = 0; slot < input.size(); ++slot) {
      const ast::Type type = program.variable_type(ast::VarId{slot});
      size.cells.push_back(distance_from_zero(input[slot], type));
      if (type == ast::Type::I32) size.cells.push_back(distance_from_zero(input[slot] >> 32, ast::Type::I32));
    }
  }
  return size;
}

}  // namespace assay::fuzz
