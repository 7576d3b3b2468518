// DescribeConviction: what an oracle has against a program, as text and tables.
//
// Tested by reports/collect/test/collect_test.cc, which plants faults.
#pragma once

#include <span>
#include <string>

#include "core/ast/program.h"
#include "oracles/judge.h"
#include "reports/model/report.h"

namespace assay::reports {

// Fills in everything that the conviction decides: signature and its parts, verdict, explanation, states, disassembly,
// the program after the guilty pass. `inputs` are the subject's.
void describe_conviction(const oracles::Conviction& conviction, const std::string& signature,
                         const ast::Program& program, std::span<const oracles::Frame> inputs, ReportFinding& finding);

// The parts of a signature that nothing convicts now.
void describe_signature(const std::string& signature, ReportFinding& finding);

}  // namespace assay::reports
