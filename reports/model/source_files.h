// SourceFiles: which file of this project a conviction leads to.
//
// A finding in a code-scanning view needs a place in the repository. The pass oracle names the guilty pass, whose file
// is certain; elsewhere the oracle, the node kind and the form say where to begin to look, and the file is a beginning.
//
// Tested by reports/model/test/source_files_test.cc.
#pragma once

#include <string>
#include <string_view>

namespace assay::reports {

// `stage` is a pass or "codegen", as in signatures; `node` is a node label or "-".
[[nodiscard]] std::string_view guilty_source_file(std::string_view oracle, std::string_view stage,
                                                  std::string_view node);

// "(oracle)/(stage)/(node)/(form)/(difference)"; missing parts are empty ("harness/crash" has two).
struct SignatureParts {
  std::string oracle;
  std::string stage;
  std::string node;
  std::string form;
  std::string difference;
};
[[nodiscard]] SignatureParts split_signature(std::string_view signature);

}  // namespace assay::reports
