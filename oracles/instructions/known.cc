// Known differences, one instruction at a time; see known.h. Tested by oracles/instructions/test/known_test.cc.
#include "oracles/instructions/known.h"

#include "oracles/instructions/flags.h"

namespace assay::oracles::instructions {

using emulated::Defect;
using x64::Form;

std::optional<Defect> explain(Form form, Symptom symptom, const State& before) {
  switch (symptom) {
    case Symptom::Refused:
      if (x64::form_info(form).feature == x64::Feature::Popcnt) return Defect::Popcnt;
      break;
    case Symptom::Died: {
      // Of a dividend of -2^63; that the divisor is -1 follows, as no other makes a 64-bit idiv fault but zero, which
      // the emulator tests for.
      const bool least = low(before.registers[kRdx], 32) == 0x8000'0000 && low(before.registers[kRax], 32) == 0;
      if (least && (form == Form::IdivR32 || form == Form::IdivM32)) return Defect::IdivOverflow;
      break;
    }
    case Symptom::UndefinedRegister:
      if (form == Form::BsfR32R32 || form == Form::BsfR32M32 || form == Form::BsrR32R32 || form == Form::BsrR32M32) {
        return Defect::BitScanOfZero;
      }
      break;
  }
  return std::nullopt;
}

}  // namespace assay::oracles::instructions
