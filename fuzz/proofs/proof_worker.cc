// The process that proves; see proof_worker.h. Tested by fuzz/proofs/test/proof_worker_test.cc.
#include "fuzz/proofs/proof_worker.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "core/ast/codec.h"
#include "fuzz/campaign/wire.h"

namespace assay::fuzz {
namespace {

using Clock = std::chrono::steady_clock;

// A message is the first program's length and both programs; the answer is one byte, how many cells, those, the reason.
std::string encode_loop(const SolvedLoop& loop) {
  const std::vector<std::uint8_t> before = ast::encode(loop.before);
  const std::vector<std::uint8_t> after = ast::encode(loop.after);
  const std::uint64_t size = before.size();
  std::string bytes(sizeof size, '\0');
  std::memcpy(bytes.data(), &size, sizeof size);
  bytes.append(before.begin(), before.end());
  bytes.append(after.begin(), after.end());
  return bytes;
}

std::optional<ast::Program> decode_program(std::string_view bytes) {
  auto program = ast::decode({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  if (!program) return std::nullopt;
  return std::move(program).value();
}

std::optional<SolvedLoop> decode_loop(std::string_view bytes) {
  std::uint64_t size = 0;
  if (bytes.size() < sizeof size) return std::nullopt;
  std::memcpy(&size, bytes.data(), sizeof size);
  bytes.remove_prefix(sizeof size);
  if (bytes.size() < size) return std::nullopt;
  auto before = decode_program(bytes.substr(0, size));
  auto after = decode_program(bytes.substr(size));
  if (!before || !after) return std::nullopt;
  return SolvedLoop{std::move(*before), std::move(*after), {}};
}

std::string encode_reply(const ProofReply& reply) {
  std::string bytes(1, static_cast<char>(reply.answer));
  const std::uint64_t cells = reply.counterexample.size();
  bytes.append(reinterpret_cast<const char*>(&cells), sizeof cells);
  bytes.append(reinterpret_cast<const char*>(reply.counterexample.data()), cells * sizeof(std::uint64_t));
  return bytes + reply.reason;
}

std::optional<ProofReply> decode_reply(std::string_view bytes) {
  std::uint64_t cells = 0;
  if (bytes.size() < 1 + sizeof cells) return std::nullopt;
  ProofReply reply;
  const auto answer = static_cast<unsigned char>(bytes.front());
  if (answer > static_cast<unsigned char>(smt::Answer::Unknown)) return std::nullopt;
  reply.answer = static_cast<smt::Answer>(answer);
  std::memcpy(&cells, bytes.data() + 1, sizeof cells);
  bytes.remove_prefix(1 + sizeof cells);
  if (bytes.size() / sizeof(std::uint64_t) < cells) return std::nullopt;
  reply.counterexample.resize(cells);
  // No cells are no memory either.
  if (cells != 0) std::memcpy(reply.counterexample.data(), bytes.data(), cells * sizeof(std::uint64_t));
  reply.reason = bytes.substr(cells * sizeof(std::uint64_t));
  return reply;
}

ProofReply prove_loop(LoopVerifier& verifier, const SolvedLoop& loop) {
  smt::Proof proof = verifier.prove(loop);
  return {proof.answer, std::move(proof.reason), std::move(proof.counterexample)};
}

ProofReply unknown(const char* why) { return {smt::Answer::Unknown, why, {}}; }

}  // namespace

ProofWorker::ProofWorker(const smt::ProofLimits& limits) : ProofWorker(limits, prove_loop) {}

ProofWorker::ProofWorker(const smt::ProofLimits& limits, LoopProver prover)
    : limits_(limits), prover_(std::move(prover)) {}

ProofWorker::~ProofWorker() { stop(false); }

void ProofWorker::serve(int socket) const {
  ::signal(SIGINT, SIG_IGN);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  {
    LoopVerifier verifier(opt::solve_loops, limits_);
    while (const auto message = receive_message(socket)) {
      const auto loop = decode_loop(*message);
      if (!loop || !send_message(socket, encode_reply(prover_(verifier, *loop)))) break;
    }
  }
  ::_exit(0);
}

bool ProofWorker::start() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return false;
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    serve(ends[1]);
  }
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    return false;
  }
  process_ = child;
  socket_ = ends[0];
  return true;
}

void ProofWorker::stop(bool by_force) {
  if (process_ < 0) return;
  // Without force it sees the end of the connection, and ends its solver in its turn. Closing alone would not do:
  // processes that were forked since hold the socket open.
  if (by_force) ::kill(process_, SIGKILL);
  ::shutdown(socket_, SHUT_RDWR);
  ::close(socket_);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
  socket_ = -1;
}

ProofReply ProofWorker::prove(const SolvedLoop& loop, unsigned limit_milliseconds) {
  if (process_ < 0 && !start()) return unknown("the prover's process could not be started");
  const Clock::time_point deadline = Clock::now() + std::chrono::milliseconds(limit_milliseconds);
  MessageReader reader;
  bool open = send_message(socket_, encode_loop(loop));
  while (open) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd waited{socket_, POLLIN, 0};
    if (left <= 0 || ::poll(&waited, 1, static_cast<int>(left)) == 0) {
      stop(true);
      return unknown("the prover did not come back and was ended");
    }
    open = reader.read_available(socket_);
    if (const auto message = reader.take()) {
      if (auto reply = decode_reply(*message)) return std::move(*reply);
      break;
    }
  }
  stop(true);
  return unknown("the prover's process was lost");
}

}  // namespace assay::fuzz
