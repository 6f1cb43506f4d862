#include "harness/data/signature.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "harness/abi/handles.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

Port PortOf(const hone_value_info& info) {
  Port port;
  port.name = info.name;
  port.dtype = info.dtype;
  port.rank = info.rank;
  for (int32_t i = 0; i < info.rank; ++i) {
    port.dims.push_back(info.dims[i]);
    port.symbols.push_back(info.symbols[i]);
  }
  return port;
}

}  // namespace

absl::StatusOr<Signature> SignatureOf(const hone_model* model) {
  Signature signature;
  hone_value_info info = {};
  info.struct_size = sizeof(info);
  for (size_t i = 0; i < hone_model_input_count(model); ++i) {
    HARNESS_RETURN_IF_ERROR(FromHone(hone_model_input(model, i, &info)));
    signature.inputs.push_back(PortOf(info));
  }
  for (size_t i = 0; i < hone_model_output_count(model); ++i) {
    HARNESS_RETURN_IF_ERROR(FromHone(hone_model_output(model, i, &info)));
    signature.outputs.push_back(PortOf(info));
  }
  return signature;
}

std::string ToString(const Port& port) {
  if (port.dtype == HONE_DTYPE_UNDEFINED) return "no tensor";
  if (port.rank < 0) return absl::StrCat(hone_dtype_name(port.dtype), " [...]");
  std::vector<std::string> dims;
  for (size_t i = 0; i < port.dims.size(); ++i) {
    dims.push_back(port.dims[i] >= 0         ? absl::StrCat(port.dims[i])
                   : port.symbols[i].empty() ? "?"
                                             : port.symbols[i]);
  }
  return absl::StrCat(hone_dtype_name(port.dtype), " [",
                      absl::StrJoin(dims, ", "), "]");
}

hone_dtype DtypeOf(const std::string& name) {
  for (int i = HONE_DTYPE_F32; i <= HONE_DTYPE_S2; ++i) {
    const hone_dtype dtype = static_cast<hone_dtype>(i);
    if (name == hone_dtype_name(dtype)) return dtype;
  }
  return HONE_DTYPE_UNDEFINED;
}

}  // namespace hone::harness
