// Which scale and zero point belong to which elements.
#ifndef HONE_KERNELS_EXEC_OPS_QUANTIZE_QUANT_LAYOUT_H_
#define HONE_KERNELS_EXEC_OPS_QUANTIZE_QUANT_LAYOUT_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/views/quantize_view.h"
#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/cpu/parallel/parallel_nest.h"
#include "kernels/cpu/quantize/quantize.h"
#include "kernels/exec/kernel.h"

namespace hone {

class QuantLayout {
 public:
  // Inputs are x, scale and an optional zero point. InvalidArgument: their
  // extents do not fit; a scale that is not positive or not finite; a zero
  // point that the integer type lacks. Zero points of small floats count as 0.
  static absl::StatusOr<QuantLayout> Of(const QuantizeView& view,
                                        absl::string_view label,
                                        const KernelContext& context);

  // f(offset of the row in x and y, elements, parameters), several threads.
  template <typename F>
  void ForRows(ThreadPool& pool, F&& f) const {
    for (const Part& part : parts_) {
      ForNest(pool, part.nest, kLightGrain,
              [&](const LoopNest::Offsets& at, int64_t n) {
                const int64_t p = part.params + at[1];
                const int64_t p_step = part.nest.inner_stride(1);
                const int64_t x_step = part.nest.inner_stride(0);
                // A last block of one element leaves rows that are not dense.
                const int64_t pieces = x_step == 1 ? 1 : n;
                for (int64_t i = 0; i < pieces; ++i) {
                  f(part.x + at[0] + i * x_step, n / pieces,
                    QuantParams{scale_.data() + p + i * p_step,
                                zero_point_.data() + p + i * p_step, p_step});
                }
              });
    }
  }

 private:
  struct Part {
    LoopNest nest;
    int64_t x;
    int64_t params;
  };

  absl::Status ReadParams(absl::string_view label,
                          const KernelContext& context);
  void AddPart(absl::Span<const int64_t> dims, Extents x_strides,
               Extents param_strides, int64_t x, int64_t params);

  std::vector<float> scale_;
  std::vector<int32_t> zero_point_;
  std::vector<Part> parts_;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_QUANTIZE_QUANT_LAYOUT_H_
