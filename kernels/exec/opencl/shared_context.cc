#include "kernels/exec/opencl/shared_context.h"

#include <map>
#include <mutex>

#include "ir/error/error.h"

namespace hone {

absl::StatusOr<std::shared_ptr<opencl::Context>> SharedContext(
    const opencl::DeviceInfo& device) {
  static auto* const mutex = new std::mutex;
  static auto* const contexts =
      new std::map<int, std::weak_ptr<opencl::Context>>;
  const std::lock_guard<std::mutex> lock(*mutex);
  std::shared_ptr<opencl::Context> context = (*contexts)[device.index].lock();
  if (context != nullptr) return context;
  HONE_ASSIGN_OR_RETURN(context, opencl::Context::Create(device, {}));
  (*contexts)[device.index] = context;
  return context;
}

}  // namespace hone
