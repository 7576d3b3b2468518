// `assay verify --encoder`: everything the assembler can be asked for, through two decoders.
//
// Tested by cli/test/cli_test.sh.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

namespace assay::cli {

struct VerifyEncoderOptions {
  bool wanted = false;
  unsigned jobs = 1;
  std::string forms = "*";
  std::uint64_t every = 1;
};

void add_verify_encoder_options(CLI::App& command, VerifyEncoderOptions& options);

// Prints the table or JSON; gives the exit code.
int verify_encoder(const VerifyEncoderOptions& options, bool json);

}  // namespace assay::cli
