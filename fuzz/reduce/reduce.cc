// Attempts in batches, round by round; see reduce.h. Tested by fuzz/reduce/test/reduce_test.cc.
#include "fuzz/reduce/reduce.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/ast/codec.h"
#include "core/ast/compact.h"
#include "core/ast/verify.h"
#include "core/base/fnv1a.h"
#include "core/opt/pipeline.h"
#include "fuzz/findings/replay.h"
#include "fuzz/reduce/edits.h"
#include "fuzz/reduce/size.h"
#include "fuzz/reduce/tree.h"

namespace assay::fuzz {
namespace {

// Over what the predicate may look at. Only remembers what failed: a collision could cost a step, never a wrong one.
std::uint64_t hash_of(const Finding& finding) {
  base::Fnv1a hash;
  hash.add_all(ast::encode(finding.program));
  for (const oracles::Frame& input : finding.inputs) {
    for (const std::uint64_t cell : input) hash.add_word(cell);
  }
  hash.add_word(finding.inputs.size());
  if (finding.pipeline) {
    for (const opt::PassId pass : *finding.pipeline) hash.add_word(static_cast<std::uint64_t>(pass) + 1);
  }
  const x64::CpuFeatures& features = finding.features;
  for (const bool feature : {features.popcnt, features.lzcnt, features.bmi1, features.bmi2})
    hash.add_word(feature ? 1 : 0);
  return hash.value();
}

// Blocks that are merged must not bring two variables of one name together.
void give_own_names(ast::Program& program) {
  std::unordered_set<std::string> taken;
  for (std::uint32_t i = 0; i < program.variable_count(); ++i) {
    std::string name(program.variable_name(ast::VarId{i}));
    for (std::uint32_t number = i; !taken.insert(name).second; ++number) name = fmt::format("v{}", number);
    program.set_variable_name(ast::VarId{i}, name);
  }
}

// What the edits start from: everything spelled out, and no headers to copy with every attempt.
Finding working_copy(const Finding& finding) {
  Finding copy;
  ast::compact(finding.program, copy.program);
  give_own_names(copy.program);
  copy.inputs = finding.inputs.empty() ? default_inputs(finding.program) : finding.inputs;
  copy.features = finding.features;
  copy.pipeline = finding.pipeline ? *finding.pipeline : opt::default_pipeline();
  return copy;
}

class Reducer {
 public:
  Reducer(const Finding& finding, const Predicate& still_fails, const ReduceConfig& config)
      : still_fails_(still_fails), config_(config), best_(working_copy(finding)), size_(size_of(best_)) {}

  Reduction run(const Finding& original) {
    Reduction result;
    result.nodes_before = best_.program.node_count();
    const auto itself = still_fails_(std::span(&best_, 1));
    if (!itself) failure_ = itself.error();
    if (itself && !itself->front()) {
      result.end = ReductionEnd::NotReproduced;
    } else {
      if (!failure_) settle();
      while (detour()) {
      }
      result.end = failure_ ? ReductionEnd::HarnessFailed : stopped_ ? ReductionEnd::Stopped : ReductionEnd::Complete;
    }
    result.finding = original;
    if (kept_ != 0) {
      result.finding.program = std::move(best_.program);
      result.finding.inputs = std::move(best_.inputs);
      result.finding.pipeline = std::move(best_.pipeline);
      result.finding.features = best_.features;
      result.finding.explanation.clear();
    }
    result.nodes_after = kept_ != 0 ? result.finding.program.node_count() : result.nodes_before;
    result.tried = tried_;
    result.kept = kept_;
    result.failure = std::move(failure_);
    return result;
  }

 private:
  // Once stopped, always stopped, so that the answer at the end is the one that was acted upon.
  bool stopped() {
    if (failure_ || stopped_) return true;
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
    stopped_ = (config_.interrupted != nullptr && config_.interrupted->load()) ||
               (config_.seconds && elapsed.count() >= *config_.seconds) ||
               (config_.attempts && tried_ >= *config_.attempts);
    return stopped_;
  }

  // Rounds of all edits, until one keeps nothing.
  void settle() {
    bool progress = true;
    while (progress && !stopped()) {
      progress = false;
      for (const EditKind& kind : kEditKinds) {
        if (!stopped()) progress |= sweep(kind);
      }
    }
  }

