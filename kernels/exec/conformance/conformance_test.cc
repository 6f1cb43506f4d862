// All of ONNX's backend tests, against the list of those that do not pass yet.
//
// known_gaps.txt has a line "SUITE/NAME REASON" for each; a case that is not
// listed must pass, on optimized and on reference kernels, so what passes once
// keeps passing. A listed case that passes is printed, to be taken off.
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/exec/conformance/backend_case.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

constexpr char kRoot[] = "/usr/share/libonnx-testdata/data";
constexpr char kGaps[] = "kernels/exec/conformance/known_gaps.txt";

class ConformanceTest : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Kernels, ConformanceTest, testing::Bool(),
                         [](const testing::TestParamInfo<bool>& info) {
                           return info.param ? "Reference" : "Optimized";
                         });

TEST_P(ConformanceTest, EveryCaseThatIsNotAKnownGapPasses) {
  const std::vector<BackendCase> cases = FindBackendCases(kRoot);
  if (cases.empty()) GTEST_SKIP() << "libonnx-testdata is not installed";
  std::map<std::string, std::string> gaps = ReadGaps(kGaps);
  for (const auto& [name, reason] : gaps) {
    EXPECT_FALSE(reason.empty()) << "no reason: " << name;
  }
  ThreadPool pool(2);
  int passed = 0;
  for (const BackendCase& c : cases) {
    const std::string name = c.suite + "/" + c.name;
    CompileOptions options;
    options.reference = GetParam();
    const CaseResult result = RunBackendCase(c, options, pool);
    const bool ok = result.outcome == CaseResult::Outcome::kPassed;
    passed += ok;
    if (gaps.erase(name) > 0) {
      if (ok) std::printf("%s passes: take it off the list\n", name.c_str());
    } else {
      EXPECT_TRUE(ok) << name << ": " << result.message;
    }
  }
  EXPECT_TRUE(gaps.empty()) << gaps.begin()->first << " is no case";
  std::printf("%d of %zu cases pass\n", passed, cases.size());
}

}  // namespace
}  // namespace hone
