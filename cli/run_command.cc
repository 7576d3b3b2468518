// `assay run`: one program on one input in one engine. Tested by cli/test/cli_test.sh.
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/input_file.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "core/ast/verify.h"
#include "core/opt/pipeline.h"
#include "oracles/block_source.h"
#include "oracles/emulated/emulated_engine.h"
#include "oracles/interpreter_engine.h"
#include "oracles/native/native_engine.h"
#include "oracles/tiered/tiered_engine.h"

namespace assay::cli {
namespace {

using oracles::RunEnd;

struct RunOptions {
  std::string file;
  std::string engine = "interp";
  std::vector<std::string> inputs;
  std::string features;
  std::string passes;
  std::uint64_t fuel = 100'000'000;
  double seconds = 10;
  bool json = false;
};

struct EngineChoice {
  std::string_view name;
  base::Result<std::unique_ptr<oracles::Engine>> (*create)(double seconds);
  bool compiled;  // runs a compiled block
  jit::Convention convention;
};

constexpr auto kSystemV = jit::Convention::SystemV;
constexpr auto kMicrosoft = jit::Convention::Microsoft;

using EngineResult = base::Result<std::unique_ptr<oracles::Engine>>;

EngineResult create_interpreter(double) {
  return std::unique_ptr<oracles::Engine>(std::make_unique<oracles::InterpreterEngine>());
}

// A run that somebody asked for by hand may take as long as they like, unlike one of a million.
template <jit::Convention kConvention>
EngineResult create_native(double seconds) {
  const auto budget = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds));
  auto engine = oracles::NativeEngine::create(kConvention, {budget, 2 * budget + std::chrono::seconds(10)});
  if (!engine) return engine.error();
  return std::unique_ptr<oracles::Engine>(std::move(engine).value());
}

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

template <jit::Convention kConvention>
EngineResult create_emulated(double seconds) {
  oracles::EmulatedEngineOptions options;
  options.stall_limit = milliseconds(seconds);
  return oracles::create_emulated_engine(kConvention, options);
}

constexpr std::array<EngineChoice, 6> kEngines = {{
    {"interp", create_interpreter, false, kSystemV},
    {"native-sysv", create_native<kSystemV>, true, kSystemV},
    {"native-win64", create_native<kMicrosoft>, true, kMicrosoft},
    {"emulated-sysv", create_emulated<kSystemV>, true, kSystemV},
    {"emulated-win64", create_emulated<kMicrosoft>, true, kMicrosoft},
    {"tiered", [](double seconds) { return oracles::create_tiered_engine(milliseconds(seconds)); }, false, kSystemV},
}};

const EngineChoice* find_engine(std::string_view name) {
  for (const EngineChoice& choice : kEngines) {
    if (choice.name == name) return &choice;
  }
  return nullptr;
}

std::int64_t signed_value(std::uint64_t bits, ast::Type type) {
  return type == ast::Type::I32 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(bits))
                                : static_cast<std::int64_t>(bits);
}

std::string end_text(const oracles::Run& run) {
  if (run.end == RunEnd::Trapped) return fmt::format("trapped: {}", ast::trap_name(run.trap));
  if (run.end == RunEnd::Finished && run.knows_returned) return run.returned ? "returned" : "completed";
  if (run.end == RunEnd::Fault) return fmt::format("fault: {}", oracles::name(run.fault.kind));
  if (run.end == RunEnd::NotRun) return fmt::format("not run: {}", oracles::name(run.skip));
  return std::string(oracles::name(run.end));
}

void print_text(const ast::Program& program, const oracles::Run& run) {
  for (const interp::Printed& value : run.printed) fmt::print("{}\n", signed_value(value.bits, value.type));
  fmt::print("{}\n", end_text(run));
  if (run.end == RunEnd::Runaway) return;  // what is in the frame is nobody's result
  for (std::uint32_t i = 0; i < program.slot_count() && i < run.frame.size(); ++i) {
    const ast::Type type = program.variable_type(ast::VarId{i});
    fmt::print("  {} {} = {}\n", ast::type_name(type), program.variable_name(ast::VarId{i}),
               signed_value(run.frame[i], type));
  }
  if (!run.knows_depth) return;
  for (std::size_t i = 0; i < run.stack.size(); ++i) fmt::print("  stack[{}] = {:#x}\n", i, run.stack[i]);
}

void print_json(const RunOptions& options, const ast::Program& program, const oracles::Run& run) {
  nlohmann::ordered_json json{
      {"schema_version", 1}, {"program", program.name()}, {"engine", options.engine}, {"end", end_text(run)}};
  auto frame = nlohmann::ordered_json::object();
  for (std::uint32_t i = 0; i < program.slot_count() && i < run.frame.size() && run.end != RunEnd::Runaway; ++i) {
    const ast::VarId id{i};
    frame[std::string(program.variable_name(id))] = signed_value(run.frame[i], program.variable_type(id));
  }
  json["frame"] = frame;
  json["stack"] = run.knows_depth ? nlohmann::ordered_json(run.stack) : nlohmann::ordered_json(nullptr);
  auto printed = nlohmann::ordered_json::array();
  for (const interp::Printed& value : run.printed) printed.push_back(signed_value(value.bits, value.type));
  json["printed"] = printed;
  fmt::print("{}\n", json.dump(2));
}

