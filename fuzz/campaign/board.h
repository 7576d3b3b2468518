// Board: where a job process shows its supervisor how far it is.
//
// Plain data in shared memory, so that a job that is killed at any moment leaves its last complete figures behind: a
// job fills the page that is not showing, then turns it. The supervisor only reads.
//
// Tested by fuzz/campaign/test/campaign_test.cc.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "fuzz/campaign/figures.h"

namespace assay::fuzz {

inline constexpr std::size_t kMaxSignatures = 128;

struct SignatureRecord {
  std::array<char, 192> signature{};
  std::array<char, 128> file{};  // the first finding's, in the findings folder
  std::uint64_t count = 0;
};

struct JobFigures : BatchFigures {
  std::uint64_t findings = 0;
  std::uint64_t helper_cpu_nanoseconds = 0;
  std::uint64_t own_cpu_nanoseconds = 0;
  std::array<SignatureRecord, kMaxSignatures> signatures{};
  std::uint64_t signature_count = 0;
};

class JobBoard {
 public:
  // By the job. The figures become visible as a whole.
  void publish(const JobFigures& figures) {
    const std::uint32_t next = 1 - showing_.load(std::memory_order_relaxed);
    pages_[next] = figures;
    showing_.store(next, std::memory_order_release);
  }

  // By the supervisor. While the job runs the figures may be mixed from two moments; once it has ended they are exact.
  [[nodiscard]] const JobFigures& read() const { return pages_[showing_.load(std::memory_order_acquire) & 1]; }

 private:
  std::atomic<std::uint32_t> showing_{0};
  std::array<JobFigures, 2> pages_{};
};

// Shared by all jobs: which batch is next, and whether to go on.
struct CampaignControl {
  std::atomic<std::uint64_t> next_batch{0};
  std::atomic<bool> stop{false};
};

}  // namespace assay::fuzz
