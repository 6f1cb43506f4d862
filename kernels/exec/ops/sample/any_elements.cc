#include "kernels/exec/ops/sample/any_elements.h"

#include <cstddef>
#include <cstring>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/error/error.h"
#include "ir/tensor/tensor.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/strings.h"

namespace hone {
namespace {

// A tensor of complex numbers as twice as many real ones.
template <typename View>
View Parts(View view) {
  view.dtype = view.dtype == DType::kC64 ? DType::kF32 : DType::kF64;
  view.dims.push_back(2);
  view.size *= 2;
  return view;
}

}  // namespace

bool IsComplex(DType dtype) {
  return dtype == DType::kC64 || dtype == DType::kC128;
}

absl::Status MapNumbers(const std::string& label, const KernelContext& context,
                        ElementFunction f) {
  const TensorView& x = context.inputs[0];
  const MutableTensorView& y = context.outputs[0];
  if (!IsComplex(x.dtype)) {
    HONE_ASSIGN_OR_RETURN(const std::vector<double> from,
                          ReadNumbers(label, x));
    std::vector<double> to(static_cast<size_t>(y.size));
    f(from.data(), to.data());
    return WriteNumbers(label, to, y);
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<double> parts,
                        ReadNumbers(label, Parts(x)));
  std::vector<double> from(static_cast<size_t>(x.size));
  std::vector<double> to(static_cast<size_t>(y.size));
  std::vector<double> all(to.size() * 2);
  for (const size_t part : {0, 1}) {
    for (size_t i = 0; i < from.size(); ++i) from[i] = parts[2 * i + part];
    f(from.data(), to.data());
    for (size_t i = 0; i < to.size(); ++i) all[2 * i + part] = to[i];
  }
  return WriteNumbers(label, all, Parts(y));
}

absl::Status MapPositions(const Node& node, const std::string& label,
                          const KernelContext& context, ElementFunction f) {
  const TensorView& x = context.inputs[0];
  const MutableTensorView& y = context.outputs[0];
  std::vector<double> from(static_cast<size_t>(x.size));
  std::iota(from.begin(), from.end(), 1.0);  // 0 is the element that x lacks
  std::vector<double> to(static_cast<size_t>(y.size));
  f(from.data(), to.data());
  if (x.dtype == DType::kString) {
    HONE_ASSIGN_OR_RETURN(const Tensor strings, StringInput(node, context, 0));
    std::vector<std::string> moved(to.size());
    for (size_t i = 0; i < to.size(); ++i) {
      const auto at = static_cast<size_t>(to[i]);
      if (at > 0) moved[i] = strings.Strings()[at - 1];
    }
    context.results[0] = Tensor::FromStrings(y.dims, std::move(moved));
    return absl::OkStatus();
  }
  const size_t width = ElementBytes(x.dtype);
  if (width == 0) return UnimplementedDType(label, x.dtype);
  std::memset(y.data, 0, to.size() * width);
  for (size_t i = 0; i < to.size(); ++i) {
    const auto at = static_cast<size_t>(to[i]);
    if (at == 0) continue;
    std::memcpy(y.As<char>() + i * width, x.As<char>() + (at - 1) * width,
                width);
  }
  return absl::OkStatus();
}

}  // namespace hone