  // What the first passes make of the program, behind fewer passes: mostly larger, so no edit gets there, but often
  // with a smaller end, because a fault in the code for a closed form no longer needs a loop that has one. True when
  // the end was smaller.
  bool detour() {
    for (std::size_t done = best_.pipeline->size(); done > 0; --done) {
      if (stopped()) return false;
      Finding way = best_;
      const auto rest = way.pipeline->begin() + static_cast<std::ptrdiff_t>(done);
      way.program = opt::run_pipeline(best_.program, opt::Pipeline(way.pipeline->begin(), rest));
      way.pipeline->erase(way.pipeline->begin(), rest);
      if (!ast::verify(way.program)) continue;
      way = working_copy(way);
      const std::uint64_t hash = hash_of(way);
      if (refused_.contains(hash)) continue;
      const auto verdict = still_fails_(std::span(&way, 1));
      ++tried_;
      if (!verdict) {
        failure_ = verdict.error();
        return false;
      }
      if (!verdict->front()) {
        refused_.insert(hash);
        continue;
      }
      const Finding best = std::exchange(best_, std::move(way));
      const Size size = std::exchange(size_, size_of(best_));
      const std::uint64_t kept = kept_++;
      settle();
      if (size_ < size) return true;
      best_ = best;
      size_ = size;
      kept_ = kept;
    }
    return false;
  }

  // All edits of one kind, until none is left. Whether anything was kept.
  bool sweep(const EditKind& kind) {
    bool progress = false;
    std::size_t next = 0;
    std::size_t batch = 1;
    list(kind);
    while (next < edits_.size() && !stopped()) {
      collect(next, batch);
      if (attempts_.empty() || stopped_) break;
      auto verdicts = still_fails_(attempts_);
      if (!verdicts) {
        failure_ = verdicts.error();
        break;
      }
      tried_ += attempts_.size();
      const auto kept = std::find(verdicts->begin(), verdicts->end(), true);
      const auto failed = static_cast<std::size_t>(kept - verdicts->begin());
      for (std::size_t i = 0; i < failed; ++i) refused_.insert(hashes_[i]);
      if (kept == verdicts->end()) {
        batch = std::min(2 * batch, config_.largest_batch);
        continue;
      }
      best_ = std::move(attempts_[failed]);
      size_ = size_of(best_);
      ++kept_;
      progress = true;
      batch = 1;
      // The edits before it failed and mostly would again; the next round looks at them once more.
      next = origins_[failed];
      list(kind);
    }
    return progress;
  }

  void list(const EditKind& kind) {
    edits_.clear();
    kind.list(best_, edits_);
  }

  // Fills attempts_ with up to `count` attempts that are valid, smaller, and not known to fail.
  void collect(std::size_t& next, std::size_t count) {
    if (config_.attempts) count = std::min<std::size_t>(count, *config_.attempts - tried_);
    attempts_.clear();
    hashes_.clear();
    origins_.clear();
    for (; next < edits_.size() && attempts_.size() < count && !stopped(); ++next) {
      Finding attempt = best_;
      edits_[next](attempt);
      repair(attempt.program);
      ast::Program ordered;
      ast::compact(attempt.program, ordered);
      if (!ast::verify(ordered)) continue;
      attempt.program = std::move(ordered);
      if (!(size_of(attempt) < size_)) continue;
      const std::uint64_t hash = hash_of(attempt);
      if (refused_.contains(hash) || std::find(hashes_.begin(), hashes_.end(), hash) != hashes_.end()) continue;
      attempts_.push_back(std::move(attempt));
      hashes_.push_back(hash);
      origins_.push_back(next);
    }
  }

  const Predicate& still_fails_;
  const ReduceConfig& config_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  Finding best_;
  Size size_;
  Edits edits_;
  std::vector<Finding> attempts_;
  std::vector<std::uint64_t> hashes_;  // of the attempts
  std::vector<std::size_t> origins_;   // their edits
  std::unordered_set<std::uint64_t> refused_;
  std::uint64_t tried_ = 0;
  std::uint64_t kept_ = 0;
  bool stopped_ = false;
  std::optional<base::Error> failure_;
};

}  // namespace

Reduction reduce(const Finding& finding, const Predicate& still_fails, const ReduceConfig& config) {
  return Reducer(finding, still_fails, config).run(finding);
}

}  // namespace assay::fuzz
