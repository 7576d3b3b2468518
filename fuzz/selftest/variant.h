// Variant: a program of the build with one fault in it.
//
// Only the units that hold the fault are compiled again, with the flags of the build (compile_commands.json), from a
// copy of the faulty file in a folder of its own; their objects are linked in front of the static libraries, so that
// they take the place of the archive members of the same symbols. Everything else is the code that ships.
//
// Tested by fuzz/selftest/test/variant_test.cc.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "fuzz/selftest/catalogue.h"

namespace assay::fuzz::selftest {

class VariantBuilder {
 public:
  // `build` is a folder that CMake made with Ninja for the sources in `source`.
  [[nodiscard]] static base::Result<VariantBuilder> create(const std::string& build, const std::string& source);

  // Compiles the fault's units. A text that does not apply or compile is an error of the catalogue, never a detection.
  [[nodiscard]] base::Result<void> compile(const Fault& fault) const;

  // Links a target of the build with the objects of compile(); gives the path of the program.
  [[nodiscard]] base::Result<std::string> link(const Fault& fault, const std::string& target) const;

  // A target of the build with several faults at once; gives the path of the program. Faults of one file must not touch
  // the same text. Fault `i` of the list counts by itself (fault_point.h). `name` names the folder.
  [[nodiscard]] base::Result<std::string> build_all(const std::vector<Fault>& faults, const std::string& name,
                                                    const std::string& target) const;

  // The path of a target as the build made it.
  [[nodiscard]] base::Result<std::string> program_of(const std::string& target) const;

  // Whether the faulty units come to the same object code, byte for byte, as the units as they stand: then no test can
  // tell them apart, and the fault is equivalent.
  [[nodiscard]] base::Result<bool> same_code(const Fault& fault) const;

  // Removes what was made for the fault.
  void discard(const Fault& fault) const;

 private:
  enum class Counting : bool { No, Yes };

  VariantBuilder(std::string build, std::string source) : build_(std::move(build)), source_(std::move(source)) {}

  [[nodiscard]] static Fault numbered(Fault fault, std::size_t number);
  [[nodiscard]] std::string folder_of(const Fault& fault) const;
  [[nodiscard]] base::Result<std::string> source_of(const Fault& fault) const;
  [[nodiscard]] base::Result<void> write_copy(const Fault& fault, const std::string& text) const;
  [[nodiscard]] base::Result<void> compile_units(const Fault& fault, Counting counting, const std::string& kind) const;
  [[nodiscard]] base::Result<void> compile_unit(const Fault& fault, const std::string& unit, Counting counting,
                                                const std::string& object) const;
  [[nodiscard]] base::Result<std::string> link_command(const std::string& target) const;

  std::string build_;
  std::string source_;
  std::map<std::string, std::string> commands_;  // by unit, relative to the source folder
};

}  // namespace assay::fuzz::selftest
