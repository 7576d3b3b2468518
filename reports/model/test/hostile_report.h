// Reports for the tests of every renderer: a small honest one, and one whose every string attacks.
#pragma once

#include <string>

#include "reports/model/report.h"

namespace assay::reports::test {

// What breaks out of HTML text, HTML attributes, CDATA, workflow commands, Markdown tables and code, and XML itself.
inline std::string hostile() {
  return std::string(
             "<script>alert(1)</script>\"'`|&]]>\r\n::error file=x::gone\n```\n</pre></style></svg>\x1b[31m\xff") +
         '\0' + "%0A,:\\";
}

inline Report small_report() {
  Report report;
  report.verdict = ReportVerdict::Findings;
  report.reasons = {"1 new finding"};
  report.generated = "2026-01-02T03:04:05Z";
  report.build = "assay 0.1.0, clang 19.1.7";
  report.cpu = "A CPU";
  report.command = "assay fuzz --seed 7 --programs 20000";
  report.seed = "0x7";
  report.configuration = "seed 0x7, batch 256";
  report.campaign = true;
  report.seconds = 12.5;
  report.cpu_seconds = 24;
  report.programs = 20000;
  report.compared = 19990;
  report.runs = 120000;
  report.instructions_checked = 1'234'567;
  report.skipped = {{"out-of-fuel", 10}, {"too-large", 0}};
  OracleCounts passes{"passes", 19000, 1, 999, 0, 0, 0, 0, {{"out-of-fuel", 999}}};
  OracleCounts silent{"tiered", 0, 0, 20000, 0, 0, 0, 0, {{"not-sampled", 20000}}};
  report.oracles = {passes, silent};
  report.passes = {{"fold", 20000, 7000}, {"unroll", 20000, 0}};
  report.loops = {{"affine", 120, 4}};
  report.declined = {{"no exit", 17}};
  report.forms = {{"AddR32R32", 5000}, {"AddR32M32", 12}, {"SubR64I32", 0}};
  report.registers = {"rax", "r12"};
  report.form_registers = {{"AddR32R32", {5000, 0}}, {"AddR32M32", {0, 12}}, {"SubR64I32", {0, 0}}};
  report.node_kinds = {{"Int", 900}, {"Select", 0}};
  report.operators = {{"add", 400}, {"rotl", 0}};
  report.never_fired = {"pass unroll"};
  report.proof_counts = {41, 1, 7, 12, 1300, 2.5};
  report.status = {{"campaign", "finished, 2 segments (1 lost)"}, {"batches recorded", "79"}};
  report.series = {{0, 0, 0, 0, 0}, {6, 9000, 0, 0, 2}, {12, 19990, 3, 1, 2}};
  ReportFinding finding;
  finding.state = FindingState::New;
  finding.signature = "passes/fold/-/-/slot";
  finding.recorded_signature = finding.signature;
  finding.oracle = "passes";
  finding.stage = "fold";
  finding.node = "-";
  finding.form = "-";
  finding.difference = "slot";
  finding.verdict = "diverge";
  finding.file = "findings/a.nda";
  finding.source_file = "core/opt/fold.cc";
  finding.count = 3;
  finding.more_files = {"findings/b.nda"};
  finding.seed = "0x7";
  finding.program_index = "41";
  finding.replays = "10 of 10";
  finding.source = "program p(i32 a) {\n    a = 1 + 2;\n}\n";
  finding.reduced = "program p(i32 a) {\n    a = 3;\n}\n";
  finding.after_pass = "program p(i32 a) {\n    a = 4;\n}\n";
  finding.disassembly = {{0, "b8 03 00 00 00", "mov eax, 3", "1 + 2", false, ""},
                         {5, "48 83 ec 80", "sub rsp, -128", "", true, ""}};
  finding.states = {{"slot 0 (a)", "0x3", "0x4", true}, {"slot 1 (b)", "0x0", "0x0", false}};
  finding.explanation = {"passes says diverge", "guilty pass: fold"};
  finding.reduced_judged = true;
  finding.replay_command = "assay replay findings/a.nda";
  report.findings.push_back(finding);
  finding.state = FindingState::Known;
  finding.signature = "native-sysv/codegen/div_s/IdivR32/slot";
  finding.oracle = "native-sysv";
  finding.stage = "codegen";
  finding.source_file = "core/jit/select_expressions.cc";
  report.findings.push_back(finding);
  finding.state = FindingState::Unknown;
  finding.signature = "harness/hang";
  report.findings.push_back(finding);
  finding.state = FindingState::Fixed;
  finding.signature = "encoding/codegen/add/AddR32M32/encoding:disp";
  finding.disassembly[1].intended = "48 81 ec 80 00 00 00";
  report.findings.push_back(finding);
  report.not_looked_into = {{"passes/fold/-/-/end", 41}};
  report.proofs = {{"add commutes", "proved", "", 0.25}, {"div", "timeout", "10 s", 10}};
  return report;
}

// The small report with every string replaced.
inline Report hostile_report() {
  Report report = small_report();
  const std::string bad = hostile();
  for (std::string* text :
       {&report.generated, &report.build, &report.cpu, &report.command, &report.seed, &report.configuration}) {
    *text = bad;
  }
  const auto spoil_all = [&bad](auto& rows) {
    for (auto& row : rows) row.name = bad;
  };
  for (auto* texts : {&report.reasons, &report.never_fired}) texts->assign(1, bad);
  report.problems = {bad};
  spoil_all(report.skipped);
  spoil_all(report.oracles);
  for (OracleCounts& oracle : report.oracles) spoil_all(oracle.skips);
  spoil_all(report.passes);
  spoil_all(report.loops);
  spoil_all(report.declined);
  spoil_all(report.forms);
  for (std::string& one : report.registers) one = bad;
  for (FormRegisters& one : report.form_registers) one.form = bad;
  spoil_all(report.node_kinds);
  spoil_all(report.operators);
  spoil_all(report.not_looked_into);
  for (StatusLine& line : report.status) line.name = line.value = bad;
  for (Proof& proof : report.proofs) proof.name = proof.verdict = proof.detail = bad;
  for (ReportFinding& finding : report.findings) {
    for (std::string* text : {&finding.signature,     &finding.recorded_signature,
                              &finding.oracle,        &finding.stage,
                              &finding.node,          &finding.form,
                              &finding.difference,    &finding.verdict,
                              &finding.file,          &finding.source_file,
                              &finding.seed,          &finding.program_index,
                              &finding.configuration, &finding.build,
                              &finding.cpu,           &finding.features,
                              &finding.passes,        &finding.inputs,
                              &finding.replays,       &finding.source,
                              &finding.reduced,       &finding.after_pass,
                              &finding.replay_command}) {
      *text = bad;
    }
    for (Instruction& one : finding.disassembly) one.bytes = one.text = one.node = one.intended = bad;
    for (StateRow& row : finding.states) row.what = row.expected = row.got = bad;
    finding.explanation.assign(1, bad);
    finding.more_files.assign(1, bad);
  }
  return report;
}

}  // namespace assay::reports::test
