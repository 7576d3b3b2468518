// Why a program can trap. The number is the one a compiled block returns, negated. Tested by
// core/interp/test/trap_test.cc.
#pragma once

#include <cstdint>
#include <string_view>

namespace assay::ast {

enum class TrapKind : std::uint8_t {
  None = 0,
  DivideByZero = 1,
  IntegerOverflow = 2,  // the quotient of MIN / -1 does not fit
};

inline constexpr std::uint8_t kLastTrapKind = 2;

[[nodiscard]] constexpr std::string_view trap_name(TrapKind kind) {
  switch (kind) {
    case TrapKind::None:
      return "none";
    case TrapKind::DivideByZero:
      return "divide by zero";
    case TrapKind::IntegerOverflow:
      return "integer overflow";
  }
  return "invalid trap";
}

}  // namespace assay::ast
