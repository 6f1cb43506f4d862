#include "kernels/exec/ops/registry.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/ops/arrange/arrange.h"
#include "kernels/exec/ops/attention/attention.h"
#include "kernels/exec/ops/binary/binary.h"
#include "kernels/exec/ops/blocked/blocked.h"
#include "kernels/exec/ops/cast/cast.h"
#include "kernels/exec/ops/conv/conv.h"
#include "kernels/exec/ops/conv_transpose/conv_transpose.h"
#include "kernels/exec/ops/detection/detection.h"
#include "kernels/exec/ops/einsum/einsum.h"
#include "kernels/exec/ops/gather/gather.h"
#include "kernels/exec/ops/gemm/gemm.h"
#include "kernels/exec/ops/image/image.h"
#include "kernels/exec/ops/integer/integer.h"
#include "kernels/exec/ops/linalg/linalg.h"
#include "kernels/exec/ops/loss/loss.h"
#include "kernels/exec/ops/matmul/matmul.h"
#include "kernels/exec/ops/microsoft/microsoft.h"
#include "kernels/exec/ops/ml/ml.h"
#include "kernels/exec/ops/move/move.h"
#include "kernels/exec/ops/norm/norm.h"
#include "kernels/exec/ops/pool/pool.h"
#include "kernels/exec/ops/qlinear/qlinear.h"
#include "kernels/exec/ops/quantize/quantize.h"
#include "kernels/exec/ops/random/random.h"
#include "kernels/exec/ops/recurrent/recurrent.h"
#include "kernels/exec/ops/reduce/reduce.h"
#include "kernels/exec/ops/registry.h"
#include "kernels/exec/ops/resize/resize.h"
#include "kernels/exec/ops/sample/sample.h"
#include "kernels/exec/ops/select/select.h"
#include "kernels/exec/ops/sequence/sequence.h"
#include "kernels/exec/ops/shape/shape.h"
#include "kernels/exec/ops/signal/signal.h"
#include "kernels/exec/ops/softmax/softmax.h"
#include "kernels/exec/ops/text/text.h"
#include "kernels/exec/ops/training/training.h"
#include "kernels/exec/ops/unary/unary.h"

