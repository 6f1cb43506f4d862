#define HWY_WANT_AVX3_DL  // ForEachTarget tries it too
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "ir/dtype/dtype.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "kernels/cpu/testing/for_each_target.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/ops/qlinear/qlinear.h"
#include "kernels/exec/ops/testing/run_kernel.h"

namespace hone {
namespace {

Tensor Bytes(DType dtype, const Dims& dims, uint32_t seed) {
  std::mt19937 random(seed);
  int64_t count = 1;
  for (const int64_t extent : dims) count *= extent;
  std::vector<uint8_t> u;
  std::vector<int8_t> s;
  for (int64_t i = 0; i < count; ++i) {
    u.push_back(static_cast<uint8_t>(random()));
    s.push_back(static_cast<int8_t>(u.back()));
  }
  return dtype == DType::kS8 ? Tensor::FromVector<int8_t>(dims, s)
                             : Tensor::FromVector<uint8_t>(dims, u);
}

// What w is less: nothing, so that it is int8 already (uint8: not); one number
// that leaves int8; one a channel.
enum class Zeros { kNone, kMiddle, kOne, kEach };

struct Case {
  Dims x, w, y;
  int64_t group = 1;
  std::vector<int64_t> pads = {}, strides = {}, dilations = {};
};

const std::vector<Case>& Cases() {
  static const auto* const cases = new std::vector<Case>{
      {{1, 3, 9, 8}, {5, 3, 3, 3}, {1, 5, 9, 8}, 1, {1, 1, 1, 1}},
      {{2, 16, 7, 5}, {17, 16, 1, 1}, {2, 17, 7, 5}},
      {{1, 20, 6, 7}, {33, 20, 3, 2}, {1, 33, 4, 6}},
      {{2, 8, 9, 9}, {6, 4, 3, 3}, {2, 6, 5, 3}, 2, {1, 0, 1, 1}, {2, 3}},
      {{1, 6, 11, 10}, {4, 6, 3, 3}, {1, 4, 8, 6}, 1, {1, 0, 0, 0}, {}, {2, 2}},
      // Depthwise: many channels, few, a stride.
      {{1, 67, 8, 9}, {67, 1, 3, 3}, {1, 67, 8, 9}, 67, {1, 1, 1, 1}},
      {{2, 8, 9, 10}, {8, 1, 3, 3}, {2, 8, 9, 10}, 8, {1, 1, 1, 1}},
      {{1, 32, 9, 9}, {32, 1, 5, 5}, {1, 32, 5, 5}, 32, {2, 2, 2, 2}, {2, 2}},
      {{1, 4, 8, 8}, {8, 1, 3, 3}, {1, 8, 6, 6}, 4},
      // One and three spatial axes, and four, which only the definition takes.
      {{2, 5, 12}, {7, 5, 4}, {2, 7, 11}, 1, {1, 1}},
      {{1, 5, 4, 5, 6}, {3, 5, 2, 3, 3}, {1, 3, 3, 3, 4}},
      {{1, 2, 3, 3, 3, 3}, {2, 2, 2, 2, 2, 2}, {1, 2, 2, 2, 2, 2}},
      {{0, 3, 4, 4}, {2, 3, 3, 3}, {0, 2, 2, 2}},
  };
  return *cases;
}

void Add(Tensor value, bool constant, KernelRun* run) {
  run->node.inputs.push_back(
      value.defined()
          ? std::string(1, static_cast<char>('a' + run->inputs.size()))
          : std::string());
  run->inputs.push_back(std::move(value));
  run->constant.push_back(constant);
}

Tensor WeightZeros(DType dtype, Zeros zeros, int64_t channels, bool needed) {
  const bool is_signed = dtype == DType::kS8;
  switch (zeros) {
    case Zeros::kNone:
      if (!needed) return Tensor();
      return is_signed ? Tensor::Scalar<int8_t>(0) : Tensor::Scalar<uint8_t>(0);
    case Zeros::kMiddle:
      return is_signed ? Tensor::Scalar<int8_t>(0)
                       : Tensor::Scalar<uint8_t>(128);
    case Zeros::kOne:
      return is_signed ? Tensor::Scalar<int8_t>(-7)
                       : Tensor::Scalar<uint8_t>(121);
    case Zeros::kEach:
      return Bytes(dtype, {channels}, 11);
  }
  return Tensor();
}

KernelRun Make(bool quantized, const Case& c, DType x, DType w, DType y,
               Zeros zeros, bool constant) {
  KernelRun run;
  run.node.op_type = quantized ? "QLinearConv" : "ConvInteger";
  run.node.outputs = {"y"};
  run.node.attributes.push_back(Attribute::Int("group", c.group));
  const auto ints = [&](const char* name, const std::vector<int64_t>& values) {
    if (values.empty()) return;
    run.node.attributes.push_back(Attribute::Ints(name, values));
  };
  ints("pads", c.pads);
  ints("strides", c.strides);
  ints("dilations", c.dilations);
  run.output = c.y;
  run.output_dtype = y;
  const int64_t channels = c.w[0];
  Add(Bytes(x, c.x, 1), false, &run);
  if (!quantized) {
    Add(Bytes(w, c.w, 2), constant, &run);
    Add(Bytes(x, {}, 3), false, &run);
    Add(WeightZeros(w, zeros, channels, false), constant, &run);
    return run;
  }
  std::mt19937 random(4);
  std::vector<float> scales;
  std::vector<int32_t> bias;
  for (int64_t m = 0; m < channels; ++m) {
    scales.push_back(static_cast<float>(random() % 1000 + 1) * 1e-5f);
    bias.push_back(static_cast<int32_t>(random() % 40001) - 20000);
  }
  Add(Tensor::Scalar<float>(0.021f), false, &run);
  Add(Bytes(x, {}, 3), false, &run);
  Add(Bytes(w, c.w, 2), constant, &run);
  Add(zeros == Zeros::kEach ? Tensor::FromVector<float>({channels}, scales)
                            : Tensor::Scalar<float>(0.0037f),
      constant, &run);
  Add(WeightZeros(w, zeros, channels, true), constant, &run);
  Add(Tensor::Scalar<float>(0.13f), false, &run);
  Add(Bytes(y, {}, 5), false, &run);
  if (zeros != Zeros::kOne) {
    Add(Tensor::FromVector<int32_t>({channels}, bias), constant, &run);
  }
  return run;
}

void ExpectTheDefinition(KernelRun run, const std::string& what) {
  SCOPED_TRACE(what);
  run.reference = true;
  const absl::StatusOr<Tensor> expected = RunKernel(MakeIntegerConv, run);
  ASSERT_TRUE(expected.ok()) << expected.status();
  run.reference = false;
  ForEachTarget([&] {
    for (const int threads : {1, 3}) {
      run.threads = threads;
      const absl::StatusOr<Tensor> y = RunKernel(MakeIntegerConv, run);
      ASSERT_TRUE(y.ok()) << y.status();
      ASSERT_EQ(y->bytes(), expected->bytes());
    }
  });
}

void CheckOperator(bool quantized, DType w) {
  for (const Case& c : Cases()) {
    for (const DType x : {DType::kU8, DType::kS8}) {
      for (const Zeros zeros :
           {Zeros::kNone, Zeros::kMiddle, Zeros::kOne, Zeros::kEach}) {
        for (const bool constant : {false, true}) {
          ExpectTheDefinition(
              Make(quantized, c, x, w, quantized ? x : DType::kS32, zeros,
                   constant),
              DimsToString(c.x) + DimsToString(c.w) +
                  std::string(DTypeName(x)) +
                  std::to_string(static_cast<int>(zeros)));
        }
      }
    }
  }
}

TEST(IntegerConv, ConvIntegerByInt8) { CheckOperator(false, DType::kS8); }
TEST(IntegerConv, ConvIntegerByUint8) { CheckOperator(false, DType::kU8); }
TEST(IntegerConv, QLinearConvByInt8) { CheckOperator(true, DType::kS8); }
TEST(IntegerConv, QLinearConvByUint8) { CheckOperator(true, DType::kU8); }

TEST(IntegerConv, ScalesThatAreNotFinite) {
  for (const size_t which : {size_t{1}, size_t{5}}) {  // a GEMM, depthwise
    for (const float scale : {std::numeric_limits<float>::infinity(),
                              std::numeric_limits<float>::quiet_NaN(), -2.0f}) {
      KernelRun run = Make(true, Cases()[which], DType::kU8, DType::kS8,
                           DType::kU8, Zeros::kMiddle, true);
      run.inputs[1] = Tensor::Scalar<float>(scale);
      ExpectTheDefinition(run, std::to_string(scale));
    }
  }
}

TEST(IntegerConv, RefusesABiasOfOtherExtents) {
  KernelRun run = Make(true, Cases()[0], DType::kU8, DType::kS8, DType::kU8,
                       Zeros::kMiddle, true);
  run.inputs[8] = Tensor::FromVector<int32_t>({2}, {1, 2});
  const absl::StatusOr<Tensor> y = RunKernel(MakeIntegerConv, run);
  ASSERT_FALSE(y.ok());
  EXPECT_NE(y.status().message().find("bias"), std::string::npos);
}

}  // namespace
}  // namespace hone
