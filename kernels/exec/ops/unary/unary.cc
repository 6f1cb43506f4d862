#include "kernels/exec/ops/unary/unary.h"

#include <string>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/cpu/unary/unary.h"
#include "kernels/cpu/unary/unary_ref.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"

namespace hone {
namespace {

struct Row {
  absl::string_view op_type;
  UnaryOp op;
  const char* kernel;
  bool integers = false;
  // Attribute names and defaults of UnaryParams a and b; null: none.
  const char* a = nullptr;
  float a_default = 0;
  const char* b = nullptr;
  float b_default = 0;
};

constexpr Row kRows[] = {
    {"Abs", UnaryOp::kAbs, "unary.abs", true},
    {"Acos", UnaryOp::kAcos, "unary.acos"},
    {"Acosh", UnaryOp::kAcosh, "unary.acosh"},
    {"Asin", UnaryOp::kAsin, "unary.asin"},
    {"Asinh", UnaryOp::kAsinh, "unary.asinh"},
    {"Atan", UnaryOp::kAtan, "unary.atan"},
    {"Atanh", UnaryOp::kAtanh, "unary.atanh"},
    {"Ceil", UnaryOp::kCeil, "unary.ceil"},
    {"Celu", UnaryOp::kCelu, "unary.celu", false, "alpha", 1.0f},
    {"Cos", UnaryOp::kCos, "unary.cos"},
    {"Cosh", UnaryOp::kCosh, "unary.cosh"},
    {"Elu", UnaryOp::kElu, "unary.elu", false, "alpha", 1.0f},
    {"Erf", UnaryOp::kErf, "unary.erf"},
    {"Exp", UnaryOp::kExp, "unary.exp"},
    {"Floor", UnaryOp::kFloor, "unary.floor"},
    {"Gelu", UnaryOp::kGelu, "unary.gelu"},
    {"HardSigmoid", UnaryOp::kHardSigmoid, "unary.hard_sigmoid", false, "alpha",
     0.2f, "beta", 0.5f},
    {"HardSwish", UnaryOp::kHardSwish, "unary.hard_swish"},
    {"LeakyRelu", UnaryOp::kLeakyRelu, "unary.leaky_relu", false, "alpha",
     0.01f},
    {"Log", UnaryOp::kLog, "unary.log"},
    {"Mish", UnaryOp::kMish, "unary.mish"},
    {"Neg", UnaryOp::kNeg, "unary.neg", true},
    {"Reciprocal", UnaryOp::kReciprocal, "unary.reciprocal"},
    {"Relu", UnaryOp::kRelu, "unary.relu", true},
    {"Round", UnaryOp::kRound, "unary.round"},
    {"Selu", UnaryOp::kSelu, "unary.selu", false, "alpha", 1.6732632423543772f,
     "gamma", 1.0507009873554805f},
    {"Shrink", UnaryOp::kShrink, "unary.shrink", true, "lambd", 0.5f, "bias",
     0.0f},
    {"Sigmoid", UnaryOp::kSigmoid, "unary.sigmoid"},
    {"Sign", UnaryOp::kSign, "unary.sign", true},
    {"Silu", UnaryOp::kSwish, "unary.silu", false, "alpha", 1.0f},
    {"Sin", UnaryOp::kSin, "unary.sin"},
    {"Sinh", UnaryOp::kSinh, "unary.sinh"},
    {"Softplus", UnaryOp::kSoftplus, "unary.softplus"},
    {"Softsign", UnaryOp::kSoftsign, "unary.softsign"},
    {"Sqrt", UnaryOp::kSqrt, "unary.sqrt"},
    {"Swish", UnaryOp::kSwish, "unary.swish", false, "alpha", 1.0f},
    {"Tan", UnaryOp::kTan, "unary.tan"},
    {"Tanh", UnaryOp::kTanh, "unary.tanh"},
    {"ThresholdedRelu", UnaryOp::kThresholdedRelu, "unary.thresholded_relu",
     false, "alpha", 1.0f},
};

// What a task of an operator costs decides how large it is.
int64_t GrainOf(UnaryOp op) {
  switch (op) {
    case UnaryOp::kAbs:
    case UnaryOp::kNeg:
    case UnaryOp::kFloor:
    case UnaryOp::kCeil:
    case UnaryOp::kRound:
    case UnaryOp::kRelu:
    case UnaryOp::kLeakyRelu:
    case UnaryOp::kHardSigmoid:
    case UnaryOp::kHardSwish:
      return kLightGrain;
    default:
      return kHeavyGrain;
  }
}

template <typename T>
void RunUnary(UnaryOp op, const UnaryParams& params, bool reference, const T* x,
              size_t n, T* y) {
  if constexpr (std::is_integral_v<T>) {
    if (op == UnaryOp::kShrink) return ShrinkInteger(params, x, n, y);
    UnaryInteger(op, x, n, y);
  } else {
    if constexpr (std::is_same_v<T, float>) {
      if (!reference) return Unary(op, params, x, n, y);
    }
    UnaryRef(op, params, x, n, y);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeUnary(const KernelSpec& spec) {
  const Row* row = nullptr;
  for (const Row& candidate : kRows) {
    if (candidate.op_type == spec.node->op_type) row = &candidate;
  }
  if (row == nullptr) return UnimplementedError(spec, "this operator");

  AttributeReader read(*spec.node);
  UnaryOp op = row->op;
  UnaryParams params;
  if (row->a != nullptr) params.a = read.Float(row->a, row->a_default);
  if (row->b != nullptr) params.b = read.Float(row->b, row->b_default);
  if (op == UnaryOp::kGelu) {
    const absl::string_view choices[] = {"none", "tanh"};
    if (read.Choice("approximate", "none", choices) == 1) {
      op = UnaryOp::kGeluTanh;
    }
  }
  HONE_ASSIGN_OR_RETURN(params, read.Finish(params));
  if (row->integers) {
    HONE_RETURN_IF_ERROR(CheckDType(Numbers(), spec, 0));
  } else {
    HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  }
  return MakeFunctionKernel(
      {row->kernel, /*in_place=*/true},
      [op, params, integers = row->integers, reference = spec.reference,
       label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const TensorView& x = context.inputs[0];
        const MutableTensorView& y = context.outputs[0];
        HONE_RETURN_IF_ERROR(
            ExpectDims(label, "output extents", x.dims, y.dims));
        const auto run = [&](auto type) {
          using T = typename decltype(type)::type;
          ForRanges(*context.pool, x.size, GrainOf(op),
                    [&](int64_t begin, int64_t end) {
                      RunUnary(op, params, reference, x.As<T>() + begin,
                               static_cast<size_t>(end - begin),
                               y.As<T>() + begin);
                    });
          return absl::OkStatus();
        };
        return integers ? VisitDType(Numbers(), label, x.dtype, run)
                        : VisitDType(Floats(), label, x.dtype, run);
      });
}

}  // namespace hone
