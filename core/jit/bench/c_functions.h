// The C functions that core/jit/bench/CMakeLists.txt makes of `.nda` files, by file and compiler.
//
// A table of them is a list of rows ASSAY_KERNEL("file", name), which is made at configuration time. Who reads one
// defines ASSAY_KERNEL as ASSAY_C_DECLARATION and includes the table at file scope, then as ASSAY_C_ROW inside the
// braces of an array of CFunctions. The functions of a compiler that was not found are null.
//
// Tested by core/jit/test/kernels_test.cc and c_source_test.cc.
#pragma once

#include <cstdint>
#include <string_view>

namespace assay::jit::bench {

// What a compiled block is to its caller (convention.h).
using BlockFunction = std::int64_t (*)(std::uint64_t* frame, std::uint64_t* stack, std::uint64_t stack_index);

struct CFunctions {
  std::string_view file;  // "01_sum.nda"
  std::string_view name;  // "sum", also the program's
  BlockFunction clang_o3 = nullptr;
  BlockFunction gcc_o3 = nullptr;
};

}  // namespace assay::jit::bench

// NOLINTBEGIN(bugprone-macro-parentheses)
#define ASSAY_C_DECLARATION(prefix, name)                                                         \
  extern "C" std::int64_t clang_##prefix##_##name(std::uint64_t*, std::uint64_t*, std::uint64_t); \
  extern "C" std::int64_t gcc_##prefix##_##name(std::uint64_t*, std::uint64_t*, std::uint64_t);
// NOLINTEND(bugprone-macro-parentheses)

#if ASSAY_KERNELS_CLANG
#define ASSAY_CLANG_FUNCTION(prefix, name) clang_##prefix##_##name
#else
#define ASSAY_CLANG_FUNCTION(prefix, name) nullptr
#endif
#if ASSAY_KERNELS_GCC
#define ASSAY_GCC_FUNCTION(prefix, name) gcc_##prefix##_##name
#else
#define ASSAY_GCC_FUNCTION(prefix, name) nullptr
#endif
#define ASSAY_C_ROW(prefix, file, name) \
  {file, #name, ASSAY_CLANG_FUNCTION(prefix, name), ASSAY_GCC_FUNCTION(prefix, name)},
