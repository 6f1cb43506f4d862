#include "kernels/exec/opencl/factories.h"

namespace hone {
namespace {

struct Line {
  absl::string_view domain;
  absl::string_view op_type;
  OpenClFactory make;
};

// Alphabetical.
constexpr Line kLines[] = {
    {"", "Abs", MakeOpenClUnary},
    {"", "Add", MakeOpenClBinary},
    {"", "Clip", MakeOpenClClip},
    {"", "Concat", MakeOpenClConcat},
    {"", "Div", MakeOpenClBinary},
    {"", "Elu", MakeOpenClUnary},
    {"", "Erf", MakeOpenClUnary},
    {"", "Exp", MakeOpenClUnary},
    {"", "Expand", MakeOpenClExpand},
    {"", "Gather", MakeOpenClGather},
    {"", "Gelu", MakeOpenClUnary},
    {"", "Gemm", MakeOpenClGemm},
    {"", "GlobalAveragePool", MakeOpenClReduce},
    {"", "GlobalMaxPool", MakeOpenClReduce},
    {"", "HardSigmoid", MakeOpenClUnary},
    {"", "HardSwish", MakeOpenClUnary},
    {"", "LayerNormalization", MakeOpenClNorm},
    {"", "LeakyRelu", MakeOpenClUnary},
    {"", "Log", MakeOpenClUnary},
    {"", "LogSoftmax", MakeOpenClSoftmax},
    {"", "MatMul", MakeOpenClMatMul},
    {"", "Max", MakeOpenClBinary},
    {"", "Min", MakeOpenClBinary},
    {"", "Mul", MakeOpenClBinary},
    {"", "Neg", MakeOpenClUnary},
    {"", "PRelu", MakeOpenClBinary},
    {"", "Pow", MakeOpenClBinary},
    {"", "RMSNormalization", MakeOpenClNorm},
    {"", "Reciprocal", MakeOpenClUnary},
    {"", "ReduceMax", MakeOpenClReduce},
    {"", "ReduceMean", MakeOpenClReduce},
    {"", "ReduceMin", MakeOpenClReduce},
    {"", "ReduceSum", MakeOpenClReduce},
    {"", "Relu", MakeOpenClUnary},
    {"", "Sigmoid", MakeOpenClUnary},
    {"", "Slice", MakeOpenClSlice},
    {"", "Softmax", MakeOpenClSoftmax},
    {"", "Softplus", MakeOpenClUnary},
    {"", "Split", MakeOpenClSplit},
    {"", "Sqrt", MakeOpenClUnary},
    {"", "Sub", MakeOpenClBinary},
    {"", "Sum", MakeOpenClBinary},
    {"", "Swish", MakeOpenClUnary},
    {"", "Tanh", MakeOpenClUnary},
    {"", "Transpose", MakeOpenClTranspose},
    {"", "Where", MakeOpenClWhere},
    {"hone.internal", "FusedGemm", MakeOpenClGemm},
    {"hone.internal", "FusedMatMul", MakeOpenClMatMul},
    {"hone.internal", "Silu", MakeOpenClUnary},
};

}  // namespace

OpenClFactory FindOpenClFactory(absl::string_view domain,
                                absl::string_view op_type) {
  if (domain == "ai.onnx") domain = "";
  for (const Line& line : kLines) {
    if (line.domain == domain && line.op_type == op_type) return line.make;
  }
  return nullptr;
}

}  // namespace hone
