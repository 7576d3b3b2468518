// Programs to bytes; see codec.h and codec/version1.h. Tested by core/ast/test/codec_test.cc.
#include <algorithm>
#include <charconv>
#include <string_view>

#include "core/ast/codec.h"
#include "core/ast/codec/version1.h"

namespace assay::ast {
namespace {

using namespace codec1;  // NOLINT(google-build-using-namespace): the format this file writes

constexpr std::uint8_t kNoForm = 0xFF;

// [result type][operator][operand type], and for select [result type][condition type]: the place in the list of forms.
struct FormIndex {
  std::array<std::array<std::array<std::uint8_t, 2>, kOpCount>, 2> of_op{};
  std::array<std::array<std::uint8_t, 2>, 2> of_select{};
};

template <std::size_t N>
constexpr void index_forms(const std::array<Form, N>& forms, std::size_t result, FormIndex& index) {
  for (auto& row : index.of_op[result]) row.fill(kNoForm);
  for (std::size_t i = 0; i < N; ++i) {
    const auto place = static_cast<std::uint8_t>(i);
    const auto operand = static_cast<std::size_t>(forms[i].operand);
    if (forms[i].kind == NodeKind::Select) {
      index.of_select[result][operand] = place;
    } else {
      index.of_op[result][static_cast<std::size_t>(forms[i].op)][operand] = place;
    }
  }
}

constexpr FormIndex kFormIndex = [] {
  FormIndex index;
  index_forms(kForms32, 0, index);
  index_forms(kForms64, 1, index);
  return index;
}();

class Encoder {
 public:
  Encoder(const Program& program, std::vector<std::uint8_t>& out) : program_(program), out_(out) {
    ranks_.reserve(program.variable_count());
  }

  void run() {
    put(kCodecVersion);
    slots();
    block(program_.body());
    names();
  }

 private:
  // The place of a variable among those visible at its declaration: all of them, and those of its type. Both stay the
  // same as long as the variable is visible.
  struct Ranks {
    std::uint32_t all = 0;
    std::uint32_t of_type = 0;
  };

  void put(std::size_t byte) { out_.push_back(static_cast<std::uint8_t>(byte)); }
  void put_little_endian(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) put((value >> (8 * i)) & 0xFF);
  }

  static std::size_t bit(Type type) { return static_cast<std::size_t>(type); }
  [[nodiscard]] Type type_of(NodeId id) const { return program_.node(id).type; }

  void slots() {
    const std::uint32_t count = program_.slot_count();
    if (count < kFewSlots) {
      put(count);
    } else {
      put(kManySlots);
      put_little_endian(count, 2);
    }
    for (std::uint32_t i = 0; i < count; i += 8) {
      std::size_t bits = 0;
      for (std::uint32_t j = i; j < std::min(i + 8, count); ++j)
        bits |= bit(program_.variable_type(VarId{j})) << (j - i);
      put(bits);
    }
    for (std::uint32_t i = 0; i < count; ++i) declare(VarId{i});
  }

  // Variables are declared in the order of their numbers.
  void declare(VarId variable) {
    std::uint32_t& of_type = visible_of_type_[bit(program_.variable_type(variable))];
    ranks_.push_back({visible_, of_type});
    ++visible_;
    ++of_type;
  }

  void block(NodeId first) {
    const std::uint32_t outer = visible_;
    const std::array<std::uint32_t, 2> outer_of_type = visible_of_type_;
    for (NodeId id = first; id.valid(); id = program_.node(id).next) statement(program_.node(id));
    put(kEnd);
    visible_ = outer;
    visible_of_type_ = outer_of_type;
  }

  void statement(const Node& node) {
    switch (node.kind) {
      case NodeKind::Let:
        put(kLet + bit(program_.variable_type(node.variable())));
        expression(node.child_b());
        declare(node.variable());
        break;
      case NodeKind::Store:
        store(node);
        break;
      case NodeKind::If:
        put((node.child_c().valid() ? kIfElse : kIf) + bit(type_of(node.child_a())));
        expression(node.child_a());
        block(node.child_b());
        if (node.child_c().valid()) block(node.child_c());
        break;
      case NodeKind::Loop:
      case NodeKind::While:
        put((node.kind == NodeKind::Loop ? kLoop : kWhile) + bit(type_of(node.child_a())));
        expression(node.child_a());
        block(node.child_b());
        break;
      case NodeKind::Break:
        put(kBreak);
        break;
      case NodeKind::Continue:
        put(kContinue);
        break;
      case NodeKind::Return:
        if (node.child_a().valid()) {
          value(kReturn, node);
        } else {
          put(kReturnNothing);
        }
        break;
      case NodeKind::Push:
        value(kPush, node);
        break;
      case NodeKind::Print:
        value(kPrint, node);
        break;
      default:
        break;  // the verifier lets no expression stand here
    }
  }

