// kernel_to_c IN.nda OUT.c: prints a program as C, at build time, for the compilers that the JIT is measured against.
#include <cstdio>
#include <string>

#include "core/ast/limits.h"
#include "core/ast/text.h"
#include "core/base/file.h"
#include "core/jit/bench/c_source.h"

namespace {

assay::base::Result<void> convert(const std::string& from, const std::string& to) {
  const auto text = assay::base::read_file(from, assay::ast::kMaxFileBytes);
  if (!text) return text.error();
  const auto program = assay::ast::parse_program(*text, from);
  if (!program) return program.error();
  const auto source = assay::jit::bench::c_source(*program);
  if (!source) return source.error();
  return assay::base::write_file_atomically(to, *source);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: kernel_to_c IN.nda OUT.c\n", stderr);
    return 2;
  }
  const auto done = convert(argv[1], argv[2]);
  if (done) return 0;
  std::fprintf(stderr, "kernel_to_c: %s\n", done.error().describe().c_str());
  return done.error().kind == assay::base::ErrorKind::System ? 3 : 2;
}
