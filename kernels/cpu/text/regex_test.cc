#include "kernels/cpu/text/regex.h"

#include <string>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"

namespace hone {
namespace {

bool Matches(const std::string& pattern, const std::string& text) {
  const absl::StatusOr<Regex> regex = Regex::Parse(pattern);
  EXPECT_TRUE(regex.ok()) << regex.status();
  return regex.ok() && regex->FullMatch(text);
}

TEST(Regex, MatchesWholeStrings) {
  EXPECT_TRUE(Matches("abc", "abc"));
  EXPECT_FALSE(Matches("abc", "abcd"));
  EXPECT_FALSE(Matches("abc", "xabc"));
  EXPECT_TRUE(Matches("", ""));
  EXPECT_TRUE(Matches("a*", ""));
  EXPECT_TRUE(Matches("a*b+c?", "aabb"));
  EXPECT_TRUE(Matches("(ab|c)*d", "abcabd"));
  EXPECT_TRUE(Matches("(?:x|yz){2,3}", "xyz"));
  EXPECT_FALSE(Matches("(?:x|yz){2,3}", "x"));
  EXPECT_FALSE(Matches("x{2,3}", "xxxx"));
  EXPECT_TRUE(Matches("x{2,}", "xxxx"));
  EXPECT_TRUE(Matches("[a-c_]+[^0-9]", "ab_!"));
  EXPECT_TRUE(Matches("[]a-]+", "]-a"));
  EXPECT_TRUE(Matches("\\d+\\.\\s\\W", "12. !"));
  EXPECT_FALSE(Matches(".", "\n"));
}

TEST(Regex, KnowsBorders) {
  EXPECT_TRUE(Matches("www\\.[\\w.-]+\\.\\bcom\\b", "www.google.com"));
  EXPECT_FALSE(Matches("a\\bb", "ab"));
  EXPECT_TRUE(Matches("(\\W|^)[\\w.\\-]{0,25}@(yahoo|gmail)\\.com(\\W|$)",
                      "not.email@gmail.com"));
}

TEST(Regex, TakesLinearTime) {
  EXPECT_FALSE(Matches("(a*)*(a*)*b", std::string(100000, 'a')));
}

TEST(Regex, RefusesWhatItCannotRead) {
  for (const char* bad : {"(a", "[a", "*a", "a{3,1}", "(?=a)", "\\p", "\\",
                          "((a{1000}){1000}){1000}", "a)"}) {
    EXPECT_FALSE(Regex::Parse(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace hone
