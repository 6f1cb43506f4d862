// ONNX's backend tests of operators that OpenCL computes, on the first device
// of the machine, by the same tolerances as the CPU's.
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/exec/conformance/backend_case.h"
#include "kernels/exec/opencl/accelerator.h"
#include "kernels/exec/plan.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

constexpr char kRoot[] = "/usr/share/libonnx-testdata/data";
constexpr char kGaps[] = "kernels/exec/conformance/known_gaps.txt";

// Every one of these has a case with a step of it on the device. (Those of
// LayerNormalization ask for means and deviations, which is the CPU's.)
const std::set<std::string> kOperators = {
    "Abs",           "Add",         "Clip",      "Concat",
    "Div",           "Elu",         "Erf",       "Exp",
    "Expand",        "Gather",      "Gemm",      "GlobalAveragePool",
    "GlobalMaxPool", "HardSigmoid", "HardSwish", "LeakyRelu",
    "Log",           "LogSoftmax",  "MatMul",    "Max",
    "Min",           "Mul",         "Neg",       "PRelu",
    "Pow",           "Reciprocal",  "ReduceMax", "ReduceMean",
    "ReduceMin",     "ReduceSum",   "Relu",      "Sigmoid",
    "Slice",         "Softmax",     "Softplus",  "Split",
    "Sqrt",          "Sub",         "Sum",       "Tanh",
    "Transpose",     "Where"};

TEST(OpenClConformanceTest, CasesOfItsOperatorsPass) {
  const auto choice = MakeAccelerator("opencl");
  if (!choice.ok()) GTEST_SKIP() << choice.status();
  const std::vector<BackendCase> cases = FindBackendCases(kRoot);
  if (cases.empty()) GTEST_SKIP() << "libonnx-testdata is not installed";
  const std::map<std::string, std::string> gaps = ReadGaps(kGaps);
  CompileOptions options;
  options.accelerator = choice->accelerator;
  ThreadPool pool(2);
  int passed = 0;
  std::set<std::string> missing = kOperators;
  for (const BackendCase& c : cases) {
    const std::string name = c.suite + "/" + c.name;
    if (gaps.count(name) > 0) continue;
    const CaseResult result = RunBackendCase(c, options, pool);
    if (result.outcome == CaseResult::Outcome::kUnsupported) continue;
    EXPECT_EQ(result.outcome, CaseResult::Outcome::kPassed)
        << name << ": " << result.message;
    ++passed;
    for (const std::string& type : result.operators) missing.erase(type);
  }
  EXPECT_TRUE(missing.empty()) << "no case of " << *missing.begin();
  std::printf("%d cases have steps on %s\n", passed, choice->note.c_str());
}

}  // namespace
}  // namespace hone
