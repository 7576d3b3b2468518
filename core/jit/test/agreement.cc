// The comparison; see agreement.h. Tested by core/jit/test/convention_test.cc.
#include "core/jit/test/agreement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "core/ast/verify.h"
#include "core/interp/interpreter.h"
#include "core/jit/test/checked_call.h"
#include "core/x64/cpu_features.h"

namespace assay::jit::test {
namespace {

constexpr std::uint64_t kCanary = 0xC0DEC0DEC0DEC0DEULL;
constexpr std::uint64_t kFirstIndex = 3;  // of the operand stack, to see that it is not taken for 0

CodeMemory make_memory(std::size_t bytes) {
  auto memory = CodeMemory::create(bytes);
  if (!memory.ok()) ADD_FAILURE() << "no code memory";
  return std::move(memory).value();
}

}  // namespace

Agreement::Agreement(std::size_t code_bytes) : memory_(make_memory(code_bytes)) {
  for (const x64::CpuFeatures features : {x64::CpuFeatures{}, x64::host_features()}) {
    versions_.push_back({{Convention::SystemV, features, false}, nullptr});
    versions_.push_back({{Convention::Microsoft, features, false}, nullptr});
  }
}

void Agreement::prepare(const ast::Program& program) {
  program_ = &program;
  const auto verified = ast::verify(program);
  ASSERT_TRUE(verified.ok()) << verified.error().message;
  pushes_ = ast::max_pushes(program);
  memory_.reset();
  for (Version& version : versions_) {
    CompiledBlock& block = &version == versions_.data() ? first_block_ : block_;
    compiler_.compile(program, version.options, block);
    version.entry = memory_.add(block.code);
    ASSERT_NE(version.entry, nullptr);
  }
}

std::string Agreement::check(std::span<const std::uint64_t> frame, std::uint64_t fuel) {
  interp::interpret(*program_, frame, fuel, expected_);
  if (expected_.end == interp::End::OutOfFuel) return {};
  for (const Version& version : versions_) {
    std::string difference = check_version(version, frame);
    if (!difference.empty()) {
      return std::string(convention_name(version.options.convention)) + " " + describe(version.options.features) +
             ": " + difference;
    }
  }
  return {};
}

std::string Agreement::check_program(const ast::Program& program, std::span<const std::uint64_t> frame) {
  prepare(program);
  return check(frame);
}

std::string Agreement::check_version(const Version& version, std::span<const std::uint64_t> frame) {
  frame_.assign(frame.size() + 2, kCanary);
  std::copy(frame.begin(), frame.end(), frame_.begin() + 1);
  stack_.assign(kFirstIndex + pushes_ + 1, kCanary);
  const CheckedCall made =
      call_checked(version.options.convention, version.entry, frame_.data() + 1, stack_.data(), kFirstIndex);

  std::ostringstream difference;
  difference << std::hex;
  if (!made.registers_kept) difference << "a saved register was changed; ";
  if (!made.stack_pointer_kept) difference << "the stack pointer was changed; ";
  const bool trapped = expected_.end == interp::End::Trapped;
  const std::int64_t result = trapped ? -static_cast<std::int64_t>(expected_.trap)
                                      : static_cast<std::int64_t>(kFirstIndex + expected_.stack.size());
  if (made.result != result) difference << "result " << made.result << ", expected " << result << "; ";
  for (std::size_t i = 0; i < frame.size(); ++i) {
    if (frame_[i + 1] == expected_.frame[i]) continue;
    difference << "slot " << i << " is " << frame_[i + 1] << ", expected " << expected_.frame[i] << "; ";
  }
  if (frame_.front() != kCanary || frame_.back() != kCanary) difference << "a write outside the frame; ";
  for (std::size_t i = 0; i < stack_.size(); ++i) {
    const bool pushed = i >= kFirstIndex && i - kFirstIndex < expected_.stack.size();
    const std::uint64_t wanted = pushed ? expected_.stack[i - kFirstIndex] : kCanary;
    if (stack_[i] != wanted) difference << "stack cell " << i << " is " << stack_[i] << ", expected " << wanted << "; ";
  }
  return difference.str();
}

}  // namespace assay::jit::test
