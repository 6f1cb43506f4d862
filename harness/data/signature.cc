#include "harness/data/signature.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "harness/abi/handles.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

Port PortOf(const hone_value_info& info) {
  Port port;
  port.name = info.name;
  port.dtype = info.dtype;
  port.rank = info.rank;
  port.type = info.type;
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

absl::StatusOr<Signature> SequenceSignature(
    Signature signature, const std::vector<std::string>& state) {
  std::set<std::string> inputs, outputs;
  for (const std::string& link : state) {
    const std::pair<std::string, std::string> names =
        absl::StrSplit(link, absl::MaxSplits('=', 1));
    if (names.first.empty() || names.second.empty()) {
      return UsageError(absl::StrCat("--state INPUT=OUTPUT,...; found ", link));
    }
    inputs.insert(names.first);
    outputs.insert(names.second);
  }
  const auto add_steps = [](Port& port) {
    if (port.rank < 0) return;
    ++port.rank;
    port.dims.insert(port.dims.begin(), -1);
    port.symbols.insert(port.symbols.begin(), "steps");
  };
  for (Port& port : signature.inputs) {
    port.optional = inputs.count(port.name) > 0;
    if (!port.optional) add_steps(port);
  }
  for (Port& port : signature.outputs) {
    if (outputs.count(port.name) == 0) add_steps(port);
  }
  return signature;
}

std::string ToString(const Port& port) {
  if (port.dtype == HONE_DTYPE_UNDEFINED) {
    return port.type.empty() ? "no tensor" : port.type;
  }
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
  for (int i = HONE_DTYPE_F32; i <= HONE_DTYPE_F6E3M2; ++i) {
    const hone_dtype dtype = static_cast<hone_dtype>(i);
    if (name == hone_dtype_name(dtype)) return dtype;
  }
  return HONE_DTYPE_UNDEFINED;
}

}  // namespace hone::harness
