// Generation of statements; see writer.h. Tested by fuzz/gen/test/generator_test.cc.
#include <algorithm>

#include "fuzz/gen/constants.h"
#include "fuzz/gen/writer.h"

namespace assay::fuzz {

using ast::Builder;
using ast::NodeId;
using ast::Op;
using ast::Type;
using ast::VarId;

namespace {

constexpr std::uint32_t kDeepest = 4;  // statements in statements
constexpr std::array kTypes = {Type::I32, Type::I64};
constexpr std::size_t index_of(Type type) { return static_cast<std::size_t>(type); }

// "t12". Names differ while they are in scope; what was declared in a block before gives its name again, because passes
// that move locals out of their blocks have to mind that.
std::string numbered(char letter, std::uint32_t number) { return letter + std::to_string(number); }

}  // namespace

Writer::Writer() { statements_.reserve(256); }

void Writer::write(const SwarmConfig& config, base::Rng& rng, ast::Program& program) {
  config_ = &config;
  rng_ = &rng;
  program_ = &program;
  names_ = 0;
  statements_.clear();
  scopes_.clear();
  for (std::size_t i = 0; i < 2; ++i) {
    variables_[i].clear();
    targets_[i].clear();
  }
  list_choices();
  program.set_name("generated");
  for (std::uint32_t i = 0; i < config.slots; ++i) {
    const Type type = draw_type();
    const VarId slot = program.add_slot(numbered('s', i), type);
    variables_[index_of(type)].push_back(slot);
    targets_[index_of(type)].push_back(slot);
  }
  open_block();
  for (std::uint32_t i = config.slots; i < config.live_values; ++i) declare(draw_type());
  Context context;
  do {
    statement(context);
  } while (!out_of_nodes());
  finish_program();
  program.set_body(close_block());
}

Type Writer::draw_type() { return rng_->chance(config_->wide_percent, 100) ? Type::I64 : Type::I32; }

VarId Writer::new_local(Type type) { return program_->add_local(numbered('t', names_++), type); }

VarId Writer::bind(NodeId value) {
  const VarId local = new_local(program_->node(value).type);
  append(Builder(*program_).let(local, value));
  return local;
}

std::vector<VarId> Writer::draw_accumulators(Type type, std::uint32_t most) {
  std::vector<VarId> accumulators;
  for (std::uint32_t count = rng_->between(1, most); count > 0; --count) {
    if (!any_target(type).valid()) declare(type);
    accumulators.push_back(any_target(type));
  }
  return accumulators;
}

VarId Writer::any_variable(Type type) {
  const auto& list = variables_[index_of(type)];
  return list.empty() ? VarId::none() : list[rng_->below(static_cast<std::uint32_t>(list.size()))];
}

VarId Writer::any_target(Type type) {
  const auto& list = targets_[index_of(type)];
  return list.empty() ? VarId::none() : list[rng_->below(static_cast<std::uint32_t>(list.size()))];
}

void Writer::open_block() {
  scopes_.push_back({statements_.size(),
                     names_,
                     {variables_[0].size(), variables_[1].size()},
                     {targets_[0].size(), targets_[1].size()}});
}

NodeId Writer::close_block() {
  const Scope scope = scopes_.back();
  scopes_.pop_back();
  names_ = scope.names;
  for (std::size_t i = 0; i < 2; ++i) {
    variables_[i].resize(scope.variables[i]);
    targets_[i].resize(scope.targets[i]);
  }
  const NodeId first = Builder(*program_).block(std::span(statements_).subspan(scope.first_statement));
  statements_.resize(scope.first_statement);
  return first;
}

void Writer::block_of(std::uint32_t statements, const Context& context) {
  for (std::uint32_t i = 0; i < statements; ++i) statement(context);
}

void Writer::statement(const Context& context) {
  const bool nests = context.depth < kDeepest && !out_of_nodes();
  const std::uint32_t choice = rng_->below(16);
  if (choice < 2 && nests && config_->branches) {
    branch(context);
  } else if (choice < 4 && nests && config_->loops) {
    loop(context);
  } else if (choice == 4) {
    declare(draw_type());
  } else if (choice == 5) {
    rotate();
  } else if (choice == 6 && context.loop_depth != 0) {
    leave_loop(context);
  } else if (choice == 7 && config_->pushes && context.loop_depth == 0) {
    push();
  } else if (choice == 8 && config_->prints) {
    const NodeId value = expression(draw_type(), 1);
    append(Builder(*program_).print(value));
  } else if (choice == 9 && config_->returns && context.depth != 0) {
    const NodeId value = returned_value();
    append(Builder(*program_).return_value(value));
    if (config_->dead_code) assign();
  } else {
    assign();
  }
}

void Writer::assign() {
  Type type = draw_type();
  VarId target = any_target(type);
  if (!target.valid()) {
    type = type == Type::I32 ? Type::I64 : Type::I32;
    target = any_target(type);
  }
  // There is always a slot to assign: the configuration has at least one.
  const NodeId value = expression(type, config_->expression_depth);
  append(Builder(*program_).store(target, value));
}

void Writer::declare(Type type) {
  const NodeId value = expression(type, rng_->below(3));
  const VarId local = new_local(type);
  append(Builder(*program_).let(local, value));
  variables_[index_of(type)].push_back(local);
  targets_[index_of(type)].push_back(local);
}

// Values change places: two to six variables of one type, through one temporary. Register allocators lose copies here.
void Writer::rotate() {
  const Type type = draw_type();
  const auto& list = targets_[index_of(type)];
  if (list.size() < 2) {
    assign();
    return;
  }
  Builder build(*program_);
  const auto most = std::min<std::uint32_t>(6, static_cast<std::uint32_t>(list.size()));
  const std::uint32_t count = rng_->between(2, most);
  const std::uint32_t start = rng_->below(static_cast<std::uint32_t>(list.size()) - count + 1);
  const VarId temporary = new_local(type);
  append(build.let(temporary, build.load(list[start])));
  for (std::uint32_t i = 0; i + 1 < count; ++i) append(build.store(list[start + i], build.load(list[start + i + 1])));
  append(build.store(list[start + count - 1], build.load(temporary)));
  variables_[index_of(type)].push_back(temporary);
}

void Writer::branch(const Context& context) {
  const NodeId chosen = condition();
  Context inner = context;
  ++inner.depth;
  open_block();
  block_of(rng_->between(1, 3), inner);
  const NodeId then_block = close_block();
  NodeId else_block;
  if (rng_->chance(1, 2)) {
    open_block();
    block_of(rng_->between(1, 3), inner);
    else_block = close_block();
  }
  append(Builder(*program_).if_else(chosen, then_block, else_block));
}

// if (condition) { break; } and the like.
void Writer::leave_loop(const Context& context) {
  Builder build(*program_);
  const NodeId chosen = condition();
  NodeId exit;
  if (context.may_continue && rng_->chance(1, 2)) {
    exit = build.continue_loop();
  } else if (config_->returns && rng_->chance(1, 4)) {
    exit = build.return_value(returned_value());
  } else {
    exit = build.break_loop();
  }
  append(build.if_else(chosen, exit));
  if (config_->dead_code && rng_->chance(1, 2)) {
    append(build.break_loop());
    assign();
  }
}

// Nothing for a bare `return`.
NodeId Writer::returned_value() { return rng_->chance(1, 3) ? NodeId::none() : expression(draw_type(), 1); }

void Writer::push() {
  const NodeId value = expression(draw_type(), 2);
  append(Builder(*program_).push(value));
}

// What was computed must show: some locals are folded into slots before they go out of scope.
void Writer::finish_program() {
  Builder build(*program_);
  for (const Type type : kTypes) {
    for (std::size_t i = 0; i < variables_[index_of(type)].size(); ++i) {
      const VarId local = variables_[index_of(type)][i];
      if (program_->is_slot(local) || rng_->chance(1, 3)) continue;
      const VarId slot{rng_->below(program_->slot_count())};
      const NodeId value = convert_to(program_->variable_type(slot), build.load(local));
      append(build.store(slot, build.binary(rng_->chance(1, 2) ? Op::Xor : Op::Add, build.load(slot), value)));
    }
  }
  if (config_->returns && rng_->chance(1, 2)) append(build.return_value(leaf(draw_type())));
}

}  // namespace assay::fuzz