  void value(std::uint8_t start, const Node& node) {
    put(start + bit(type_of(node.child_a())));
    expression(node.child_a());
  }

  void store(const Node& node) {
    const std::uint32_t rank = ranks_[node.a].all;
    if (rank < kStoreRanks) {
      put(kStore + rank);
    } else {
      put(kStoreWide);
      put_little_endian(rank, 2);
    }
    expression(node.child_b());
  }

  void expression(NodeId id) {
    const Node& node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Int:
        literal(node);
        break;
      case NodeKind::Load:
        load(node);
        break;
      case NodeKind::Select:
        put(std::size_t{kOperator} + kFormIndex.of_select[bit(node.type)][bit(type_of(node.child_a()))]);
        expression(node.child_a());
        expression(node.child_b());
        expression(node.child_c());
        break;
      default:
        put(std::size_t{kOperator} +
            kFormIndex.of_op[bit(node.type)][static_cast<std::size_t>(node.op)][bit(type_of(node.child_a()))]);
        expression(node.child_a());
        if (arity(node.kind) == 2) expression(node.child_b());
        break;
    }
  }

  void load(const Node& node) {
    const std::uint32_t rank = ranks_[node.a].of_type;
    if (rank < kNarrowRanks) {
      put(kLoad + rank);
    } else {
      put(kLoadWide);
      put_little_endian(rank, 2);
    }
  }

  void literal(const Node& node) {
    const auto value = node.type == Type::I32 ? std::int64_t{static_cast<std::int32_t>(node.a)}
                                              : static_cast<std::int64_t>(node.bits());
    const auto bits = static_cast<std::uint64_t>(value);
    if (value >= kLeastSmall && value < kLeastSmall + (kEdge - kSmall)) {
      put(kSmall + static_cast<std::size_t>(value - kLeastSmall));
      return;
    }
    const auto* edge =
        node.type == Type::I32
            ? std::find_if(kEdges.begin(), kEdges.end(),
                           [&node](std::uint64_t one) { return static_cast<std::uint32_t>(one) == node.a; })
            : std::find(kEdges.begin(), kEdges.end(), bits);
    if (edge != kEdges.end()) {
      put(kEdge + static_cast<std::size_t>(edge - kEdges.begin()));
    } else if (value == static_cast<std::int8_t>(value)) {
      put(kInt8);
      put_little_endian(bits, 1);
    } else if (value == static_cast<std::int16_t>(value)) {
      put(kInt16);
      put_little_endian(bits, 2);
    } else if (value == static_cast<std::int32_t>(value)) {
      put(kInt32);
      put_little_endian(bits, 4);
    } else {
      put(kInt64);
      put_little_endian(bits, 8);
    }
  }

  void names() {
    bool all_canonical = program_.name() == kProgramName;
    for (std::uint32_t i = 0; all_canonical && i < program_.variable_count(); ++i) all_canonical = is_canonical(i);
    if (all_canonical) return;
    put(kNames);
    name(program_.name() == kProgramName ? std::string_view{} : program_.name());
    for (std::uint32_t i = 0; i < program_.variable_count(); ++i) {
      name(is_canonical(i) ? std::string_view{} : program_.variable_name(VarId{i}));
    }
  }

  [[nodiscard]] bool is_canonical(std::uint32_t variable) const {
    const std::string_view text = program_.variable_name(VarId{variable});
    std::array<char, 16> canonical{kVariablePrefix};
    const auto end = std::to_chars(canonical.data() + 1, canonical.data() + canonical.size(), variable);
    return text == std::string_view(canonical.data(), end.ptr);
  }

  void name(std::string_view text) {
    std::size_t length = text.size();
    for (; length > 0x7F; length >>= 7) put(0x80 | (length & 0x7F));
    put(length);
    out_.insert(out_.end(), text.begin(), text.end());
  }

  const Program& program_;
  std::vector<std::uint8_t>& out_;
  std::vector<Ranks> ranks_;
  std::uint32_t visible_ = 0;
  std::array<std::uint32_t, 2> visible_of_type_{};
};

}  // namespace

std::vector<std::uint8_t> encode(const Program& program) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(std::size_t{2} * program.node_count() + std::size_t{8} * program.variable_count() + 64);
  Encoder(program, bytes).run();
  return bytes;
}

}  // namespace assay::ast
