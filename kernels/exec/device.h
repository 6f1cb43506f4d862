// How algorithms reach kernels that are no graph operators: typed calls, one a
// kernel family, on whatever computes them.
//
//   HONE_ASSIGN_OR_RETURN(std::unique_ptr<Device> device,
//                         MakeDevice("cpu", pool));
//   HONE_ASSIGN_OR_RETURN(const FloatRange range, device->Range(weights));
#ifndef HONE_KERNELS_EXEC_DEVICE_H_
#define HONE_KERNELS_EXEC_DEVICE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "kernels/cpu/minmax/minmax.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// A float32 array seen as [outer, channels, inner], row-major.
struct ChannelView {
  const float* data = nullptr;
  int64_t outer = 1;
  int64_t channels = 1;
  int64_t inner = 1;

  int64_t size() const { return outer * channels * inner; }
};

// InvalidArgument as Quantize has it.
absl::Status CheckQuantize(const ChannelView& x, absl::Span<const float> scale,
                           absl::Span<const int32_t> zero_point, DType dtype);

// Calls are synchronous; one at a time. The CPU fails for wrong arguments only;
// OpenCL also with ResourceExhausted (the device's memory), Unavailable (the
// device was lost) and Unimplemented (2^31 elements and more).
class Device {
 public:
  virtual ~Device() = default;
  virtual absl::string_view name() const = 0;

  // Least, greatest and sum of the finite elements (kernels/cpu/minmax).
  virtual absl::StatusOr<FloatRange> Range(absl::Span<const float> x) = 0;
  // One range a channel.
  virtual absl::StatusOr<std::vector<FloatRange>> RangePerChannel(
      const ChannelView& x) = 0;

  // Round to nearest: q = clamp(round_half_even(x / scale[c]) + zero_point[c])
  // in the range of `dtype`, which is int8, uint8, int16 or uint16. scale and
  // zero_point: one a channel, scales positive and finite. q: x.size()
  // elements of dtype. InvalidArgument: another dtype, or other lengths.
  virtual absl::Status Quantize(const ChannelView& x,
                                absl::Span<const float> scale,
                                absl::Span<const int32_t> zero_point,
                                DType dtype, std::byte* q) = 0;
};

// "cpu": the calling thread and the pool, which must outlive the device.
// "opencl", "opencl:N": an OpenCL device, by kernels/opencl/driver's
// ChooseDevice and with its errors; each call copies its arrays there and back.
// InvalidArgument: any other name.
absl::StatusOr<std::unique_ptr<Device>> MakeDevice(absl::string_view name,
                                                   ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_DEVICE_H_
