// Names of registers and conditions; see registers.h. Tested by core/x64/test/registers_test.cc.
#include "core/x64/registers.h"

#include <array>

namespace assay::x64 {
namespace {

using Names = std::array<std::string_view, kRegCount>;

constexpr Names kNames8 = {"al",  "cl",  "dl",   "bl",   "spl",  "bpl",  "sil",  "dil",
                           "r8b", "r9b", "r10b", "r11b", "r12b", "r13b", "r14b", "r15b"};
constexpr Names kNames16 = {"ax",  "cx",  "dx",   "bx",   "sp",   "bp",   "si",   "di",
                            "r8w", "r9w", "r10w", "r11w", "r12w", "r13w", "r14w", "r15w"};
constexpr Names kNames32 = {"eax", "ecx", "edx",  "ebx",  "esp",  "ebp",  "esi",  "edi",
                            "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d", "r15d"};
constexpr Names kNames64 = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                            "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
constexpr Names kConditions = {"o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g"};

}  // namespace

std::string_view register_name(RegId id, int bits) {
  const Names& names = bits == 8 ? kNames8 : bits == 16 ? kNames16 : bits == 32 ? kNames32 : kNames64;
  return names[number(id)];
}

std::string_view condition_name(Cond cond) { return kConditions[static_cast<std::size_t>(cond)]; }

}  // namespace assay::x64
