// The part of a run that knows of an accelerator.
#include <cstddef>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "kernels/exec/plan_run.h"

namespace hone {
namespace {

// Steps of a run that may be cancelled are not queued without end: what is
// queued cannot be stopped.
constexpr int kMostUnfinished = 8;

}  // namespace

absl::Status PlanRun::ToHost(int value) {
  if (residency_ == nullptr || data_[value] != nullptr ||
      !residency_->Has(value)) {
    return absl::OkStatus();
  }
  const TensorView view = ViewOf(value);
  HONE_ASSIGN_OR_RETURN(Tensor tensor, Heap(view.dtype, view.dims));
  const void* const bytes = tensor.bytes().data();
  HONE_RETURN_IF_ERROR(
      residency_->ToHost(value, view, const_cast<void*>(bytes)));
  unfinished_ = 0;
  Hold(value, Value(std::move(tensor)));
  return absl::OkStatus();
}

absl::Status PlanRun::RunOnDevice(const Step& step) {
  std::vector<DeviceValue> inputs(step.inputs.size());
  for (size_t i = 0; i < step.inputs.size(); ++i) {
    const int input = step.inputs[i];
    if (input == kAbsent) continue;
    const DeviceKernel::Place place = step.device->place(i);
    inputs[i].view = inputs_[i];
    if (place == DeviceKernel::Place::kHost) {
      HONE_RETURN_IF_ERROR(ToHost(input));
      inputs[i].view.data = data_[input];
    } else if (place == DeviceKernel::Place::kDevice) {
      HONE_RETURN_IF_ERROR(residency_->ToDevice(input, inputs[i].view));
      inputs[i].view.data = nullptr;
      inputs[i].buffer = residency_->At(input);
    }
  }
  std::vector<DeviceValue> outputs(step.outputs.size());
  for (size_t i = 0; i < step.outputs.size(); ++i) {
    const int output = step.outputs[i];
    if (output == kAbsent) continue;
    const MutableTensorView& view = outputs_[i];
    if (view.dtype == DType::kUndefined) {
      return MakeError(absl::StatusCode::kUnimplemented,
                       "the output's extents cannot be found even from the "
                       "inputs' contents",
                       {.node = NodeLabel(step.node),
                        .expected = "an operator whose extents can be inferred",
                        .found = TypeOf(output).ToString()});
    }
    HONE_RETURN_IF_ERROR(residency_->Allocate(
        output, PackedBytes(view.dtype, view.size).value_or(0)));
    outputs[i].view.dtype = view.dtype;
    outputs[i].view.dims = view.dims;
    outputs[i].view.size = view.size;
    outputs[i].buffer = residency_->At(output);
  }
  HONE_RETURN_IF_ERROR(step.device->RunOnDevice(inputs, outputs));
  if (profile_ != nullptr ||
      (options_.cancel != nullptr && ++unfinished_ >= kMostUnfinished)) {
    unfinished_ = 0;
    return residency_->Finish();
  }
  return absl::OkStatus();
}

}  // namespace hone
