// Functions of one and of two inputs.
#include "kernels/opencl/elementwise/elementwise.h"

#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/exec/opencl/factories.h"
#include "kernels/exec/ops/adapter/shapes.h"

namespace hone {
namespace {

using Place = DeviceKernel::Place;

struct UnaryLine {
  absl::string_view op_type;
  opencl::UnaryFunction function;
  const char* kernel;
  // Attribute names and defaults of p and q; null: none.
  const char* p = nullptr;
  float p_default = 0;
  const char* q = nullptr;
  float q_default = 0;
};

using F1 = opencl::UnaryFunction;
constexpr UnaryLine kUnary[] = {
    {"Abs", F1::kAbs, "opencl.abs"},
    {"Elu", F1::kElu, "opencl.elu", "alpha", 1.0f},
    {"Erf", F1::kErf, "opencl.erf"},
    {"Exp", F1::kExp, "opencl.exp"},
    {"Gelu", F1::kGelu, "opencl.gelu"},
    {"HardSigmoid", F1::kHardSigmoid, "opencl.hard_sigmoid", "alpha", 0.2f,
     "beta", 0.5f},
    {"HardSwish", F1::kHardSwish, "opencl.hard_swish"},
    {"LeakyRelu", F1::kLeakyRelu, "opencl.leaky_relu", "alpha", 0.01f},
    {"Log", F1::kLog, "opencl.log"},
    {"Neg", F1::kNeg, "opencl.neg"},
    {"Reciprocal", F1::kReciprocal, "opencl.reciprocal"},
    {"Relu", F1::kRelu, "opencl.relu"},
    {"Sigmoid", F1::kSigmoid, "opencl.sigmoid"},
    {"Silu", F1::kSwish, "opencl.silu", "alpha", 1.0f},
    {"Softplus", F1::kSoftplus, "opencl.softplus"},
    {"Sqrt", F1::kSqrt, "opencl.sqrt"},
    {"Swish", F1::kSwish, "opencl.swish", "alpha", 1.0f},
    {"Tanh", F1::kTanh, "opencl.tanh"},
};

struct BinaryLine {
  absl::string_view op_type;
  opencl::BinaryFunction function;
  const char* kernel;
};

using F2 = opencl::BinaryFunction;
constexpr BinaryLine kBinary[] = {
    {"Add", F2::kAdd, "opencl.add"}, {"Div", F2::kDiv, "opencl.div"},
    {"Max", F2::kMax, "opencl.max"}, {"Min", F2::kMin, "opencl.min"},
    {"Mul", F2::kMul, "opencl.mul"}, {"PRelu", F2::kPRelu, "opencl.prelu"},
    {"Pow", F2::kPow, "opencl.pow"}, {"Sub", F2::kSub, "opencl.sub"},
    {"Sum", F2::kAdd, "opencl.add"},
};

std::unique_ptr<DeviceKernel> UnaryKernel(const OpenClContext& context,
                                          const KernelSpec& spec,
                                          const char* name, F1 function,
                                          float p, float q) {
  return MakeDeviceKernel(
      name, {Place::kDevice, Place::kNowhere, Place::kNowhere},
      [context, function, p, q, label = NodeLabel(*spec.node)](
          DeviceValues inputs, DeviceValues outputs) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectDims(label, "output extents",
                                        inputs[0].view.dims,
                                        outputs[0].view.dims));
        return opencl::Unary(*context, function, p, q, BufferOf(inputs[0]),
                             inputs[0].view.size, BufferOf(outputs[0]));
      });
}

// The loops that read every input as if it had the output's extents.
absl::StatusOr<LoopNest> BroadcastLoops(const std::string& label,
                                        DeviceValues inputs,
                                        DeviceValues outputs) {
  const Dims& target = outputs[0].view.dims;
  std::vector<Extents> strides;
  for (const DeviceValue& input : inputs) {
    HONE_RETURN_IF_ERROR(ExpectBroadcast(label, input.view.dims, target));
    strides.push_back(BroadcastStrides(input.view.dims, target));
  }
  LoopNest loops(target, std::move(strides));
  loops.Coalesce();
  return loops;
}

// The limit of Clip that input `index` is: NotOnDevice unless it is a constant.
absl::StatusOr<float> ClipLimit(const KernelSpec& spec, size_t index,
                                float otherwise) {
  if (spec.node->Input(index).empty()) return otherwise;
  const Tensor* const limit = spec.constants[index];
  if (limit == nullptr || limit->dtype() != DType::kF32 || limit->size() != 1) {
    return NotOnDevice();
  }
  return limit->Values<float>()[0];
}

}  // namespace

