// The exit codes of every command. Tested by cli/test/cli_test.sh.
#pragma once

namespace assay::cli {

enum ExitCode : int {
  kPass = 0,
  kFindings = 1,
  kUsage = 2,          // wrong arguments, or input that cannot be read
  kHarnessFailed = 3,  // the machine or the harness itself
  kInconclusive = 4,   // nothing was found, and not enough was looked at
};

}  // namespace assay::cli
