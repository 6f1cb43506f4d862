#include "kernels/exec/opencl/op.h"

#include "absl/strings/str_cat.h"
#include "ir/dtype/dtype.h"
#include "ir/type/type.h"

namespace hone {
namespace {

constexpr size_t kMostAxes = 8;
constexpr int64_t kMostElements = (int64_t{1} << 31) - 1;

}  // namespace

opencl::BufferPtr BufferOf(const DeviceValue& value) {
  if (value.buffer == nullptr) return nullptr;
  return static_cast<const OpenClBuffer*>(value.buffer.get())->buffer;
}

absl::Status NotOnDevice() {
  return absl::UnimplementedError("no kernel of OpenCL");
}

absl::Status ExpectFloats(const KernelSpec& spec, size_t index) {
  if (spec.node->Input(index).empty() || index >= spec.input_types.size()) {
    return NotOnDevice();
  }
  const Type& type = spec.input_types[index];
  if (!type.is_tensor() || type.dtype != DType::kF32 ||
      !type.shape.has_value() || type.shape->size() > kMostAxes) {
    return NotOnDevice();
  }
  return absl::OkStatus();
}

size_t RankOf(const KernelSpec& spec, size_t index) {
  return spec.input_types[index].shape->size();
}

absl::StatusOr<opencl::Nest> NestOf(const LoopNest& nest, size_t first,
                                    size_t second) {
  if (nest.loops() > kMostAxes) {
    return absl::UnimplementedError(
        absl::StrCat("more than ", kMostAxes, " axes on the device"));
  }
  opencl::Nest out;
  out.loops = static_cast<int>(nest.loops());
  for (size_t l = 0; l < nest.loops(); ++l) {
    out.extents[l] = static_cast<int32_t>(nest.dim(l));
    out.first[l] = static_cast<int32_t>(nest.stride(first, l));
    out.second[l] = static_cast<int32_t>(nest.stride(second, l));
  }
  return out;
}

absl::Status ExpectIndexable(DeviceValues inputs, DeviceValues outputs) {
  for (const DeviceValues values : {inputs, outputs}) {
    for (const DeviceValue& value : values) {
      if (value.view.size > kMostElements) {
        return absl::UnimplementedError(absl::StrCat(
            "a value of ", value.view.size,
            " elements: the device's kernels index at most ", kMostElements));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace hone
