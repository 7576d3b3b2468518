// The table of the kernel benchmark, for people and as JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/jit/bench/kernels_measure.h"

namespace assay::jit::bench {

// Subjects with nothing measured are left out.
[[nodiscard]] std::string table(const std::vector<Subject>& subjects);
[[nodiscard]] std::string sentence(const Headline& headline);
[[nodiscard]] std::string json(const std::vector<Subject>& subjects, const Headline& headline);

}  // namespace assay::jit::bench
