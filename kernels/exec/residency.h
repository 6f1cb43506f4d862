// Which values of one run are on the accelerator.
#ifndef HONE_KERNELS_EXEC_RESIDENCY_H_
#define HONE_KERNELS_EXEC_RESIDENCY_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "kernels/exec/accelerator.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/plan.h"
#include "kernels/exec/plan_state.h"

namespace hone {

class Residency {
 public:
  // memory_limit: bytes of this run's buffers; 0: none. *transfers, which may
  // be null, is added to.
  Residency(const PlanState& plan, uint64_t memory_limit, Transfers* transfers);

  bool Has(int value) const { return buffers_[value] != nullptr; }
  const std::shared_ptr<const DeviceBuffer>& At(int value) const {
    return buffers_[value];
  }
  // `alias` is the same elements as `value`, under other extents.
  void Share(int value, int alias) { buffers_[alias] = buffers_[value]; }
  void Drop(int value);

  // Room for a value that a kernel is about to compute.
  absl::Status Allocate(int value, size_t bytes);
  // Copies the value from view.data, unless it is there.
  absl::Status ToDevice(int value, const TensorView& view);
  // Copies the value to `data`, room for view's elements.
  absl::Status ToHost(int value, const TensorView& view, void* data);
  absl::Status Finish();

 private:
  absl::Status Count(size_t bytes);

  const PlanState& plan_;
  const uint64_t limit_;
  Transfers* const transfers_;
  uint64_t bytes_ = 0;
  std::vector<std::shared_ptr<const DeviceBuffer>> buffers_;  // by value
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_RESIDENCY_H_
