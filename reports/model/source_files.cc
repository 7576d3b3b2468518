// From convictions to files; see source_files.h. Tested by reports/model/test/source_files_test.cc.
#include "reports/model/source_files.h"

#include <algorithm>
#include <array>

#include "core/opt/passes.h"

namespace assay::reports {
namespace {

std::string_view file_of(opt::PassId pass) {
  switch (pass) {
    case opt::PassId::Fold:
      return "core/opt/fold.cc";
    case opt::PassId::Prop:
      return "core/opt/propagate.cc";
    case opt::PassId::Scev:
      return "core/scev/replacement.cc";
    case opt::PassId::Simplify:
      return "core/opt/simplify.cc";
    case opt::PassId::Cse:
      return "core/opt/common_subexpressions.cc";
    case opt::PassId::Hoist:
      return "core/opt/hoist.cc";
    case opt::PassId::Select:
      return "core/opt/if_conversion.cc";
    case opt::PassId::Unroll:
      return "core/opt/unroll.cc";
    case opt::PassId::Dce:
      return "core/opt/dead_code.cc";
  }
  return "core/opt/pipeline.cc";
}

constexpr std::array<std::string_view, 10> kStatements = {"Let",   "Store",    "If",     "Loop", "While",
                                                          "Break", "Continue", "Return", "Push", "Print"};

}  // namespace

std::string_view guilty_source_file(std::string_view oracle, std::string_view stage, std::string_view node) {
  if (const auto pass = opt::find_pass(stage)) return file_of(*pass);
  if (oracle == "passes") return "core/opt/pipeline.cc";
  if (oracle == "encoding") return "core/x64/encoder.cc";
  if (oracle == "tiered") return "core/jit/tiered.cc";
  // Only solved loops run where the interpreter gives up.
  if (oracle == "long-runs" || oracle == "metamorphic") return "core/scev/replacement.cc";
  if (oracle == "harness") return "oracles/judge.cc";
  if (oracle == "libfuzzer") return "fuzz/targets/differential_check.cc";
  if (node.empty() || node == "-") return "core/jit/emit.cc";
  const bool statement = std::find(kStatements.begin(), kStatements.end(), node) != kStatements.end();
  return statement ? "core/jit/select_statements.cc" : "core/jit/select_expressions.cc";
}

SignatureParts split_signature(std::string_view signature) {
  std::array<std::string, 5> parts;
  // The last part takes what is left: details may hold anything.
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto slash = i + 1 == parts.size() ? std::string_view::npos : signature.find('/');
    parts[i] = signature.substr(0, slash);
    if (slash == std::string_view::npos) break;
    signature.remove_prefix(slash + 1);
  }
  return {parts[0], parts[1], parts[2], parts[3], parts[4]};
}

}  // namespace assay::reports
