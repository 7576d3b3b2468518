// The lemmas are proved, what is not proved does not count, and code that only looks like counting bits is left alone.
#include "smt/x86/lemmas.h"

#include <gtest/gtest.h>

namespace assay::smt::x86 {
namespace {

constexpr ProofLimits kLimits{5000, false};

TEST(FlagLemmas, AreProvedAtBothWidths) {
  Solver solver;
  const std::vector<Obligation> lemmas = prove_flag_lemmas(solver, kLimits);
  EXPECT_EQ(lemmas.size(), 6U);
  for (const Obligation& one : lemmas) EXPECT_EQ(one.first.answer, Answer::Proved) << one.name;
  EXPECT_TRUE(all_proved(lemmas));
}

TEST(FlagLemmas, AreNotAllProvedIfASolverSaysOtherwise) {
  Solver solver;
  std::vector<Obligation> lemmas = prove_flag_lemmas(solver, kLimits);
  lemmas[1].second = SolverReply{};  // unknown
  EXPECT_FALSE(all_proved(lemmas));
  lemmas[1].second.reset();
  lemmas[4].first.answer = Answer::Unknown;
  EXPECT_FALSE(all_proved(lemmas));
}

TEST(FlagLemmas, CannotBeProvedOfAnotherCondition) {
  Solver solver;
  std::vector<Obligation> lemmas = prove_flag_lemmas(solver, kLimits);
  // The first says that SF != OF is "less". That it is "less or equal" must be refuted.
  std::string script = lemmas[0].script;
  const auto at = script.find("bvslt");
  ASSERT_NE(at, std::string::npos) << script;
  script.replace(at, 5, "bvsle");
  EXPECT_EQ(solver.check(script, Strategy::Bits, 5000).answer, Answer::Refuted);
}

// Ones of x by halving, with these masks: 0x55.. 0x33.. 0x0f.. for the right one.
TermId counted(Terms& terms, TermId x, std::uint64_t pairs, std::uint64_t nibbles, std::uint64_t bytes) {
  const unsigned width = terms[x].width;
  const auto number = [&](std::uint64_t value) { return terms.constant(width, value & mask_of(width)); };
  const auto masked = [&](TermId value, unsigned shift, std::uint64_t mask) {
    const TermId shifted = shift == 0 ? value : terms.binary(Kind::LShr, value, number(shift));
    return terms.binary(Kind::And, shifted, number(mask));
  };
  const TermId two = terms.sub(x, masked(x, 1, pairs));
  const TermId four = terms.add(masked(two, 0, nibbles), masked(two, 2, nibbles));
  const TermId eight = masked(terms.add(four, terms.binary(Kind::LShr, four, number(4))), 0, bytes);
  return terms.binary(Kind::LShr, terms.mul(eight, number(0x0101'0101'0101'0101ULL)), number(width - 8));
}

constexpr std::uint64_t kPairs = 0x5555'5555'5555'5555ULL;
constexpr std::uint64_t kNibbles = 0x3333'3333'3333'3333ULL;
constexpr std::uint64_t kBytes = 0x0F0F'0F0F'0F0F'0F0FULL;

TEST(PopulationLemma, MakesCountingByHalvingASumOfBits) {
  for (const unsigned width : {32U, 64U}) {
    Terms terms;
    Solver solver;
    PopulationLemma lemma(terms, solver, kLimits);
    const TermId x = terms.symbol(width, "x");
    const TermId code = counted(terms, x, kPairs, kNibbles, kBytes);
    const TermId rewritten = lemma.rewrite(code, x);
    EXPECT_NE(rewritten, code);
    EXPECT_EQ(lemma.obligations().size(), width / 8 + 1);
    EXPECT_TRUE(all_proved(lemma.obligations()));
    const TermId number = terms.constant(width, 0xF0F1'8000'7000'0301ULL & mask_of(width));
    const auto ones = static_cast<std::uint64_t>(__builtin_popcountll(terms[number].value));
    EXPECT_TRUE(terms.is_constant(terms.substitute(rewritten, {{x.value, number}}), ones));
  }
}

TEST(PopulationLemma, LeavesAWrongMaskAlone) {
  Terms terms;
  Solver solver;
  PopulationLemma lemma(terms, solver, kLimits);
  const TermId x = terms.symbol(32, "x");
  const TermId wrong = counted(terms, x, kPairs, 0x3333'3332ULL, kBytes);
  EXPECT_EQ(lemma.rewrite(wrong, x), wrong);
  EXPECT_FALSE(all_proved(lemma.obligations()));
}

TEST(PopulationLemma, LeavesOtherTermsAlone) {
  Terms terms;
  Solver solver;
  PopulationLemma lemma(terms, solver, kLimits);
  const TermId x = terms.symbol(32, "x");
  const TermId other = terms.binary(Kind::LShr, terms.mul(x, terms.constant(32, 5)), terms.constant(32, 24));
  EXPECT_EQ(lemma.rewrite(other, x), other);
  EXPECT_TRUE(lemma.obligations().empty());
}

}  // namespace
}  // namespace assay::smt::x86
