// General registers as types that know their width, so that a wrong width does not compile.
//
// Tested by core/x64/test/registers_test.cc.
#pragma once

#include <cstdint>
#include <string_view>

namespace assay::x64 {

// The architectural number: the low three bits go to ModR/M, SIB or the opcode, the fourth to REX (Intel SDM 2,
// section 2.2.1).
enum class RegId : std::uint8_t { Rax, Rcx, Rdx, Rbx, Rsp, Rbp, Rsi, Rdi, R8, R9, R10, R11, R12, R13, R14, R15 };

inline constexpr int kRegCount = 16;

[[nodiscard]] constexpr std::uint8_t number(RegId id) { return static_cast<std::uint8_t>(id); }

template <int Bits>
struct Reg {
  RegId id;
  friend bool operator==(Reg, Reg) = default;
};

using Reg8 = Reg<8>;  // number 4..7 is SPL, BPL, SIL, DIL; AH..BH do not exist here
using Reg16 = Reg<16>;
using Reg32 = Reg<32>;
using Reg64 = Reg<64>;

// The tag for the count register of a shift.
struct Cl {};

// "rax", "r8d", "sil", ... Precondition: bits is 8, 16, 32 or 64.
[[nodiscard]] std::string_view register_name(RegId id, int bits);

// Condition codes by architectural number (Intel SDM 2, appendix B.1.4.7).
enum class Cond : std::uint8_t { O, No, B, Ae, E, Ne, Be, A, S, Ns, P, Np, L, Ge, Le, G };

// The condition that holds exactly when `cond` does not.
[[nodiscard]] constexpr Cond invert(Cond cond) { return static_cast<Cond>(static_cast<std::uint8_t>(cond) ^ 1); }
[[nodiscard]] std::string_view condition_name(Cond cond);

}  // namespace assay::x64
