#define HWY_WANT_AVX3_DL  // ForEachTarget tries it too
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "kernels/cpu/testing/for_each_target.h"
#include "kernels/exec/ops/recurrent/recurrent.h"
#include "kernels/exec/ops/testing/run_kernel.h"

namespace hone {
namespace {

// x, w, r, b, and from 8 on scales and zero points of w and r.
KernelRun Lstm(std::vector<Tensor> inputs, int64_t steps, int64_t batch,
               int64_t hidden) {
  KernelRun run;
  run.node.op_type = "DynamicQuantizeLSTM";
  run.node.domain = "com.microsoft";
  run.node.name = "lstm";
  run.node.outputs = {"y"};
  run.opset = 1;
  for (size_t i = 0; i < inputs.size(); ++i) {
    run.node.inputs.push_back(inputs[i].defined() ? "i" + std::to_string(i)
                                                  : "");
  }
  run.inputs = std::move(inputs);
  run.output = {steps, 1, batch, hidden};
  return run;
}

KernelRun Random(int64_t steps, int64_t batch, int64_t input, int64_t hidden) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  std::vector<float> x(static_cast<size_t>(steps * batch * input));
  for (float& value : x) value = normal(random);
  std::vector<uint8_t> w(static_cast<size_t>(input * 4 * hidden));
  std::vector<int8_t> r(static_cast<size_t>(hidden * 4 * hidden));
  for (uint8_t& value : w) value = static_cast<uint8_t>(random());
  for (int8_t& value : r) value = static_cast<int8_t>(random());
  std::vector<float> scales;
  std::vector<uint8_t> zeros;
  for (int64_t j = 0; j < 4 * hidden; ++j) {
    scales.push_back(0.002f + 1e-6f * static_cast<float>(random() % 3000));
    zeros.push_back(static_cast<uint8_t>(120 + random() % 16));
  }
  return Lstm({Tensor::FromVector<float>({steps, batch, input}, x),
               Tensor::FromVector<uint8_t>({1, input, 4 * hidden}, w),
               Tensor::FromVector<int8_t>({1, hidden, 4 * hidden}, r),
               {},
               {},
               {},
               {},
               {},
               Tensor::FromVector<float>({1, 4 * hidden}, scales),
               Tensor::FromVector<uint8_t>({1, 4 * hidden}, zeros),
               Tensor::FromVector<float>({1}, {0.003f})},
              steps, batch, hidden);
}

TEST(DynamicQuantizeLstm, OneStepByHand) {
  // 1 is 255 steps of 1/255, which multiply 0.01 * 100 exactly; gates of 0 are
  // one half.
  const Tensor one = Tensor::FromVector<float>({1}, {0.01f});
  const Tensor zero = Tensor::FromVector<int8_t>({1}, {0});
  const KernelRun run =
      Lstm({Tensor::FromVector<float>({1, 1, 1}, {1}),
            Tensor::FromVector<int8_t>({1, 1, 4}, {0, 0, 0, 100}),
            Tensor::FromVector<int8_t>({1, 1, 4}, {9, 9, 9, 9}),
            {},
            {},
            {},
            {},
            {},
            one,
            zero,
            one,
            zero},
           1, 1, 1);
  const absl::StatusOr<Tensor> y = RunKernel(MakeRecurrent, run);
  ASSERT_TRUE(y.ok()) << y.status();
  EXPECT_NEAR(y->Values<float>()[0], 0.1817002f, 1e-6);
}

TEST(DynamicQuantizeLstm, SameBytesHoweverItRuns) {
  KernelRun run = Random(6, 3, 5, 9);
  absl::StatusOr<Tensor> first;
  ForEachTarget([&] {
    for (const bool constant : {false, true}) {
      for (const int threads : {1, 3}) {
        run.constant.assign(run.inputs.size(), constant);
        run.threads = threads;
        const absl::StatusOr<Tensor> y = RunKernel(MakeRecurrent, run);
        ASSERT_TRUE(y.ok()) << y.status();
        if (threads == 1 && !constant) first = y;
        EXPECT_EQ(y->bytes(), first->bytes());
      }
    }
  });
}

TEST(DynamicQuantizeLstm, AgreesWithTheDefinition) {
  KernelRun run = Random(6, 3, 5, 9);
  const absl::StatusOr<Tensor> y = RunKernel(MakeRecurrent, run);
  ASSERT_TRUE(y.ok()) << y.status();
  run.reference = true;
  const absl::StatusOr<Tensor> expected = RunKernel(MakeRecurrent, run);
  ASSERT_TRUE(expected.ok()) << expected.status();
  for (int64_t i = 0; i < y->size(); ++i) {
    // A state near a half of a step may be quantized to the other side.
    EXPECT_NEAR(y->Values<float>()[static_cast<size_t>(i)],
                expected->Values<float>()[static_cast<size_t>(i)], 3e-3);
  }
}

TEST(DynamicQuantizeLstm, RefusesOtherExtents) {
  KernelRun scales = Random(2, 1, 5, 9);
  scales.inputs[8] = Tensor::FromVector<float>({2}, {1, 1});
  KernelRun missing = Random(2, 1, 5, 9);
  missing.inputs.resize(8);
  missing.node.inputs.resize(8);
  KernelRun weights = Random(2, 1, 5, 9);
  weights.inputs[1] = Tensor::FromVector<int8_t>({1, 4, 1}, {1, 2, 3, 4});
  for (const KernelRun& run : {scales, missing, weights}) {
    const absl::StatusOr<Tensor> y = RunKernel(MakeRecurrent, run);
    ASSERT_FALSE(y.ok());
    EXPECT_NE(y.status().message().find("lstm"), std::string::npos)
        << y.status();
  }
}

}  // namespace
}  // namespace hone
