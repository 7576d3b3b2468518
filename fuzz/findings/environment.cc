// Build and CPU in words; see environment.h. Tested by fuzz/findings/test/finding_test.cc.
#include "fuzz/findings/environment.h"

#include <cpuid.h>
#include <fmt/format.h>
#include <link.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

namespace assay::fuzz {
namespace {

constexpr std::size_t kShownBytes = 6;

// The build ID among the notes of one segment (elf(5), "Notes"): each a header, a name and a descriptor, padded to four
// bytes.
std::string build_id_of(const std::uint8_t* notes, std::size_t size) {
  constexpr std::string_view kOwner("GNU\0", 4);
  const auto padded = [](std::size_t bytes) { return (bytes + 3) & ~std::size_t{3}; };
  std::size_t offset = 0;
  while (offset + sizeof(ElfW(Nhdr)) <= size) {
    ElfW(Nhdr) header;
    std::memcpy(&header, notes + offset, sizeof header);
    const std::size_t name = offset + sizeof header;
    const std::size_t content = name + padded(header.n_namesz);
    offset = content + padded(header.n_descsz);
    if (offset > size) break;
    const std::string_view owner(reinterpret_cast<const char*>(notes + name), header.n_namesz);
    if (header.n_type != NT_GNU_BUILD_ID || owner != kOwner) continue;
    std::string text;
    for (std::size_t i = 0; i < header.n_descsz && i < kShownBytes; ++i)
      text += fmt::format("{:02x}", notes[content + i]);
    return text;
  }
  return {};
}

int take_build_id(dl_phdr_info* object, std::size_t /*size*/, void* into) {
  for (std::size_t i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const auto* const notes = reinterpret_cast<const std::uint8_t*>(object->dlpi_addr + segment.p_vaddr);
    std::string id = build_id_of(notes, segment.p_memsz);
    if (id.empty()) continue;
    *static_cast<std::string*>(into) = std::move(id);
    break;
  }
  return 1;  // the program itself comes first, and its libraries are not asked
}

}  // namespace

std::string build_description() {
#if defined(__clang__)
  constexpr const char* kCompiler = "clang " __clang_version__;
#else
  constexpr const char* kCompiler = "g++ " __VERSION__;
#endif
  std::string text = std::string("assay ") + ASSAY_VERSION + ", " + kCompiler;
  while (text.ends_with(' ')) text.pop_back();
  std::string id;
  ::dl_iterate_phdr(take_build_id, &id);
  if (!id.empty()) text += ", build " + id;
  return text;
}

std::string cpu_description() {
  std::array<unsigned, 12> words{};
  for (unsigned leaf = 0; leaf < 3; ++leaf) {
    unsigned* const out = words.data() + 4 * std::size_t{leaf};
    if (__get_cpuid(0x80000002U + leaf, out, out + 1, out + 2, out + 3) == 0) return "unknown";
  }
  std::array<char, sizeof words + 1> text{};
  std::memcpy(text.data(), words.data(), sizeof words);
  // Filled up with spaces, by some in front and by some behind; a line of a finding keeps none at its ends.
  const std::string_view padded(text.data());
  const std::size_t first = padded.find_first_not_of(' ');
  if (first == std::string_view::npos) return "unknown";
  return std::string(padded.substr(first, padded.find_last_not_of(' ') + 1 - first));
}

}  // namespace assay::fuzz
