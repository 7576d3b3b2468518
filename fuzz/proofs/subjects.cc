// Collecting programs to prove; see subjects.h. Tested by fuzz/proofs/test/subjects_test.cc.
#include "fuzz/proofs/subjects.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "core/ast/codec.h"
#include "core/ast/limits.h"
#include "core/ast/text.h"
#include "core/base/file.h"
#include "core/base/rng.h"
#include "fuzz/corpus/files.h"
#include "fuzz/gen/generator.h"
#include "smt/catalogue.h"
#include "smt/extract_loop.h"

namespace assay::fuzz {
namespace {

std::vector<ProofSubject> subjects_of_catalogue(bool sample) {
  std::vector<ProofSubject> subjects;
  for (const smt::CatalogueLoop& loop : smt::loop_catalogue()) {
    if (sample && !loop.sampled) continue;
    // The catalogue is our own: its tests parse every row.
    if (auto program = ast::parse_program(loop.text)) {
      subjects.push_back({loop.name, std::move(program).value(), loop.kind});
    }
  }
  return subjects;
}

base::Result<ast::Program> read_program(const std::string& path) {
  auto contents = base::read_file(path, ast::kMaxFileBytes);
  if (!contents) return contents.error();
  const std::string& text = *contents;
  // No text begins with a control character, and every binary program does: its version.
  if (!text.empty() && static_cast<unsigned char>(text.front()) == ast::kCodecVersion) {
    auto program = ast::decode({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    if (program) return program;
    base::Error error = program.error();
    error.file = path;
    return error;
  }
  return ast::parse_program(text, path);
}

}  // namespace

std::vector<ProofSubject> catalogue_subjects() { return subjects_of_catalogue(false); }

std::vector<ProofSubject> quick_subjects(std::size_t stride) {
  std::vector<ProofSubject> sample = subjects_of_catalogue(true);
  std::vector<ProofSubject> some;
  for (std::size_t i = 0; i < sample.size(); i += stride) some.push_back(std::move(sample[i]));
  return some;
}

std::vector<ProofSubject> random_subjects(std::uint64_t count, std::uint64_t seed, bool loop_free) {
  std::vector<ProofSubject> subjects;
  Generator generator;
  GeneratedCase one;
  for (std::uint64_t i = 0; subjects.size() < count; ++i) {
    generator.generate(base::derive_seed(seed, i), one);
    if (loop_free && has_loops(one.program)) continue;
    subjects.push_back({fmt::format("random {}", i), one.program});
  }
  return subjects;
}

base::Result<std::vector<ProofSubject>> read_subjects(const std::vector<std::string>& paths) {
  std::vector<ProofSubject> subjects;
  for (const std::string& path : paths) {
    std::error_code unknown;
    if (std::filesystem::is_directory(path, unknown)) {
      auto corpus = read_corpus(path);
      if (!corpus) return corpus.error();
      if (!corpus->broken.empty()) return corpus->broken.front();
      for (CorpusFile& file : corpus->files) subjects.push_back({file.path, std::move(file.finding.program)});
      continue;
    }
    auto program = read_program(path);
    if (!program) return program.error();
    subjects.push_back({path, std::move(program).value()});
  }
  return subjects;
}

bool has_loops(const ast::Program& program) { return !smt::loops_of(program).empty(); }

}  // namespace assay::fuzz
