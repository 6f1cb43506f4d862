#include "kernels/exec/opencl_device.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "kernels/exec/opencl/shared_context.h"
#include "kernels/opencl/context/context.h"
#include "kernels/opencl/driver/devices.h"
#include "kernels/opencl/quantize/quantize.h"
#include "kernels/opencl/range/range.h"

namespace hone {
namespace {

class OpenClDevice : public Device {
 public:
  explicit OpenClDevice(std::shared_ptr<opencl::Context> context)
      : context_(std::move(context)),
        name_(absl::StrCat("opencl:", context_->device().index)) {}

  absl::string_view name() const override { return name_; }

  absl::StatusOr<FloatRange> Range(absl::Span<const float> x) override {
    HONE_ASSIGN_OR_RETURN(
        const std::vector<FloatRange> ranges,
        RangePerChannel({x.data(), 1, 1, static_cast<int64_t>(x.size())}));
    return ranges[0];
  }

  absl::StatusOr<std::vector<FloatRange>> RangePerChannel(
      const ChannelView& x) override {
    HONE_RETURN_IF_ERROR(ExpectIndexable(x));
    HONE_ASSIGN_OR_RETURN(
        const opencl::BufferPtr copy,
        context_->Upload(x.data,
                         static_cast<size_t>(x.size()) * sizeof(float)));
    HONE_ASSIGN_OR_RETURN(
        const std::vector<opencl::Range> found,
        opencl::RangesOf(*context_, copy, x.outer, x.channels, x.inner));
    std::vector<FloatRange> ranges;
    for (const opencl::Range& range : found) {
      ranges.push_back(
          {range.min, range.max, range.sum, range.nan_count, range.inf_count});
    }
    return ranges;
  }

  absl::Status Quantize(const ChannelView& x, absl::Span<const float> scale,
                        absl::Span<const int32_t> zero_point, DType dtype,
                        std::byte* q) override {
    HONE_RETURN_IF_ERROR(CheckQuantize(x, scale, zero_point, dtype));
    HONE_RETURN_IF_ERROR(ExpectIndexable(x));
    return opencl::Quantize(*context_, x.data, x.outer, x.channels, x.inner,
                            scale, zero_point, BitsPerElement(dtype),
                            dtype == DType::kS8 || dtype == DType::kS16, q);
  }

 private:
  static absl::Status ExpectIndexable(const ChannelView& x) {
    constexpr int64_t kMost = (int64_t{1} << 31) - 1;
    if (x.size() <= kMost) return absl::OkStatus();
    ErrorDetail detail;
    detail.expected = absl::StrCat("at most ", kMost);
    detail.found = absl::StrCat(x.size());
    return MakeError(absl::StatusCode::kUnimplemented,
                     "elements of an array on the device", detail);
  }

  const std::shared_ptr<opencl::Context> context_;
  const std::string name_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Device>> MakeOpenClDevice(
    absl::string_view name) {
  HONE_ASSIGN_OR_RETURN(const opencl::DeviceInfo device,
                        opencl::ChooseDevice(name));
  HONE_ASSIGN_OR_RETURN(std::shared_ptr<opencl::Context> context,
                        SharedContext(device));
  return std::make_unique<OpenClDevice>(std::move(context));
}

}  // namespace hone