OpenClKernel MakeOpenClUnary(const OpenClContext& context,
                             const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(ExpectFloats(spec, 0));
  for (const UnaryLine& line : kUnary) {
    if (line.op_type != spec.node->op_type) continue;
    AttributeReader read(*spec.node);
    F1 function = line.function;
    const float p = line.p == nullptr ? 0 : read.Float(line.p, line.p_default);
    const float q = line.q == nullptr ? 0 : read.Float(line.q, line.q_default);
    if (function == F1::kGelu) {
      const absl::string_view choices[] = {"none", "tanh"};
      if (read.Choice("approximate", "none", choices) == 1) {
        function = F1::kGeluTanh;
      }
    }
    HONE_RETURN_IF_ERROR(read.Finish(0).status());
    return UnaryKernel(context, spec, line.kernel, function, p, q);
  }
  return NotOnDevice();
}

OpenClKernel MakeOpenClClip(const OpenClContext& context,
                            const KernelSpec& spec) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  HONE_RETURN_IF_ERROR(ExpectFloats(spec, 0));
  float low = -kInfinity, high = kInfinity;
  if (spec.opset < 11) {
    AttributeReader read(*spec.node);
    low = read.Float("min", std::numeric_limits<float>::lowest());
    high = read.Float("max", std::numeric_limits<float>::max());
    HONE_RETURN_IF_ERROR(read.Finish(0).status());
  } else {
    HONE_ASSIGN_OR_RETURN(low, ClipLimit(spec, 1, low));
    HONE_ASSIGN_OR_RETURN(high, ClipLimit(spec, 2, high));
  }
  return UnaryKernel(context, spec, "opencl.clip", F1::kClip, low, high);
}

OpenClKernel MakeOpenClBinary(const OpenClContext& context,
                              const KernelSpec& spec) {
  // Before opset 7 an attribute aligned the axes.
  if (spec.opset < 7 || spec.node->inputs.size() != 2) return NotOnDevice();
  HONE_RETURN_IF_ERROR(ExpectFloats(spec, 0));
  HONE_RETURN_IF_ERROR(ExpectFloats(spec, 1));
  for (const BinaryLine& line : kBinary) {
    if (line.op_type != spec.node->op_type) continue;
    return MakeDeviceKernel(
        line.kernel, {},
        [context, function = line.function, label = NodeLabel(*spec.node)](
            DeviceValues inputs, DeviceValues outputs) -> absl::Status {
          HONE_ASSIGN_OR_RETURN(const LoopNest loops,
                                BroadcastLoops(label, inputs, outputs));
          HONE_ASSIGN_OR_RETURN(const opencl::Nest nest, NestOf(loops, 0, 1));
          return opencl::Binary(*context, function, nest, BufferOf(inputs[0]),
                                BufferOf(inputs[1]), BufferOf(outputs[0]));
        });
  }
  return NotOnDevice();
}

OpenClKernel MakeOpenClWhere(const OpenClContext& context,
                             const KernelSpec& spec) {
  if (spec.node->inputs.size() != 3) return NotOnDevice();
  const Type& condition = spec.input_types[0];
  if (!condition.is_tensor() || condition.dtype != DType::kBool ||
      !condition.shape.has_value() || condition.shape->size() > 8) {
    return NotOnDevice();
  }
  HONE_RETURN_IF_ERROR(ExpectFloats(spec, 1));
  HONE_RETURN_IF_ERROR(ExpectFloats(spec, 2));
  return MakeDeviceKernel(
      "opencl.where", {},
      [context, label = NodeLabel(*spec.node)](
          DeviceValues inputs, DeviceValues outputs) -> absl::Status {
        HONE_ASSIGN_OR_RETURN(const LoopNest loops,
                              BroadcastLoops(label, inputs, outputs));
        HONE_ASSIGN_OR_RETURN(opencl::Nest nest, NestOf(loops, 0, 1));
        for (size_t l = 0; l < loops.loops(); ++l) {
          nest.third[l] = static_cast<int32_t>(loops.stride(2, l));
        }
        return opencl::Select(*context, nest, BufferOf(inputs[0]),
                              BufferOf(inputs[1]), BufferOf(inputs[2]),
                              BufferOf(outputs[0]));
      });
}

}  // namespace hone
