// The encoding oracle; see check.h.
//
// Tested by oracles/encoding/test/check_test.cc, convictions_test.cc and encoder_sweep_test.cc.
#include "oracles/encoding/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/x64/form.h"
#include "oracles/encoding/agreement.h"
#include "oracles/encoding/explain_field.h"
#include "oracles/encoding/fields.h"
#include "oracles/encoding/intent_text.h"
#include "oracles/encoding/llvm_decoder.h"
#include "oracles/encoding/zydis_decoder.h"

namespace assay::oracles::encoding {
namespace {

using x64::Form;
using x64::Intent;
using x64::Operand;
using x64::OperandKind;

bool is_relative(OperandKind kind) { return kind == OperandKind::Rel8 || kind == OperandKind::Rel32; }

// Relative operands are the last of a form.
const Operand* target_of(const Intent& intent) {
  if (is_relative(intent.operands[0].kind)) return &intent.operands[0];
  return is_relative(intent.operands[1].kind) ? &intent.operands[1] : nullptr;
}

// Whether a near branch would reach its target in the short form, which is two bytes long. A target behind the branch
// moves with its end; one before does not, and is nearer to the end of the shorter branch.
bool short_form_reaches(const Intent& relative_intent) {
  if (relative_intent.form != Form::JmpRel32 && relative_intent.form != Form::JccRel32) return false;
  const std::int64_t distance = target_of(relative_intent)->immediate;
  constexpr std::int64_t kShortLength = 2;
  return distance >= 0 ? distance <= 127 : distance + relative_intent.length - kShortLength >= -128;
}

bool is_canonical(const Intent& relative_intent, std::span<const std::uint8_t> bytes) {
  if (!is_encodable(relative_intent)) return false;
  const Bytes expected = to_bytes(intended_fields(relative_intent));
  return std::ranges::equal(expected.span(), bytes);
}

// The instruction as it stands in the code, which may be longer than was recorded.
std::string reading(Decoder& decoder, std::span<const std::uint8_t> code, const Intent& intent) {
  const auto rest = code.subspan(intent.offset);
  std::string text = fmt::format("`{}`", decoder.print(rest, intent.offset));
  const Decoded decoded = decoder.decode(rest);
  if (decoded.status != DecodeStatus::Malformed && decoded.length != intent.length) {
    text += fmt::format(" of {} bytes", decoded.length);
  }
  return text;
}

Explanation explain_unencodable(const Intent& relative_intent) {
  const Operand* const target = target_of(relative_intent);
  if (target != nullptr && target->kind == OperandKind::Rel8) {
    return {EncodingField::Unencodable,
            fmt::format("the target is {} bytes from the end of a short branch, which reaches from -128 to 127",
                        target->immediate)};
  }
  return {EncodingField::Unencodable, "what was asked for has no encoding in this form"};
}

}  // namespace

base::Result<std::unique_ptr<EncodingChecker>> EncodingChecker::create(const CheckerOptions& options) {
  auto zydis = ZydisDecoder::create();
  if (!zydis) return zydis.error();
  auto llvm = LlvmDecoder::create();
  if (!llvm) return llvm.error();
  return std::make_unique<EncodingChecker>(std::move(zydis).value(), std::move(llvm).value(), options);
}

EncodingChecker::EncodingChecker(std::unique_ptr<Decoder> first, std::unique_ptr<Decoder> second,
                                 const CheckerOptions& options)
    : first_(std::move(first)), second_(std::move(second)), options_(options) {
  if (options_.cache_entries != 0) cache_.emplace(options_.cache_entries);
}

bool EncodingChecker::is_good(const Intent& intent, std::span<const std::uint8_t> bytes) {
  ++decoded_;
  const Intent wanted = relative(intent);
  const bool first =
      agrees(wanted, first_->decode(bytes)) || is_known(options_.known_differences, wanted.form, first_->name());
  const bool second =
      agrees(wanted, second_->decode(bytes)) || is_known(options_.known_differences, wanted.form, second_->name());
  return first && second && is_canonical(wanted, bytes) && !short_form_reaches(wanted);
}

bool EncodingChecker::is_right(const Intent& intent, std::span<const std::uint8_t> bytes) {
  ++checked_;
  return is_good(intent, bytes);
}

Mismatch EncodingChecker::explain(const Intent& intent, std::span<const std::uint8_t> bytes) {
  return explain({bytes, bytes, intent, 0});
}

Mismatch EncodingChecker::explain(const Place& place) {
  const Intent wanted = relative(place.intent);
  const Decoded first = first_->decode(place.bytes);
  const Decoded second = second_->decode(place.bytes);
  const bool first_agrees = agrees(wanted, first);
  const bool second_agrees = agrees(wanted, second);
  Explanation why;
  if (!is_encodable(wanted)) {
    why = explain_unencodable(wanted);
  } else if (!is_canonical(wanted, place.bytes)) {
    why = explain_fields(wanted, place.bytes);
  } else if (!first_agrees && !second_agrees) {
    why = {EncodingField::Opcode, "the row of the instruction table does not mean what its name says"};
  } else if (first_agrees != second_agrees) {
    why = {EncodingField::Decoders,
           fmt::format("{} does not read what was intended", first_agrees ? second_->name() : first_->name())};
  } else {
    why = {EncodingField::Length, "a short branch reaches the target"};
  }
  std::string message = fmt::format("{}; intended `{}`, but {} is {}", why.sentence, describe(place.intent),
                                    describe(place.bytes), reading(*first_, place.code, place.intent));
  if (!same_reading(first, second)) {
    message += fmt::format(" to {} and {} to {}: the decoders disagree", first_->name(),
                           reading(*second_, place.code, place.intent), second_->name());
  }
  return {why.field, place.intent.offset, place.instruction, std::move(message)};
}

std::size_t EncodingChecker::tile(std::span<const std::uint8_t> code, std::span<const Intent> intents,
                                  std::optional<Mismatch>& broken) {
  starts_.assign(code.size() / 64 + 1, 0);
  branches_.clear();
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < intents.size(); ++i) {
    const Intent& intent = intents[i];
    if (intent.offset != next || intent.length == 0 || next + intent.length > code.size()) {
      broken = {
          EncodingField::Tiling, static_cast<std::uint32_t>(next), i,
          fmt::format("`{}` is recorded as {} bytes at {:#x}, but the instruction before it ends at {:#x} and the "
                      "code at {:#x}",
                      describe(intent), intent.length, intent.offset, next, code.size())};
      return i;
    }
    if (intent.length > kMaxInstructionBytes || static_cast<std::size_t>(intent.form) >= x64::kFormCount) {
      broken = {EncodingField::Length, intent.offset, i,
                fmt::format("`{}` is recorded as {} bytes; no instruction is", describe(intent), intent.length)};
      return i;
    }
    if (target_of(intent) != nullptr) branches_.push_back(i);
    starts_[next / 64] |= std::uint64_t{1} << (next % 64);
    next += intent.length;
  }
  if (next != code.size()) {
    broken = {EncodingField::Tiling, static_cast<std::uint32_t>(next), static_cast<std::uint32_t>(intents.size()),
              fmt::format("{} bytes at {:#x} belong to no recorded instruction", code.size() - next, next)};
  }
  return intents.size();
}

