// A worker's loop; see worker.h. Tested by fuzz/campaign/test/supervised_test.cc.
#include "fuzz/campaign/worker.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "fuzz/campaign/batch.h"
#include "fuzz/campaign/wire.h"

namespace assay::fuzz {
namespace {

// Every conviction is counted; only the first few of a signature, by program, bring their file. The ledger chooses
// among these again, in the same order, so that which files remain does not depend on who did which batch.
std::vector<FindingRecord> records_of(const BatchRunner& batch, unsigned files_per_signature) {
  std::vector<const oracles::Conviction*> convictions;
  for (const oracles::Conviction& conviction : batch.convictions()) convictions.push_back(&conviction);
  // By program, and in the order of the oracles, which is that of the vector they lie in.
  std::sort(convictions.begin(), convictions.end(), [](const auto* left, const auto* right) {
    return left->subject != right->subject ? left->subject < right->subject : left < right;
  });
  std::map<std::string, unsigned> files;
  std::vector<FindingRecord> records;
  for (const oracles::Conviction* const conviction : convictions) {
    FindingRecord record;
    record.program_index = batch.program_index(*conviction);
    record.signature = batch.signature(*conviction);
    record.oracle = oracles::name(conviction->oracle);
    record.verdict = oracles::name(conviction->verdict);
    if (conviction->pass) record.pass = opt::pass_info(*conviction->pass).name;
    if (files[record.signature]++ < files_per_signature) record.text = print_finding(batch.finding(*conviction));
    records.push_back(std::move(record));
  }
  for (const ProofFinding& one : batch.refutations()) {
    FindingRecord record;
    record.program_index = batch.program_index(one);
    record.signature = one.finding.signature;
    record.oracle = one.finding.oracle;
    record.verdict = one.finding.verdict;
    record.pass = opt::pass_info(opt::PassId::Scev).name;
    if (files[record.signature]++ < files_per_signature) record.text = print_finding(one.finding);
    records.push_back(std::move(record));
  }
  return records;
}

base::Result<TaskResult> perform(BatchRunner& batch, const CampaignConfig& config, const Task& task) {
  TaskResult result;
  if (task.kind != TaskKind::Judge) {
    FindingRecord record = harness_finding(task.kind, task.first);
    Finding finding = batch.program_alone(task.first);
    finding.signature = record.signature;
    finding.oracle = record.oracle;
    finding.verdict = record.verdict;
    finding.explanation = {"the harness itself did not get through this program"};
    record.text = print_finding(finding);
    result.figures = batch.figures();
    result.findings.push_back(std::move(record));
    return result;
  }
  if (auto done = batch.run(task.first, static_cast<std::size_t>(task.count)); !done) return done.error();
  result.figures = batch.figures();
  result.findings = records_of(batch, config.files_per_signature);
  return result;
}

}  // namespace

base::Result<void> run_worker(const CampaignConfig& config, const BlockSourceFactory& source, ShapeSet& shapes,
                              int socket) {
  auto judge = oracles::Judge::create(config.judge, source());
  if (!judge) return judge.error();
  BatchRunner batch(config, std::move(judge).value(),
                    std::make_unique<CampaignProofs>(config.proofs, opt::solve_loops, shapes));
  std::uint64_t cpu_before = 0;
  if (!send_message(socket, {})) return {};
  while (const auto message = receive_message(socket)) {
    Task task;
    if (message->size() != sizeof task) return base::system_error("the supervisor sent no task");
    std::memcpy(&task, message->data(), sizeof task);
    auto result = perform(batch, config, task);
    if (!result) return result.error();
    const std::uint64_t cpu = batch.own_cpu_nanoseconds() + batch.helper_cpu_nanoseconds();
    // A worker process of the judge that was replaced may take its time along.
    result->cpu_nanoseconds = cpu - std::min(cpu, cpu_before);
    cpu_before = cpu;
    if (!send_message(socket, encode(*result))) return {};
  }
  return {};
}

}  // namespace assay::fuzz
