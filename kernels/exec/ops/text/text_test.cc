#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string Body(const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": 20]>\n" + body;
}

TEST(StringNormalizer, DropsStopWords) {
  ExpectOutputs(Body(R"(net () => (string[?] y) {
    x = constant string[3] {"Monday", "tue", "x"}
    y = StringNormalizer<case_change_action = "UPPER", stopwords = ["monday"]>(x)
  })"),
                {"string[2] {\"TUE\", \"X\"}"});
}

TEST(StringSplit, AtSpacesOrDelimiters) {
  ExpectOutputs(Body(R"(net () => (string[?, ?] y, int64[?] n) {
    x = constant string[2] {" a  b ", ""}
    y, n = StringSplit(x)
  })"),
                {"string[2, 2] {\"a\", \"b\", \"\", \"\"}", "int64[2] {2, 0}"});
}

TEST(StringConcat, Broadcasts) {
  ExpectOutputs(Body(R"(net () => (string[2] y) {
    a = constant string[2] {"a", "b"}
    b = constant string[1] {"c"}
    y = StringConcat(a, b)
  })"),
                {"string[2] {\"ac\", \"bc\"}"});
}

TEST(RegexFullMatch, APatternThatIsNone) {
  ExpectFailure(Body(R"(net () => (bool[1] y) {
    x = constant string[1] {"a"}
    [re] y = RegexFullMatch<pattern = "(a">(x)
  })"),
                "re");
}

}  // namespace
}  // namespace hone
