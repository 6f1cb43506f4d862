#include "kernels/opencl/context/context.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "kernels/opencl/context/context_state.h"
#include "kernels/opencl/driver/error.h"

namespace hone::opencl {
namespace {

using Lock = std::lock_guard<std::mutex>;

// Few sizes, so that a buffer that was given back fits the next request: steps
// of an eighth of the power of two below, at least 256 bytes.
size_t Capacity(size_t bytes) {
  size_t step = 256;
  while (step * 16 < bytes) step *= 2;
  return std::max<size_t>(256, (bytes + step - 1) / step * step);
}

}  // namespace

Buffer::~Buffer() {
  const Lock lock(state_->mutex);
  state_->in_use -= capacity_;
  state_->free.emplace(capacity_, mem_);
  state_->free_bytes += capacity_;
}

ContextState::~ContextState() {
  if (queue != nullptr) api.clFinish(queue);
  DropFree();
  for (auto& [key, built] : programs) {
    for (auto& [name, kernel] : built.kernels) api.clReleaseKernel(kernel);
    api.clReleaseProgram(built.program);
  }
  if (queue != nullptr) api.clReleaseCommandQueue(queue);
  if (context != nullptr) api.clReleaseContext(context);
}

absl::Status ContextState::Failed(cl_int code, absl::string_view what) const {
  return StatusOf(code, what, device.name);
}

void ContextState::DropFree() {
  for (const auto& [capacity, mem] : free) api.clReleaseMemObject(mem);
  free.clear();
  free_bytes = 0;
}

absl::StatusOr<std::shared_ptr<Context>> Context::Create(
    const DeviceInfo& device, const ContextOptions& options) {
  const absl::StatusOr<const Api*> api = LoadApi();
  if (!api.ok()) return api.status();
  std::string folder = options.cache_folder;
  if (folder.empty()) folder = DefaultCacheFolder();
  if (folder == "-") folder.clear();
  auto state = std::make_shared<ContextState>(**api, device, folder);
  state->limit = device.memory_bytes;
  if (options.memory_limit > 0) {
    state->limit = std::min(state->limit, options.memory_limit);
  }
  cl_int code = CL_SUCCESS;
  const cl_context_properties properties[] = {
      CL_CONTEXT_PLATFORM,
      reinterpret_cast<cl_context_properties>(device.platform_id), 0};
  state->context = state->api.clCreateContext(properties, 1, &device.id,
                                              nullptr, nullptr, &code);
  HONE_OPENCL_RETURN_IF_ERROR(state->Failed(code, "making a context"));
  state->queue =
      state->api.clCreateCommandQueue(state->context, device.id, 0, &code);
  HONE_OPENCL_RETURN_IF_ERROR(state->Failed(code, "making a queue"));
  return std::shared_ptr<Context>(new Context(std::move(state)));
}

const DeviceInfo& Context::device() const { return state_->device; }

size_t Context::group_items() const {
  size_t items = 128;
  while (items > 1 && items > state_->device.most_group_items) items /= 2;
  return items;
}

absl::StatusOr<BufferPtr> Context::Allocate(size_t bytes) {
  ContextState& state = *state_;
  const size_t capacity = Capacity(bytes);
  // Outside of the lock that the buffer's destructor takes.
  cl_mem mem = nullptr;
  {
    const Lock lock(state.mutex);
    if (bytes > state.limit || state.in_use + capacity > state.limit) {
      return absl::ResourceExhaustedError(absl::StrCat(
          "device ", state.device.name, " is out of memory: ", bytes,
          " bytes more than the ", state.in_use, " in use pass the limit of ",
          state.limit));
    }
    if (state.device.most_buffer_bytes > 0 &&
        bytes > state.device.most_buffer_bytes) {
      return absl::ResourceExhaustedError(absl::StrCat(
          "device ", state.device.name, " allocates at most ",
          state.device.most_buffer_bytes, " bytes at once: found ", bytes));
    }
    if (const auto kept = state.free.find(capacity); kept != state.free.end()) {
      mem = kept->second;
      state.free.erase(kept);
      state.free_bytes -= capacity;
    } else {
      if (state.in_use + state.free_bytes + capacity > state.limit) {
        state.DropFree();
      }
      cl_int code = CL_SUCCESS;
      mem = state.api.clCreateBuffer(state.context, CL_MEM_READ_WRITE, capacity,
                                     nullptr, &code);
      if (code == CL_MEM_OBJECT_ALLOCATION_FAILURE && !state.free.empty()) {
        state.DropFree();
        mem = state.api.clCreateBuffer(state.context, CL_MEM_READ_WRITE,
                                       capacity, nullptr, &code);
      }
      HONE_OPENCL_RETURN_IF_ERROR(
          state.Failed(code, absl::StrCat("allocating ", bytes, " bytes")));
    }
    state.in_use += capacity;
  }
  return std::make_shared<const Buffer>(state_, mem, bytes, capacity);
}

absl::StatusOr<BufferPtr> Context::Upload(const void* data, size_t bytes) {
  absl::StatusOr<BufferPtr> buffer = Allocate(bytes);
  if (!buffer.ok() || bytes == 0) return buffer;
  const Lock lock(state_->mutex);
  HONE_OPENCL_RETURN_IF_ERROR(state_->Failed(
      state_->api.clEnqueueWriteBuffer(state_->queue, (*buffer)->mem(), CL_TRUE,
                                       0, bytes, data, 0, nullptr, nullptr),
      "copying to the device"));
  return buffer;
}

absl::StatusOr<BufferPtr> Context::Zeros(size_t bytes) {
  absl::StatusOr<BufferPtr> buffer = Allocate(bytes);
  if (!buffer.ok() || bytes == 0) return buffer;
  const Lock lock(state_->mutex);
  const cl_uint zero = 0;
  HONE_OPENCL_RETURN_IF_ERROR(state_->Failed(
      state_->api.clEnqueueFillBuffer(state_->queue, (*buffer)->mem(), &zero,
                                      sizeof(zero), 0, (bytes + 3) / 4 * 4, 0,
                                      nullptr, nullptr),
      "clearing memory"));
  return buffer;
}

absl::Status Context::Download(const Buffer& buffer, void* data, size_t bytes) {
  if (bytes == 0) return absl::OkStatus();
  const Lock lock(state_->mutex);
  return state_->Failed(
      state_->api.clEnqueueReadBuffer(state_->queue, buffer.mem(), CL_TRUE, 0,
                                      bytes, data, 0, nullptr, nullptr),
      "copying from the device");
}

absl::Status Context::Run(const Program& program, const char* kernel,
                          absl::Span<const Argument> arguments,
                          absl::Span<const size_t> global,
                          absl::Span<const size_t> local) {
  std::vector<size_t> items;
  for (size_t i = 0; i < global.size(); ++i) {
    if (global[i] == 0) return absl::OkStatus();
    items.push_back((global[i] + local[i] - 1) / local[i] * local[i]);
  }
  const Lock lock(state_->mutex);
  const absl::StatusOr<cl_kernel> found = state_->Kernel(program, kernel);
  if (!found.ok()) return found.status();
  for (size_t i = 0; i < arguments.size(); ++i) {
    const Argument& argument = arguments[i];
    cl_mem mem = nullptr;
    if (argument.buffer() != nullptr) mem = argument.buffer()->mem();
    const cl_int code =
        mem != nullptr
            ? state_->api.clSetKernelArg(*found, static_cast<cl_uint>(i),
                                         sizeof(mem), &mem)
            : state_->api.clSetKernelArg(*found, static_cast<cl_uint>(i),
                                         argument.size(), argument.data());
    HONE_OPENCL_RETURN_IF_ERROR(state_->Failed(
        code, absl::StrCat("argument ", i, " of the kernel ", kernel)));
  }
  return state_->Failed(
      state_->api.clEnqueueNDRangeKernel(
          state_->queue, *found, static_cast<cl_uint>(items.size()), nullptr,
          items.data(), local.data(), 0, nullptr, nullptr),
      absl::StrCat("running the kernel ", kernel));
}

absl::Status Context::Finish() {
  return state_->Failed(state_->api.clFinish(state_->queue), "waiting");
}

uint64_t Context::memory_in_use() const {
  const Lock lock(state_->mutex);
  return state_->in_use;
}

int64_t Context::programs_compiled() const {
  const Lock lock(state_->mutex);
  return state_->compiled;
}

int64_t Context::programs_from_cache() const {
  const Lock lock(state_->mutex);
  return state_->from_cache;
}

std::string Context::CachePathOf(const Program& program) const {
  return state_->cache.PathOf(state_->KeyOf(program));
}

}  // namespace hone::opencl
