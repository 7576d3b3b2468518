// Finding the matrices of linear systems; see linear_system.h. Tested by core/scev/test/solve_test.cc.
#include "core/scev/linear_system.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "core/scev/recurrence_finder.h"

namespace assay::scev {
namespace {

using Matrix = std::vector<std::vector<Polynomial>>;

constexpr std::size_t kMaxVariables = 6;
constexpr std::size_t kMaxBlock = 3;  // variables coupled with each other
constexpr std::size_t kMaxOrder = 6;  // of the characteristic polynomial

class Builder {
 public:
  Builder(const Body& body, const System& system, Atoms& atoms, ast::Type type)
      : body_(body), system_(system), atoms_(atoms), type_(type) {}

  // False when it is too large. Without variables the result is empty.
  bool build(LinearSystem& result) {
    result.type = type_;
    for (std::size_t i = 0; i < body_.variables.size(); ++i) {
      if (system_.sequences[i].kind == SequenceKind::Linear && system_.equations[i].type == type_)
        members_.push_back(i);
    }
    if (members_.empty()) return true;
    if (members_.size() > kMaxVariables || !coefficients()) return false;
    const std::vector<std::vector<std::size_t>> blocks = coupled_blocks();
    reorder(blocks);
    result.triangular = blocks.size() == members_.size();
    for (const std::size_t member : members_) result.variables.push_back(body_.variables[member]);
    result.basis = basis_;
    result.matrix = square_matrix();
    return result.triangular || characteristic(blocks, result);
  }

 private:
  // rows_[i]: coefficients of the members in equation i, then of the basis.
  bool coefficients() {
    RecurrenceFinder finder(atoms_, body_.variables);
    for (std::size_t i = 0; i < system_.sequences.size(); ++i) {
      if (system_.sequences[i].kind == SequenceKind::AddRecurrence) finder.set(i, system_.sequences[i].recurrence);
    }
    basis_ = 0;
    std::vector<AddRecurrence> inhomogeneous;
    for (const std::size_t member : members_) {
      const Polynomial& equation = system_.equations[member];
      std::vector<Polynomial> row(members_.size(), constant(type_, 0));
      Polynomial rest = constant(type_, 0);
      for (const Term& term : equation.terms) {
        const auto [column, coefficient] = split(term);
        if (column) {
          row[*column] = add(row[*column], coefficient);
        } else {
          rest = add(rest, coefficient);
        }
      }
      std::optional<AddRecurrence> recurrence = finder.of(rest);
      if (!recurrence) return false;
      if (!(recurrence->degree() == 0 && recurrence->start().is_zero())) {
        basis_ = std::max(basis_, recurrence->degree() + 1);
      }
      rows_.push_back(std::move(row));
      inhomogeneous.push_back(std::move(*recurrence));
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      for (std::size_t k = 0; k < basis_; ++k) {
        rows_[i].push_back(k <= inhomogeneous[i].degree() ? inhomogeneous[i].coefficients[k] : constant(type_, 0));
      }
    }
    return true;
  }

  // A term as (member, coefficient), or (nothing, the term itself).
  std::pair<std::optional<std::size_t>, Polynomial> split(const Term& term) {
    Polynomial coefficient = constant(type_, term.coefficient);
    std::optional<std::size_t> column;
    for (std::size_t i = 0; i < term.monomial.degree; ++i) {
      const AtomId id{term.monomial.atoms[i]};
      const Atom& atom = atoms_[id];
      if (atom.kind == AtomKind::Variable) {
        const auto found = std::find_if(members_.begin(), members_.end(),
                                        [&](std::size_t member) { return body_.variables[member] == atom.variable; });
        if (found != members_.end()) {
          column = static_cast<std::size_t>(found - members_.begin());
          continue;
        }
      }
      coefficient = multiply(coefficient, of_atom(type_, id));
    }
    return {column, coefficient};
  }

