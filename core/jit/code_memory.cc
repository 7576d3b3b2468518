// Dual-mapped code memory; see code_memory.h. Tested by core/jit/test/code_memory_test.cc.
#include "core/jit/code_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

// Since Linux 6.3; older kernels refuse the flag, and their memory files are executable without it.
#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

namespace assay::jit {
namespace {

constexpr std::size_t kPage = 4096;
// A cache line: the same block took 1.7 or 2.6 ns a call, depending on how the ones before it had shifted it.
constexpr std::size_t kAlignment = 64;
constexpr std::uint8_t kInt3 = 0xCC;
constexpr std::uintptr_t kNearbyStep = std::uintptr_t{64} << 20U;
constexpr std::uintptr_t kNearby = std::uintptr_t{1} << 30U;

constexpr std::size_t round_up(std::size_t value, std::size_t unit) { return (value + unit - 1) / unit * unit; }

int create_memory_file() {
  const int file = ::memfd_create("assay-code", MFD_CLOEXEC | MFD_EXEC);
  return file >= 0 || errno != EINVAL ? file : ::memfd_create("assay-code", MFD_CLOEXEC);
}

void* reserve_at(std::uintptr_t hint, std::size_t size) {
  void* const wish = std::bit_cast<void*>(hint);  // for the kernel alone: nothing is read or written through it
  void* const reserved = ::mmap(wish, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return reserved != MAP_FAILED ? reserved : nullptr;
}

// Somewhere below this program's own code if there is room, else anywhere. A call into code that is more than 2 GB away
// and the return from it cost 0.6 ns, a third of what the shortest block takes, because branch predictors keep whole
// targets for few branches. Below, because the heap grows above.
void* reserve_nearby(std::size_t size) {
  const auto own = reinterpret_cast<std::uintptr_t>(&reserve_at) / kNearbyStep * kNearbyStep;
  for (std::uintptr_t below = kNearbyStep; below <= kNearby && below < own; below += kNearbyStep) {
    void* const reserved = reserve_at(own - below, size);
    if (reserved == nullptr) return nullptr;
    const auto at = reinterpret_cast<std::uintptr_t>(reserved);
    if (at < own && own - at <= kNearby) return reserved;
    ::munmap(reserved, size);
  }
  return reserve_at(0, size);
}

// A view of the whole file between two guard pages, or null.
std::uint8_t* map_view(int file, std::size_t capacity, int protection) {
  const std::size_t size = capacity + 2 * kPage;
  void* const reserved = (protection & PROT_EXEC) != 0 ? reserve_nearby(size) : reserve_at(0, size);
  if (reserved == nullptr) return nullptr;
  std::uint8_t* const view = static_cast<std::uint8_t*>(reserved) + kPage;
  if (::mmap(view, capacity, protection, MAP_SHARED | MAP_FIXED, file, 0) == MAP_FAILED) {
    ::munmap(reserved, capacity + 2 * kPage);
    return nullptr;
  }
  return view;
}

void unmap_view(const std::uint8_t* view, std::size_t capacity) {
  if (view != nullptr) ::munmap(const_cast<std::uint8_t*>(view) - kPage, capacity + 2 * kPage);
}

}  // namespace

base::Result<CodeMemory> CodeMemory::create(std::size_t capacity) {
  CodeMemory memory;
  memory.capacity_ = round_up(capacity == 0 ? 1 : capacity, kPage);
  const int file = create_memory_file();
  if (file < 0) return base::system_error("cannot create memory for code", errno);
  const bool sized = ::ftruncate(file, static_cast<off_t>(memory.capacity_)) == 0;
  if (sized) memory.writable_ = map_view(file, memory.capacity_, PROT_READ | PROT_WRITE);
  if (memory.writable_ != nullptr) memory.executable_ = map_view(file, memory.capacity_, PROT_READ | PROT_EXEC);
  const int error = errno;
  ::close(file);
  if (memory.executable_ == nullptr) return base::system_error("cannot map memory for code", error);
  std::memset(memory.writable_, kInt3, memory.capacity_);
  return memory;
}

CodeMemory::CodeMemory(CodeMemory&& other) noexcept
    : writable_(std::exchange(other.writable_, nullptr)),
      executable_(std::exchange(other.executable_, nullptr)),
      capacity_(std::exchange(other.capacity_, 0)),
      used_(std::exchange(other.used_, 0)) {}

CodeMemory& CodeMemory::operator=(CodeMemory&& other) noexcept {
  if (this != &other) {
    release();
    writable_ = std::exchange(other.writable_, nullptr);
    executable_ = std::exchange(other.executable_, nullptr);
    capacity_ = std::exchange(other.capacity_, 0);
    used_ = std::exchange(other.used_, 0);
  }
  return *this;
}

CodeMemory::~CodeMemory() { release(); }

void CodeMemory::release() noexcept {
  unmap_view(writable_, capacity_);
  unmap_view(executable_, capacity_);
}

const void* CodeMemory::add(std::span<const std::uint8_t> code) {
  const std::size_t start = round_up(used_, kAlignment);  // at most capacity_, which is a multiple of it too
  if (code.empty() || code.size() > capacity_ - start) return nullptr;
  std::memcpy(writable_ + start, code.data(), code.size());
  used_ = start + code.size();
  return executable_ + start;
}

void CodeMemory::reset() {
  if (used_ != 0) std::memset(writable_, kInt3, used_);
  used_ = 0;
}

}  // namespace assay::jit
