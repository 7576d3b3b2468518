// Version 1 of the binary form: what each byte means. The layout as a whole stands in core/ast/README.md.
//
// NOTHING HERE MAY CHANGE. A corpus of mutated bytes is worth nothing once its bytes mean something else, so the order
// of the operators is written out here instead of being taken from ops.def, and what is new comes with a version 2.
//
// Tested by core/ast/test/codec_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/ast/op.h"
#include "core/ast/type.h"

namespace assay::ast::codec1 {

// The header, behind the version byte: the number of slots, then one bit per slot, lowest first, 1 for i64.
inline constexpr std::uint8_t kManySlots = 0xFF;  // the count is in the next two bytes, modulo kMaxSlots + 1
inline constexpr std::uint32_t kFewSlots = 16;    // any other byte: modulo this

// Bytes that begin a statement, each from here to the next. The distance from the start, modulo 2, is the type of the
// value, condition or variable (1 for i64) where a statement needs one.
inline constexpr std::uint8_t kEnd = 0x00;
inline constexpr std::uint8_t kStore = 0x10;  // the distance is the variable's rank
inline constexpr std::uint8_t kStoreWide = 0x50;
inline constexpr std::uint8_t kLet = 0x58;
inline constexpr std::uint8_t kIf = 0x70;
inline constexpr std::uint8_t kIfElse = 0x88;
inline constexpr std::uint8_t kLoop = 0xA0;
inline constexpr std::uint8_t kWhile = 0xB0;
inline constexpr std::uint8_t kBreak = 0xC0;
inline constexpr std::uint8_t kContinue = 0xC8;
inline constexpr std::uint8_t kReturn = 0xD0;
inline constexpr std::uint8_t kReturnNothing = 0xD4;
inline constexpr std::uint8_t kPush = 0xD6;
inline constexpr std::uint8_t kPrint = 0xDE;
inline constexpr std::uint8_t kStoreAgain = 0xE0;  // as kStore

enum class StatementForm : std::uint8_t {
  End,
  Store,
  StoreWide,
  Let,
  If,
  IfElse,
  Loop,
  While,
  Break,
  Continue,
  Return,
  ReturnNothing,
  Push,
  Print,
  StoreAgain
};

struct StatementByte {
  StatementForm form = StatementForm::End;
  std::uint8_t distance = 0;
};

constexpr std::array<StatementByte, 256> make_statement_bytes() {
  constexpr std::array starts = {kEnd,   kStore,    kStoreWide, kLet,           kIf,   kIfElse, kLoop,      kWhile,
                                 kBreak, kContinue, kReturn,    kReturnNothing, kPush, kPrint,  kStoreAgain};
  std::array<StatementByte, 256> table{};
  std::size_t form = 0;
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    if (form + 1 < starts.size() && byte == starts[form + 1]) ++form;
    table[byte] = {static_cast<StatementForm>(form), static_cast<std::uint8_t>(byte - starts[form])};
  }
  return table;
}
inline constexpr std::array<StatementByte, 256> kStatementBytes = make_statement_bytes();

// Bytes that begin an expression.
inline constexpr std::uint8_t kLoad = 0x00;  // the distance is the variable's rank among those of the type
inline constexpr std::uint8_t kLoadWide = 0x80;
inline constexpr std::uint8_t kInt8 = 0x81;  // and Int16, Int32, Int64: little endian, sign-extended
inline constexpr std::uint8_t kInt16 = 0x82;
inline constexpr std::uint8_t kInt32 = 0x83;
inline constexpr std::uint8_t kInt64 = 0x84;
inline constexpr std::uint8_t kPower = 0x85;       // 2^k, with k in the next byte, modulo the width
inline constexpr std::uint8_t kPowerLess1 = 0x86;  // 2^k - 1
inline constexpr std::uint8_t kNotPower = 0x87;    // -2^k - 1
inline constexpr std::uint8_t kSmall = 0x88;       // -8 to 15
inline constexpr std::uint8_t kEdge = 0xA0;        // kEdges
inline constexpr std::uint8_t kOperator = 0xB0;    // the distance, modulo the number of forms of the type

inline constexpr std::uint32_t kNarrowRanks = kLoadWide - kLoad;   // of variables that a load names in one byte
inline constexpr std::uint32_t kStoreRanks = kStoreWide - kStore;  // likewise for a store
inline constexpr std::int64_t kLeastSmall = -8;

