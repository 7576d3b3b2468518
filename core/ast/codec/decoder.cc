// Bytes to programs; see codec.h and codec/version1.h. Tested by core/ast/test/codec_test.cc.
//
// What keeps it total: a byte chooses among what is legal at its place or is skipped; when the bytes run out, or the
// program is as large as it may be, blocks end and operands are zero.
#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "core/ast/codec.h"
#include "core/ast/codec/version1.h"
#include "core/ast/limits.h"
#include "core/ast/verify.h"

namespace assay::ast {
namespace {

using namespace codec1;  // NOLINT(google-build-using-namespace): the format this file reads

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }
  void stop() { rest_ = {}; }
  // Precondition: not empty.
  std::uint8_t take() {
    const std::uint8_t byte = rest_.front();
    rest_ = rest_.subspan(1);
    return byte;
  }
  // Missing bytes are 0.
  std::uint64_t take_little_endian(std::size_t bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes && !empty(); ++i) value |= std::uint64_t{take()} << (8 * i);
    return value;
  }
  // False when there is no such name.
  bool take_name(std::string_view& name) {
    std::size_t length = 0;
    for (unsigned shift = 0;; shift += 7) {
      if (empty() || shift > 14) return false;
      const std::uint8_t byte = take();
      length |= std::size_t{byte & 0x7FU} << shift;
      if (byte < 0x80) break;
    }
    if (length > kMaxNameBytes || length > rest_.size()) return false;
    name = {reinterpret_cast<const char*>(rest_.data()), length};
    rest_ = rest_.subspan(length);
    return true;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

class Decoder {
 public:
  Decoder(std::span<const std::uint8_t> bytes, Program& program) : reader_(bytes), program_(program) {}

  base::Result<void> run() {
    slots();
    program_.set_body(block(1));
    if (names() && verify(program_)) return {};
    canonical_names();
    return verify(program_);
  }

 private:
  void slots() {
    if (reader_.empty()) return;
    const std::uint8_t first = reader_.take();
    const auto wanted = first == kManySlots
                            ? static_cast<std::uint32_t>(reader_.take_little_endian(2)) % (kMaxSlots + 1)
                            : first % kFewSlots;
    std::uint32_t bits = 0;
    for (std::uint32_t i = 0; i < wanted; ++i) {
      if (i % 8 == 0) {
        if (reader_.empty()) return;
        bits = reader_.take();
      }
      declare(program_.add_slot({}, (bits & 1U) != 0 ? Type::I64 : Type::I32));
      bits >>= 1U;
    }
  }

  void declare(VarId variable) {
    visible_.push_back(variable.value);
    visible_of_type_[static_cast<std::size_t>(program_.variable_type(variable))].push_back(variable.value);
  }

  NodeId block(std::uint32_t depth) {
    if (depth > kMaxDepth) return {};
    const std::size_t outer = visible_.size();
    const std::size_t outer32 = visible_of_type_[0].size();
    const std::size_t outer64 = visible_of_type_[1].size();
    NodeId first;
    NodeId last;
    while (!reader_.empty()) {
      const StatementByte byte = kStatementBytes[reader_.take()];
      if (byte.form == StatementForm::End) break;
      const NodeId id = statement(byte, depth);
      if (!id.valid()) continue;
      if (last.valid()) {
        program_.node(last).next = id;
      } else {
        first = id;
      }
      last = id;
    }
    visible_.resize(outer);
    visible_of_type_[0].resize(outer32);
    visible_of_type_[1].resize(outer64);
    return first;
  }

  // None where the statement is not legal: its byte is skipped.
  NodeId statement(StatementByte byte, std::uint32_t depth) {
    const Type type = byte.distance % 2 == 0 ? Type::I32 : Type::I64;
    switch (byte.form) {
      case StatementForm::Break:
        return loops_ > 0 ? add_statement(NodeKind::Break, 0) : NodeId::none();
      case StatementForm::Continue:
        return loops_ > 0 ? add_statement(NodeKind::Continue, 0) : NodeId::none();
      case StatementForm::ReturnNothing:
        return add_statement(NodeKind::Return, 0);
      default:
        break;
    }
    if (depth == kMaxDepth) return {};  // no room for a value below
    switch (byte.form) {
      case StatementForm::Store:
      case StatementForm::StoreAgain:
        return store(byte.distance, depth);
      case StatementForm::StoreWide:
        return store(reader_.take_little_endian(2), depth);
      case StatementForm::Let:
        return let(type, depth);
      case StatementForm::If:
        return if_else(type, depth, false);
      case StatementForm::IfElse:
        return if_else(type, depth, true);
      case StatementForm::Loop:
        return loop(NodeKind::Loop, type, depth);
      case StatementForm::While:
        return loop(NodeKind::While, type, depth);
      case StatementForm::Return:
        return pushes_ < kMaxPushes ? with_value(NodeKind::Return, type, depth) : NodeId::none();
      case StatementForm::Push:
        if (loops_ > 0 || pushes_ == kMaxPushes) return {};
        ++pushes_;
        return with_value(NodeKind::Push, type, depth);
      case StatementForm::Print:
        return with_value(NodeKind::Print, type, depth);
      default:
        return {};
    }
  }

  // A statement that needs `values` expressions; none, and no more of anything, when the program is full.
  NodeId add_statement(NodeKind kind, std::uint32_t values) {
    if (!affordable(1 + values)) {
      reader_.stop();
      return {};
    }
    Node node;
    node.kind = kind;
    owed_ += values;
    return program_.add_node(node);
  }

  [[nodiscard]] bool affordable(std::uint32_t nodes) const {
    return program_.node_count() + owed_ + nodes <= kMaxNodes;
  }

  NodeId with_value(NodeKind kind, Type type, std::uint32_t depth) {
    const NodeId id = add_statement(kind, 1);
    if (id.valid()) set_a(id, expression(type, depth + 1));
    return id;
  }

  NodeId store(std::uint64_t rank, std::uint32_t depth) {
    if (visible_.empty()) return {};
    const NodeId id = add_statement(NodeKind::Store, 1);
    if (!id.valid()) return id;
    const VarId variable{visible_[rank % visible_.size()]};
    set_a(id, NodeId{variable.value});
    set_b(id, expression(program_.variable_type(variable), depth + 1));
    return id;
  }

  NodeId let(Type type, std::uint32_t depth) {
    if (program_.variable_count() == kMaxVariables) return {};
    const NodeId id = add_statement(NodeKind::Let, 1);
    if (!id.valid()) return id;
    set_b(id, expression(type, depth + 1));
    const VarId variable = program_.add_local({}, type);
    set_a(id, NodeId{variable.value});
    declare(variable);
    return id;
  }

  NodeId if_else(Type type, std::uint32_t depth, bool has_else) {
    const NodeId id = with_value(NodeKind::If, type, depth);
    if (!id.valid()) return id;
    const std::uint32_t before = pushes_;
    set_b(id, block(depth + 1));
    if (has_else) {
      const std::uint32_t after_then = pushes_;
      pushes_ = before;
      const NodeId else_block = block(depth + 1);
      program_.node(id).c = else_block.value;
      pushes_ = std::max(pushes_, after_then);
    }
    return id;
  }

  NodeId loop(NodeKind kind, Type type, std::uint32_t depth) {
    const NodeId id = with_value(kind, type, depth);
    if (!id.valid()) return id;
    ++loops_;
    set_b(id, block(depth + 1));
    --loops_;
    return id;
  }

  // The child is made first: making it may move the nodes.
  void set_a(NodeId id, NodeId child) { program_.node(id).a = child.value; }
  void set_b(NodeId id, NodeId child) { program_.node(id).b = child.value; }

  // Precondition: one node is owed for it.
  NodeId expression(Type type, std::uint32_t depth) {
    --owed_;
    if (reader_.empty()) return constant(type, 0);
    const std::uint8_t byte = reader_.take();
    if (byte < kLoadWide) return load(byte, type);
    if (byte >= kOperator) return operation(static_cast<std::uint8_t>(byte - kOperator), type, depth);
    if (byte >= kEdge) return constant(type, kEdges[byte - kEdge]);
    if (byte >= kSmall) return constant(type, static_cast<std::uint64_t>(byte - kSmall + kLeastSmall));
    switch (byte) {
      case kLoadWide:
        return load(reader_.take_little_endian(2), type);
      case kInt8:
        return constant(type, sign_extended(8));
      case kInt16:
        return constant(type, sign_extended(16));
      case kInt32:
        return constant(type, sign_extended(32));
      case kInt64:
        return constant(type, sign_extended(64));
      case kPower:
        return constant(type, power(type));
      case kPowerLess1:
        return constant(type, power(type) - 1);
      default:
        return constant(type, ~power(type));
    }
  }

  std::uint64_t sign_extended(unsigned bits) {
    const std::uint64_t value = reader_.take_little_endian(bits / 8);
    const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
    return (value ^ sign) - sign;
  }

  std::uint64_t power(Type type) { return std::uint64_t{1} << (reader_.take_little_endian(1) % bit_width(type)); }

  NodeId constant(Type type, std::uint64_t bits) {
    Node node;
    node.kind = NodeKind::Int;
    node.type = type;
    node.a = static_cast<std::uint32_t>(bits);
    node.b = type == Type::I32 ? 0 : static_cast<std::uint32_t>(bits >> 32);
    return program_.add_node(node);
  }

  NodeId load(std::uint64_t rank, Type type) {
    const std::vector<std::uint32_t>& visible = visible_of_type_[static_cast<std::size_t>(type)];
    if (visible.empty()) return constant(type, rank);
    Node node;
    node.kind = NodeKind::Load;
    node.type = type;
    node.a = visible[rank % visible.size()];
    return program_.add_node(node);
  }

  NodeId operation(std::uint8_t distance, Type type, std::uint32_t depth) {
    const Form form = type == Type::I32 ? kForms32[distance % kForms32.size()] : kForms64[distance % kForms64.size()];
    const std::uint32_t operands = arity(form.kind);
    if (depth == kMaxDepth || !affordable(1 + operands)) return constant(type, 0);
    Node node;
    node.kind = form.kind;
    node.op = form.op;
    node.type = type;
    owed_ += operands;
    const NodeId id = program_.add_node(node);
    set_a(id, expression(form.operand, depth + 1));
    if (form.kind == NodeKind::Select) {
      set_b(id, expression(type, depth + 1));
      const NodeId if_false = expression(type, depth + 1);
      program_.node(id).c = if_false.value;
    } else if (operands == 2) {
      set_b(id, expression(form.operand, depth + 1));
    }
    return id;
  }

  // Names the program from the rest of the bytes, all of it or (false) nothing that counts.
  bool names() {
    if (reader_.empty() || reader_.take() != kNames) return false;
    std::string_view name;
    if (!reader_.take_name(name)) return false;
    program_.set_name(name.empty() ? kProgramName : name);
    for (std::uint32_t i = 0; i < program_.variable_count(); ++i) {
      if (!reader_.take_name(name)) return false;
      if (name.empty()) {
        canonical_name(VarId{i});
      } else {
        program_.set_variable_name(VarId{i}, name);
      }
    }
    return true;
  }

  void canonical_names() {
    program_.set_name(kProgramName);
    for (std::uint32_t i = 0; i < program_.variable_count(); ++i) canonical_name(VarId{i});
  }

  void canonical_name(VarId variable) {
    std::array<char, 16> text{kVariablePrefix};
    const auto end = std::to_chars(text.data() + 1, text.data() + text.size(), variable.value);
    program_.set_variable_name(variable, {text.data(), end.ptr});
  }

  Reader reader_;
  Program& program_;
  std::vector<std::uint32_t> visible_;
  std::array<std::vector<std::uint32_t>, 2> visible_of_type_;
  std::uint32_t loops_ = 0;   // around the place
  std::uint32_t pushes_ = 0;  // on the longest path to the place
  std::uint32_t owed_ = 0;    // nodes that must still be made for the tree to be whole
};

}  // namespace

base::Result<Program> decode(std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return base::input_error("a binary program cannot be empty: its first byte is its version");
  if (bytes.front() == 0 || bytes.front() > kCodecVersion) {
    return base::input_error("this binary program has version " + std::to_string(bytes.front()) +
                             ", and this build reads version 1 to " + std::to_string(kCodecVersion));
  }
  Program program;
  program.reserve_nodes(
      std::min<std::size_t>(bytes.size(), kMaxNodes));  // a node takes a byte at least, while they last
  if (auto decoded = Decoder(bytes.subspan(1), program).run(); !decoded) return decoded.error();
  return program;
}

}  // namespace assay::ast
