// PassSource: where passes come from.
//
// The seam between the pass oracle and the optimizer under test: tests wrap it to plant faults in what a pass gives.
//
// Tested by oracles/test/pass_oracle_test.cc.
#pragma once

#include "core/ast/program.h"
#include "core/opt/passes.h"

namespace assay::oracles {

class PassSource {
 public:
  PassSource() = default;
  PassSource(const PassSource&) = delete;
  PassSource& operator=(const PassSource&) = delete;
  virtual ~PassSource() = default;

  // Precondition: `program` is verified. The project's own pass, unless overridden.
  [[nodiscard]] virtual opt::PassResult run(opt::PassId pass, const ast::Program& program) {
    return opt::pass_info(pass).run(program);
  }
};

}  // namespace assay::oracles
