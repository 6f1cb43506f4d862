// One OpenCL device, its memory and the programs built for it.
//
//   HONE_ASSIGN_OR_RETURN(const std::shared_ptr<Context> context,
//                         Context::Create(*ChooseDevice("opencl"), {}));
//   HONE_ASSIGN_OR_RETURN(const BufferPtr x, context->Upload(data, bytes));
//   context->Run({kSource, "-DOP=3"}, "scale", {x, n, 2.0f}, {n}, {128});
//   context->Download(*x, data, bytes);
//
// Commands are done in the order in which they were given, of whichever thread;
// Run returns before they are. Thread-safe.
#ifndef HONE_KERNELS_OPENCL_CONTEXT_CONTEXT_H_
#define HONE_KERNELS_OPENCL_CONTEXT_CONTEXT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "kernels/opencl/driver/devices.h"

struct _cl_mem;

namespace hone::opencl {

struct ContextState;

// Memory of the device, uninitialised. Given back when the last owner goes,
// which commands that use it need not wait for.
class Buffer {
 public:
  Buffer(std::shared_ptr<ContextState> state, _cl_mem* mem, size_t bytes,
         size_t capacity)
      : state_(std::move(state)),
        mem_(mem),
        bytes_(bytes),
        capacity_(capacity) {}
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  size_t bytes() const { return bytes_; }
  _cl_mem* mem() const { return mem_; }

 private:
  const std::shared_ptr<ContextState> state_;
  _cl_mem* const mem_;
  const size_t bytes_;
  const size_t capacity_;
};
using BufferPtr = std::shared_ptr<const Buffer>;

using Int8 = std::array<int32_t, 8>;  // int8 of OpenCL C

// An argument of a kernel: a buffer, a number, or eight.
class Argument {
 public:
  Argument(const BufferPtr& buffer) : buffer_(buffer.get()) {}  // NOLINT
  Argument(int32_t value) { Keep(value); }                      // NOLINT
  Argument(uint32_t value) { Keep(value); }                     // NOLINT
  Argument(int64_t value) { Keep(value); }                      // NOLINT
  Argument(float value) { Keep(value); }                        // NOLINT
  Argument(const Int8& value) { Keep(value); }                  // NOLINT

  const Buffer* buffer() const { return buffer_; }
  const void* data() const { return bytes_.data(); }
  size_t size() const { return size_; }

 private:
  template <typename T>
  void Keep(const T& value) {
    static_assert(sizeof(T) <= sizeof(Int8));
    std::memcpy(bytes_.data(), &value, sizeof(T));
    size_ = sizeof(T);
  }

  const Buffer* buffer_ = nullptr;
  alignas(8) std::array<std::byte, sizeof(Int8)> bytes_{};
  size_t size_ = 0;
};

// OpenCL C, and what the compiler is told ("-DTILE=64").
struct Program {
  const char* source = nullptr;  // static storage
  std::string options;
};

struct ContextOptions {
  uint64_t memory_limit = 0;  // bytes of live buffers; 0: the device's memory
  // Of built programs; "-": none, "": DefaultCacheFolder().
  std::string cache_folder;
};

class Context {
 public:
  // Unavailable: the driver gives no context.
  static absl::StatusOr<std::shared_ptr<Context>> Create(
      const DeviceInfo& device, const ContextOptions& options);

  const DeviceInfo& device() const;
  // Work-items of a group of one dimension: 128, or the greatest power of two
  // that the device has.
  size_t group_items() const;

  // ResourceExhausted: beyond the limit, the device's memory, or the most that
  // one allocation may have; says how many bytes of how many are in use.
  absl::StatusOr<BufferPtr> Allocate(size_t bytes);
  absl::StatusOr<BufferPtr> Upload(const void* data, size_t bytes);
  absl::StatusOr<BufferPtr> Zeros(size_t bytes);
  // Waits for what was asked before. bytes <= buffer.bytes().
  absl::Status Download(const Buffer& buffer, void* data, size_t bytes);

  // global[i] is rounded up to a multiple of local[i]; nothing is done when it
  // is 0. InvalidArgument: the program does not compile; the message is the
  // compiler's log. NotFound: no such kernel in it.
  absl::Status Run(const Program& program, const char* kernel,
                   absl::Span<const Argument> arguments,
                   absl::Span<const size_t> global,
                   absl::Span<const size_t> local);

  // Waits until all is done.
  absl::Status Finish();

  uint64_t memory_in_use() const;  // bytes of live buffers
  // Since the context was made.
  int64_t programs_compiled() const;
  int64_t programs_from_cache() const;
  // The entry of the disk cache that serves `program`.
  std::string CachePathOf(const Program& program) const;

 private:
  explicit Context(std::shared_ptr<ContextState> state)
      : state_(std::move(state)) {}
  const std::shared_ptr<ContextState> state_;
};

}  // namespace hone::opencl

#endif  // HONE_KERNELS_OPENCL_CONTEXT_CONTEXT_H_