// Constants by which bugs are found, cut to the width of the type.
inline constexpr std::array<std::uint64_t, 16> kEdges = {0x8000000000000000,
                                                         0x7FFFFFFFFFFFFFFF,
                                                         0x8000000000000001,
                                                         0x80000000,
                                                         0x7FFFFFFF,
                                                         0x80000001,
                                                         0xFFFFFFFF,
                                                         0xFFFFFFFF80000000,
                                                         127,
                                                         128,
                                                         0xFFFFFFFFFFFFFF80,
                                                         0xFFFFFFFFFFFFFF7F,
                                                         255,
                                                         256,
                                                         32768,
                                                         65535};

// An operator with the type it is applied to, or a select with the type of its condition.
struct Form {
  NodeKind kind = NodeKind::Select;
  Op op = Op::Add;
  Type operand = Type::I32;
};

inline constexpr std::array kBinaries = {Op::Add, Op::Sub, Op::Mul, Op::DivS, Op::DivU, Op::RemS, Op::RemU, Op::And,
                                         Op::Or,  Op::Xor, Op::Shl, Op::ShrS, Op::ShrU, Op::Rotl, Op::Rotr};
inline constexpr std::array kUnaries = {Op::Clz, Op::Ctz, Op::Popcnt, Op::Neg, Op::Not, Op::Abs};
inline constexpr std::array kCompares = {Op::Eq,  Op::Ne,  Op::LtS, Op::LtU, Op::GtS,
                                         Op::GtU, Op::LeS, Op::LeU, Op::GeS, Op::GeU};

inline constexpr std::array<Form, 48> kForms32 = [] {
  std::array<Form, 48> forms{};
  std::size_t next = 0;
  for (const Op op : kBinaries) forms[next++] = {NodeKind::Binary, op, Type::I32};
  for (const Op op : kUnaries) forms[next++] = {NodeKind::Unary, op, Type::I32};
  for (const Type type : {Type::I32, Type::I64}) {
    forms[next++] = {NodeKind::Unary, Op::Eqz, type};
    for (const Op op : kCompares) forms[next++] = {NodeKind::Compare, op, type};
    forms[next++] = {NodeKind::Select, Op::Add, type};
  }
  forms[next++] = {NodeKind::Convert, Op::Wrap, Type::I64};
  forms[next++] = {NodeKind::Convert, Op::Extend8S, Type::I32};
  forms[next++] = {NodeKind::Convert, Op::Extend16S, Type::I32};
  return forms;
}();

inline constexpr std::array<Form, 28> kForms64 = [] {
  std::array<Form, 28> forms{};
  std::size_t next = 0;
  for (const Op op : kBinaries) forms[next++] = {NodeKind::Binary, op, Type::I64};
  for (const Op op : kUnaries) forms[next++] = {NodeKind::Unary, op, Type::I64};
  for (const Type type : {Type::I32, Type::I64}) forms[next++] = {NodeKind::Select, Op::Add, type};
  forms[next++] = {NodeKind::Convert, Op::ExtendS, Type::I32};
  forms[next++] = {NodeKind::Convert, Op::ExtendU, Type::I32};
  forms[next++] = {NodeKind::Convert, Op::Extend8S, Type::I64};
  forms[next++] = {NodeKind::Convert, Op::Extend16S, Type::I64};
  forms[next++] = {NodeKind::Convert, Op::Extend32S, Type::I64};
  return forms;
}();

static_assert(kBinaries.size() + kUnaries.size() + 1 + kCompares.size() + 6 == kOpCount,
              "ops.def has changed: version 1 must keep its meaning, so the new operators need a version 2");
static_assert(kNodeKindCount == 17, "ops.def has changed: the new nodes need a version 2");

constexpr std::uint32_t arity(NodeKind kind) {
  return kind == NodeKind::Select ? 3 : kind == NodeKind::Binary || kind == NodeKind::Compare ? 2 : 1;
}

// Behind the program's last statement: this byte, then the names of the program and of each variable as a length (7
// bits a byte, lowest first, the top bit set on all but the last) and the bytes; length 0 for a name that is as below.
inline constexpr std::uint8_t kNames = 0x4E;
inline constexpr const char* kProgramName = "program";
inline constexpr char kVariablePrefix = 'v';  // and the variable's number

}  // namespace assay::ast::codec1
