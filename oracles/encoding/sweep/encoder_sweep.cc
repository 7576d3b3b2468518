// Units, threads and tallies; see encoder_sweep.h.
//
// Tested by oracles/encoding/test/encoder_sweep_test.cc and sweep_faults_test.cc.
#include "oracles/encoding/sweep/encoder_sweep.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <iterator>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "oracles/encoding/check.h"
#include "oracles/encoding/fields.h"
#include "oracles/encoding/intent_text.h"
#include "oracles/encoding/llvm_decoder.h"
#include "oracles/encoding/sweep/branch_space.h"
#include "oracles/encoding/zydis_decoder.h"

namespace assay::oracles::encoding::sweep {
namespace {

using x64::Form;
using x64::Intent;

constexpr std::uint64_t kUnitEncodings = 1U << 15;

// A part of the space: `end - begin` numbers of a form, or of the list of branch cases, in steps.
struct Unit {
  bool branches = false;
  Form form{};
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint64_t step = 1;
};

struct Kept {
  std::size_t unit = 0;
  std::size_t order = 0;  // in the unit
  SweepMismatch mismatch;
};

bool is_wanted(Form form, const std::string& globs) {
  const std::string id(x64::form_info(form).id);
  std::size_t start = 0;
  while (start <= globs.size()) {
    const std::size_t end = std::min(globs.find(',', start), globs.size());
    if (::fnmatch(globs.substr(start, end - start).c_str(), id.c_str(), 0) == 0) return true;
    start = end + 1;
  }
  return false;
}

std::uint64_t step_of(std::uint64_t size, std::uint64_t every) { return size <= kWholeForm ? 1 : every; }

double cpu_seconds_of_thread() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// What the threads share.
struct Shared {
  const SweepOptions& options;
  const Encoder& encoder;
  const std::vector<Unit>& units;
  std::array<bool, x64::kFormCount> wanted{};
  std::atomic<std::size_t> next{0};
  std::atomic<std::uint64_t> done{0};
  std::atomic<std::uint64_t> mismatches{0};
};

// One thread's decoders and counts.
class Worker {
 public:
  static base::Result<std::unique_ptr<Worker>> create(Shared& shared) {
    auto zydis = ZydisDecoder::create();
    if (!zydis) return zydis.error();
    auto llvm = LlvmDecoder::create();
    if (!llvm) return llvm.error();
    return std::unique_ptr<Worker>(new Worker(shared, std::move(zydis).value(), std::move(llvm).value()));
  }

  void run() {
    for (;;) {
      unit_ = shared_.next.fetch_add(1);
      if (unit_ >= shared_.units.size()) break;
      kept_of_form_ = {};
      const Unit& unit = shared_.units[unit_];
      const std::uint64_t before = judged_;
      if (unit.branches) {
        run_branches(unit);
      } else {
        run_form(unit);
      }
      shared_.done.fetch_add(judged_ - before);
    }
    cpu_seconds_ = cpu_seconds_of_thread();
  }

  void add_to(SweepResult& result, std::array<FormTally, x64::kFormCount>& forms, std::vector<Kept>& kept) {
    for (std::size_t i = 0; i < x64::kFormCount; ++i) {
      forms[i].encodings += forms_[i].encodings;
      forms[i].mismatches += forms_[i].mismatches;
      forms[i].longer += forms_[i].longer;
    }
    for (std::size_t i = 0; i < by_field_.size(); ++i) result.by_field[i] += by_field_[i];
    for (std::size_t i = 0; i < longer_.size(); ++i) result.longer[i] += longer_[i];
    result.decoded += checker_.instructions_decoded();
    result.cpu_seconds += cpu_seconds_;
    std::ranges::move(kept_, std::back_inserter(kept));
  }

 private:
  Worker(Shared& shared, std::unique_ptr<ZydisDecoder> zydis, std::unique_ptr<LlvmDecoder> llvm)
      : shared_(shared),
        zydis_(*zydis),
        checker_(std::move(zydis), std::move(llvm), {.cache_entries = 0}),
        longer_(shared.options.longer.size()) {}

  void run_form(const Unit& unit) {
    const OperandSpace space(unit.form);
    std::array<std::uint8_t, kEncodingRoom> buffer{};
    Intent intent;
    intent.form = unit.form;
    for (std::uint64_t index = unit.begin; index < unit.end; index += unit.step) {
      intent.operands = space.at(index);
      const int length = shared_.encoder.encode(unit.form, intent.operands, buffer.data());
      const auto size = static_cast<std::size_t>(std::clamp(length, 0, static_cast<int>(kEncodingRoom)));
      intent.length = static_cast<std::uint8_t>(size);
      judge(intent, std::span(buffer).first(size));
    }
  }

