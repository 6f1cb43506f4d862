#include "algorithms/comparison/view_distance.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/elements/elements.h"

namespace hone {
namespace {

bool HasNumbers(DType dtype) {
  return HasRealElements(dtype) || HasIntegerElements(dtype);
}

std::vector<double> Doubles(const Tensor& tensor) {
  std::vector<double> out;
  out.reserve(static_cast<size_t>(tensor.size()));
  for (int64_t i = 0; i < tensor.size(); ++i) {
    out.push_back(HasRealElements(tensor.dtype())
                      ? RealElement(tensor, i)
                      : static_cast<double>(IntegerElement(tensor, i)));
  }
  return out;
}

}  // namespace

std::string AddTensors(const Tensor& first, const Tensor& second,
                       Distance* sum) {
  const bool both_real =
      HasRealElements(first.dtype()) && HasRealElements(second.dtype());
  if (!both_real && first.dtype() != second.dtype()) {
    return absl::StrCat("dtypes differ: ", DTypeName(first.dtype()), " and ",
                        DTypeName(second.dtype()));
  }
  if (!HasNumbers(first.dtype())) {
    return absl::StrCat("no numbers: ", DTypeName(first.dtype()));
  }
  if (first.dims() != second.dims()) {
    return absl::StrCat("extents differ: ", DimsToString(first.dims()), " and ",
                        DimsToString(second.dims()));
  }
  if (first.dtype() == DType::kF32 && second.dtype() == DType::kF32) {
    const Tensor x = first.Aligned(), y = second.Aligned();
    Add(x.Values<float>(), y.Values<float>(), sum);
  } else {
    const std::vector<double> x = Doubles(first), y = Doubles(second);
    Add(absl::MakeConstSpan(x), absl::MakeConstSpan(y), sum);
  }
  return "";
}

}  // namespace hone
