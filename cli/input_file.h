// Reading programs and findings named on the command line. Tested by cli/test/cli_test.sh.
#pragma once

#include <string>

#include "core/base/result.h"
#include "fuzz/findings/finding.h"

namespace assay::cli {

// A program or finding in the text form, or a program in the binary form (recognised by its first byte).
[[nodiscard]] base::Result<fuzz::Finding> load(const std::string& path);

}  // namespace assay::cli
