// The complete check of the encoder: everything that insts.def can ask for, encoded and judged.
//
// Every form with its whole operand space (operand_space.h), and branches on both sides of the border between short and
// near (branch_space.h). Each encoding is judged as in a campaign (check.h): two decoders must read back mnemonic,
// width, every operand and the length, and the bytes must be the shortest of their form. Beyond that, a form that is
// shorter still, as Zydis' encoder finds it, must be longer on purpose (longer_on_purpose.h). Branches must also come
// out in the length and at the offsets that the distances alone call for.
//
// The work is cut into units that threads take one by one; the result does not depend on how many there are.
//
// Tested by oracles/encoding/test/encoder_sweep_test.cc and sweep_faults_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "oracles/encoding/encoding_field.h"
#include "oracles/encoding/sweep/encoder.h"
#include "oracles/encoding/sweep/longer_on_purpose.h"

namespace assay::oracles::encoding::sweep {

struct SweepProgress {
  std::uint64_t done = 0;
  std::uint64_t planned = 0;
  std::uint64_t mismatches = 0;
};

struct SweepOptions {
  unsigned jobs = 1;
  std::string forms = "*";  // globs of FormInfo::id, joined by commas
  // Of a form with more than kWholeForm encodings, each so-many-th only; 1 is complete. Best a prime.
  std::uint64_t every = 1;
  std::size_t shown = 20;         // messages kept,
  std::size_t shown_of_form = 3;  // and of one form
  std::span<const LongerRow> longer = kLongerOnPurpose;
  const Encoder* encoder = nullptr;  // the project's own without
  // Called about ten times in a second, by the thread that called sweep_encoder.
  std::function<void(const SweepProgress&)> progress = {};
};

inline constexpr std::uint64_t kWholeForm = 4096;

struct FormTally {
  x64::Form form{};
  std::uint64_t planned = 0;  // by counting the space
  std::uint64_t encodings = 0;
  std::uint64_t mismatches = 0;
  std::uint64_t longer = 0;  // on purpose
};

struct SweepMismatch {
  x64::Form form{};
  EncodingField field = EncodingField::Opcode;
  std::string message;
};

struct SweepResult {
  std::vector<FormTally> forms;  // those that were asked for, in the order of the table
  bool complete = false;         // every form, and nothing left out
  std::uint64_t planned = 0;
  std::uint64_t encodings = 0;
  std::uint64_t decoded = 0;  // so many by each decoder
  std::uint64_t mismatches = 0;
  // Of the mismatches; beyond kFieldsNamed it is no longer found out which field it is.
  std::array<std::uint64_t, kEncodingFieldCount> by_field{};
  std::vector<std::uint64_t> longer;  // by row of SweepOptions::longer
  std::vector<SweepMismatch> first;   // in the order of the space
  double seconds = 0;                 // wall clock
  double cpu_seconds = 0;             // of all threads
  unsigned jobs = 0;

  // Whether something was judged, and all that was planned.
  [[nodiscard]] bool is_sound() const {
    return encodings != 0 && encodings == planned && decoded >= encodings - mismatches;
  }
};

inline constexpr std::uint64_t kFieldsNamed = 20'000;

// Fails when no form is called so, or a decoder is not usable.
[[nodiscard]] base::Result<SweepResult> sweep_encoder(const SweepOptions& options);

// How many encodings that would judge, form by form; nothing is encoded.
[[nodiscard]] std::vector<FormTally> plan_sweep(const SweepOptions& options);

}  // namespace assay::oracles::encoding::sweep
