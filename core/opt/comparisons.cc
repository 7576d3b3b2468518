// The tables of comparisons; see comparisons.h. Tested by core/opt/test/comparisons_test.cc.
#include "core/opt/comparisons.h"

namespace assay::opt {

using ast::Op;

Op inverse_comparison(Op op) {
  switch (op) {
    case Op::Eq:
      return Op::Ne;
    case Op::Ne:
      return Op::Eq;
    case Op::LtS:
      return Op::GeS;
    case Op::LtU:
      return Op::GeU;
    case Op::GtS:
      return Op::LeS;
    case Op::GtU:
      return Op::LeU;
    case Op::LeS:
      return Op::GtS;
    case Op::LeU:
      return Op::GtU;
    case Op::GeS:
      return Op::LtS;
    case Op::GeU:
      return Op::LtU;
    default:
      return op;
  }
}

Op mirrored_comparison(Op op) {
  switch (op) {
    case Op::LtS:
      return Op::GtS;
    case Op::LtU:
      return Op::GtU;
    case Op::GtS:
      return Op::LtS;
    case Op::GtU:
      return Op::LtU;
    case Op::LeS:
      return Op::GeS;
    case Op::LeU:
      return Op::GeU;
    case Op::GeS:
      return Op::LeS;
    case Op::GeU:
      return Op::LeU;
    default:
      return op;
  }
}

Op unsigned_comparison(Op op) {
  switch (op) {
    case Op::LtS:
      return Op::LtU;
    case Op::GtS:
      return Op::GtU;
    case Op::LeS:
      return Op::LeU;
    case Op::GeS:
      return Op::GeU;
    default:
      return op;
  }
}

bool holds_for_equal(Op op) { return op == Op::Eq || op == Op::LeS || op == Op::LeU || op == Op::GeS || op == Op::GeU; }

}  // namespace assay::opt