int exit_code_of(const oracles::Run& run) {
  switch (run.end) {
    case RunEnd::Finished:
    case RunEnd::Trapped:
      return run.violations == oracles::Violation::None ? kPass : kFindings;
    case RunEnd::Fault:
    case RunEnd::ProcessDied:
      return kFindings;
    case RunEnd::Runaway:  // perhaps it only takes longer
    case RunEnd::OutOfFuel:
    case RunEnd::NotRun:
      return kInconclusive;
  }
  return kHarnessFailed;
}

int run_program(const RunOptions& options) {
  const EngineChoice* const choice = find_engine(options.engine);
  if (choice == nullptr) {
    std::string names;
    for (const EngineChoice& one : kEngines) names += fmt::format("{}{}", names.empty() ? "" : ", ", one.name);
    return report_error(base::input_error(fmt::format("there is no engine '{}'; there are {}", options.engine, names)));
  }
  const auto finding = load(options.file);
  if (!finding) return report_error(finding.error());
  const auto features = features_for(options.features, *finding);
  if (!features) return report_error(features.error());
  // The interpreter is the reference: it runs the program as it stands unless told otherwise.
  const bool reference = choice->name == "interp" && options.passes.empty();
  const auto pipeline = pipeline_for(reference ? "none" : options.passes, *finding);
  if (!pipeline) return report_error(pipeline.error());
  auto frame = parse_inputs(finding->program, options.inputs);
  if (!frame) return report_error(frame.error());
  const ast::Program program = opt::optimize(finding->program, *pipeline);
  // A finding brings its inputs; values given by hand take their place.
  if (options.inputs.empty() && !finding->inputs.empty()) frame = finding->inputs.front();
  if (choice->compiled && !ast::is_pure_scalar(program, program.body())) {
    base::Error error =
        base::input_error("the program prints, which compiled code cannot; use --engine tiered or interp");
    error.file = options.file;
    return report_error(error);
  }

  const auto engine = choice->create(options.seconds);
  if (!engine) return report_error(engine.error());
  jit::CompiledBlock block;
  if (choice->compiled) oracles::JitBlockSource().compile(program, {choice->convention, *features, true}, block);
  const std::array inputs = {frame.value()};
  const std::array cases = {oracles::Case{&program, choice->compiled ? &block : nullptr, inputs,
                                          ast::max_pushes(finding->program), options.fuel}};
  std::vector<oracles::Run> runs;
  if (const auto done = engine.value()->run(cases, runs); !done) return report_error(done.error());
  const oracles::Run& run = runs.front();
  if (options.json) {
    print_json(options, program, run);
  } else {
    print_text(program, run);
  }
  return exit_code_of(run);
}

}  // namespace

void add_run_command(CLI::App& app, Action& action) {
  CLI::App* const command = app.add_subcommand("run", "Run one program on one input");
  const auto options = std::make_shared<RunOptions>();
  command->add_option("file", options->file, "Program or finding (.nda)")->required();
  command
      ->add_option("--engine", options->engine,
                   "interp, native-sysv, native-win64, emulated-sysv, emulated-win64 or tiered")
      ->capture_default_str();
  command->add_option(
      "--input,-i", options->inputs,
      "slot=value, once per slot; slots not named are 0. Without any, the first input of the file, if it has one");
  command->add_option("--features", options->features,
                      "CPU features that compiled code may use: baseline, host, or popcnt,lzcnt,bmi1,bmi2; without it, "
                      "those of a finding, else baseline");
  command->add_option(
      "--passes", options->passes,
      "default, none, or passes joined by commas; without it, none for interp, for the others those of a "
      "finding, else default");
  command->add_option("--fuel", options->fuel, "Interpreter steps before the run is given up")
      ->capture_default_str()
      ->check(whole_number(1));
  command
      ->add_option("--seconds", options->seconds,
                   "Time of compiled code before the run is given up: the CPU's of native code, else the clock's")
      ->capture_default_str()
      ->check(number_between(0.01, 3600));
  command->add_flag("--json", options->json, "Print one JSON object");
  command->footer(
      "Examples:\n"
      "  assay run corpus/seeds/sum_to.nda -i n=10 -i step=1\n"
      "  assay run corpus/seeds/sum_to.nda -i n=10 -i step=1 --engine native-win64 --json\n"
      "Exit code 0: the run ended, a trap of the program included; 1: compiled code broke a rule; 4: out of fuel "
      "or time, or not run.");
  command->callback([&action, options] { action = [options] { return run_program(*options); }; });
}

}  // namespace assay::cli
