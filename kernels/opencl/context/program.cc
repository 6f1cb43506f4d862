// Building programs, by way of the disk cache.
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "kernels/opencl/context/context_state.h"
#include "kernels/opencl/driver/error.h"

namespace hone::opencl {

std::string ContextState::OptionsOf(const Program& program) const {
  return absl::StrCat(
      "-cl-std=CL1.2",
      device.exact_division ? " -cl-fp32-correctly-rounded-divide-sqrt" : "",
      program.options.empty() ? "" : " ", program.options);
}

std::string ContextState::KeyOf(const Program& program) const {
  return absl::StrCat(device.vendor, "\n", device.name, "\n", device.platform,
                      "\n", device.platform_version, "\n", device.driver, "\n",
                      OptionsOf(program), "\n", program.source);
}

cl_program ContextState::FromBinary(const std::string& binary,
                                    const std::string& options) {
  const size_t size = binary.size();
  const auto* data = reinterpret_cast<const unsigned char*>(binary.data());
  cl_int taken = CL_SUCCESS, code = CL_SUCCESS;
  const cl_program program = api.clCreateProgramWithBinary(
      context, 1, &device.id, &size, &data, &taken, &code);
  if (program == nullptr) return nullptr;
  if (code != CL_SUCCESS || taken != CL_SUCCESS ||
      api.clBuildProgram(program, 1, &device.id, options.c_str(), nullptr,
                         nullptr) != CL_SUCCESS) {
    api.clReleaseProgram(program);
    return nullptr;
  }
  return program;
}

std::string ContextState::BinaryOf(cl_program program) const {
  size_t size = 0;
  if (api.clGetProgramInfo(program, CL_PROGRAM_BINARY_SIZES, sizeof(size),
                           &size, nullptr) != CL_SUCCESS ||
      size == 0) {
    return "";
  }
  std::string binary(size, '\0');
  char* data = binary.data();
  if (api.clGetProgramInfo(program, CL_PROGRAM_BINARIES, sizeof(data), &data,
                           nullptr) != CL_SUCCESS) {
    return "";
  }
  return binary;
}

absl::StatusOr<cl_program> ContextState::Build(const Program& program) {
  const std::string options = OptionsOf(program);
  const std::string key = KeyOf(program);
  if (const auto binary = cache.Load(key)) {
    const cl_program made = FromBinary(*binary, options);
    if (made != nullptr) {
      ++from_cache;
      return made;
    }
  }
  cl_int code = CL_SUCCESS;
  const char* source = program.source;
  const cl_program made =
      api.clCreateProgramWithSource(context, 1, &source, nullptr, &code);
  HONE_OPENCL_RETURN_IF_ERROR(Failed(code, "making a program"));
  code = api.clBuildProgram(made, 1, &device.id, options.c_str(), nullptr,
                            nullptr);
  if (code != CL_SUCCESS) {
    size_t bytes = 0;
    api.clGetProgramBuildInfo(made, device.id, CL_PROGRAM_BUILD_LOG, 0, nullptr,
                              &bytes);
    std::string log(bytes, '\0');
    api.clGetProgramBuildInfo(made, device.id, CL_PROGRAM_BUILD_LOG, bytes,
                              log.data(), nullptr);
    while (!log.empty() && (log.back() == '\0' || log.back() == '\n')) {
      log.pop_back();
    }
    api.clReleaseProgram(made);
    return absl::InvalidArgumentError(absl::StrCat(
        "device ", device.name, " cannot compile a program (options ", options,
        ", ", ErrorName(code), "): ", log.empty() ? "it gives no log" : log));
  }
  ++compiled;
  const std::string binary = BinaryOf(made);
  if (!binary.empty()) cache.Store(key, binary);
  return made;
}

absl::StatusOr<cl_kernel> ContextState::Kernel(const Program& program,
                                               const char* name) {
  const auto id = std::make_pair(program.source, program.options);
  auto built = programs.find(id);
  if (built == programs.end()) {
    const absl::StatusOr<cl_program> made = Build(program);
    if (!made.ok()) return made.status();
    built = programs.emplace(id, BuiltProgram{*made, {}}).first;
  }
  const auto known = built->second.kernels.find(name);
  if (known != built->second.kernels.end()) return known->second;
  cl_int code = CL_SUCCESS;
  const cl_kernel kernel =
      api.clCreateKernel(built->second.program, name, &code);
  if (code == CL_INVALID_KERNEL_NAME) {
    return absl::NotFoundError(
        absl::StrCat("the program has no kernel named ", name));
  }
  HONE_OPENCL_RETURN_IF_ERROR(
      Failed(code, absl::StrCat("making the kernel ", name)));
  built->second.kernels.emplace(name, kernel);
  return kernel;
}

}  // namespace hone::opencl
