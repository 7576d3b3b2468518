// TermList: the terms of a polynomial, two of them in place.
//
// Most polynomials are a constant, an atom, or the sum of both, and a third of the time of solving a loop went to the
// allocation of vectors for those. The interface is the part of std::vector's that polynomials need.
//
// Tested by core/scev/test/polynomial_test.cc.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <utility>

namespace assay::scev {

inline constexpr std::size_t kMaxDegree = 9;

// A product of atoms in rising order, repeated by their powers; unused places are 0.
struct Monomial {
  std::array<std::uint16_t, kMaxDegree> atoms{};
  std::uint16_t degree = 0;

  friend bool operator==(const Monomial& left, const Monomial& right) {
    using Words = std::array<std::uint32_t, sizeof(Monomial) / 4>;
    const auto l = std::bit_cast<Words>(left);
    const auto r = std::bit_cast<Words>(right);
    std::uint32_t difference = 0;
    for (std::size_t i = 0; i < l.size(); ++i) difference |= l[i] ^ r[i];
    return difference == 0;
  }
  // By atoms, then by degree. The first atoms nearly always tell.
  friend std::strong_ordering operator<=>(const Monomial& left, const Monomial& right) {
    for (std::size_t i = 0; i < kMaxDegree; ++i) {
      if (left.atoms[i] != right.atoms[i]) return left.atoms[i] <=> right.atoms[i];
      if (i >= left.degree && i >= right.degree) break;
    }
    return left.degree <=> right.degree;
  }
};

struct Term {
  Monomial monomial;
  std::uint64_t coefficient = 0;  // reduced to the width, never 0

  friend bool operator==(const Term&, const Term&) = default;
};

class TermList {
 public:
  TermList() = default;
  TermList(std::initializer_list<Term> terms) : TermList(terms.begin(), terms.end()) {}
  TermList(const Term* first, const Term* last) { append(first, last); }
  TermList(const TermList& other) : TermList(other.begin(), other.end()) {}
  TermList(TermList&& other) noexcept { take(other); }
  TermList& operator=(const TermList& other) {
    if (this != &other) {
      size_ = 0;
      append(other.begin(), other.end());
    }
    return *this;
  }
  TermList& operator=(TermList&& other) noexcept {
    if (this != &other) take(other);
    return *this;
  }
  ~TermList() = default;

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] const Term* begin() const { return data(); }
  [[nodiscard]] const Term* end() const { return data() + size_; }
  [[nodiscard]] Term* begin() { return data(); }
  [[nodiscard]] Term* end() { return data() + size_; }
  [[nodiscard]] const Term& operator[](std::size_t i) const { return data()[i]; }
  [[nodiscard]] Term& operator[](std::size_t i) { return data()[i]; }

  void reserve(std::size_t capacity) {
    if (capacity > capacity_) grow(capacity);
  }
  void clear() { size_ = 0; }
  void push_back(const Term& term) {
    const Term copy = term;  // it may be one of ours
    if (size_ == capacity_) grow(2 * std::size_t{capacity_});
    data()[size_++] = copy;
  }
  void erase(std::size_t i) {
    std::copy(begin() + i + 1, end(), begin() + i);
    --size_;
  }

  friend bool operator==(const TermList& left, const TermList& right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end());
  }

 private:
  static constexpr std::size_t kInPlace = 2;

  [[nodiscard]] const Term* data() const { return elsewhere_ ? elsewhere_.get() : in_place_.data(); }
  [[nodiscard]] Term* data() { return elsewhere_ ? elsewhere_.get() : in_place_.data(); }

  void append(const Term* first, const Term* last) {
    const auto count = static_cast<std::size_t>(last - first);
    reserve(size_ + count);
    std::copy(first, last, end());
    size_ += static_cast<std::uint32_t>(count);
  }

  void grow(std::size_t capacity) {
    auto terms = std::make_unique_for_overwrite<Term[]>(capacity);
    std::copy(begin(), end(), terms.get());
    elsewhere_ = std::move(terms);
    capacity_ = static_cast<std::uint32_t>(capacity);
  }

  void take(TermList& other) noexcept {
    elsewhere_ = std::move(other.elsewhere_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, kInPlace);
    if (!elsewhere_) std::copy_n(other.in_place_.begin(), size_, in_place_.begin());
  }

  std::array<Term, kInPlace> in_place_;  // used while there is no memory elsewhere
  std::unique_ptr<Term[]> elsewhere_;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = kInPlace;
};

}  // namespace assay::scev
