// The two types of the language. Tested by core/ast/test/op_test.cc.
#pragma once

#include <cstdint>
#include <string_view>

namespace assay::ast {

enum class Type : std::uint8_t { I32, I64 };

[[nodiscard]] constexpr std::uint32_t bit_width(Type type) { return type == Type::I32 ? 32 : 64; }
[[nodiscard]] constexpr std::string_view type_name(Type type) { return type == Type::I32 ? "i32" : "i64"; }

}  // namespace assay::ast
