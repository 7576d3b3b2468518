// Names of classes and reasons; see loop_report.h. Tested by core/scev/test/solve_test.cc.
#include "core/scev/loop_report.h"

#include <array>

namespace assay::scev {
namespace {

constexpr std::array<std::string_view, kLoopClassCount> kClassNames = {
#define ASSAY_LOOP_CLASS(Id, name) name,
#include "core/scev/loop_classes.def"
};

constexpr std::array<std::string_view, kDeclineCount> kDeclineSentences = {
#define ASSAY_DECLINE(Id, sentence) sentence,
#include "core/scev/loop_classes.def"
};

}  // namespace

std::string_view name(LoopClass one) { return kClassNames[static_cast<std::size_t>(one)]; }
std::string_view sentence(Decline reason) { return kDeclineSentences[static_cast<std::size_t>(reason)]; }

}  // namespace assay::scev
