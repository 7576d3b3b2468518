// What a campaign is asked to do. Seed and configuration decide the programs; budget and jobs only how many of them.
//
// Tested by fuzz/campaign/test/campaign_test.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/opt/pipeline.h"
#include "fuzz/proofs/proof_figures.h"
#include "oracles/judge.h"

namespace assay::fuzz {

struct CampaignConfig {
  std::uint64_t seed = 1;
  // The campaign ends at the first limit it meets; with neither it runs until it is interrupted.
  std::optional<double> seconds;
  std::optional<std::uint64_t> programs;
  unsigned jobs = 1;
  unsigned batch_size = 256;    // programs per trip to the worker processes
  unsigned tiered_sample = 16;  // the tiered executor judges one scalar program in so many, and all that print
  std::string findings_folder = "findings";
  unsigned files_per_signature = 3;  // per job; further findings of the same signature are only counted
  // Supervised campaigns: so many failures of a batch that look alike are made small, to see what they are about.
  unsigned localised_per_batch = 2;
  // Supervised campaigns: one batch in so many is made of mutants of the corpus, all others of fresh programs; 0: none.
  unsigned mutate_every = 0;
  bool naive = false;  // programs without swarm, edge values and idioms: what the self-test compares the generator with
  std::optional<opt::Pipeline> pipeline;  // of every program; without one, each draws its own
  oracles::JudgeConfig judge;
  ProofBudget proofs;  // decides how many loops are proved, and nothing of the programs

  // "seed 0x1, batch 256, fuel 100000, oracles encoding,native-sysv": enough to repeat the campaign.
  [[nodiscard]] std::string describe() const;
};

}  // namespace assay::fuzz
