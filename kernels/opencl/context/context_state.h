// What a Context and its Buffers share.
#ifndef HONE_KERNELS_OPENCL_CONTEXT_CONTEXT_STATE_H_
#define HONE_KERNELS_OPENCL_CONTEXT_CONTEXT_STATE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "kernels/opencl/context/context.h"
#include "kernels/opencl/context/program_cache.h"
#include "kernels/opencl/driver/api.h"
#include "kernels/opencl/driver/devices.h"

namespace hone::opencl {

struct BuiltProgram {
  cl_program program = nullptr;
  std::map<std::string, cl_kernel> kernels;
};

struct ContextState {
  ContextState(const Api& functions, DeviceInfo info, std::string folder)
      : api(functions), device(std::move(info)), cache(std::move(folder)) {}
  ~ContextState();

  // All of these with `mutex` held.
  absl::Status Failed(cl_int code, absl::string_view what) const;
  void DropFree();  // gives the kept buffers back to the driver
  absl::StatusOr<cl_kernel> Kernel(const Program& program, const char* name);
  absl::StatusOr<cl_program> Build(const Program& program);
  // Null where the driver takes no such binary.
  cl_program FromBinary(const std::string& binary, const std::string& options);
  std::string BinaryOf(cl_program program) const;  // "": the driver has none
  std::string OptionsOf(const Program& program) const;
  std::string KeyOf(const Program& program) const;

  const Api& api;
  const DeviceInfo device;
  const ProgramCache cache;
  uint64_t limit = 0;

  std::mutex mutex;
  cl_context context = nullptr;
  cl_command_queue queue = nullptr;
  uint64_t in_use = 0;
  // Buffers that nobody owns, by capacity, to be handed out again.
  std::multimap<size_t, cl_mem> free;
  uint64_t free_bytes = 0;
  std::map<std::pair<const char*, std::string>, BuiltProgram> programs;
  int64_t compiled = 0;
  int64_t from_cache = 0;
};

}  // namespace hone::opencl

#endif  // HONE_KERNELS_OPENCL_CONTEXT_CONTEXT_STATE_H_
