// Asking Z3; see z3_query.h. Tested by smt/test/solver_test.cc.
#include "smt/z3_query.h"

#include <z3++.h>

namespace assay::smt {

struct Z3Query::State {
  z3::context context;
};

Z3Query::Z3Query() : state_(std::make_unique<State>()) {}
Z3Query::~Z3Query() = default;

std::string z3_version() {
  unsigned major = 0;
  unsigned minor = 0;
  unsigned build = 0;
  unsigned revision = 0;
  Z3_get_version(&major, &minor, &build, &revision);
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(build) + "." +
         std::to_string(revision);
}

namespace {

z3::tactic tactic_for(z3::context& context, Strategy strategy, unsigned limit_milliseconds) {
  if (strategy == Strategy::Bits) return z3::tactic(context, "qfbv");
  if (strategy == Strategy::Integers) {
    // Either of the two procedures loses its way in what the other does at once, the older one less often.
    z3::params older(context);
    older.set("arith.solver", 2U);
    const z3::tactic first = z3::with(z3::tactic(context, "smt"), older);
    return z3::try_for(first, limit_milliseconds / 2) | z3::tactic(context, "smt");
  }
  // One round of expansion, or Z3's default bound on growth, silently falls back to bit-blasting.
  z3::params expand(context);
  expand.set("som", true);
  expand.set("flat", true);
  expand.set("hoist_mul", false);
  expand.set("som_blowup", 1000U);
  const z3::tactic simplify = z3::with(z3::tactic(context, "simplify"), expand);
  return simplify & simplify & z3::tactic(context, "smt");
}

std::vector<std::pair<std::string, std::uint64_t>> constants_of(const z3::model& model) {
  std::vector<std::pair<std::string, std::uint64_t>> values;
  for (unsigned i = 0; i < model.num_consts(); ++i) {
    const z3::func_decl constant = model.get_const_decl(i);
    const z3::expr value = model.get_const_interp(constant);
    std::uint64_t number = 0;
    if ((value.is_bv() || value.is_int()) && value.is_numeral_u64(number))
      values.emplace_back(constant.name().str(), number);
  }
  return values;
}

}  // namespace

SolverReply Z3Query::check(const std::string& script, Strategy strategy, unsigned limit_milliseconds) {
  SolverReply reply;
  try {
    // How long a search takes depends on what the context has seen before; identities are not searched for.
    std::unique_ptr<z3::context> own = strategy == Strategy::Ring ? nullptr : std::make_unique<z3::context>();
    z3::context& context = own ? *own : state_->context;
    z3::solver solver = tactic_for(context, strategy, limit_milliseconds).mk_solver();
    z3::params limits(context);
    limits.set("timeout", kWaitFactor * limit_milliseconds);
    solver.set(limits);
    solver.add(context.parse_string(script.c_str()));
    switch (solver.check()) {
      case z3::unsat:
        reply.answer = Answer::Proved;
        break;
      case z3::sat:
        reply.answer = Answer::Refuted;
        reply.model = constants_of(solver.get_model());
        break;
      case z3::unknown:
        reply.reason = solver.reason_unknown();
        break;
    }
  } catch (const z3::exception& error) {
    reply.answer = Answer::Unknown;
    reply.reason = error.msg();
  }
  return reply;
}

}  // namespace assay::smt