  // Members that depend on each other, in an order in which each block depends on earlier ones only.
  std::vector<std::vector<std::size_t>> coupled_blocks() {
    const std::size_t count = members_.size();
    std::vector<std::vector<bool>> reaches(count, std::vector<bool>(count, false));
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = 0; j < count; ++j) reaches[i][j] = i == j || !rows_[i][j].is_zero();
    }
    for (std::size_t k = 0; k < count; ++k) {
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = 0; j < count; ++j) {
          if (reaches[i][k] && reaches[k][j]) reaches[i][j] = true;
        }
      }
    }
    // Whoever reaches fewer others comes first; equals that reach each other are one block.
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    const auto reached = [&](std::size_t i) { return std::count(reaches[i].begin(), reaches[i].end(), true); };
    std::sort(order.begin(), order.end(),
              [&](std::size_t l, std::size_t r) { return std::pair(reached(l), l) < std::pair(reached(r), r); });
    std::vector<std::vector<std::size_t>> blocks;
    std::vector<bool> placed(count, false);
    for (const std::size_t i : order) {
      if (placed[i]) continue;
      std::vector<std::size_t> block;
      for (std::size_t j = 0; j < count; ++j) {
        if (reaches[i][j] && reaches[j][i]) {
          block.push_back(j);
          placed[j] = true;
        }
      }
      blocks.push_back(std::move(block));
    }
    return blocks;
  }

  void reorder(const std::vector<std::vector<std::size_t>>& blocks) {
    std::vector<std::size_t> order;
    for (const std::vector<std::size_t>& block : blocks) order.insert(order.end(), block.begin(), block.end());
    std::vector<std::size_t> members;
    Matrix rows;
    for (const std::size_t i : order) {
      members.push_back(members_[i]);
      std::vector<Polynomial> row;
      for (const std::size_t j : order) row.push_back(rows_[i][j]);
      row.insert(row.end(), rows_[i].begin() + static_cast<std::ptrdiff_t>(order.size()), rows_[i].end());
      rows.push_back(std::move(row));
    }
    members_ = std::move(members);
    rows_ = std::move(rows);
  }

  // With the rows of the basis: C(k+1,j) = C(k,j) + C(k,j-1).
  Matrix square_matrix() {
    Matrix matrix = rows_;
    const std::size_t size = members_.size() + basis_;
    for (std::size_t k = 0; k < basis_; ++k) {
      std::vector<Polynomial> row(size, constant(type_, 0));
      row[members_.size() + k] = constant(type_, 1);
      if (k > 0) row[members_.size() + k - 1] = constant(type_, 1);
      matrix.push_back(std::move(row));
    }
    return matrix;
  }

  // Coefficients of det(x - block), lowest first, without the leading 1.
  std::vector<Polynomial> block_polynomial(std::size_t first, std::size_t size) {
    const auto m = [&](std::size_t i, std::size_t j) -> const Polynomial& { return rows_[first + i][first + j]; };
    const auto minor = [&](std::size_t i, std::size_t j) {
      return subtract(multiply(m(i, i), m(j, j)), multiply(m(i, j), m(j, i)));
    };
    const auto negated = [](const Polynomial& value) { return scale(value, ~std::uint64_t{0}); };
    if (size == 1) return {negated(m(0, 0))};
    if (size == 2) return {minor(0, 1), negated(add(m(0, 0), m(1, 1)))};
    const auto cofactor = [&](std::size_t j, std::size_t k, std::size_t l) {
      return multiply(m(0, j), subtract(multiply(m(1, k), m(2, l)), multiply(m(1, l), m(2, k))));
    };
    const Polynomial determinant = add(subtract(cofactor(0, 1, 2), cofactor(1, 0, 2)), cofactor(2, 0, 1));
    return {negated(determinant), add(add(minor(0, 1), minor(0, 2)), minor(1, 2)),
            negated(add(add(m(0, 0), m(1, 1)), m(2, 2)))};
  }

  bool characteristic(const std::vector<std::vector<std::size_t>>& blocks, LinearSystem& result) {
    const std::size_t order = members_.size() + basis_;
    if (order > kMaxOrder) return false;
    std::vector<Polynomial> product = {constant(type_, 1)};  // lowest coefficient first, with the leading one
    const auto multiply_by = [&](std::vector<Polynomial> factor) {
      factor.push_back(constant(type_, 1));
      std::vector<Polynomial> next(product.size() + factor.size() - 1, constant(type_, 0));
      for (std::size_t i = 0; i < product.size(); ++i) {
        for (std::size_t j = 0; j < factor.size(); ++j) next[i + j] = add(next[i + j], multiply(product[i], factor[j]));
      }
      product = std::move(next);
    };
    std::size_t first = 0;
    for (const std::vector<std::size_t>& block : blocks) {
      if (block.size() > kMaxBlock) return false;
      multiply_by(block_polynomial(first, block.size()));
      first += block.size();
    }
    for (std::size_t k = 0; k < basis_; ++k) multiply_by({constant(type_, ~std::uint64_t{0})});
    for (std::size_t j = 0; j < order; ++j) {
      result.characteristic.push_back(scale(product[j], ~std::uint64_t{0}));
      if (result.characteristic.back().poisoned) return false;
    }
    return first_states(order, result);
  }

  bool first_states(std::size_t order, LinearSystem& result) {
    std::vector<Polynomial> state;
    for (const std::size_t member : members_) state.push_back(atoms_.initial(body_.variables[member], type_));
    for (std::size_t k = 0; k < basis_; ++k) state.push_back(constant(type_, k == 0 ? 1 : 0));
    for (std::size_t step = 0; step < order; ++step) {
      result.states.emplace_back(state.begin(), state.begin() + static_cast<std::ptrdiff_t>(members_.size()));
      std::vector<Polynomial> next;
      for (const std::vector<Polynomial>& row : result.matrix) {
        Polynomial value = constant(type_, 0);
        for (std::size_t j = 0; j < row.size(); ++j) value = add(value, multiply(row[j], state[j]));
        if (value.poisoned) return false;
        next.push_back(std::move(value));
      }
      state = std::move(next);
    }
    return true;
  }

  const Body& body_;
  const System& system_;
  Atoms& atoms_;
  ast::Type type_;
  std::vector<std::size_t> members_;
  Matrix rows_;
  std::size_t basis_ = 0;
};

}  // namespace

bool find_linear_systems(const Body& body, const System& system, Atoms& atoms, std::vector<LinearSystem>& result) {
  for (const ast::Type type : {ast::Type::I32, ast::Type::I64}) {
    LinearSystem one;
    if (!Builder(body, system, atoms, type).build(one)) return false;
    if (!one.variables.empty()) result.push_back(std::move(one));
  }
  return true;
}

}  // namespace assay::scev
