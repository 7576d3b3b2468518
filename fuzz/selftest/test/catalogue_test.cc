// The catalogue of faults: what it must hold, and what it refuses.
#include "fuzz/selftest/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace assay::fuzz::selftest {
namespace {

using testing::HasSubstr;

constexpr const char* kSource = ASSAY_SOURCE_DIR;

std::vector<Fault> catalogue() {
  auto faults = load_catalogue(std::string(kSource) + "/fuzz/selftest/faults");
  EXPECT_TRUE(faults) << faults.error().describe();
  return faults ? *faults : std::vector<Fault>{};
}

std::string text_of(const std::string& file) {
  std::ifstream stream(std::string(kSource) + "/" + file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string one_fault(const std::string& members) {
  return R"({"area": "a", "faults": [{"name": "n", "row": "r", "file": "f.cc", "from": "x", "to": "y", "why": "w")" +
         members + "}]}";
}

TEST(Catalogue, EveryFaultAppliesToTheSourcesAsTheyAre) {
  for (const Fault& fault : catalogue()) {
    const auto changed = apply_fault(fault, text_of(fault.file));
    EXPECT_TRUE(changed) << changed.error().describe();
  }
}

TEST(Catalogue, HoldsAtLeast80Faults) { EXPECT_GE(catalogue().size(), 80U); }

TEST(Catalogue, CoversEveryArea) {
  std::set<std::string> areas;
  for (const Fault& fault : catalogue()) areas.insert(fault.area);
  EXPECT_THAT(areas, testing::IsSupersetOf({"encoder", "branches", "abi", "registers", "jit", "tables", "interpreter",
                                            "optimizer", "scev", "oracles", "smt"}));
}

TEST(Catalogue, EveryUnitOfAFaultExists) {
  for (const Fault& fault : catalogue()) {
    for (const std::string& unit : fault.units) {
      EXPECT_TRUE(std::filesystem::exists(std::string(kSource) + "/" + unit)) << fault.name << ": " << unit;
    }
  }
}

// A table or a header is compiled by nobody: without units the variant would be the code as it stands.
TEST(Catalogue, FaultsInHeadersAndTablesNameTheirUnits) {
  for (const Fault& fault : catalogue()) {
    if (fault.file.ends_with(".cc")) continue;
    EXPECT_NE(fault.units, std::vector<std::string>{fault.file}) << fault.name;
  }
}

TEST(Catalogue, TheProductDoesNotKnowIt) {
  for (const char* const folder : {"core", "smt", "oracles"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(std::string(kSource) + "/" + folder)) {
      if (!entry.is_regular_file()) continue;
      const std::string file = std::filesystem::relative(entry.path(), kSource).string();
      EXPECT_THAT(text_of(file), testing::Not(HasSubstr("fault_point.h"))) << file;
    }
  }
}

TEST(ApplyFault, ReplacesItsText) {
  const auto faults = parse_faults(one_fault(""), "c.json");
  ASSERT_TRUE(faults);
  const auto changed = apply_fault(faults->front(), "a x b");
  ASSERT_TRUE(changed);
  EXPECT_EQ(*changed, "a y b");
}

TEST(ApplyFault, RefusesATextThatIsNotThere) {
  const auto faults = parse_faults(one_fault(""), "c.json");
  ASSERT_TRUE(faults);
  const auto changed = apply_fault(faults->front(), "a b");
  ASSERT_FALSE(changed);
  EXPECT_THAT(changed.error().describe(), HasSubstr("f.cc: the text that the fault n replaces is not there"));
}

TEST(ApplyFault, RefusesATextThatIsThereTwice) {
  const auto faults = parse_faults(one_fault(""), "c.json");
  ASSERT_TRUE(faults);
  const auto changed = apply_fault(faults->front(), "x x");
  ASSERT_FALSE(changed);
  EXPECT_THAT(changed.error().describe(), HasSubstr("more than once"));
}

TEST(ParseFaults, JoinsLines) {
  const auto faults = parse_faults(
      R"({"area": "a", "faults": [{"name": "n", "row": "r", "file": "f.cc", "from": ["x", "z"], "to": "y", "why": "w"}]})",
      "c.json");
  ASSERT_TRUE(faults);
  EXPECT_EQ(faults->front().from, "x\nz");
}

TEST(ParseFaults, RefusesWhatIsNoCatalogueWithAPlace) {
  const std::string twice = R"({"name": "n", "row": "r", "file": "f.cc", "from": "x", "to": "y", "why": "w"})";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{", "c.json: this is no JSON"},
      {"[]", "'area' and 'faults'"},
      {R"({"area": "a", "faults": [1]})", "fault 1 is no object"},
      {R"({"area": "a", "faults": [{"name": "N!"}]})", "no row or no name"},
      {one_fault(R"(, "color": "red")"), "a member 'color'"},
      {one_fault(R"(, "units": "f.cc")"), "'units' of fault 1"},
      {one_fault(R"(, "units": ["../f.cc"])"), "not inside the source folder"},
      {R"({"area": "a", "faults": [{"name": "n", "row": "r", "file": "f.cc", "from": "x", "to": "x", "why": "w"}]})",
       "changes nothing"},
      {R"({"area": "a", "faults": [)" + twice + "," + twice + "]}", "there are two faults n"},
  };
  for (const auto& [text, message] : cases) {
    const auto faults = parse_faults(text, "c.json");
    ASSERT_FALSE(faults) << text;
    EXPECT_THAT(faults.error().describe(), HasSubstr(message));
    EXPECT_EQ(faults.error().kind, base::ErrorKind::Input);
  }
}

TEST(LoadCatalogue, RefusesAFolderWithoutOne) {
  const auto faults = load_catalogue(std::string(kSource) + "/fuzz/selftest/test");
  ASSERT_FALSE(faults);
  EXPECT_THAT(faults.error().describe(), HasSubstr("there is no catalogue of faults"));
}

TEST(Matches, TakesPatternsJoinedByCommas) {
  EXPECT_TRUE(matches("rex-x-never", "rex-*"));
  EXPECT_TRUE(matches("rex-x-never", "no-such,*-never"));
  EXPECT_FALSE(matches("rex-x-never", "rex"));
  EXPECT_FALSE(matches("rex-x-never", ""));
}

}  // namespace
}  // namespace assay::fuzz::selftest