// Precondition: `tile` found the intents in place.
void EncodingChecker::check_instructions(std::span<const std::uint8_t> code, std::span<const Intent> intents,
                                         std::size_t limit, std::vector<Mismatch>& found) {
  // Look-ups are made in groups, so that the cache's memory arrives while the next keys are made.
  constexpr std::size_t kGroup = 16;
  std::array<VerdictKey, kGroup> keys;
  std::array<std::size_t, kGroup> sets{};
  for (std::size_t first = 0; first < intents.size(); first += kGroup) {
    const std::size_t count = std::min(kGroup, intents.size() - first);
    for (std::size_t i = 0; cache_ && i < count; ++i) {
      make_key(intents[first + i], code, keys[i]);
      sets[i] = cache_->set_of(keys[i]);
      cache_->prefetch(sets[i]);
    }
    for (std::size_t i = 0; i < count; ++i) {
      ++checked_;
      if (cache_ && cache_->holds(sets[i], keys[i])) continue;
      const Intent& intent = intents[first + i];
      const auto bytes = code.subspan(intent.offset, intent.length);
      if (is_good(intent, bytes)) {
        if (cache_) cache_->store(sets[i], keys[i]);
        continue;
      }
      found.push_back(explain({code, bytes, intent, static_cast<std::uint32_t>(first + i)}));
      if (found.size() == limit) return;
    }
  }
}

std::vector<Mismatch> EncodingChecker::check_all(std::span<const std::uint8_t> code, std::span<const Intent> intents,
                                                 std::size_t limit) {
  std::vector<Mismatch> found;
  if (limit == 0) return found;
  std::optional<Mismatch> broken;
  const std::size_t in_place = tile(code, intents, broken);
  check_instructions(code, intents.first(in_place), limit, found);
  if (found.size() == limit) return found;
  if (broken) {
    found.push_back(*std::move(broken));
    return found;
  }
  check_targets(code, intents, limit, found);
  return found;
}

void EncodingChecker::check_targets(std::span<const std::uint8_t> code, std::span<const Intent> intents,
                                    std::size_t limit, std::vector<Mismatch>& found) const {
  for (const std::uint32_t i : branches_) {
    if (found.size() >= limit) return;
    const Intent& intent = intents[i];
    const std::int64_t target = target_of(intent)->immediate;
    const bool inside = target >= 0 && target < static_cast<std::int64_t>(code.size());
    const auto position = static_cast<std::size_t>(target);
    if (inside && (starts_[position / 64] >> (position % 64) & 1) != 0) continue;
    found.push_back({EncodingField::BranchTarget, intent.offset, i,
                     fmt::format("`{}` leads {}", describe(intent),
                                 inside ? "into the middle of an instruction" : "out of the code")});
  }
}

std::optional<Mismatch> EncodingChecker::check(std::span<const std::uint8_t> code, std::span<const Intent> intents) {
  std::vector<Mismatch> found = check_all(code, intents, 1);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::string decoder_versions() { return zydis_version() + ", " + llvm_version(); }

}  // namespace assay::oracles::encoding
