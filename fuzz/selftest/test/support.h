// Faults for the tests of the builder and the driver.
#pragma once

#include <string>

#include "fuzz/selftest/catalogue.h"

namespace assay::fuzz::selftest {

inline Fault fault_in(const std::string& name, const std::string& file, const std::string& from,
                      const std::string& to) {
  Fault fault;
  fault.name = "test-" + name;
  fault.area = "test";
  fault.row = "test";
  fault.file = file;
  fault.from = from;
  fault.to = to;
  fault.why = "test";
  fault.units = {file};
  return fault;
}

// A real one: wrong for equal operands, in a small unit.
inline Fault swapped_comparison(const std::string& name) {
  return fault_in(name, "core/opt/comparisons.cc", "case Op::LeS:\n      return Op::GtS;",
                  "case Op::LeS:\n      return FAULT(Op::GtS, Op::GeS);");
}

}  // namespace assay::fuzz::selftest
