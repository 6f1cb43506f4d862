#include "kernels/opencl/driver/api.h"

#include <dlfcn.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace hone::opencl {
namespace {

constexpr char kLibrary[] = "libOpenCL.so.1";

absl::StatusOr<const Api*> Open() {
  void* const library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return absl::UnavailableError(absl::StrCat(
        "no OpenCL on this machine: ", kLibrary,
        " cannot be opened (install the device's driver and an OpenCL loader, "
        "such as Debian's ocl-icd-libopencl1)"));
  }
  auto* const api = new Api;
#define HONE_OPENCL_FIND(name)                                              \
  api->name = reinterpret_cast<decltype(api->name)>(dlsym(library, #name)); \
  if (api->name == nullptr) {                                               \
    delete api;                                                             \
    return absl::UnavailableError(absl::StrCat(                             \
        kLibrary, " lacks the function " #name " of OpenCL 1.2"));          \
  }
  HONE_OPENCL_FUNCTIONS(HONE_OPENCL_FIND)
#undef HONE_OPENCL_FIND
  return api;
}

}  // namespace

absl::StatusOr<const Api*> LoadApi() {
  static const auto* const api = new absl::StatusOr<const Api*>(Open());
  return *api;
}

}  // namespace hone::opencl
