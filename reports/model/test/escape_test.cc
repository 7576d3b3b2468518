// Text made safe for markup; see reports/model/escape.h.
#include "reports/model/escape.h"

#include <gtest/gtest.h>

#include "reports/model/test/hostile_report.h"

namespace assay::reports {
namespace {

constexpr const char* kReplacement = "\xEF\xBF\xBD";

TEST(EscapeTest, MarkupBecomesText) {
  EXPECT_EQ(escape_markup("<script>alert('1' & \"2\")</script>"),
            "&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt;");
}

TEST(EscapeTest, TextThatIsAlreadyEscapedIsEscapedAgain) { EXPECT_EQ(escape_markup("&lt;"), "&amp;lt;"); }

TEST(EscapeTest, ControlCharactersThatXmlForbidsAreReplaced) {
  EXPECT_EQ(printable(std::string("a\0b\x1b\x7f", 5)),
            std::string("a") + kReplacement + "b" + kReplacement + kReplacement);
  EXPECT_EQ(printable("\xC2\x85"), kReplacement);
  EXPECT_EQ(printable("a\tb\nc"), "a\tb\nc");
}

TEST(EscapeTest, LineEndsOfWindowsBecomeOurs) {
  EXPECT_EQ(printable("a\r\nb"), "a\nb");
  EXPECT_EQ(printable("a\rb"), std::string("a") + kReplacement + "b");
}

TEST(EscapeTest, WellFormedUtf8IsKept) {
  const std::string text = "\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x99\x82";
  EXPECT_EQ(printable(text), text);
}

TEST(EscapeTest, IllFormedUtf8IsReplaced) {
  for (const char* bad :
       {"\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\xFF", "\xEF\xBF\xBF"}) {
    const std::string text = printable(bad);
    EXPECT_EQ(text.find(bad), std::string::npos);
    EXPECT_EQ(text.find(kReplacement), 0U);
  }
}

TEST(EscapeTest, OneLineIsOneLine) { EXPECT_EQ(one_line(test::hostile()).find_first_of("\r\n\t"), std::string::npos); }

}  // namespace
}  // namespace assay::reports
