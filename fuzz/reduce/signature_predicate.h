// SignaturePredicate: "it is still the same finding", asked of a judge.
//
// The same means the same signature: oracle, guilty pass or stage, node, instruction form and kind of difference. A
// program that fails in another way, or before another oracle, is another finding, and a reducer that took it would end
// at whatever bug has the smallest program. So code that the decoders convict, where the judge has them, is refused for
// findings of those that run code: what comes of running wrong bytes may well look the same.
//
// Tested by fuzz/reduce/test/planted_test.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fuzz/reduce/reduce.h"
#include "oracles/judge.h"

namespace assay::fuzz {

[[nodiscard]] std::optional<oracles::OracleId> find_oracle(std::string_view name);

// The oracle that made the finding and those it needs: the passes, because code is only guilty of what the program has
// become by innocent passes; an engine for the encodings, because only code that will run is decoded; the CPU for long
// runs.
[[nodiscard]] oracles::JudgeConfig judge_config_for(oracles::OracleId oracle);

// The same, and the decoders look at all code before it runs. Of findings whose own code they have nothing against.
[[nodiscard]] oracles::JudgeConfig judge_config_with_decoders(oracles::OracleId oracle);

class SignaturePredicate {
 public:
  // The judge must outlive the predicate.
  SignaturePredicate(oracles::Judge& judge, std::string signature)
      : judge_(judge), signature_(std::move(signature)), host_(x64::host_features()) {}

  [[nodiscard]] base::Result<std::vector<bool>> operator()(std::span<const Finding> findings);

 private:
  oracles::Judge& judge_;
  std::string signature_;
  x64::CpuFeatures host_;
  std::vector<oracles::Subject> subjects_;
  oracles::BatchReport report_;
};

}  // namespace assay::fuzz
