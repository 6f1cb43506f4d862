#include "ir/autodiff/rules.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/autodiff/autodiff.h"

namespace hone {
namespace {

constexpr GradientRule kRules[] = {
    {"Abs", GradientOfUnary},
    {"Acos", GradientOfUnary},
    {"Acosh", GradientOfUnary},
    {"Add", GradientOfAdd},
    {"Asin", GradientOfUnary},
    {"Asinh", GradientOfUnary},
    {"Atan", GradientOfUnary},
    {"Atanh", GradientOfUnary},
    {"AveragePool", GradientOfAveragePool},
    {"BatchNormalization", GradientOfBatchNormalization},
    {"Cast", GradientOfCast},
    {"CastLike", GradientOfCast},
    {"Ceil", nullptr},
    {"Celu", GradientOfUnary},
    {"Clip", GradientOfClip},
    {"Compress", GradientOfMovement},
    {"Concat", GradientOfConcat},
    {"Conv", GradientOfConv},
    {"ConvTranspose", GradientOfConvTranspose},
    {"Cos", GradientOfUnary},
    {"Cosh", GradientOfUnary},
    {"DepthToSpace", GradientOfMovement},
    {"Div", GradientOfDiv},
    {"Dropout", GradientOfDropout},
    {"Elu", GradientOfUnary},
    {"Erf", GradientOfUnary},
    {"Exp", GradientOfUnary},
    {"Expand", GradientOfExpand},
    {"Flatten", GradientOfReshape},
    {"Floor", nullptr},
    {"Gather", GradientOfMovement},
    {"GatherElements", GradientOfMovement},
    {"GatherND", GradientOfMovement},
    {"Gelu", GradientOfUnary},
    {"Gemm", GradientOfGemm},
    {"GlobalAveragePool", GradientOfReduce},
    {"GlobalMaxPool", GradientOfReduce},
    {"HardSigmoid", GradientOfUnary},
    {"HardSwish", GradientOfUnary},
    {"Identity", GradientOfReshape},
    {"InstanceNormalization", GradientOfInstanceNormalization},
    {"LayerNormalization", GradientOfLayerNormalization},
    {"LeakyRelu", GradientOfUnary},
    {"Log", GradientOfUnary},
    {"LogSoftmax", GradientOfLogSoftmax},
    {"MatMul", GradientOfMatMul},
    {"Max", GradientOfExtreme},
    {"MaxPool", GradientOfMaxPool},
    {"Mean", GradientOfMean},
    {"Min", GradientOfExtreme},
    {"Mish", GradientOfUnary},
    {"Mul", GradientOfMul},
    {"Neg", GradientOfUnary},
    {"NegativeLogLikelihoodLoss", GradientOfLoss},
    {"PRelu", GradientOfPRelu},
    {"Pad", GradientOfMovement},
    {"Pow", GradientOfPow},
    {"RMSNormalization", GradientOfLayerNormalization},
    {"Reciprocal", GradientOfUnary},
    {"ReduceL1", GradientOfReduce},
    {"ReduceL2", GradientOfReduce},
    {"ReduceLogSum", GradientOfReduce},
    {"ReduceLogSumExp", GradientOfReduce},
    {"ReduceMax", GradientOfReduce},
    {"ReduceMean", GradientOfReduce},
    {"ReduceMin", GradientOfReduce},
    {"ReduceSum", GradientOfReduce},
    {"ReduceSumSquare", GradientOfReduce},
    {"Relu", GradientOfUnary},
    {"Reshape", GradientOfReshape},
    {"ReverseSequence", GradientOfMovement},
    {"Round", nullptr},
    {"ScatterElements", GradientOfScatterElements},
    {"Selu", GradientOfUnary},
    {"Sigmoid", GradientOfUnary},
    {"Sign", nullptr},
    {"Sin", GradientOfUnary},
    {"Sinh", GradientOfUnary},
    {"Slice", GradientOfMovement},
    {"Softmax", GradientOfSoftmax},
    {"SoftmaxCrossEntropyLoss", GradientOfLoss},
    {"Softplus", GradientOfUnary},
    {"Softsign", GradientOfUnary},
    {"SpaceToDepth", GradientOfMovement},
    {"Split", GradientOfSplit},
    {"Sqrt", GradientOfUnary},
    {"Squeeze", GradientOfReshape},
    {"Sub", GradientOfSub},
    {"Sum", GradientOfAdd},
    {"Swish", GradientOfUnary},
    {"Tan", GradientOfUnary},
    {"Tanh", GradientOfUnary},
    {"ThresholdedRelu", GradientOfUnary},
    {"Tile", GradientOfMovement},
    {"Transpose", GradientOfTranspose},
    {"Trilu", GradientOfTrilu},
    {"Unsqueeze", GradientOfReshape},
    {"Where", GradientOfWhere},
};

}  // namespace

absl::Span<const GradientRule> AllGradientRules() { return kRules; }

const GradientRule* FindGradientRule(absl::string_view domain,
                                     absl::string_view op_type) {
  if (!domain.empty()) return nullptr;
  const auto* found =
      std::lower_bound(std::begin(kRules), std::end(kRules), op_type,
                       [](const GradientRule& rule, absl::string_view name) {
                         return rule.op_type < name;
                       });
  return found != std::end(kRules) && found->op_type == op_type ? found
                                                                : nullptr;
}

}  // namespace hone