  void run_branches(const Unit& unit) {
    for (std::uint64_t index = unit.begin; index < unit.end; index += unit.step) {
      const BranchCase& one = branch_cases()[index];
      const std::vector<Intent> expected = expected_branches(one);
      const auto is_wanted_form = [this](const Intent& intent) {
        return shared_.wanted[static_cast<std::size_t>(intent.form)];
      };
      if (std::ranges::none_of(expected, is_wanted_form)) continue;
      std::vector<AssembledBranch> assembled = assemble_branches(one);
      for (std::size_t i = 0; i < expected.size(); ++i) {
        if (!is_wanted_form(expected[i])) continue;
        if (i < assembled.size()) {
          shared_.encoder.branch(assembled[i].recorded, assembled[i].bytes);
          judge_branch(expected[i], assembled[i]);
        } else {
          count(expected[i].form);
          mismatch(expected[i].form, {EncodingField::Tiling, 0, 0, "the assembler has recorded no such branch"});
        }
      }
    }
  }

  void judge(const Intent& intent, std::span<const std::uint8_t> bytes) {
    count(intent.form);
    if (!checker_.is_right(intent, bytes)) {
      mismatch(intent.form, why(intent, bytes));
      return;
    }
    // The first decoder has just read it.
    const std::span<const std::uint8_t> again = zydis_.encode_again();
    if (again.empty()) {
      mismatch(intent.form,
               {EncodingField::Decoders, 0, 0,
                fmt::format("`{}` is {}, which Zydis reads and cannot encode", describe(intent), describe(bytes))});
      return;
    }
    if (again.size() >= bytes.size()) return;
    const auto row = row_for(shared_.options.longer, intent, bytes.size() - again.size());
    if (row) {
      ++longer_[*row];
      ++forms_[static_cast<std::size_t>(intent.form)].longer;
      return;
    }
    mismatch(intent.form, {EncodingField::Length, 0, 0,
                           fmt::format("`{}` is {}, but {} is shorter, and no reason is stated why not",
                                       describe(intent), describe(bytes), describe(again))});
  }

  void judge_branch(const Intent& expected, const AssembledBranch& assembled) {
    count(expected.form);
    // As it would be at offset 0.
    Intent recorded = relative(assembled.recorded);
    for (x64::Operand& operand : recorded.operands) {
      if (operand.kind == x64::OperandKind::Rel8 || operand.kind == x64::OperandKind::Rel32) {
        operand.immediate += recorded.length;
      }
    }
    recorded.offset = 0;
    if (!checker_.is_right(recorded, assembled.bytes)) {
      mismatch(expected.form, why(recorded, assembled.bytes));
      return;
    }
    const Intent& got = assembled.recorded;
    if (got.form != expected.form || got.length != expected.length) {
      mismatch(expected.form, {EncodingField::Length, 0, 0,
                               fmt::format("`{}` at {:#x} has {} bytes, expected {}", describe(expected),
                                           expected.offset, got.length, expected.length)});
    } else if (got.operands != expected.operands || got.offset != expected.offset) {
      mismatch(expected.form, {EncodingField::BranchTarget, 0, 0,
                               fmt::format("`{}` stands at {:#x}, expected `{}` at {:#x}", describe(got), got.offset,
                                           describe(expected), expected.offset)});
    }
  }

  void count(Form form) {
    ++judged_;
    ++forms_[static_cast<std::size_t>(form)].encodings;
  }

  [[nodiscard]] Mismatch why(const Intent& intent, std::span<const std::uint8_t> bytes) {
    if (shared_.mismatches.load() < kFieldsNamed) return checker_.explain(intent, bytes);
    return {};
  }

  void mismatch(Form form, Mismatch found) {
    ++forms_[static_cast<std::size_t>(form)].mismatches;
    if (shared_.mismatches.fetch_add(1) >= kFieldsNamed) return;
    ++by_field_[static_cast<std::size_t>(found.field)];
    std::size_t& kept = kept_of_form_[static_cast<std::size_t>(form)];
    if (kept == shared_.options.shown_of_form || found.message.empty()) return;
    ++kept;
    kept_.push_back({unit_, kept_.size(), {form, found.field, std::move(found.message)}});
  }

