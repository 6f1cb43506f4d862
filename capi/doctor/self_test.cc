#include "capi/doctor/self_test.h"

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/span.h"
#include "algorithms/quantization/post_training.h"
#include "algorithms/quantization/post_training_options.h"
#include "algorithms/runner/runner.h"
#include "algorithms/runner/sample_source.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/onnx/read_model.h"
#include "ir/onnx/write_model.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/type/type.h"
#include "kernels/exec/plan.h"
#include "kernels/threads/thread_pool.h"

namespace hone::capi {
namespace {

constexpr int64_t kSide = 12, kChannels = 8, kClasses = 5;

// Uniform in [-1, 1) by a linear congruential generator.
Tensor RandomTensor(Dims dims, uint64_t seed) {
  std::vector<float> values(*ElementCount(dims));
  for (float& value : values) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    value = static_cast<float>(seed >> 40) * 0x1p-23f - 1;
  }
  return Tensor::FromVector<float>(std::move(dims), values);
}

Node MakeNode(std::string type, std::vector<std::string> inputs,
              std::string output) {
  Node node;
  node.op_type = std::move(type);
  node.inputs = std::move(inputs);
  node.name = output;
  node.outputs = {std::move(output)};
  return node;
}

// Conv, Relu, a depthwise Conv added to its input, a global mean, Gemm.
Model SmallNetwork() {
  Model model;
  model.opsets[""] = 17;
  Graph& graph = model.graph;
  graph.name = "self_test";
  graph.inputs.push_back(
      {"x",
       Type::OfTensor(DType::kF32, ShapeOf({1, 3, kSide, kSide})),
       "",
       {},
       ""});
  graph.outputs.push_back(
      {"y", Type::OfTensor(DType::kF32, ShapeOf({1, kClasses})), "", {}, ""});
  graph.SetInitializer("w1", RandomTensor({kChannels, 3, 3, 3}, 1));
  graph.SetInitializer("b1", RandomTensor({kChannels}, 2));
  graph.SetInitializer("w2", RandomTensor({kChannels, 1, 3, 3}, 3));
  graph.SetInitializer("w3", RandomTensor({kClasses, kChannels}, 4));
  graph.SetInitializer("b3", RandomTensor({kClasses}, 5));
  Node first = MakeNode("Conv", {"x", "w1", "b1"}, "c1");
  first.SetAttribute(Attribute::Ints("pads", {1, 1, 1, 1}));
  Node depthwise = MakeNode("Conv", {"r1", "w2"}, "c2");
  depthwise.SetAttribute(Attribute::Ints("pads", {1, 1, 1, 1}));
  depthwise.SetAttribute(Attribute::Int("group", kChannels));
  Node gemm = MakeNode("Gemm", {"f", "w3", "b3"}, "y");
  gemm.SetAttribute(Attribute::Int("transB", 1));
  graph.nodes = {first,
                 MakeNode("Relu", {"c1"}, "r1"),
                 depthwise,
                 MakeNode("Add", {"c2", "r1"}, "s"),
                 MakeNode("GlobalAveragePool", {"s"}, "p"),
                 MakeNode("Flatten", {"p"}, "f"),
                 gemm};
  return model;
}

class RandomImages : public SampleSource {
 public:
  uint64_t size() const override { return 8; }
  absl::StatusOr<std::vector<Value>> Get(uint64_t index) override {
    return std::vector<Value>{RandomTensor({1, 3, kSide, kSide}, 100 + index)};
  }
  bool thread_safe() const override { return true; }
};

absl::StatusOr<Tensor> RunOnce(const Model& model, int threads,
                               bool reference) {
  CompileOptions compile;
  compile.reference = reference;
  HONE_ASSIGN_OR_RETURN(const std::shared_ptr<const Plan> plan,
                        Compile(model, compile));
  ThreadPool pool(threads);
  RunOptions run;
  run.pool = &pool;
  Workspace workspace;
  const std::vector<Value> inputs = {RandomTensor({1, 3, kSide, kSide}, 1000)};
  HONE_ASSIGN_OR_RETURN(std::vector<Value> outputs,
                        plan->Run(workspace, inputs, run));
  return outputs[0].tensor();
}

// 10 log10(sum b^2 / sum (a - b)^2); infinite for equal tensors.
double Decibels(const Tensor& a, const Tensor& b) {
  const absl::Span<const float> x = a.Values<float>(), y = b.Values<float>();
  double signal = 0, noise = 0;
  for (size_t i = 0; i < y.size(); ++i) {
    signal += static_cast<double>(y[i]) * y[i];
    noise +=
        (static_cast<double>(x[i]) - y[i]) * (static_cast<double>(x[i]) - y[i]);
  }
  return 10 * std::log10(signal / noise);
}

absl::StatusOr<std::string> TestKernels(const Model& model, int) {
  HONE_ASSIGN_OR_RETURN(const Tensor fast, RunOnce(model, 1, false));
  HONE_ASSIGN_OR_RETURN(const Tensor plain, RunOnce(model, 1, true));
  const double decibels = Decibels(fast, plain);
  const std::string text = absl::StrFormat("%.0f dB", decibels);
  if (decibels > 100) return text;
  return absl::InternalError(absl::StrCat(text, ", expected above 100"));
}

absl::StatusOr<std::string> TestThreads(const Model& model, int threads) {
  HONE_ASSIGN_OR_RETURN(const Tensor one, RunOnce(model, 1, false));
  HONE_ASSIGN_OR_RETURN(const Tensor many, RunOnce(model, threads, false));
  if (BitwiseEqual(one, many)) return absl::StrCat(threads, " threads");
  return absl::InternalError("the results of 1 and of many threads differ");
}

absl::StatusOr<std::string> TestOnnx(const Model& model, int) {
  HONE_ASSIGN_OR_RETURN(const std::string bytes, WriteModelToBytes(model));
  HONE_ASSIGN_OR_RETURN(const Model back, ReadModelFromBytes(bytes, nullptr));
  HONE_ASSIGN_OR_RETURN(const Tensor before, RunOnce(model, 1, false));
  HONE_ASSIGN_OR_RETURN(const Tensor after, RunOnce(back, 1, false));
  if (BitwiseEqual(before, after)) return absl::StrCat(bytes.size(), " bytes");
  return absl::InternalError("the model read back computes something else");
}

absl::StatusOr<std::string> TestQuantize(const Model& model, int threads) {
  RunnerOptions options;
  options.threads = threads;
  Runner runner(options);
  RandomImages images;
  HONE_ASSIGN_OR_RETURN(
      const QuantizeResult result,
      QuantizePostTraining(model, images, PostTrainingOptions(), runner));
  HONE_ASSIGN_OR_RETURN(const Tensor exact, RunOnce(model, 1, false));
  HONE_ASSIGN_OR_RETURN(const Tensor rounded, RunOnce(result.model, 1, false));
  const double decibels = Decibels(rounded, exact);
  const std::string text = absl::StrFormat("%.1f dB", decibels);
  if (std::isfinite(decibels) && decibels > 20) return text;
  return absl::InternalError(absl::StrCat(text, ", expected above 20"));
}

}  // namespace

std::vector<SelfTest> RunSelfTests(int threads) {
  constexpr struct {
    const char* name;
    absl::StatusOr<std::string> (*run)(const Model& model, int threads);
  } kTests[] = {{"kernels", TestKernels},
                {"threads", TestThreads},
                {"onnx", TestOnnx},
                {"quantize", TestQuantize}};
  const Model model = SmallNetwork();
  std::vector<SelfTest> results;
  for (const auto& test : kTests) {
    const absl::StatusOr<std::string> answer = test.run(model, threads);
    results.push_back(
        {test.name, answer.ok(),
         answer.ok() ? *answer : std::string(answer.status().message())});
  }
  return results;
}

}  // namespace hone::capi
