#include "algorithms/testing/same_outputs.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "ir/tensor/tensor.h"
#include "kernels/exec/plan.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

std::vector<Value> RandomInputs(const Model& model, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<float> uniform(-2, 2);
  std::vector<Value> inputs;
  for (const ValueInfo& input : model.graph.inputs) {
    Dims dims;
    for (const Dim& dim : *input.type.shape) {
      dims.push_back(dim.known() ? dim.value : 1);
    }
    std::vector<float> x(*ElementCount(dims));
    for (float& v : x) v = uniform(random);
    inputs.push_back(Tensor::FromVector<float>(dims, absl::MakeConstSpan(x)));
  }
  return inputs;
}

std::vector<Value> RunPlainly(const Model& model,
                              const std::vector<Value>& inputs) {
  CompileOptions options;
  options.reference = true;
  const auto plan = Compile(model, options);
  if (!plan.ok()) {
    ADD_FAILURE() << plan.status();
    return {};
  }
  Workspace workspace;
  ThreadPool pool(1);
  RunOptions run;
  run.pool = &pool;
  auto outputs = (*plan)->Run(workspace, inputs, run);
  if (!outputs.ok()) {
    ADD_FAILURE() << outputs.status();
    return {};
  }
  return *std::move(outputs);
}

void ExpectSameOutputs(const Model& before, const Model& after,
                       double tolerance) {
  for (const uint64_t seed : {1, 2, 3}) {
    const std::vector<Value> inputs = RandomInputs(before, seed);
    const std::vector<Value> expected = RunPlainly(before, inputs);
    const std::vector<Value> found = RunPlainly(after, inputs);
    ASSERT_FALSE(expected.empty());
    ASSERT_EQ(expected.size(), found.size());
    for (size_t i = 0; i < expected.size(); ++i) {
      const auto x = expected[i].tensor().Values<float>();
      const auto y = found[i].tensor().Values<float>();
      ASSERT_EQ(expected[i].tensor().dims(), found[i].tensor().dims());
      double greatest = 0, distance = 0;
      for (size_t k = 0; k < x.size(); ++k) {
        greatest = std::max<double>(greatest, std::fabs(x[k]));
        distance = std::max<double>(distance, std::fabs(x[k] - y[k]));
      }
      EXPECT_LE(distance, tolerance * greatest) << "output " << i;
      EXPECT_GT(greatest, 0) << "a test that sees only zeros shows nothing";
    }
  }
}

}  // namespace hone
