// A worker's loop; see worker.h. Tested by fuzz/campaign/test/supervised_test.cc.
#include "fuzz/campaign/worker.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "fuzz/campaign/batch.h"
#include "fuzz/campaign/localiser.h"
#include "fuzz/campaign/mutants.h"
#include "fuzz/campaign/wire.h"

namespace assay::fuzz {
namespace {

// libFuzzer died or hung, and no oracle has a word against the program: the target's own finding, or one that needs
// what the target has and a campaign has not, as sanitizers.
void add_artifacts(BatchRunner& batch, const Task& task, TaskResult& result) {
  for (std::size_t i = 0; i < task.artifacts.size(); ++i) {
    const std::uint64_t index = task.first + i;
    const bool convicted = std::any_of(result.findings.begin(), result.findings.end(),
                                       [index](const FindingRecord& record) { return record.program_index == index; });
    if (task.artifacts[i].empty() || convicted) continue;
    FindingRecord record = artifact_finding(task.artifacts[i], index);
    Finding finding = batch.described(i);
    finding.signature = record.signature;
    finding.oracle = record.oracle;
    finding.verdict = record.verdict;
    finding.explanation = {"libFuzzer's target ended with a " + task.artifacts[i] +
                           " on this program, and no oracle convicts it"};
    record.text = print_finding(finding);
    result.findings.push_back(std::move(record));
  }
}

// Loops whose proof found an input on which the solved form is wrong; only the first few bring their file.
void add_refutations(const BatchRunner& batch, unsigned files_per_signature, TaskResult& result) {
  std::map<std::string, unsigned> files;
  for (const ProofFinding& one : batch.refutations()) {
    FindingRecord record;
    record.program_index = batch.program_index(one);
    record.signature = one.finding.signature;
    record.oracle = one.finding.oracle;
    record.verdict = one.finding.verdict;
    record.pass = opt::pass_info(opt::PassId::Scev).name;
    if (files[record.signature]++ < files_per_signature) record.text = print_finding(one.finding);
    result.findings.push_back(std::move(record));
  }
}

base::Result<TaskResult> perform(BatchRunner& batch, const CampaignConfig& config, Localiser& localiser,
                                 const MutantSource& corpus, const Task& task) {
  TaskResult result;
  BatchPlan plan;
  plan.first = task.first;
  plan.count = static_cast<std::size_t>(task.count);
  plan.origin = task.origin;
  plan.corpus = config.mutate_every != 0 ? &corpus : nullptr;
  plan.entries = task.entries;
  plan.programs = task.programs;
  if (task.kind != TaskKind::Judge) {
    FindingRecord record = harness_finding(task.kind, task.first);
    Finding finding = batch.program_alone(plan);
    finding.signature = record.signature;
    finding.oracle = record.oracle;
    finding.verdict = record.verdict;
    finding.explanation = {"the harness itself did not get through this program"};
    record.text = print_finding(finding);
    result.figures = batch.figures();
    result.findings.push_back(std::move(record));
    return result;
  }
  if (auto done = batch.run(plan); !done) return done.error();
  result.figures = batch.figures();
  result.candidates = batch.candidates();
  localiser.describe(batch, result);
  add_refutations(batch, config.files_per_signature, result);
  add_artifacts(batch, task, result);
  return result;
}

}  // namespace

base::Result<void> run_worker(const CampaignConfig& config, const BlockSourceFactory& source, ShapeSet& shapes,
                              int socket) {
  auto judge = oracles::Judge::create(config.judge, source());
  if (!judge) return judge.error();
  BatchRunner batch(config, std::move(judge).value(),
                    std::make_unique<CampaignProofs>(config.proofs, opt::solve_loops, shapes));
  Localiser localiser(config, source);
  MutantSource corpus;
  std::uint64_t cpu_before = 0;
  if (!send_message(socket, {})) return {};
  while (const auto bytes = receive_message(socket)) {
    const auto message = decode_task(*bytes);
    if (!message) return base::system_error("the supervisor sent no task");
    const Task& task = message->task;
    for (const CorpusEntry& entry : message->entries) {
      if (auto done = corpus.add(entry); !done) return done.error();
    }
    const bool whole = task.origin != Origin::Imported || task.programs.size() == task.count;
    if (task.count > config.batch_size || task.entries > corpus.size() || !whole) {
      return base::system_error("the supervisor sent a task that cannot be done");
    }
    auto result = perform(batch, config, localiser, corpus, task);
    if (!result) return result.error();
    const std::uint64_t cpu =
        batch.own_cpu_nanoseconds() + batch.helper_cpu_nanoseconds() + localiser.helper_cpu_nanoseconds();
    // A worker process of the judge that was replaced may take its time along.
    result->cpu_nanoseconds = cpu - std::min(cpu, cpu_before);
    cpu_before = cpu;
    if (!send_message(socket, encode(*result))) return {};
  }
  return {};
}

}  // namespace assay::fuzz
