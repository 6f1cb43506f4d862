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

int64_t Count(const Dims& dims) {
  int64_t count = 1;
  for (const int64_t extent : dims) count *= extent;
  return count;
}

Tensor Bytes(DType dtype, const Dims& dims, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<uint8_t> u;
  std::vector<int8_t> s;
  for (int64_t i = 0; i < Count(dims); ++i) {
    u.push_back(static_cast<uint8_t>(random()));
    s.push_back(static_cast<int8_t>(u.back()));
  }
  return dtype == DType::kS8 ? Tensor::FromVector<int8_t>(dims, s)
                             : Tensor::FromVector<uint8_t>(dims, u);
}

Tensor Scales(const Dims& dims, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<float> values;
  for (int64_t i = 0; i < Count(dims); ++i) {
    values.push_back(static_cast<float>(random() % 1000 + 1) * 1.7e-4f);
  }
  return Tensor::FromVector<float>(dims, values);
}

struct Shapes {
  Dims a, b, y;
  // Of the zero points and scales of A and B; {0}: left out.
  Dims for_a = {}, for_b = {};
};

const std::vector<Shapes>& AllShapes() {
  static const auto* const shapes = new std::vector<Shapes>{
      {{5, 7}, {7, 9}, {5, 9}},
      {{5, 8}, {8, 9}, {5, 9}, {}, {9}},
      {{6, 16}, {16, 33}, {6, 33}, {6}, {33}},
      {{6, 16}, {16, 33}, {6, 33}, {0}, {0}},
      {{16}, {16, 5}, {5}},
      {{3, 12}, {12}, {3}},
      {{12}, {12}, {}},
      // Rows of every matrix in one product, and one zero point a row.
      {{2, 3, 20}, {20, 17}, {2, 3, 17}, {}, {17}},
      {{2, 3, 20}, {20, 17}, {2, 3, 17}, {3}, {17}},
      {{2, 3, 20}, {20, 17}, {2, 3, 17}, {2, 3, 1}, {1, 17}},
      // Batches, and what broadcasts.
      {{2, 3, 4, 10}, {2, 3, 10, 6}, {2, 3, 4, 6}, {}, {6}},
      {{2, 3, 4, 10}, {2, 3, 10, 6}, {2, 3, 4, 6}, {4}, {2, 3, 1, 6}},
      {{4, 10}, {3, 10, 6}, {3, 4, 6}, {4}, {3, 1, 6}},
      {{2, 1, 4, 10}, {5, 10, 6}, {2, 5, 4, 6}, {2, 1, 4, 1}, {}},
      {{2, 1, 4, 10}, {1, 10, 6}, {2, 1, 4, 6}},
      {{0, 4}, {4, 3}, {0, 3}},
      {{4, 0}, {0, 3}, {4, 3}},
  };
  return *shapes;
}

void Add(Tensor value, bool constant, KernelRun* run) {
  run->node.inputs.push_back(value.defined()
                                 ? std::string(1, 'a' + run->inputs.size())
                                 : std::string());
  run->inputs.push_back(std::move(value));
  run->constant.push_back(constant);
}

