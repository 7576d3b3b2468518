// Wire: bounded writing and reading of the bytes that the tiered engine and its worker exchange.
//
// Both ends check every length: the owner because the worker may be compromised, the worker because a bug should end in
// "does not fit" and not in a stray write.
//
// Tested by oracles/tiered/test/tiered_engine_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

namespace assay::oracles {

class WireWriter {
 public:
  explicit WireWriter(std::span<std::byte> to) : to_(to) {}

  template <class T>
  void put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    put_bytes(std::as_bytes(std::span(&value, 1)));
  }
  template <class T>
  void put_all(std::span<const T> values) {
    put(static_cast<std::uint32_t>(values.size()));
    put_bytes(std::as_bytes(values));
  }

  // False once something did not fit; nothing is written from then on.
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  void put_bytes(std::span<const std::byte> bytes) {
    ok_ = ok_ && bytes.size() <= to_.size();
    if (!ok_ || bytes.empty()) return;
    std::memcpy(to_.data(), bytes.data(), bytes.size());
    to_ = to_.subspan(bytes.size());
  }

  std::span<std::byte> to_;
  bool ok_ = true;
};

class WireReader {
 public:
  explicit WireReader(std::span<const std::byte> from) : from_(from) {}

  template <class T>
  [[nodiscard]] T get() {
    static_assert(std::is_trivially_copyable_v<T>);
    T value{};
    get_bytes(std::as_writable_bytes(std::span(&value, 1)));
    return value;
  }
  // Empty when it would run over the end or over `most` values.
  template <class T>
  void get_all(std::vector<T>& values, std::size_t most) {
    const auto count = get<std::uint32_t>();
    ok_ = ok_ && count <= most && std::size_t{count} * sizeof(T) <= from_.size();
    values.resize(ok_ ? count : 0);
    get_bytes(std::as_writable_bytes(std::span(values)));
  }

  [[nodiscard]] bool ok() const { return ok_; }

 private:
  void get_bytes(std::span<std::byte> to) {
    ok_ = ok_ && to.size() <= from_.size();
    if (!ok_ || to.empty()) return;
    std::memcpy(to.data(), from_.data(), to.size());
    from_ = from_.subspan(to.size());
  }

  std::span<const std::byte> from_;
  bool ok_ = true;
};

}  // namespace assay::oracles
