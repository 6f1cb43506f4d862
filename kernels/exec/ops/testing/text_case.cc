#include "kernels/exec/ops/testing/text_case.h"

#include <cmath>
#include <memory>
#include <utility>

#include "gtest/gtest.h"
#include "ir/dtype/dtype.h"
#include "ir/elements/elements.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/value.h"
#include "ir/text/parse_model.h"
#include "kernels/exec/plan.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

void ExpectTensor(const Tensor& got, const Tensor& want, double tolerance) {
  ASSERT_EQ(got.dtype(), want.dtype());
  ASSERT_EQ(got.dims(), want.dims());
  const bool floats = got.dtype() == DType::kF32 || got.dtype() == DType::kF64;
  if (tolerance == 0 || !floats) EXPECT_TRUE(BitwiseEqual(got, want));
  for (int64_t i = 0; floats && i < got.size(); ++i) {
    EXPECT_NEAR(RealElement(got, i), RealElement(want, i), tolerance) << i;
  }
}

}  // namespace

absl::StatusOr<std::vector<Tensor>> RunText(const std::string& text,
                                            bool reference) {
  HONE_ASSIGN_OR_RETURN(const Model model, ParseModel(text));
  CompileOptions options;
  options.reference = reference;
  HONE_ASSIGN_OR_RETURN(const std::shared_ptr<const Plan> plan,
                        Compile(model, options));
  Workspace workspace;
  ThreadPool pool(2);
  RunOptions run;
  run.pool = &pool;
  HONE_ASSIGN_OR_RETURN(const std::vector<Value> values,
                        plan->Run(workspace, {}, run));
  std::vector<Tensor> tensors;
  for (const Value& value : values) tensors.push_back(value.tensor());
  return tensors;
}

void ExpectOutputs(const std::string& model,
                   const std::vector<std::string>& outputs, double tolerance) {
  SCOPED_TRACE(model);
  for (const bool reference : {false, true}) {
    const auto got = RunText(model, reference);
    ASSERT_TRUE(got.ok()) << got.status();
    ASSERT_EQ(got->size(), outputs.size());
    for (size_t i = 0; i < outputs.size(); ++i) {
      const auto want = ParseTensor(outputs[i]);
      ASSERT_TRUE(want.ok()) << want.status();
      ExpectTensor((*got)[i], *want, tolerance);
    }
  }
}

void ExpectFailure(const std::string& model, const std::string& part) {
  SCOPED_TRACE(model);
  for (const bool reference : {false, true}) {
    const auto got = RunText(model, reference);
    ASSERT_FALSE(got.ok());
    EXPECT_NE(std::string(got.status().message()).find(part), std::string::npos)
        << got.status();
  }
}

}  // namespace hone