  Shared& shared_;
  ZydisDecoder& zydis_;  // the checker's
  EncodingChecker checker_;
  std::size_t unit_ = 0;
  std::array<FormTally, x64::kFormCount> forms_{};
  std::array<std::size_t, x64::kFormCount> kept_of_form_{};  // in this unit
  std::array<std::uint64_t, kEncodingFieldCount> by_field_{};
  std::vector<std::uint64_t> longer_;
  std::vector<Kept> kept_;
  std::uint64_t judged_ = 0;
  double cpu_seconds_ = 0;
};

std::vector<Unit> make_units(const SweepOptions& options) {
  std::vector<Unit> units;
  const auto add = [&](const Unit& whole, std::uint64_t per_unit) {
    const std::uint64_t span = per_unit * whole.step;
    for (std::uint64_t begin = 0; begin < whole.end; begin += span) {
      Unit unit = whole;
      unit.begin = begin;
      unit.end = std::min(whole.end, begin + span);
      units.push_back(unit);
    }
  };
  bool branches = false;
  for (std::size_t i = 0; i < x64::kFormCount; ++i) {
    const auto form = static_cast<Form>(i);
    if (!is_wanted(form, options.forms)) continue;
    if (is_branch(form)) {
      branches = true;
      continue;
    }
    const std::uint64_t size = OperandSpace(form).size();
    add({.form = form, .end = size, .step = step_of(size, options.every)}, kUnitEncodings);
  }
  constexpr std::uint64_t kUnitCases = 512;
  const std::uint64_t cases = branch_cases().size();
  if (branches) add({.branches = true, .end = cases, .step = step_of(cases, options.every)}, kUnitCases);
  return units;
}

void keep_first(std::vector<Kept>& kept, const SweepOptions& options, SweepResult& result) {
  std::ranges::sort(kept, {}, [](const Kept& one) { return std::pair(one.unit, one.order); });
  std::array<std::size_t, x64::kFormCount> of_form{};
  for (Kept& one : kept) {
    if (result.first.size() == options.shown) return;
    if (++of_form[static_cast<std::size_t>(one.mismatch.form)] > options.shown_of_form) continue;
    result.first.push_back(std::move(one.mismatch));
  }
}

// Runs the workers and tells of progress until they are done.
void run_workers(const std::vector<std::unique_ptr<Worker>>& workers, const Shared& shared, std::uint64_t planned) {
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t running = workers.size();
  std::vector<std::thread> threads;
  for (const auto& worker : workers) {
    threads.emplace_back([&] {
      worker->run();
      const std::lock_guard lock(mutex);
      --running;
      changed.notify_one();
    });
  }
  const auto tell = [&] {
    if (shared.options.progress) shared.options.progress({shared.done.load(), planned, shared.mismatches.load()});
  };
  std::unique_lock lock(mutex);
  while (running != 0) {
    changed.wait_for(lock, std::chrono::milliseconds(100));
    tell();
  }
  tell();  // workers may be done before anyone waits for them
  lock.unlock();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

std::vector<FormTally> plan_sweep(const SweepOptions& options) {
  std::array<std::uint64_t, x64::kFormCount> planned{};
  for (std::size_t i = 0; i < x64::kFormCount; ++i) {
    if (is_branch(static_cast<Form>(i))) continue;
    const std::uint64_t size = OperandSpace(static_cast<Form>(i)).size();
    const std::uint64_t step = step_of(size, options.every);
    planned[i] = (size + step - 1) / step;
  }
  const std::vector<BranchCase>& cases = branch_cases();
  for (std::size_t i = 0; i < cases.size(); i += step_of(cases.size(), options.every)) {
    for (const Intent& intent : expected_branches(cases[i])) ++planned[static_cast<std::size_t>(intent.form)];
  }
  std::vector<FormTally> tallies;
  for (std::size_t i = 0; i < x64::kFormCount; ++i) {
    const auto form = static_cast<Form>(i);
    if (is_wanted(form, options.forms)) tallies.push_back({.form = form, .planned = planned[i]});
  }
  return tallies;
}

base::Result<SweepResult> sweep_encoder(const SweepOptions& options) {
  SweepResult result;
  result.forms = plan_sweep(options);
  if (result.forms.empty()) return base::input_error(fmt::format("no form is called like '{}'", options.forms));
  for (const FormTally& tally : result.forms) result.planned += tally.planned;
  result.complete = result.forms.size() == x64::kFormCount && options.every == 1;
  result.longer.resize(options.longer.size());

  const auto start = std::chrono::steady_clock::now();
  static const Encoder own{};
  const std::vector<Unit> units = make_units(options);
  Shared shared{.options = options, .encoder = options.encoder != nullptr ? *options.encoder : own, .units = units};
  for (const FormTally& tally : result.forms) shared.wanted[static_cast<std::size_t>(tally.form)] = true;
  std::vector<std::unique_ptr<Worker>> workers;
  result.jobs = static_cast<unsigned>(std::clamp<std::size_t>(options.jobs, 1, std::max<std::size_t>(units.size(), 1)));
  for (unsigned i = 0; i < result.jobs; ++i) {
    auto worker = Worker::create(shared);
    if (!worker) return worker.error();
    workers.push_back(std::move(worker).value());
  }
  run_workers(workers, shared, result.planned);

  std::array<FormTally, x64::kFormCount> forms{};
  std::vector<Kept> kept;
  for (const auto& worker : workers) worker->add_to(result, forms, kept);
  for (FormTally& tally : result.forms) {
    const FormTally& counted = forms[static_cast<std::size_t>(tally.form)];
    tally.encodings = counted.encodings;
    tally.mismatches = counted.mismatches;
    tally.longer = counted.longer;
    result.encodings += counted.encodings;
    result.mismatches += counted.mismatches;
  }
  keep_first(kept, options, result);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace assay::oracles::encoding::sweep
