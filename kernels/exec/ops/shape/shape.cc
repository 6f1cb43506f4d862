#include "kernels/exec/ops/shape/shape.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <variant>

#include "absl/status/status.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"

namespace hone {
namespace {

template <typename T, typename From>
T Convert(From value) {
  if constexpr (std::is_arithmetic_v<T>) {
    return static_cast<T>(value);
  } else {
    return T(static_cast<float>(value));
  }
}

// start + i * delta in the element type; wraps around for integers.
template <typename T>
T RangeElement(T start, T delta, int64_t i) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(static_cast<uint64_t>(start) +
                          static_cast<uint64_t>(i) *
                              static_cast<uint64_t>(delta));
  } else if constexpr (std::is_floating_point_v<T>) {
    return start + static_cast<T>(i) * delta;
  } else {
    return T(static_cast<float>(start) +
             static_cast<float>(i) * static_cast<float>(delta));
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeShape(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const int64_t start = read.Int("start", 0);
  const int64_t end = read.Int("end", INT64_MAX);
  HONE_RETURN_IF_ERROR(read.Finish(true).status());
  return MakeFunctionKernel(
      {"shape"},
      [start, end, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const Dims& dims = context.inputs[0].dims;
        const int64_t rank = static_cast<int64_t>(dims.size());
        const auto clamp = [rank](int64_t axis) {
          if (axis < 0) axis += rank;
          return std::min(rank, std::max<int64_t>(0, axis));
        };
        const int64_t first = clamp(start);
        const int64_t count = std::max<int64_t>(0, clamp(end) - first);
        HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of the output", count,
                                         context.outputs[0].size));
        std::copy_n(dims.begin() + first, count,
                    context.outputs[0].As<int64_t>());
        return absl::OkStatus();
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeSize(const KernelSpec& spec) {
  return MakeFunctionKernel(
      {"size"},
      [label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const Dims& dims = context.inputs[0].dims;
        *context.outputs[0].As<int64_t>() = Product(dims, 0, dims.size());
        return absl::OkStatus();
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeConstantOfShape(
    const KernelSpec& spec) {
  Tensor value = Tensor::Scalar<float>(0);
  const Attribute* attribute = spec.node->FindAttribute("value");
  if (attribute != nullptr && attribute->kind == Attribute::Kind::kTensor) {
    value = std::get<Tensor>(attribute->data);
  }
  if (value.size() != 1) {
    return NodeError(*spec.node, "elements of the value", "1",
                     std::to_string(value.size()));
  }
  if (ElementBytes(value.dtype()) == 0) {
    return UnimplementedError(spec, "the element type", {},
                              DTypeName(value.dtype()));
  }
  return MakeFunctionKernel(
      {"constant_of_shape"},
      [value, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const MutableTensorView& y = context.outputs[0];
        if (y.dtype != value.dtype()) return UnimplementedDType(label, y.dtype);
        const size_t bytes = value.bytes().size();
        for (int64_t i = 0; i < y.size; ++i) {
          std::memcpy(y.As<char>() + i * static_cast<int64_t>(bytes),
                      value.bytes().data(), bytes);
        }
        return absl::OkStatus();
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeRange(const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(CheckDType(Numbers(), spec, 0));
  return MakeFunctionKernel(
      {"range"},
      [label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 3));
        for (size_t i = 0; i < 3; ++i) {
          HONE_RETURN_IF_ERROR(ExpectEqual(label,
                                           "elements of an input of Range", 1,
                                           context.inputs[i].size));
          if (context.inputs[i].dtype != context.inputs[0].dtype) {
            return UnimplementedDType(label, context.inputs[i].dtype);
          }
        }
        const MutableTensorView& y = context.outputs[0];
        return VisitDType(Numbers(), label, context.inputs[0].dtype,
                          [&](auto type) {
                            using T = typename decltype(type)::type;
                            const T start = *context.inputs[0].As<T>();
                            const T delta = *context.inputs[2].As<T>();
                            for (int64_t i = 0; i < y.size; ++i) {
                              y.As<T>()[i] = RangeElement(start, delta, i);
                            }
                            return absl::OkStatus();
                          });
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeEyeLike(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const int64_t k = read.Int("k", 0);
  HONE_RETURN_IF_ERROR(read.Finish(true).status());
  return MakeFunctionKernel(
      {"eye_like"},
      [k, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const MutableTensorView& y = context.outputs[0];
        HONE_RETURN_IF_ERROR(ExpectEqual(label, "rank of the output", 2,
                                         static_cast<int64_t>(y.dims.size())));
        return VisitDType(NumbersAndBool(), label, y.dtype, [&](auto type) {
          using T = typename decltype(type)::type;
          for (int64_t i = 0; i < y.size; ++i) {
            const bool one = i % y.dims[1] - i / y.dims[1] == k;
            y.As<T>()[i] = Convert<T>(one ? 1 : 0);
          }
          return absl::OkStatus();
        });
      });
}

}  // namespace hone
