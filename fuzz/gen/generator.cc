// From a seed to a case; see generator.h. Tested by fuzz/gen/test/generator_test.cc.
#include "fuzz/gen/generator.h"

#include "fuzz/gen/inputs.h"
#include "fuzz/gen/writer.h"

namespace assay::fuzz {

struct Generator::State {
  Writer writer;
};

Generator::Generator() : state_(std::make_unique<State>()) {}
Generator::~Generator() = default;

void Generator::generate(std::uint64_t seed, GeneratedCase& out) {
  base::Rng rng(seed);
  const SwarmConfig config = draw_swarm(rng);
  generate(rng.next(), config, out);
}

void Generator::generate(std::uint64_t seed, const SwarmConfig& config, GeneratedCase& out) {
  base::Rng rng(seed);
  out.config = config;
  out.program.clear();
  state_->writer.write(config, rng, out.program);
  if (config.plain) {
    draw_plain_inputs(out.program, rng, out.inputs);
  } else {
    draw_inputs(out.program, rng, out.inputs);
  }
}

}  // namespace assay::fuzz
