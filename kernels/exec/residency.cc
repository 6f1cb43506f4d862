#include "kernels/exec/residency.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"

namespace hone {

Residency::Residency(const PlanState& plan, uint64_t memory_limit,
                     Transfers* transfers)
    : plan_(plan),
      limit_(memory_limit),
      transfers_(transfers),
      buffers_(plan.device_constants) {
  buffers_.resize(plan.values.size());
}

void Residency::Drop(int value) {
  std::shared_ptr<const DeviceBuffer>& buffer = buffers_[value];
  if (buffer != nullptr && buffer.use_count() == 1) bytes_ -= buffer->bytes();
  buffer.reset();
}

absl::Status Residency::Count(size_t bytes) {
  if (limit_ > 0 && bytes_ + bytes > limit_) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the values on ", plan_.accelerator->name(), " need ",
                     bytes_ + bytes, " bytes, the limit is ", limit_));
  }
  bytes_ += bytes;
  return absl::OkStatus();
}

absl::Status Residency::Allocate(int value, size_t bytes) {
  HONE_RETURN_IF_ERROR(Count(bytes));
  HONE_ASSIGN_OR_RETURN(buffers_[value], plan_.accelerator->Allocate(bytes));
  return absl::OkStatus();
}

absl::Status Residency::ToDevice(int value, const TensorView& view) {
  if (Has(value)) return absl::OkStatus();
  const size_t bytes = PackedBytes(view.dtype, view.size).value_or(0);
  if (bytes > 0 && view.data == nullptr) {
    return absl::InternalError("a value is neither in memory nor on a device");
  }
  HONE_RETURN_IF_ERROR(Count(bytes));
  HONE_ASSIGN_OR_RETURN(buffers_[value],
                        plan_.accelerator->Upload(view.data, bytes));
  if (transfers_ != nullptr) {
    ++transfers_->to_device;
    transfers_->to_device_bytes += bytes;
  }
  return absl::OkStatus();
}

absl::Status Residency::ToHost(int value, const TensorView& view, void* data) {
  const size_t bytes = PackedBytes(view.dtype, view.size).value_or(0);
  HONE_RETURN_IF_ERROR(
      plan_.accelerator->Download(*buffers_[value], data, bytes));
  if (transfers_ != nullptr) {
    ++transfers_->to_host;
    transfers_->to_host_bytes += bytes;
  }
  return absl::OkStatus();
}

absl::Status Residency::Finish() { return plan_.accelerator->Finish(); }

}  // namespace hone
