#include "kernels/exec/device.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "kernels/cpu/quantize/quantize.h"
#include "kernels/exec/opencl_device.h"

namespace hone {
namespace {

class CpuDevice : public Device {
 public:
  explicit CpuDevice(ThreadPool& pool) : pool_(pool) {}
  absl::string_view name() const override { return "cpu"; }

  absl::StatusOr<FloatRange> Range(absl::Span<const float> x) override {
    return RangeOf(pool_, x.data(), x.size());
  }

  absl::StatusOr<std::vector<FloatRange>> RangePerChannel(
      const ChannelView& x) override {
    std::vector<FloatRange> ranges(x.channels);
    hone::RangePerChannel(pool_, x.data, x.outer, x.channels, x.inner,
                          ranges.data());
    return ranges;
  }

  absl::Status Quantize(const ChannelView& x, absl::Span<const float> scale,
                        absl::Span<const int32_t> zero_point, DType dtype,
                        std::byte* q) override {
    HONE_RETURN_IF_ERROR(CheckQuantize(x, scale, zero_point, dtype));
    switch (dtype) {
      case DType::kS8:
        return Rows<int8_t>(x, scale, zero_point, q);
      case DType::kU8:
        return Rows<uint8_t>(x, scale, zero_point, q);
      case DType::kS16:
        return Rows<int16_t>(x, scale, zero_point, q);
      default:
        return Rows<uint16_t>(x, scale, zero_point, q);
    }
  }

 private:
  template <typename T>
  absl::Status Rows(const ChannelView& x, absl::Span<const float> scale,
                    absl::Span<const int32_t> zero_point, std::byte* q) {
    T* const out = reinterpret_cast<T*>(q);
    pool_.ParallelFor(x.outer * x.channels, [&](int64_t row, int) {
      const int64_t channel = row % x.channels;
      const QuantParams params{&scale[channel], &zero_point[channel], 0};
      QuantizeRow(x.data + row * x.inner, static_cast<size_t>(x.inner), params,
                  out + row * x.inner);
    });
    return absl::OkStatus();
  }

  ThreadPool& pool_;
};

}  // namespace

absl::Status CheckQuantize(const ChannelView& x, absl::Span<const float> scale,
                           absl::Span<const int32_t> zero_point, DType dtype) {
  if (static_cast<int64_t>(scale.size()) != x.channels ||
      static_cast<int64_t>(zero_point.size()) != x.channels) {
    ErrorDetail detail;
    detail.expected = absl::StrCat(x.channels);
    detail.found = absl::StrCat(scale.size(), " and ", zero_point.size());
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "scales and zero points, one a channel", detail);
  }
  if (dtype == DType::kS8 || dtype == DType::kU8 || dtype == DType::kS16 ||
      dtype == DType::kU16) {
    return absl::OkStatus();
  }
  ErrorDetail detail;
  detail.expected = "int8, uint8, int16 or uint16";
  detail.found = std::string(DTypeName(dtype));
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "no rounding to this type", detail);
}

absl::StatusOr<std::unique_ptr<Device>> MakeDevice(absl::string_view name,
                                                   ThreadPool& pool) {
  if (name == "cpu") return std::make_unique<CpuDevice>(pool);
  if (name.substr(0, 6) == "opencl") return MakeOpenClDevice(name);
  ErrorDetail detail;
  detail.expected = "cpu, opencl or opencl:N";
  detail.found = std::string(name);
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "no device has that name", detail);
}

}  // namespace hone