namespace hone {
namespace {

// Alphabetical. A family's factories are declared in its folder's header; add
// the #include above and the folder to //kernels/exec/ops:registry's deps.
const std::vector<KernelRegistration>& Table() {
  static const auto* const table = new std::vector<KernelRegistration>{
      {"", "Abs", MakeUnary},
      {"", "Acos", MakeUnary},
      {"", "Acosh", MakeUnary},
      {"", "Add", MakeBinary},
      {"", "AffineGrid", MakeAffineGrid},
      {"", "And", MakeBinary},
      {"", "ArgMax", MakeArgReduce},
      {"", "ArgMin", MakeArgReduce},
      {"", "Asin", MakeUnary},
      {"", "Asinh", MakeUnary},
      {"", "Atan", MakeUnary},
      {"", "Atanh", MakeUnary},
      {"", "Attention", MakeAttention},
      {"", "AveragePool", MakePool},
      {"", "BatchNormalization", MakeBatchNormalization},
      {"", "Bernoulli", MakeBernoulli},
      {"", "BitCast", MakeBitCast},
      {"", "BitShift", MakeBinary},
      {"", "BitwiseAnd", MakeBinary},
      {"", "BitwiseNot", MakePredicate},
      {"", "BitwiseOr", MakeBinary},
      {"", "BitwiseXor", MakeBinary},
      {"", "BlackmanWindow", MakeWindow},
      {"", "Cast", MakeCast},
      {"", "CastLike", MakeCast},
      {"", "CausalConvWithState", MakeCausalConvWithState},
      {"", "Ceil", MakeUnary},
      {"", "Celu", MakeUnary},
      {"", "CenterCropPad", MakeCenterCropPad},
      {"", "Clip", MakeClip},
      {"", "Col2Im", MakeCol2Im},
      {"", "Compress", MakeCompress},
      {"", "Concat", MakeConcat},
      {"", "ConcatFromSequence", MakeConcatFromSequence},
      {"", "ConstantOfShape", MakeConstantOfShape},
      {"", "Conv", MakeConv},
      {"", "ConvInteger", MakeIntegerConv},
      {"", "ConvTranspose", MakeConvTranspose},
      {"", "Cos", MakeUnary},
      {"", "Cosh", MakeUnary},
      {"", "CumProd", MakeCumProd},
      {"", "CumSum", MakeCumSum},
      {"", "DFT", MakeDft},
      {"", "DeformConv", MakeDeformConv},
      {"", "DepthToSpace", MakeDepthToSpace},
      {"", "DequantizeLinear", MakeDequantizeLinear},
      {"", "Det", MakeDet},
      {"", "Div", MakeBinary},
      {"", "Dropout", MakeDropout},
      {"", "DynamicQuantizeLinear", MakeDynamicQuantizeLinear},
      {"", "Einsum", MakeEinsum},
      {"", "Elu", MakeUnary},
      {"", "Equal", MakeEqual},
      {"", "Erf", MakeUnary},
      {"", "Exp", MakeUnary},
      {"", "Expand", MakeExpand},
      {"", "EyeLike", MakeEyeLike},
      {"", "Floor", MakeUnary},
      {"", "GRU", MakeRecurrent},
      {"", "Gather", MakeGather},
      {"", "GatherElements", MakeGatherElements},
      {"", "GatherND", MakeGatherND},
      {"", "Gelu", MakeUnary},
      {"", "Gemm", MakeGemm},
      {"", "GlobalAveragePool", MakeReduce},
      {"", "GlobalLpPool", MakePool},
      {"", "GlobalMaxPool", MakeReduce},
      {"", "Greater", MakeCompare},
      {"", "GreaterOrEqual", MakeCompare},
      {"", "GridSample", MakeGridSample},
      {"", "GroupNormalization", MakeGroupNormalization},
      {"", "HammingWindow", MakeWindow},
      {"", "HannWindow", MakeWindow},
      {"", "HardSigmoid", MakeUnary},
      {"", "HardSwish", MakeUnary},
      {"", "ImageDecoder", MakeImageDecoder},
      {"", "Hardmax", MakeSoftmax},
      {"", "InstanceNormalization", MakeInstanceNormalization},
      {"", "IsInf", MakePredicate},
      {"", "IsNaN", MakePredicate},
      {"", "LRN", MakeLrn},
      {"", "LSTM", MakeRecurrent},
      {"", "LayerNormalization", MakeLayerNormalization},
      {"", "LeakyRelu", MakeUnary},
      {"", "Less", MakeCompare},
      {"", "LessOrEqual", MakeCompare},
      {"", "LinearAttention", MakeLinearAttention},
      {"", "Log", MakeUnary},
      {"", "LogSoftmax", MakeSoftmax},
      {"", "LpNormalization", MakeLpNormalization},
      {"", "LpPool", MakePool},
      {"", "MatMul", MakeMatMul},
      {"", "MatMulInteger", MakeIntegerMatMul},
      {"", "Max", MakeVariadic},
      {"", "MaxPool", MakePool},
      {"", "MaxRoiPool", MakeMaxRoiPool},
      {"", "MaxUnpool", MakeMaxUnpool},
      {"", "Mean", MakeVariadic},
      {"", "MeanVarianceNormalization", MakeMeanVarianceNormalization},
      {"", "MelWeightMatrix", MakeMelWeightMatrix},
      {"", "Min", MakeVariadic},
      {"", "Mish", MakeUnary},
      {"", "Mod", MakeBinary},
      {"", "Mul", MakeBinary},
      {"", "Multinomial", MakeMultinomial},
      {"", "Neg", MakeUnary},
      {"", "NegativeLogLikelihoodLoss", MakeLoss},
      {"", "NonMaxSuppression", MakeNonMaxSuppression},
      {"", "NonZero", MakeNonZero},
      {"", "Not", MakePredicate},
      {"", "OneHot", MakeOneHot},
      {"", "Optional", MakeOptional},
      {"", "OptionalGetElement", MakeOptional},
      {"", "OptionalHasElement", MakeOptional},
      {"", "Or", MakeBinary},
      {"", "PRelu", MakeBinary},
      {"", "Pad", MakePad},
      {"", "Pow", MakeBinary},
      {"", "QLinearConv", MakeIntegerConv},
      {"", "QLinearMatMul", MakeIntegerMatMul},
      {"", "QuantizeLinear", MakeQuantizeLinear},
      {"", "RMSNormalization", MakeLayerNormalization},
      {"", "RNN", MakeRecurrent},
      {"", "RandomNormal", MakeRandom},
      {"", "RandomNormalLike", MakeRandom},
      {"", "RandomUniform", MakeRandom},
      {"", "RandomUniformLike", MakeRandom},
      {"", "Range", MakeRange},
      {"", "Reciprocal", MakeUnary},
      {"", "ReduceL1", MakeReduce},
      {"", "ReduceL2", MakeReduce},
      {"", "ReduceLogSum", MakeReduce},
      {"", "ReduceLogSumExp", MakeReduce},
      {"", "ReduceMax", MakeReduce},
      {"", "ReduceMean", MakeReduce},
      {"", "ReduceMin", MakeReduce},
      {"", "ReduceProd", MakeReduce},
      {"", "ReduceSum", MakeReduce},
      {"", "ReduceSumSquare", MakeReduce},
      {"", "RegexFullMatch", MakeRegexFullMatch},
      {"", "Relu", MakeUnary},
      {"", "Resize", MakeResize},
      {"", "ReverseSequence", MakeReverseSequence},
      {"", "RoiAlign", MakeRoiAlign},
      {"", "RotaryEmbedding", MakeRotaryEmbedding},
      {"", "Round", MakeUnary},
      {"", "STFT", MakeStft},
      {"", "Scatter", MakeScatterElements},
      {"", "ScatterElements", MakeScatterElements},
      {"", "ScatterND", MakeScatterND},
      {"", "Selu", MakeUnary},
      {"", "SequenceAt", MakeSequence},
      {"", "SequenceConstruct", MakeSequence},
      {"", "SequenceEmpty", MakeSequence},
      {"", "SequenceErase", MakeSequence},
      {"", "SequenceInsert", MakeSequence},
      {"", "SequenceLength", MakeSequence},
      {"", "Shape", MakeShape},
      {"", "Shrink", MakeUnary},
      {"", "Sigmoid", MakeUnary},
      {"", "Sign", MakeUnary},
      {"", "SimplifiedLayerNormalization", MakeLayerNormalization},
      {"", "Sin", MakeUnary},
      {"", "Sinh", MakeUnary},
      {"", "Size", MakeSize},
      {"", "Slice", MakeSlice},
      {"", "Softmax", MakeSoftmax},
      {"", "SoftmaxCrossEntropyLoss", MakeLoss},
      {"", "Softplus", MakeUnary},
      {"", "Softsign", MakeUnary},
      {"", "SpaceToDepth", MakeSpaceToDepth},
      {"", "Split", MakeSplit},
      {"", "SplitToSequence", MakeSplitToSequence},
      {"", "Sqrt", MakeUnary},
      {"", "StringConcat", MakeStringConcat},
      {"", "StringNormalizer", MakeStringNormalizer},
      {"", "StringSplit", MakeStringSplit},
      {"", "Sub", MakeBinary},
      {"", "Sum", MakeVariadic},
      {"", "SwiGLU", MakeSwiGlu},
      {"", "Swish", MakeUnary},
      {"", "Tan", MakeUnary},
      {"", "Tanh", MakeUnary},
      {"", "TensorScatter", MakeTensorScatter},
      {"", "TfIdfVectorizer", MakeTfIdfVectorizer},
      {"", "ThresholdedRelu", MakeUnary},
      {"", "Tile", MakeTile},
      {"", "TopK", MakeTopK},
      {"", "Transpose", MakeTranspose},
      {"", "Trilu", MakeTrilu},
      {"", "Unique", MakeUnique},
      {"", "Upsample", MakeResize},
      {"", "Where", MakeWhere},
      {"", "Xor", MakeBinary},
      {"ai.onnx.ml", "ArrayFeatureExtractor", MakeArrayFeatureExtractor},
      {"ai.onnx.ml", "Binarizer", MakeFeatureMap},
      {"ai.onnx.ml", "CastMap", MakeCastMap},
      {"ai.onnx.ml", "CategoryMapper", MakeLabelEncoder},
      {"ai.onnx.ml", "DictVectorizer", MakeDictVectorizer},
      {"ai.onnx.ml", "FeatureVectorizer", MakeFeatureVectorizer},
      {"ai.onnx.ml", "Imputer", MakeFeatureMap},
      {"ai.onnx.ml", "LabelEncoder", MakeLabelEncoder},
      {"ai.onnx.ml", "LinearClassifier", MakeClassifier},
      {"ai.onnx.ml", "LinearRegressor", MakeRegressor},
      {"ai.onnx.ml", "Normalizer", MakeFeatureMap},
      {"ai.onnx.ml", "OneHotEncoder", MakeOneHotEncoder},
      {"ai.onnx.ml", "SVMClassifier", MakeClassifier},
      {"ai.onnx.ml", "SVMRegressor", MakeRegressor},
      {"ai.onnx.ml", "Scaler", MakeFeatureMap},
      {"ai.onnx.ml", "TreeEnsemble", MakeTreeEnsemble},
      {"ai.onnx.ml", "TreeEnsembleClassifier", MakeClassifier},
      {"ai.onnx.ml", "TreeEnsembleRegressor", MakeRegressor},
      {"ai.onnx.ml", "ZipMap", MakeZipMap},
      {"ai.onnx.preview.training", "Adagrad", MakeOptimizer},
      {"ai.onnx.preview.training", "Adam", MakeOptimizer},
      {"ai.onnx.preview.training", "Momentum", MakeOptimizer},
      {"com.microsoft", "BiasGelu", MakeBiasedGelu},
      {"com.microsoft", "DequantizeLinear", MakeDequantizeLinear},
      {"com.microsoft", "DynamicQuantizeLSTM", MakeRecurrent},
      {"com.microsoft", "FastGelu", MakeBiasedGelu},
      {"com.microsoft", "FusedConv", MakeConv},
      {"com.microsoft", "GatherBlockQuantized", MakeGatherBlockQuantized},
      {"com.microsoft", "Gelu", MakeUnary},
      {"com.microsoft", "GroupQueryAttention", MakeGroupQueryAttention},
      {"com.microsoft", "MatMulBnb4", MakeMatMulBnb4},
      {"com.microsoft", "MatMulIntegerToFloat", MakeIntegerMatMul},
      {"com.microsoft", "MatMulNBits", MakeMatMulNBits},
      {"com.microsoft", "MultiHeadAttention", MakeMultiHeadAttention},
      {"com.microsoft", "QuantizeLinear", MakeQuantizeLinear},
      {"com.microsoft", "QuickGelu", MakeBiasedGelu},
      {"com.microsoft", "RotaryEmbedding", MakeRotaryEmbedding},
      {"com.microsoft", "SkipLayerNormalization", MakeSkipNormalization},
      {"com.microsoft", "SkipSimplifiedLayerNormalization",
       MakeSkipNormalization},
      {"com.microsoft", "Trilu", MakeTrilu},
      {"hone.internal", "BlockedAveragePool", MakeBlockedPool},
      {"hone.internal", "BlockedConv", MakeBlockedConv},
      {"hone.internal", "BlockedGlobalAveragePool", MakeBlockedPool},
      {"hone.internal", "BlockedMaxPool", MakeBlockedPool},
      {"hone.internal", "BlockedScale", MakeBlockedScale},
      {"hone.internal", "BlocksToChannels", MakeBlocksToChannels},
      {"hone.internal", "ChannelsToBlocks", MakeChannelsToBlocks},
      {"hone.internal", "FusedConv", MakeConv},
      {"hone.internal", "FusedConvTranspose", MakeConvTranspose},
      {"hone.internal", "FusedGemm", MakeGemm},
      {"hone.internal", "FusedMatMul", MakeMatMul},
      {"hone.internal", "QuantizeDequantize", MakeQuantizeDequantize},
      {"hone.internal", "QuantizedAdd", MakeQuantizedBinary},
      {"hone.internal", "QuantizedAveragePool", MakeQuantizedPool},
      {"hone.internal", "QuantizedConcat", MakeQuantizedConcat},
      {"hone.internal", "QuantizedConv", MakeQuantizedConv},
      {"hone.internal", "QuantizedGemm", MakeQuantizedGemm},
      {"hone.internal", "QuantizedMatMul", MakeQuantizedGemm},
      {"hone.internal", "QuantizedMaxPool", MakeQuantizedPool},
      {"hone.internal", "QuantizedMul", MakeQuantizedBinary},
      {"hone.internal", "QuantizedTable", MakeQuantizedTable},
      {"hone.internal", "Silu", MakeUnary},
  };
  return *table;
}

}  // namespace

const KernelRegistration* FindKernel(absl::string_view domain,
                                     absl::string_view op_type) {
  using Key = std::pair<absl::string_view, absl::string_view>;
  static const auto* const index = [] {
    auto* map = new absl::flat_hash_map<Key, const KernelRegistration*>;
    for (const KernelRegistration& line : Table()) {
      map->emplace(Key(line.domain, line.op_type), &line);
    }
    return map;
  }();
  const auto found = index->find(Key(domain, op_type));
  return found == index->end() ? nullptr : found->second;
}

bool IsDefinition(const KernelRegistration& line) {
  static constexpr KernelFactory kDefinitions[] = {
      MakeArrayFeatureExtractor,
      MakeBernoulli,
      MakeCastMap,
      MakeCausalConvWithState,
      MakeClassifier,
      MakeCol2Im,
      MakeCumProd,
      MakeCumSum,
      MakeDeformConv,
      MakeDet,
      MakeDictVectorizer,
      MakeFeatureMap,
      MakeFeatureVectorizer,
      MakeGatherBlockQuantized,
      MakeGridSample,
      MakeLabelEncoder,
      MakeLinearAttention,
      MakeLoss,
      MakeLrn,
      MakeImageDecoder,
      MakeMaxRoiPool,
      MakeMeanVarianceNormalization,
      MakeMelWeightMatrix,
      MakeMultinomial,
      MakeNonMaxSuppression,
      MakeOneHotEncoder,
      MakeOptimizer,
      MakePredicate,
      MakeRandom,
      MakeRegexFullMatch,
      MakeRegressor,
      MakeRoiAlign,
      MakeRotaryEmbedding,
      MakeStringConcat,
      MakeStringNormalizer,
      MakeStringSplit,
      MakeSwiGlu,
      MakeTfIdfVectorizer,
      MakeTopK,
      MakeTreeEnsemble,
      MakeUnique,
      MakeWindow,
  };
  return std::find(std::begin(kDefinitions), std::end(kDefinitions),
                   line.make) != std::end(kDefinitions);
}

absl::Span<const KernelRegistration> AllKernels() { return Table(); }

}  // namespace hone
