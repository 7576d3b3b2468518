// Input vectors; see inputs.h. Tested by fuzz/gen/test/generator_test.cc.
#include "fuzz/gen/inputs.h"

#include "fuzz/gen/constants.h"

namespace assay::fuzz {
namespace {

enum class Style : std::uint8_t { Zero, Equal, Edges, Random };

Style draw_style(base::Rng& rng) {
  switch (rng.below(8)) {
    case 0:
      return Style::Zero;
    case 1:
      return Style::Equal;
    case 2:
    case 3:
      return Style::Random;
    default:
      return Style::Edges;
  }
}

}  // namespace

void draw_inputs(const ast::Program& program, base::Rng& rng, std::vector<std::vector<std::uint64_t>>& inputs) {
  inputs.resize(kInputsPerProgram);
  for (std::vector<std::uint64_t>& frame : inputs) {
    frame.clear();
    const Style style = draw_style(rng);
    const std::uint64_t common = draw_constant(rng, ast::Type::I64);
    for (std::uint32_t slot = 0; slot < program.slot_count(); ++slot) {
      const ast::Type type = program.variable_type(ast::VarId{slot});
      std::uint64_t bits = 0;
      switch (style) {
        case Style::Zero:
          break;
        case Style::Equal:
          bits = common;
          break;
        case Style::Edges:
          bits = draw_constant(rng, type);
          break;
        case Style::Random:
          bits = rng.next();
          break;
      }
      bits = fit(type, bits);
      if (type == ast::Type::I32) bits |= rng.next() & 0xFFFFFFFF00000000ULL;
      frame.push_back(bits);
    }
  }
}

void draw_plain_inputs(const ast::Program& program, base::Rng& rng, std::vector<std::vector<std::uint64_t>>& inputs) {
  inputs.resize(kInputsPerProgram);
  for (std::vector<std::uint64_t>& frame : inputs) {
    frame.resize(program.slot_count());
    for (std::uint64_t& cell : frame) cell = rng.next();
  }
}

}  // namespace assay::fuzz
