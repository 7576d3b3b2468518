// The loops of logarithmic length that linear systems become; see linear_system.h. Tested by
// core/scev/test/solve_test.cc.
#include <cstddef>

#include "core/scev/linear_system.h"
#include "core/scev/recurrence.h"

namespace assay::scev {
namespace {

using ast::NodeId;
using ast::Op;
using ast::Type;
using ast::VarId;

// An entry of a matrix that is squared over and over: known to be 0 or 1 for ever, or in a local.
struct Entry {
  enum class Kind : std::uint8_t { Zero, One, Local };
  Kind kind = Kind::Zero;
  VarId local;
};

class TriangularEmission {
 public:
  TriangularEmission(Emitter& emitter, const LinearSystem& system) : emitter_(emitter), system_(system) {}

  std::vector<VarId> emit(const Polynomial& count) {
    order_rows();
    create_entries();
    create_state();
    const VarId left = emitter_.bind(count);
    ast::Builder& builder = emitter_.builder();
    emitter_.open_loop_block();
    {
      emitter_.open_block();
      apply();
      const NodeId body = emitter_.close_block();
      const Type type = emitter_.program().variable_type(left);
      const NodeId odd = builder.binary(Op::And, builder.load(left), builder.constant(type, 1));
      emitter_.append(builder.if_else(odd, body));
      square();
      emitter_.store(left, builder.binary(Op::ShrU, builder.load(left), builder.constant(type, 1)));
    }
    const NodeId body = emitter_.close_block();
    emitter_.append(builder.while_loop(builder.load(left), body));
    std::vector<VarId> result(state_.end() - static_cast<std::ptrdiff_t>(system_.variables.size()), state_.end());
    return result;
  }

 private:
  [[nodiscard]] std::size_t size() const { return system_.matrix.size(); }

  // The basis first: every row then depends on itself and on earlier ones.
  void order_rows() {
    for (std::size_t i = 0; i < system_.basis; ++i) rows_.push_back(system_.variables.size() + i);
    for (std::size_t i = 0; i < system_.variables.size(); ++i) rows_.push_back(i);
  }

  [[nodiscard]] const Polynomial& coefficient(std::size_t i, std::size_t j) const {
    return system_.matrix[rows_[i]][rows_[j]];
  }

  void create_entries() {
    std::vector<std::vector<bool>> occupied(size(), std::vector<bool>(size(), false));
    for (std::size_t i = 0; i < size(); ++i) {
      for (std::size_t j = 0; j <= i; ++j) occupied[i][j] = !coefficient(i, j).is_zero();
    }
    // Squaring fills in what is reached over others.
    for (std::size_t k = 0; k < size(); ++k) {
      for (std::size_t i = 0; i < size(); ++i) {
        for (std::size_t j = 0; j < size(); ++j) {
          if (occupied[i][k] && occupied[k][j]) occupied[i][j] = true;
        }
      }
    }
    entries_.assign(size(), std::vector<Entry>(size()));
    for (std::size_t i = 0; i < size(); ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        if (!occupied[i][j]) continue;
        if (i == j && coefficient(i, j).is(1)) {
          entries_[i][j].kind = Entry::Kind::One;
        } else {
          entries_[i][j] = {Entry::Kind::Local, emitter_.bind(coefficient(i, j))};
        }
      }
    }
  }

  void create_state() {
    for (std::size_t i = 0; i < system_.basis; ++i) {
      state_.push_back(i == 0 ? VarId::none() : emitter_.bind(constant(system_.type, 0)));
    }
    for (const VarId variable : system_.variables) state_.push_back(emitter_.bind(emitter_.initial(variable)));
  }

  // left + right, where none is 0.
  NodeId plus(NodeId left, NodeId right) {
    return left.valid() ? emitter_.builder().binary(Op::Add, left, right) : right;
  }

  // The product of two entries; none is 0.
  NodeId product(const Entry& left, const Entry& right) {
    ast::Builder& builder = emitter_.builder();
    if (left.kind == Entry::Kind::Zero || right.kind == Entry::Kind::Zero) return NodeId::none();
    if (left.kind == Entry::Kind::One && right.kind == Entry::Kind::One) return builder.constant(system_.type, 1);
    if (left.kind == Entry::Kind::One) return builder.load(right.local);
    if (right.kind == Entry::Kind::One) return builder.load(left.local);
    return builder.binary(Op::Mul, builder.load(left.local), builder.load(right.local));
  }

  // From the last row up, so that a row still sees the old values of those before it. The first row of a basis is 1 and
  // stays.
  void apply() {
    ast::Builder& builder = emitter_.builder();
    for (std::size_t i = size(); i-- > 0;) {
      if (!state_[i].valid()) continue;
      NodeId value;
      for (std::size_t j = 0; j <= i; ++j) {
        const Entry& entry = entries_[i][j];
        if (entry.kind == Entry::Kind::Zero) continue;
        NodeId term;
        if (!state_[j].valid()) {
          term = entry.kind == Entry::Kind::One ? builder.constant(system_.type, 1) : builder.load(entry.local);
        } else if (entry.kind == Entry::Kind::One) {
          term = builder.load(state_[j]);
        } else {
          term = builder.binary(Op::Mul, builder.load(entry.local), builder.load(state_[j]));
        }
        value = plus(value, term);
      }
      emitter_.store(state_[i], value.valid() ? value : builder.constant(system_.type, 0));
    }
  }

