// The tiered executor; see tiered.h. Tested by core/jit/test/tiered_test.cc.
#include "core/jit/tiered.h"

#include <unordered_map>
#include <utility>
#include <vector>

#include "core/ast/verify.h"
#include "core/interp/interpreter.h"
#include "core/jit/extract_run.h"
#include "core/jit/scalar_runs.h"

namespace assay::jit {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;

using Block = std::int64_t (*)(std::uint64_t* frame, std::uint64_t* stack, std::uint64_t stack_index);

struct NativeRun {
  std::vector<ast::VarId> shared;
  std::uint32_t returned_slot = 0;
  std::uint32_t pushed_slot = 0;
  std::uint32_t most_pushes = 0;
  Block block = nullptr;  // null: left to the interpreter
};

// How a statement list ended.
enum class Flow : std::uint8_t { Next, Break, Continue, Ended };

// One execution of one program.
class Execution {
 public:
  Execution(const ast::Program& program, interp::Interpreter& interpreter, CodeMemory& memory, Compiler& compiler,
            x64::CpuFeatures features)
      : program_(program), interpreter_(interpreter), memory_(memory), compiler_(compiler), features_(features) {}

  Flow list(NodeId first) {
    if (!first.valid()) return Flow::Next;
    for (const StatementRun& run : cut(first)) {
      const Flow flow = run.scalar ? scalar_run(run) : statement(run.first);
      if (flow != Flow::Next) return flow;
    }
    return Flow::Next;
  }

  [[nodiscard]] const TieredCounts& counts() const { return counts_; }
  [[nodiscard]] bool out_of_memory() const { return out_of_memory_; }

 private:
  // A list in a loop is cut once. The result stays where it is while more lists are cut.
  const std::vector<StatementRun>& cut(NodeId first) {
    const auto [place, is_new] = lists_.try_emplace(first.value);
    if (is_new) place->second = find_scalar_runs(program_, first);
    return place->second;
  }

  // A statement with something in it that is not for the JIT. Its blocks are cut into runs in their turn.
  Flow statement(NodeId id) {
    const Node& node = program_.node(id);
    ++counts_.interpreted_nodes;
    switch (node.kind) {
      case NodeKind::Break:
        return interpreter_.step() ? Flow::Break : Flow::Ended;
      case NodeKind::Continue:
        return interpreter_.step() ? Flow::Continue : Flow::Ended;
      case NodeKind::If: {
        std::uint64_t condition = 0;
        if (!interpreter_.step() || !interpreter_.evaluate(node.child_a(), condition)) return Flow::Ended;
        return list(condition != 0 ? node.child_b() : node.child_c());
      }
      case NodeKind::Loop:
        return counted_loop(node);
      case NodeKind::While:
        return while_loop(node);
      default:
        return interpret(id, node.next);
    }
  }

  Flow interpret(NodeId first, NodeId end) { return interpreter_.execute(first, end) ? Flow::Next : Flow::Ended; }

  Flow counted_loop(const Node& node) {
    std::uint64_t count = 0;
    if (!interpreter_.step() || !interpreter_.evaluate(node.child_a(), count)) return Flow::Ended;
    for (; count != 0; --count) {
      if (!interpreter_.step()) return Flow::Ended;
      const Flow flow = list(node.child_b());
      if (flow == Flow::Ended) return flow;
      if (flow == Flow::Break) break;
    }
    return Flow::Next;
  }

  Flow while_loop(const Node& node) {
    if (!interpreter_.step()) return Flow::Ended;
    while (true) {
      std::uint64_t condition = 0;
      if (!interpreter_.step() || !interpreter_.evaluate(node.child_a(), condition)) return Flow::Ended;
      if (condition == 0) return Flow::Next;
      const Flow flow = list(node.child_b());
      if (flow == Flow::Ended) return flow;
      if (flow == Flow::Break) return Flow::Next;
    }
  }

  Flow scalar_run(const StatementRun& run) {
    const NativeRun& native = compiled(run);
    if (native.block == nullptr) {
      if (out_of_memory_) return Flow::Ended;
      for (NodeId id = run.first; id != run.end; id = program_.node(id).next) ++counts_.interpreted_nodes;
      return interpret(run.first, run.end);
    }
    ++counts_.native_runs;
    frame_.clear();
    for (const ast::VarId variable : native.shared) frame_.push_back(interpreter_.cell(variable));
    frame_.insert(frame_.end(), 2, 0);
    stack_.assign(native.most_pushes, 0);
    const std::int64_t result = native.block(frame_.data(), stack_.data(), 0);
    for (std::size_t i = 0; i < native.shared.size(); ++i) interpreter_.set_cell(native.shared[i], frame_[i]);
    interp::Outcome& outcome = interpreter_.outcome();
    const std::uint64_t depth = result < 0 ? frame_[native.pushed_slot] : static_cast<std::uint64_t>(result);
    outcome.stack.insert(outcome.stack.end(), stack_.begin(), stack_.begin() + static_cast<std::ptrdiff_t>(depth));
    if (result < 0) {
      outcome.end = interp::End::Trapped;
      outcome.trap = static_cast<ast::TrapKind>(-result);
      return Flow::Ended;
    }
    if (frame_[native.returned_slot] == 0) return Flow::Next;
    outcome.end = interp::End::Returned;
    return Flow::Ended;
  }

  // A run in a loop is compiled once.
  const NativeRun& compiled(const StatementRun& run) {
    const auto [place, is_new] = runs_.try_emplace(run.first.value);
    NativeRun& native = place->second;
    if (!is_new || !extract_run(program_, run, extracted_)) return native;
    compiler_.compile(extracted_.program, {Convention::SystemV, features_, false}, block_);
    const void* const address = memory_.add(block_.code);
    if (address == nullptr) {
      out_of_memory_ = true;
      return native;
    }
    native.shared = extracted_.shared;
    native.returned_slot = extracted_.returned.value;
    native.pushed_slot = extracted_.pushed.value;
    native.most_pushes = ast::max_pushes(extracted_.program);
    native.block = reinterpret_cast<Block>(reinterpret_cast<std::uintptr_t>(address));
    return native;
  }

  const ast::Program& program_;
  interp::Interpreter& interpreter_;
  CodeMemory& memory_;
  Compiler& compiler_;
  x64::CpuFeatures features_;
  std::unordered_map<std::uint32_t, std::vector<StatementRun>> lists_;  // by first statement
  std::unordered_map<std::uint32_t, NativeRun> runs_;                   // by first statement
  ExtractedRun extracted_;
  CompiledBlock block_;
  std::vector<std::uint64_t> frame_;
  std::vector<std::uint64_t> stack_;
  TieredCounts counts_;
  bool out_of_memory_ = false;
};

}  // namespace

TieredExecutor::TieredExecutor(CodeMemory memory, x64::CpuFeatures features)
    : memory_(std::move(memory)), features_(features) {}

base::Result<TieredCounts> TieredExecutor::run(const ast::Program& program, std::span<const std::uint64_t> frame,
                                               std::uint64_t fuel, interp::Outcome& outcome) {
  memory_.reset();
  interp::Interpreter interpreter(program, frame, fuel, outcome);
  Execution execution(program, interpreter, memory_, compiler_, features_);
  execution.list(program.body());
  if (execution.out_of_memory()) return base::system_error("the compiled runs do not fit the code memory");
  return execution.counts();
}

}  // namespace assay::jit
