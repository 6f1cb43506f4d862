#include <algorithm>
#include <cmath>
#include <string>

#include "absl/status/status.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "kernels/cpu/minmax/minmax.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/cpu/quantize/quantize.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/quantize/quantize.h"

namespace hone {

absl::StatusOr<std::unique_ptr<Kernel>> MakeDynamicQuantizeLinear(
    const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(CheckDType(ElementTypes<float>(), spec, 0));
  return MakeFunctionKernel(
      {"dynamic_quantize"},
      [label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        HONE_RETURN_IF_ERROR(ExpectEqual(
            label, "outputs", 3, static_cast<int64_t>(context.outputs.size())));
        const TensorView& x = context.inputs[0];
        HONE_RETURN_IF_ERROR(ExpectDims(label, "output extents", x.dims,
                                        context.outputs[0].dims));
        const FloatRange range =
            RangeOf(*context.pool, x.As<float>(), static_cast<size_t>(x.size));
        // Zero is always representable.
        const float low = std::min(0.0f, range.min);
        const float high = std::max(0.0f, range.max);
        float scale = (high - low) / 255.0f;
        if (!(scale > 0) || !std::isfinite(scale)) scale = 1;
        const int32_t zero_point = static_cast<int32_t>(
            std::min(255.0f, std::max(0.0f, std::nearbyint(-low / scale))));
        uint8_t* y = context.outputs[0].As<uint8_t>();
        ForRanges(*context.pool, x.size, kLightGrain,
                  [&](int64_t begin, int64_t end) {
                    QuantizeRow(x.As<float>() + begin,
                                static_cast<size_t>(end - begin),
                                {&scale, &zero_point, 0}, y + begin);
                  });
        *context.outputs[1].As<float>() = scale;
        *context.outputs[2].As<uint8_t>() = static_cast<uint8_t>(zero_point);
        return absl::OkStatus();
      });
}

}  // namespace hone
