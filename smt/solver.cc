// Z3 in a process of its own; see solver.h. Tested by smt/test/solver_test.cc.
#include "smt/solver.h"

#include <utility>

#include "smt/z3_query.h"

namespace assay::smt {
namespace {

struct RequestHead {
  std::uint32_t size = 0;
  std::uint32_t limit = 0;
  std::uint32_t strategy = 0;
};

struct ReplyHead {
  std::uint32_t answer = 0;
  std::uint32_t reason_size = 0;
  std::uint32_t model_size = 0;
};

bool send_reply(int connection, const SolverReply& reply) {
  const ReplyHead head{static_cast<std::uint32_t>(reply.answer), static_cast<std::uint32_t>(reply.reason.size()),
                       static_cast<std::uint32_t>(reply.model.size())};
  if (!send_all(connection, &head, sizeof head)) return false;
  if (!send_all(connection, reply.reason.data(), reply.reason.size())) return false;
  for (const auto& [symbol, value] : reply.model) {
    const std::uint64_t size = symbol.size();
    if (!send_all(connection, &size, sizeof size) || !send_all(connection, symbol.data(), symbol.size()) ||
        !send_all(connection, &value, sizeof value)) {
      return false;
    }
  }
  return true;
}

bool receive_reply(const SolverProcess& process, SolverReply& reply) {
  ReplyHead head;
  if (!process.receive(&head, sizeof head)) return false;
  reply.answer =
      head.answer <= static_cast<std::uint32_t>(Answer::Unknown) ? static_cast<Answer>(head.answer) : Answer::Unknown;
  reply.reason.resize(head.reason_size);
  if (!process.receive(reply.reason.data(), reply.reason.size())) return false;
  for (std::uint32_t i = 0; i < head.model_size; ++i) {
    std::uint64_t size = 0;
    if (!process.receive(&size, sizeof size)) return false;
    std::string symbol(size, '\0');
    std::uint64_t value = 0;
    if (!process.receive(symbol.data(), symbol.size())) return false;
    if (!process.receive(&value, sizeof value)) return false;
    reply.model.emplace_back(std::move(symbol), value);
  }
  return true;
}

// Z3 sets itself up at its first query, which under a sanitizer takes longer than many a limit: so one is asked before
// the first that counts.
constexpr std::string_view kFirstQuery =
    "(declare-const x (_ BitVec 8))(assert (not (= (bvadd x x) (bvmul #x02 x))))(check-sat)";
constexpr char kReady = 'r';
// Longer than any start takes; what takes longer is no start.
constexpr unsigned kStartMilliseconds = 60'000;

void serve(int connection) {
  Z3Query z3;
  static_cast<void>(z3.check(std::string(kFirstQuery), Strategy::Bits, kStartMilliseconds));
  if (!send_all(connection, &kReady, sizeof kReady)) return;
  RequestHead head;
  while (receive_all(connection, &head, sizeof head)) {
    std::string script(head.size, '\0');
    if (!receive_all(connection, script.data(), script.size())) break;
    if (!send_reply(connection, z3.check(script, static_cast<Strategy>(head.strategy), head.limit))) break;
  }
}

}  // namespace

std::string_view name(Answer answer) {
  switch (answer) {
    case Answer::Proved:
      return "proved";
    case Answer::Refuted:
      return "refuted";
    case Answer::Unknown:
      return "unknown";
  }
  return "?";
}

bool Solver::start() {
  if (!process_.start(serve)) return false;
  process_.begin(kStartMilliseconds);
  char ready = 0;
  if (process_.receive(&ready, sizeof ready) && ready == kReady) return true;
  process_.stop();
  return false;
}

SolverReply Solver::check(std::string_view script, Strategy strategy, unsigned limit_milliseconds) {
  ++queries_;
  SolverReply reply;
  if (!process_.runs() && !start()) {
    reply.reason = "the solver's process could not be started";
    return reply;
  }
  process_.begin(limit_milliseconds);
  const RequestHead head{static_cast<std::uint32_t>(script.size()), limit_milliseconds,
                         static_cast<std::uint32_t>(strategy)};
  const bool answered = process_.send(&head, sizeof head) && process_.send(script.data(), script.size()) &&
                        receive_reply(process_, reply);
  if (!answered) {
    reply = {};
    reply.reason = process_.took_too_long() ? "timeout" : "the solver did not come back and was ended";
  }
  reply.milliseconds = process_.milliseconds();
  if (!answered) process_.stop();
  return reply;
}

}  // namespace assay::smt
