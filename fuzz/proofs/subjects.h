// Subjects: the programs that proofs are about: files and folders, the catalogue of loops, a sample of it, or generated
// ones.
//
// Tested by fuzz/proofs/test/subjects_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/ast/program.h"
#include "core/base/result.h"

namespace assay::fuzz {

struct ProofSubject {
  std::string name;  // the file's path, or what it is called in the catalogue
  ast::Program program;
  std::string kind{};  // of the catalogue: its loop is the outermost one
};

// Every kind of loop, in both widths.
[[nodiscard]] std::vector<ProofSubject> catalogue_subjects();

// The catalogue's own sample, which has every body, every way to end and both widths; or one in `stride` of it.
[[nodiscard]] std::vector<ProofSubject> quick_subjects(std::size_t stride = 1);

// Programs that the generator makes, by number; with `loop_free` so many of those that have no loops.
[[nodiscard]] std::vector<ProofSubject> random_subjects(std::uint64_t count, std::uint64_t seed, bool loop_free);

// Of a folder all .nda files in it and below, by path. A file that cannot be read is an error: what was asked for and
// is not looked at must not pass.
[[nodiscard]] base::Result<std::vector<ProofSubject>> read_subjects(const std::vector<std::string>& paths);

[[nodiscard]] bool has_loops(const ast::Program& program);

}  // namespace assay::fuzz
