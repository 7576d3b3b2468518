// Running and spelling pipelines; see pipeline.h. Tested by core/opt/test/pipeline_test.cc.
#include "core/opt/pipeline.h"

#include <algorithm>
#include <utility>

namespace assay::opt {
namespace {

// One round; the number of changes.
std::uint32_t run_round(ast::Program& program, const Pipeline& pipeline, const PassObserver& observer) {
  std::uint32_t changes = 0;
  for (const PassId pass : pipeline) {
    PassResult result = pass_info(pass).run(program);
    if (observer) observer(pass, result);
    changes += result.changes;
    program = std::move(result.program);
  }
  return changes;
}

}  // namespace

const Pipeline& default_pipeline() {
  static const Pipeline pipeline = [] {
    Pipeline all;
    for (std::size_t i = 0; i < kPassCount; ++i) {
      all.push_back(static_cast<PassId>(i));
      // Loops are solved once: what propagation makes constant is folded before.
      if (all.back() == PassId::Prop) all.push_back(PassId::Fold);
    }
    return all;
  }();
  return pipeline;
}

base::Result<Pipeline> parse_pipeline(std::string_view text) {
  if (text == "default") return default_pipeline();
  if (text == "none") return Pipeline{};
  Pipeline pipeline;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view name = text.substr(begin, end - begin);
    const std::optional<PassId> pass = find_pass(name);
    if (!pass) return base::input_error("there is no pass named '" + std::string(name) + "'");
    pipeline.push_back(*pass);
    begin = end + 1;
  }
  return pipeline;
}

std::string print_pipeline(const Pipeline& pipeline) {
  if (pipeline.empty()) return "none";
  std::string text;
  for (const PassId pass : pipeline) {
    if (!text.empty()) text += ',';
    text += pass_info(pass).name;
  }
  return text;
}

ast::Program run_pipeline(const ast::Program& program, const Pipeline& pipeline, const PassObserver& observer) {
  ast::Program result = program;
  run_round(result, pipeline, observer);
  return result;
}

ast::Program optimize(const ast::Program& program, const Pipeline& pipeline, const PassObserver& observer) {
  ast::Program result = program;
  Pipeline rest = pipeline;
  std::erase(rest, PassId::Scev);
  for (unsigned round = 0; round < kMaxRounds; ++round) {
    if (run_round(result, round == 0 ? pipeline : rest, observer) == 0) break;
  }
  return result;
}

}  // namespace assay::opt