KernelRun Make(const std::string& op, const Shapes& s, DType a, DType b,
               DType y, bool constant) {
  const auto zero = [](DType dtype, const Dims& dims, uint32_t seed) {
    return dims == Dims{0} ? Tensor() : Bytes(dtype, dims, seed);
  };
  const auto scale = [](const Dims& dims, uint32_t seed) {
    return Scales(dims == Dims{0} ? Dims{} : dims, seed);
  };
  KernelRun run;
  run.node.op_type = op;
  run.node.outputs = {"y"};
  run.output = s.y;
  run.output_dtype = y;
  const Tensor in_a = Bytes(a, s.a, 1), in_b = Bytes(b, s.b, 2);
  // QLinearMatMul's are no optional inputs.
  if (op == "QLinearMatMul" && s.for_a == Dims{0}) {
    return Make(op, {s.a, s.b, s.y}, a, b, y, constant);
  }
  const Tensor za = zero(a, s.for_a, 3), zb = zero(b, s.for_b, 4);
  if (op == "MatMulInteger") {
    Add(in_a, false, &run);
    Add(in_b, constant, &run);
    Add(za, false, &run);
    Add(zb, constant, &run);
  } else if (op == "MatMulIntegerToFloat") {
    Add(in_a, false, &run);
    Add(in_b, constant, &run);
    Add(scale(s.for_a, 5), false, &run);
    Add(scale(s.for_b, 6), constant, &run);
    Add(za, false, &run);
    Add(zb, constant, &run);
    if (!s.y.empty() && s.b.size() > 1) {
      Add(Scales({s.y.back()}, 7), constant, &run);
    }
  } else {
    Add(in_a, false, &run);
    Add(scale(s.for_a, 5), false, &run);
    Add(za, false, &run);
    Add(in_b, constant, &run);
    Add(scale(s.for_b, 6), constant, &run);
    Add(zb, constant, &run);
    Add(Scales({}, 8), false, &run);
    Add(Bytes(y, {}, 9), false, &run);
  }
  return run;
}

void ExpectTheDefinition(KernelRun run, const std::string& what) {
  SCOPED_TRACE(what);
  run.reference = true;
  const absl::StatusOr<Tensor> expected = RunKernel(MakeIntegerMatMul, run);
  ASSERT_TRUE(expected.ok()) << expected.status();
  run.reference = false;
  ForEachTarget([&] {
    for (const int threads : {1, 3}) {
      run.threads = threads;
      const absl::StatusOr<Tensor> y = RunKernel(MakeIntegerMatMul, run);
      ASSERT_TRUE(y.ok()) << y.status();
      ASSERT_EQ(y->bytes(), expected->bytes());
    }
  });
}

void CheckOperator(const std::string& op, std::vector<DType> outputs) {
  for (const Shapes& shapes : AllShapes()) {
    for (const DType a : {DType::kU8, DType::kS8}) {
      for (const DType b : {DType::kU8, DType::kS8}) {
        for (const DType y : outputs) {
          for (const bool constant : {false, true}) {
            ExpectTheDefinition(
                Make(op, shapes, a, b, y, constant),
                DimsToString(shapes.a) + DimsToString(shapes.b) +
                    std::string(DTypeName(a)) + std::string(DTypeName(b)));
          }
        }
      }
    }
  }
}

TEST(IntegerMatMul, MatMulInteger) {
  CheckOperator("MatMulInteger", {DType::kS32});
}
TEST(IntegerMatMul, QLinearMatMul) {
  CheckOperator("QLinearMatMul", {DType::kU8, DType::kS8});
}
TEST(IntegerMatMul, MatMulIntegerToFloat) {
  CheckOperator("MatMulIntegerToFloat", {DType::kF32});
}

TEST(IntegerMatMul, ScalesThatAreNotFinite) {
  for (const float scale : {std::numeric_limits<float>::infinity(),
                            std::numeric_limits<float>::quiet_NaN(), -2.0f}) {
    for (const char* op : {"QLinearMatMul", "MatMulIntegerToFloat"}) {
      const bool floats = op[0] == 'M';
      KernelRun run = Make(op, {{3, 8}, {8, 5}, {3, 5}}, DType::kU8, DType::kU8,
                           floats ? DType::kF32 : DType::kU8, true);
      run.inputs[floats ? 2 : 1] = Tensor::Scalar<float>(scale);
      ExpectTheDefinition(run, op);
    }
  }
}

TEST(IntegerMatMul, RefusesZeroPointsOfOtherExtents) {
  for (const bool constant : {false, true}) {
    const absl::StatusOr<Tensor> y =
        RunKernel(MakeIntegerMatMul,
                  Make("MatMulInteger", {{5, 8}, {8, 9}, {5, 9}, {}, {8}},
                       DType::kU8, DType::kS8, DType::kS32, constant));
    ASSERT_FALSE(y.ok());
    EXPECT_NE(y.status().message().find("zero point"), std::string::npos)
        << y.status();
  }
}

}  // namespace
}  // namespace hone
