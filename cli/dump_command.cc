// `assay dump`: a program at a stage of compilation. Tested by cli/test/cli_test.sh.
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/input_file.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "core/opt/pipeline.h"
#include "oracles/block_source.h"
#include "oracles/encoding/disassemble.h"

namespace assay::cli {
namespace {

struct DumpOptions {
  std::string file;
  std::string stage = "asm";
  std::string convention = "sysv";
  std::string features;
  std::string passes;
  bool json = false;
};

std::string hex(std::span<const std::uint8_t> bytes, std::string_view separator) {
  std::string text;
  for (const std::uint8_t byte : bytes)
    text += fmt::format("{}{:02x}", text.empty() ? std::string_view{} : separator, byte);
  return text;
}

std::string origin(const ast::Program& program, std::uint32_t node) {
  if (node >= program.node_count()) return {};
  std::string text = ast::print_node(program, ast::NodeId{node});
  constexpr std::size_t kMost = 48;
  if (text.size() > kMost) text = text.substr(0, kMost - 3) + "...";
  return text;
}

void print_assembly(const ast::Program& program, const jit::CompiledBlock& block) {
  for (const x64::Intent& intent : block.intents) {
    const auto bytes = std::span(block.code).subspan(intent.offset, intent.length);
    fmt::print("{:6x}  {:<30}  {:<36}  {}\n", intent.offset, hex(bytes, " "),
               oracles::encoding::disassemble_one(bytes, intent.offset), origin(program, intent.node));
  }
}

nlohmann::ordered_json assembly_json(const ast::Program& program, const jit::CompiledBlock& block) {
  auto lines = nlohmann::ordered_json::array();
  for (const x64::Intent& intent : block.intents) {
    const auto bytes = std::span(block.code).subspan(intent.offset, intent.length);
    lines.push_back({{"offset", intent.offset},
                     {"bytes", hex(bytes, "")},
                     {"text", oracles::encoding::disassemble_one(bytes, intent.offset)},
                     {"form", x64::form_info(intent.form).id},
                     {"source", origin(program, intent.node)}});
  }
  return lines;
}

constexpr std::string_view kAfter = "after:";

// The program behind the first run of the pass that a stage "after:PASS" names; an error if there is none.
base::Result<ast::Program> program_after(const ast::Program& program, const opt::Pipeline& pipeline,
                                         std::string_view stage) {
  const auto wanted = opt::find_pass(stage.substr(kAfter.size()));
  if (!wanted) return base::input_error(fmt::format("there is no pass named '{}'", stage.substr(kAfter.size())));
  std::optional<ast::Program> found;
  static_cast<void>(opt::run_pipeline(program, pipeline, [&](opt::PassId pass, const opt::PassResult& result) {
    if (pass == *wanted && !found) found = result.program;
  }));
  if (!found)
    return base::input_error(fmt::format("the pass {} is not among those that run", stage.substr(kAfter.size())));
  return std::move(*found);
}

int run_dump(const DumpOptions& options) {
  const auto convention = parse_convention(options.convention);
  if (!convention) return report_error(convention.error());
  const auto finding = load(options.file);
  if (!finding) return report_error(finding.error());
  const auto features = features_for(options.features, *finding);
  if (!features) return report_error(features.error());
  const auto pipeline = pipeline_for(options.passes, *finding);
  if (!pipeline) return report_error(pipeline.error());
  const bool after = options.stage.starts_with(kAfter);
  auto staged = after                    ? program_after(finding->program, *pipeline, options.stage)
                : options.stage == "ast" ? base::Result<ast::Program>(finding->program)
                                         : base::Result<ast::Program>(opt::optimize(finding->program, *pipeline));
  if (!staged) return report_error(staged.error());
  const ast::Program& program = *staged;
  nlohmann::ordered_json json{{"schema_version", 1}, {"program", program.name()}, {"stage", options.stage}};
  if (options.stage == "ast" || after) {
    const std::string text = ast::print_program(program);
    json["text"] = text;
    if (!options.json) std::fputs(text.c_str(), stdout);
  } else {
    if (!ast::is_pure_scalar(program, program.body())) {
      base::Error error = base::input_error("the program prints, so it has no compiled block of its own");
      error.file = options.file;
      return report_error(error);
    }
    jit::CompiledBlock block;
    oracles::JitBlockSource().compile(program, {*convention, *features, true}, block);
    json["convention"] = options.convention;
    json["features"] = x64::describe(*features);
    if (options.stage == "bytes") {
      json["bytes"] = hex(block.code, "");
      if (!options.json) fmt::print("{}\n", hex(block.code, ""));
    } else {
      json["instructions"] = assembly_json(program, block);
      if (!options.json) print_assembly(program, block);
    }
  }
  if (options.json) fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  return kPass;
}

}  // namespace

void add_dump_command(CLI::App& app, Action& action) {
  CLI::App* const command = app.add_subcommand("dump", "Show a program at a stage of compilation");
  const auto options = std::make_shared<DumpOptions>();
  command->add_option("file", options->file, "Program or finding (.nda)")->required();
  command
      ->add_option("--stage", options->stage,
                   "ast: as the parser understood it; after:PASS: behind that pass; bytes: the code in hex; asm: "
                   "disassembled, with "
                   "its source")
      ->capture_default_str()
      ->check([](const std::string& stage) {
        const bool known = stage == "ast" || stage == "bytes" || stage == "asm" || stage.starts_with(kAfter);
        return known ? std::string() : "there is no stage '" + stage + "'";
      });
  command->add_option("--passes", options->passes,
                      "default, none, or passes joined by commas; without it, those of a finding, else default");
  command->add_option("--convention", options->convention, "sysv or win64")->capture_default_str();
  command->add_option("--features", options->features,
                      "baseline, host, or popcnt,lzcnt,bmi1,bmi2; without it, those of a finding, else baseline");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->footer(
      "Examples:\n"
      "  assay dump corpus/seeds/sum_to.nda\n"
      "  assay dump corpus/seeds/sum_to.nda --stage after:scev\n"
      "  assay dump corpus/seeds/sum_to.nda --stage bytes --convention win64");
  command->callback([&action, options] { action = [options] { return run_dump(*options); }; });
}

}  // namespace assay::cli
