#include "kernels/exec/expand/gradient_cases.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace hone {
namespace {

constexpr char kAny[] = "x: float64[2, 3] random(1, -2, 2)";
constexpr char kUnit[] = "x: float64[2, 3] random(2, -0.9, 0.9)";
constexpr char kPositive[] = "x: float64[2, 3] random(3, 0.2, 3)";
constexpr char kLarge[] = "x: float64[2, 3] random(4, 1.2, 3)";
constexpr char kMatrix[] = "x: float64[3, 4] random(5, -2, 2)";
constexpr char kRow[] = "b: float64[4] random(6, 0.2, 2)";
constexpr char kColumn[] = "b: float64[2, 3, 1] random(7, 0.2, 2)";
constexpr char kPlanes[] = "x: float64[2, 4, 5, 6] random(8, -1, 1)";

void Elementwise(std::vector<GradientCase>* to) {
  to->insert(
      to->end(),
      {
          {"Abs", {kAny}, "y = Abs(x)"},
          {"Acos", {kUnit}, "y = Acos(x)"},
          {"Acosh", {kLarge}, "y = Acosh(x)"},
          {"Asin", {kUnit}, "y = Asin(x)"},
          {"Asinh", {kAny}, "y = Asinh(x)"},
          {"Atan", {kAny}, "y = Atan(x)"},
          {"Atanh", {kUnit}, "y = Atanh(x)"},
          {"Cast",
           {"x: float32[2, 3] random(1)"},
           "h = Cast<to = 11>(x)\n y = Mul(h, h)"},
          {"CastLike", {kAny}, "y = CastLike(x, x)"},
          {"Ceil", {kAny}, "h = Ceil(x)\n y = Mul(h, x)"},
          {"Celu",
           {"x: float32[2, 3] random(1, -2, 2)"},
           "y = Celu<alpha = 0.7>(x)"},
          {"Clip",
           {kAny},
           "l = constant float64[] {-1}\n h = constant float64[] {0.5}\n"
           "y = Clip(x, l, h)"},
          {"Clip",
           {kAny, "h: float64[] random(3, 0.3, 0.5)"},
           "y = Clip(x, , h)"},
          {"Cos", {kAny}, "y = Cos(x)"},
          {"Cosh", {kAny}, "y = Cosh(x)"},
          {"Dropout", {kAny}, "y = Dropout(x)"},
          {"Elu", {kAny}, "y = Elu<alpha = 0.7>(x)"},
          {"Erf", {kAny}, "y = Erf(x)"},
          {"Exp", {kAny}, "y = Exp(x)"},
          {"Floor", {kAny}, "h = Floor(x)\n y = Mul(h, x)"},
          {"Gelu", {kAny}, "y = Gelu(x)"},
          {"Gelu", {kAny}, "y = Gelu<approximate = \"tanh\">(x)"},
          {"HardSigmoid", {kAny}, "y = HardSigmoid<alpha = 0.4>(x)"},
          {"HardSwish",
           {"x: float64[8] {-5, -3.5, -2, -0.5, 0.5, 2, 3.5, 5}"},
           "y = HardSwish(x)"},
          {"Identity", {kAny}, "y = Identity(x)"},
          {"LeakyRelu", {kAny}, "y = LeakyRelu<alpha = 0.3>(x)"},
          {"Log", {kPositive}, "y = Log(x)"},
          {"Mish", {kAny}, "y = Mish(x)"},
          {"Neg", {kAny}, "y = Neg(x)"},
          {"PRelu", {kMatrix, kRow}, "y = PRelu(x, b)"},
          {"Reciprocal", {kPositive}, "y = Reciprocal(x)"},
          {"Relu", {kAny}, "y = Relu(x)"},
          {"Round", {kAny}, "h = Round(x)\n y = Mul(h, x)"},
          {"Selu", {kAny}, "y = Selu(x)"},
          {"Sigmoid", {kAny}, "y = Sigmoid(x)"},
          {"Sign", {kAny}, "h = Sign(x)\n y = Mul(h, x)"},
          {"Sin", {kAny}, "y = Sin(x)"},
          {"Sinh", {kAny}, "y = Sinh(x)"},
          {"Softplus", {kAny}, "y = Softplus(x)"},
          {"Softsign", {kAny}, "y = Softsign(x)"},
          {"Sqrt", {kPositive}, "y = Sqrt(x)"},
          {"Swish", {kAny}, "y = Swish<alpha = 1.5>(x)"},
          {"Tan", {kUnit}, "y = Tan(x)"},
          {"Tanh", {kAny}, "y = Tanh(x)"},
          {"ThresholdedRelu", {kAny}, "y = ThresholdedRelu<alpha = 0.5>(x)"},
          {"Add", {kMatrix, kRow}, "y = Add(x, b)"},
          {"Add", {kMatrix, kColumn}, "y = Add(x, b)"},
          // Which axes were broadcast only a run tells.
          {"Add",
           {"x: float64[n, m] = float64[3, 4] random(5)",
            "b: float64[k, m] = float64[1, 4] random(6)"},
           "y = Add(x, b)"},
          {"Add",
           {"x: float64[...] = float64[3, 4] random(5)",
            "b: float64[...] = float64[2, 3, 1] random(6)"},
           "y = Add(x, b)"},
          {"Sub", {kMatrix, kRow}, "y = Sub(b, x)"},
          {"Mul", {kMatrix, kColumn}, "y = Mul(x, b)"},
          {"Mul", {kMatrix}, "y = Mul(x, x)"},
          {"Div", {kMatrix, kRow}, "y = Div(x, b)"},
          {"Pow", {kPositive, "b: float64[3] {2, 0.5, -1}"}, "y = Pow(x, b)"},
          {"Pow", {kAny}, "b = constant float32[3] {2, 0, 3}\n y = Pow(x, b)"},
          {"Mean", {kMatrix, kRow}, "y = Mean(x, b, x)"},
          {"Sum", {kMatrix, kRow}, "y = Sum(x, b, x)"},
          {"Max", {kMatrix, kRow}, "y = Max(x, b)"},
          {"Min", {kMatrix, kColumn}, "y = Min(b, x)"},
          {"Where",
           {kMatrix, kRow},
           "c = constant bool[3, 1] {1, 0, 1}\n y = Where(c, x, b)"},
      });
}

void Products(std::vector<GradientCase>* to) {
  to->insert(
      to->end(),
      {
          {"MatMul",
           {kMatrix, "b: float64[4, 2] random(6)"},
           "y = MatMul(x, b)"},
          {"MatMul",
           {"x: float64[2, 3, 4] random(5)", "b: float64[4, 2] random(6)"},
           "y = MatMul(x, b)"},
          {"MatMul",
           {"x: float64[2, 1, 3, 4] random(5)",
            "b: float64[3, 4, 2] random(6)"},
           "y = MatMul(x, b)"},
          {"MatMul",
           {"x: float64[2, 3, 4] random(5)", "b: float64[2, 4, 1] random(6)"},
           "y = MatMul(x, b)"},
          {"MatMul",
           {"x: float64[4] random(5)", "b: float64[4] random(6)"},
           "y = MatMul(x, b)"},
          {"MatMul",
           {"x: float64[2, 3, 4] random(5)", kRow},
           "y = MatMul(x, b)"},
          {"MatMul",
           {"x: float64[3] random(5)", "b: float64[2, 3, 4] random(6)"},
           "y = MatMul(x, b)"},
          {"Gemm",
           {kMatrix, "b: float64[4, 2] random(6)", "c: float64[2] random(7)"},
           "y = Gemm<alpha = 0.5, beta = 2.0>(x, b, c)"},
          {"Gemm",
           {"x: float64[4, 3] random(5)", "b: float64[2, 4] random(6)",
            "c: float64[3, 1] random(7)"},
           "y = Gemm<transA = 1, transB = 1>(x, b, c)"},
          {"Gemm",
           {kMatrix, "b: float64[2, 4] random(6)"},
           "y = Gemm<transB = 1>(x, b)"},
          {"Gemm",
           {"x: float64[4, 3] random(5)", "b: float64[4, 2] random(6)"},
           "y = Gemm<transA = 1>(x, b)"},
      });
}

void Reductions(std::vector<GradientCase>* to) {
  static constexpr char kCube[] = "x: float64[2, 3, 4] random(9, 0.2, 2)";
  to->insert(
      to->end(),
      {
          {"ReduceSum",
           {kCube},
           "a = constant int64[2] {0, -1}\n y = ReduceSum<keepdims = 0>(x, a)"},
          {"ReduceSum", {kCube}, "y = ReduceSum<noop_with_empty_axes = 1>(x)"},
          {"ReduceMean",
           {kCube},
           "a = constant int64[1] {1}\n y = ReduceMean(x, a)"},
          {"ReduceMean", {kCube}, "y = ReduceMean<keepdims = 0>(x)"},
          {"ReduceSumSquare",
           {kCube},
           "a = constant int64[1] {1}\n"
           "y = ReduceSumSquare<keepdims = 0>(x, a)"},
          {"ReduceL1",
           {"x: float64[2, 3] random(1, -2, 2)"},
           "a = constant int64[1] {1}\n y = ReduceL1<keepdims = 0>(x, a)"},
          {"ReduceL2",
           {kCube},
           "a = constant int64[1] {2}\n y = ReduceL2<keepdims = 0>(x, a)"},
          {"ReduceLogSum",
           {kCube},
           "a = constant int64[1] {0}\n y = ReduceLogSum<keepdims = 0>(x, a)"},
          {"ReduceLogSumExp",
           {kCube},
           "a = constant int64[1] {-2}\n y = ReduceLogSumExp(x, a)"},
          {"ReduceMax",
           {kCube},
           "a = constant int64[1] {2}\n y = ReduceMax<keepdims = 0>(x, a)"},
          {"ReduceMin", {kCube}, "y = ReduceMin(x)"},
          {"GlobalAveragePool", {kPlanes}, "y = GlobalAveragePool(x)"},
          {"GlobalMaxPool", {kPlanes}, "y = GlobalMaxPool(x)"},
          {"Softmax", {kMatrix}, "y = Softmax(x)"},
          {"Softmax", {kCube}, "y = Softmax<axis = 1>(x)"},
          {"LogSoftmax", {kCube}, "y = LogSoftmax<axis = 0>(x)"},
          {"BatchNormalization",
           {"x: float64[2, 3, 2] random(1, -2, 2)", "g: float64[3] random(2)",
            "b: float64[3] random(3)", "m: float64[3] random(4)",
            "v: float64[3] random(5, 0.5, 2)"},
           "y = BatchNormalization<epsilon = 0.1>(x, g, b, m, v)"},
          {"BatchNormalization",
           {"x: float64[2, 3, 2] random(1, -2, 2)", "g: float64[3] random(2)",
            "b: float64[3] random(3)"},
           "m = constant float64[3] {0, 0, 0}\n"
           "v = constant float64[3] {1, 1, 1}\n"
           "y, rm, rv = BatchNormalization<training_mode = 1>(x, g, b, m, v)"},
          {"InstanceNormalization",
           {"x: float64[2, 3, 4] random(1, -2, 2)", "g: float64[3] random(2)",
            "b: float64[3] random(3)"},
           "y = InstanceNormalization<epsilon = 0.1>(x, g, b)"},
          {"LayerNormalization",
           {"x: float32[2, 3, 4] random(1, -2, 2)", "g: float32[4] random(2)",
            "b: float32[4] random(3)"},
           "y = LayerNormalization<epsilon = 0.1>(x, g, b)"},
          {"LayerNormalization",
           {"x: float32[2, 3, 2] random(1, -2, 2)",
            "g: float32[3, 2] random(2)"},
           "y = LayerNormalization<axis = 1>(x, g)"},
          {"RMSNormalization",
           {"x: float32[2, 3, 4] random(1, -2, 2)", "g: float32[4] random(2)"},
           "y = RMSNormalization<epsilon = 0.1>(x, g)"},
      });
}

void Movements(std::vector<GradientCase>* to) {
  static constexpr char kCube[] = "x: float64[2, 3, 4] random(9)";
  to->insert(
      to->end(),
      {
          {"Reshape",
           {kCube},
           "s = constant int64[2] {4, -1}\n y = Reshape(x, s)"},
          {"Flatten", {kCube}, "y = Flatten(x)"},
          {"Squeeze", {"x: float64[2, 1, 3] random(9)"}, "y = Squeeze(x)"},
          {"Unsqueeze",
           {kMatrix},
           "a = constant int64[2] {0, 2}\n y = Unsqueeze(x, a)"},
          {"Transpose", {kCube}, "y = Transpose<perm = [2, 0, 1]>(x)"},
          {"Transpose", {kCube}, "y = Transpose(x)"},
          {"Expand",
           {"x: float64[3, 1] random(9)"},
           "s = constant int64[3] {2, 1, 4}\n y = Expand(x, s)"},
          {"Concat",
           {kMatrix, "b: float64[3, 2] random(6)"},
           "y = Concat<axis = 1>(x, b, x)"},
          {"Concat",
           {kMatrix, "b: float64[3, 2] random(6)"},
           "y = Concat<axis = -1>(x, b)"},
          {"Split",
           {kMatrix},
           "s = constant int64[3] {1, 2, 1}\n"
           "a, b, c = Split<axis = 1>(x, s)\n h = Concat<axis = 1>(a, a, c)\n"
           "y = Concat<axis = 1>(h, c)"},
          {"Slice",
           {kCube},
           "a = constant int64[2] {1, 2}\n s = constant int64[2] {2, 0}\n"
           "e = constant int64[2] {-9, 4}\n t = constant int64[2] {-1, 2}\n"
           "y = Slice(x, s, e, a, t)"},
          {"Gather",
           {kCube},
           "i = constant int64[2, 2] {2, 0, -1, 1}\n"
           "y = Gather<axis = 1>(x, i)"},
          {"GatherElements",
           {kMatrix},
           "i = constant int64[2, 3] {2, 0, 1, 2, 2, 0}\n"
           "y = GatherElements(x, i)"},
          {"GatherND",
           {kCube},
           "i = constant int64[2, 2] {1, 2, 1, 2}\n y = GatherND(x, i)"},
          {"Compress",
           {kCube},
           "c = constant bool[3] {1, 0, 1}\n y = Compress<axis = 1>(x, c)"},
          {"Tile", {kMatrix}, "r = constant int64[2] {2, 3}\n y = Tile(x, r)"},
          {"Pad",
           {kMatrix},
           "p = constant int64[4] {1, 0, 0, 2}\n"
           "v = constant float64[] {0.7}\n y = Pad(x, p, v)"},
          {"Pad",
           {kMatrix},
           "p = constant int64[4] {1, 2, 0, -1}\n"
           "y = Pad<mode = \"reflect\">(x, p)"},
          {"DepthToSpace",
           {"x: float64[1, 8, 2, 3] random(9)"},
           "y = DepthToSpace<blocksize = 2>(x)"},
          {"SpaceToDepth",
           {"x: float64[1, 2, 4, 6] random(9)"},
           "y = SpaceToDepth<blocksize = 2>(x)"},
          {"ReverseSequence",
           {kMatrix},
           "n = constant int64[4] {1, 3, 2, 3}\n"
           "y = ReverseSequence<time_axis = 0, batch_axis = 1>(x, n)"},
          {"Trilu", {kMatrix}, "y = Trilu<upper = 0>(x)"},
          {"ScatterElements",
           {kMatrix, "u: float64[1, 2] random(6)"},
           "i = constant int64[1, 2] {1, 3}\n"
           "y = ScatterElements<axis = 1>(x, i, u)"},
          {"ScatterElements",
           {kMatrix, "u: float64[1, 2] random(6)"},
           "i = constant int64[1, 2] {1, 1}\n"
           "y = ScatterElements<axis = 1, reduction = \"add\">(x, i, u)"},
          {"MaxPool",
           {kPlanes},
           "y = MaxPool<kernel_shape = [3, 2], strides = [2, 1], "
           "pads = [1, 0, 1, 1]>(x)"},
      });
}

void Windows(std::vector<GradientCase>* to) {
  static constexpr char kWeight[] = "w: float64[3, 4, 3, 2] random(6)";
  static constexpr char kBias[] = "b: float64[3] random(7)";
  to->insert(
      to->end(),
      {
          {"Conv", {kPlanes, kWeight, kBias}, "y = Conv(x, w, b)"},
          {"Conv",
           {kPlanes, kWeight},
           "y = Conv<strides = [2, 3], pads = [1, 0, 2, 1]>(x, w)"},
          {"Conv",
           {kPlanes, kWeight},
           "y = Conv<dilations = [2, 3], strides = [1, 2]>(x, w)"},
          {"Conv",
           {kPlanes, kWeight},
           "y = Conv<auto_pad = \"SAME_UPPER\", strides = [2, 2]>(x, w)"},
          {"Conv",
           {kPlanes, "w: float64[6, 2, 3, 2] random(6)"},
           "y = Conv<group = 2, strides = [2, 1]>(x, w)"},
          {"Conv",
           {kPlanes, "w: float64[4, 1, 3, 3] random(6)"},
           "y = Conv<group = 4, pads = [1, 1, 1, 1], strides = [2, 2]>(x, w)"},
          {"Conv",
           {"x: float64[2, 2, 7] random(5)", "w: float64[3, 2, 3] random(6)"},
           "y = Conv<strides = [3]>(x, w)"},
          {"Conv",
           {"x: float64[n, 2, k] = float64[2, 2, 7] random(5)",
            "w: float64[3, 2, 3] random(6)"},
           "y = Conv<strides = [3], pads = [1, 0]>(x, w)"},
          {"ConvTranspose",
           {kPlanes, "w: float64[4, 2, 3, 2] random(6)",
            "b: float64[2] random(7)"},
           "y = ConvTranspose<strides = [2, 1], pads = [1, 0, 0, 1]>(x, w, b)"},
          {"ConvTranspose",
           {kPlanes, "w: float64[4, 2, 3, 2] random(6)"},
           "y = ConvTranspose<group = 2, dilations = [2, 1], "
           "strides = [3, 2], pads = [1, 0, 2, 1], "
           "output_padding = [1, 1]>(x, w)"},
          {"AveragePool",
           {kPlanes},
           "y = AveragePool<kernel_shape = [3, 2], strides = [2, 2], "
           "pads = [1, 0, 1, 1]>(x)"},
          {"AveragePool",
           {kPlanes},
           "y = AveragePool<kernel_shape = [2, 2], strides = [2, 1], "
           "pads = [1, 0, 0, 1], count_include_pad = 1>(x)"},
      });
}

void Losses(std::vector<GradientCase>* to) {
  static constexpr char kScores[] = "x: float32[3, 4] random(5, -2, 2)";
  static constexpr char kTargets[] =
      "t = constant int64[3] {1, 3, 0}\n"
      "w = constant float32[4] {0.5, 2, 1, 3}\n";
  static const auto* const bodies = new std::vector<std::string>{
      absl::StrCat(kTargets, "y = SoftmaxCrossEntropyLoss(x, t, w)"),
      absl::StrCat(kTargets,
                   "y = SoftmaxCrossEntropyLoss<reduction = \"none\", "
                   "ignore_index = 3>(x, t)"),
      absl::StrCat(kTargets,
                   "y = SoftmaxCrossEntropyLoss<reduction = \"sum\">(x, t)"),
      absl::StrCat(kTargets,
                   "y = NegativeLogLikelihoodLoss<ignore_index = 0>(x, t, w)"),
  };
  for (const std::string& body : *bodies) {
    to->push_back({body.find("Softmax") == std::string::npos
                       ? "NegativeLogLikelihoodLoss"
                       : "SoftmaxCrossEntropyLoss",
                   {kScores},
                   body.c_str()});
  }
  to->push_back({"SoftmaxCrossEntropyLoss",
                 {"x: float32[2, 3, 2] random(5, -2, 2)"},
                 "t = constant int32[2, 2] {1, 2, 0, -1}\n"
                 "y = SoftmaxCrossEntropyLoss<ignore_index = -1>(x, t)"});
}

}  // namespace

std::vector<GradientCase> AllGradientCases() {
  std::vector<GradientCase> cases;
  Elementwise(&cases);
  Products(&cases);
  Reductions(&cases);
  Movements(&cases);
  Windows(&cases);
  Losses(&cases);
  return cases;
}

}  // namespace hone