  // In place: the last row first, each from its first column, so that nothing is read after it was written.
  void square() {
    for (std::size_t i = size(); i-- > 0;) {
      for (std::size_t j = 0; j <= i; ++j) {
        if (entries_[i][j].kind != Entry::Kind::Local) continue;
        NodeId value;
        for (std::size_t k = j; k <= i; ++k) {
          const NodeId term = product(entries_[i][k], entries_[k][j]);
          if (term.valid()) value = plus(value, term);
        }
        // What only looked one iteration back looks at nothing from two.
        emitter_.store(entries_[i][j].local, value.valid() ? value : emitter_.builder().constant(system_.type, 0));
      }
    }
  }

  Emitter& emitter_;
  const LinearSystem& system_;
  std::vector<std::size_t> rows_;
  std::vector<std::vector<Entry>> entries_;
  std::vector<VarId> state_;
};

// x^count modulo the characteristic polynomial, from the highest bit of the count.
class PowerEmission {
 public:
  PowerEmission(Emitter& emitter, const LinearSystem& system) : emitter_(emitter), system_(system) {}

  std::vector<VarId> emit(const Polynomial& count) {
    ast::Builder& builder = emitter_.builder();
    const std::size_t order = system_.characteristic.size();
    for (const Polynomial& coefficient : system_.characteristic) characteristic_.push_back(emitter_.bound(coefficient));
    for (std::size_t i = 0; i < order; ++i) power_.push_back(emitter_.bind(constant(system_.type, i == 0 ? 1 : 0)));
    const VarId total = emitter_.bind(count);
    const Type type = count.type;
    const std::uint64_t bits = width(type);
    const VarId place = emitter_.bind(
        builder.binary(Op::Sub, builder.constant(type, bits), builder.unary(Op::Clz, builder.load(total))));
    emitter_.open_loop_block();
    emitter_.store(place, builder.binary(Op::Sub, builder.load(place), builder.constant(type, 1)));
    square();
    {
      emitter_.open_block();
      multiply_by_x();
      const NodeId body = emitter_.close_block();
      const NodeId shifted = builder.binary(Op::ShrU, builder.load(total), builder.load(place));
      emitter_.append(builder.if_else(builder.binary(Op::And, shifted, builder.constant(type, 1)), body));
    }
    const NodeId body = emitter_.close_block();
    emitter_.append(builder.while_loop(builder.load(place), body));
    return combine();
  }

 private:
  Polynomial load(VarId local) { return emitter_.initial(local); }

  void store_power(const std::vector<Polynomial>& values) { emitter_.store_together(power_, values); }

  void square() {
    const std::size_t order = power_.size();
    std::vector<Polynomial> high(2 * order - 1, constant(system_.type, 0));
    for (std::size_t i = 0; i < order; ++i) {
      for (std::size_t j = 0; j < order; ++j)
        high[i + j] = add(high[i + j], multiply(load(power_[i]), load(power_[j])));
    }
    // x^(order + k) folds down by the characteristic polynomial, the highest first; bound, since each is used `order`
    // times.
    for (std::size_t top = 2 * order - 2; top >= order; --top) {
      const Polynomial leading = load(emitter_.bind(high[top]));
      for (std::size_t j = 0; j < order; ++j) {
        high[top - order + j] = add(high[top - order + j], multiply(leading, characteristic_[j]));
      }
    }
    high.resize(order);
    store_power(high);
  }

  void multiply_by_x() {
    const std::size_t order = power_.size();
    const Polynomial leading = load(power_[order - 1]);
    std::vector<Polynomial> values;
    for (std::size_t j = 0; j < order; ++j) {
      const Polynomial below = j == 0 ? constant(system_.type, 0) : load(power_[j - 1]);
      values.push_back(add(below, multiply(leading, characteristic_[j])));
    }
    store_power(values);
  }

  std::vector<VarId> combine() {
    std::vector<VarId> result;
    for (std::size_t i = 0; i < system_.variables.size(); ++i) {
      VarId accumulator;
      for (std::size_t step = 0; step < power_.size(); ++step) {
        const Polynomial state = emitter_.bound(system_.states[step][i]);
        const Polynomial term = multiply(state, load(power_[step]));
        const Polynomial sum = accumulator.valid() ? add(load(accumulator), term) : term;
        accumulator = emitter_.bind(sum);
      }
      result.push_back(accumulator);
    }
    return result;
  }

  Emitter& emitter_;
  const LinearSystem& system_;
  std::vector<Polynomial> characteristic_;
  std::vector<VarId> power_;
};

}  // namespace

std::vector<VarId> emit_linear(Emitter& emitter, const LinearSystem& system, const Polynomial& count) {
  return system.triangular ? TriangularEmission(emitter, system).emit(count)
                           : PowerEmission(emitter, system).emit(count);
}

}  // namespace assay::scev
