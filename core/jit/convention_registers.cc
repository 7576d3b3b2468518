// The conventions as data; see convention_registers.h. Tested by core/jit/test/convention_test.cc.
#include "core/jit/convention_registers.h"

namespace assay::jit {
namespace {

using enum x64::RegId;

constexpr std::uint16_t kSavedByBoth = register_bit(Rbx) | register_bit(Rbp) | register_bit(R12) | register_bit(R13) |
                                       register_bit(R14) | register_bit(R15);

constexpr ConventionRegisters kSystemV = {
    Rdi, Rsi, Rdx, Rdi, {Rsi, R8, R9, R10, R11, Rbx, R12, R13, R14, R15, Rbp}, kSavedByBoth,
};

constexpr ConventionRegisters kMicrosoft = {
    Rcx,
    Rdx,
    R8,
    R9,
    {R8, R10, R11, Rbx, Rsi, Rdi, R12, R13, R14, R15, Rbp},
    kSavedByBoth | register_bit(Rsi) | register_bit(Rdi),
};

}  // namespace

const ConventionRegisters& convention_registers(Convention convention) {
  return convention == Convention::SystemV ? kSystemV : kMicrosoft;
}

}  // namespace assay::jit
